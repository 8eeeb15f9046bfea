"""What waits for somebody, in numbers: as the pages that the numbers lead to show it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.plans import plan, removal

from refloat.model.ports import Note
from refloat.store import Store

SOON, LATER = date(2026, 11, 10), date(2026, 12, 20)


def _strand(store: Store, account: str, at: datetime, due: dict[str, date]) -> None:
    rows = [{"sku": sku, "standing": "confirmed", "cause": "expired", "remedy": "create-removal", "removal_due_on": due_on} for sku, due_on in due.items()]
    store.strandings.record(account, "US", rows, at, unknown=False)


@pytest.fixture
def near(store: Store, account: str, start: datetime) -> dict[str, int]:
    """Two SKUs whose removal is near, which nobody has taken: SKU → stranding."""
    _strand(store, account, start, {"CUP": SOON, "MUG": SOON + timedelta(days=1)})
    found = {row.sku: row.id for row in store.strandings.open_strandings(account)}
    store.deadlines.climbed(account, [(found["CUP"], SOON, 14), (found["CUP"], SOON, 7), (found["MUG"], SOON + timedelta(days=1), 14)], start)
    return found


def test_what_nobody_has_taken_is_counted_once_a_stranding(store: Store, account: str, start: datetime, near: dict[str, int]) -> None:
    assert store.attention.untaken(None, start.date()) == (2, SOON)
    assert store.attention.untaken((account,), start.date()) == (2, SOON)
    assert store.attention.untaken((), start.date()) == (0, None)
    store.deadlines.take(account, "CUP", "A. Sample", start)
    assert store.attention.untaken(None, start.date()) == (1, SOON + timedelta(days=1))


def test_a_date_that_amazon_gives_no_more_waits_for_nobody(store: Store, account: str, start: datetime, near: dict[str, int]) -> None:
    _strand(store, account, start + timedelta(hours=1), {"CUP": LATER, "MUG": SOON + timedelta(days=1)})
    assert store.attention.untaken(None, start.date()) == (1, SOON + timedelta(days=1))
    store.deadlines.climbed(account, [(near["CUP"], LATER, 14)], start)
    _strand(store, account, start + timedelta(hours=2), {"CUP": LATER, "MUG": LATER})
    assert store.attention.untaken(None, start.date()) == (1, LATER)


@pytest.mark.parametrize(
    ("notes", "many"),
    [
        ([], 2),
        ([Note("US-0001", "intent", "intended")], 1),
        ([Note("US-0001", "receipt", "answered")], 1),
        ([Note("US-0001", "receipt", "answered"), Note("US-0001", "verdict", verdict="too-early")], 1),
        ([Note("US-0001", "receipt", "answered"), Note("US-0001", "verdict", verdict="unchanged")], 2),
        ([Note("US-0001", "unclear", "unclear")], 2),
        ([Note("US-0001", "receipt", "refused")], 2),
    ],
)
def test_what_leaves_by_an_order_of_ours_has_no_deadline(store: Store, account: str, start: datetime, near: dict[str, int], notes: list[Note], many: int) -> None:
    """As the page of removals counts it: an order that may never have been made is none."""
    made = plan(removal("CUP"), account=account)
    store.plans.keep(made)
    for note in notes:
        store.ledger(account).note(made.id, [note], start)
    assert store.attention.untaken(None, start.date())[0] == many
