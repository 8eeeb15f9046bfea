"""What alarms rest on, as the store tells it: open strandings, actions that failed, silent sources, the journal's heads."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.plans import plan, relist

from refloat.loop.alarms_stranded import STRANDED
from refloat.model.alarm import ACCOUNT_SOURCE
from refloat.model.money import Money
from refloat.model.ports import Note
from refloat.store import Conclusion, Store

HOUR = timedelta(hours=1)


def _strand(store: Store, account: str, at: datetime, *skus: str, over: tuple[str, ...] = ()) -> None:
    rows = [{"sku": sku, "standing": "confirmed", "cause": "listing-closed", "remedy": "relist-offer", "units_fulfillable": 3, "units_reserved": 1} for sku in skus]
    store.strandings.record(account, "US", rows, at, unknown=False, concluded={sku: Conclusion("cleared", "cleared") for sku in over})


def test_an_open_stranding_with_what_is_known_now(store: Store, account: str, start: datetime) -> None:
    """Units as worth counts them; what is unknown stays so."""
    known = {"sku": "CUP", "fnsku": "X1", "standing": "confirmed", "cause": "listing-closed", "remedy": "relist-offer", "units_fulfillable": 3, "units_reserved": 1}
    more = {"worth_amount": Decimal("60.32"), "worth_currency": "USD", "removal_due_on": date(2026, 12, 1)}
    store.strandings.record(account, "US", [{**known, **more}, {"sku": "MUG", "standing": "suspected"}], start, unknown=False)
    cup, mug = store.overview.stranded(account)
    assert (cup.sku, cup.turn, cup.units, cup.worth, cup.removal_due_on, cup.opened_at, cup.since) == ("CUP", 0, 4, Money(Decimal("60.32"), "USD"), date(2026, 12, 1), start, start)
    assert (mug.units, mug.worth, mug.cause) == (None, None, None)
    first, second = store.overview.standing(account).sort("sku").iter_rows(named=True)
    assert store.overview.standing(account).schema == STRANDED
    assert (first["id"], first["sku"], first["turn"], first["units"], first["worth_amount"], first["worth_currency"]) == (cup.id, "CUP", 0, 4, Decimal("60.32"), "USD")
    assert (first["removal_due_on"], first["opened_at"], first["since"]) == (cup.removal_due_on, start, start)
    assert (second["units"], second["worth_amount"], second["cause"]) == (None, None, None)


@pytest.mark.parametrize(
    ("notes", "word", "by"),
    [
        ([Note("US-0001", "receipt", "answered")], None, None),
        ([Note("US-0001", "receipt", "answered"), Note("US-0001", "verdict", verdict="cured")], None, None),
        ([Note("US-0001", "receipt", "answered"), Note("US-0001", "verdict", verdict="too-early")], None, None),
        ([Note("US-0001", "receipt", "refused", told={"code": "8541"})], "refused", None),
        ([Note("US-0001", "unclear", "unclear")], "unclear", None),
        ([Note("US-0001", "receipt", "answered"), Note("US-0001", "verdict", verdict="worse")], "worse", None),
        ([Note("US-0001", "receipt", "answered"), Note("US-0001", "verdict", verdict="came-back", told={"by": "another-tool"})], "came-back", "another-tool"),
    ],
)
def test_what_did_not_help_and_is_still_stranded(store: Store, account: str, start: datetime, notes: list[Note], word: str | None, by: str | None) -> None:
    """By its last word; past once the stranding is proven over."""
    _strand(store, account, start, "CUP")
    made = plan(relist("CUP"), account=account)
    store.plans.keep(made)
    for note in notes:
        store.ledger(account).note(made.id, [note], start + HOUR)
    found = store.overview.failed(account)
    assert [(one.word, one.by, one.action_id, one.stranding_id) for one in found] == ([] if word is None else [(word, by, "US-0001", store.overview.stranded(account)[0].id)])
    _strand(store, account, start + 2 * HOUR, over=("CUP",))
    assert store.overview.failed(account) == ()


def test_silent_sources_and_the_last_try(store: Store, account: str, start: datetime) -> None:
    """Since when it began; trouble of the whole account is no look."""
    assert store.overview.sources(account) == ((), None)
    store.snapshots.failed(account, "US", "stranded", "amazon-down", "no answer", start)
    store.snapshots.failed(account, "US", "stranded", "amazon-down", "no answer", start + HOUR)
    store.snapshots.failed(account, "", ACCOUNT_SOURCE, "credential-wrong", "refused", start + 2 * HOUR)
    silent, looked_at = store.overview.sources(account)
    assert sorted((one.source, one.code, one.since) for one in silent) == [(ACCOUNT_SOURCE, "credential-wrong", start + 2 * HOUR), ("stranded", "amazon-down", start)]
    assert looked_at == start + HOUR


def test_the_heads_are_those_of_the_journal(store: Store, account: str, start: datetime) -> None:
    """One a chain."""
    assert store.overview.heads(account) == ()
    for place in ("US", "", "US", "CA"):
        store.journal.append(account, place, "noted", {}, start)
    heads = {place: store.journal.head(account, place) for place in ("", "CA", "US")}
    assert store.overview.heads(account) == tuple((place, head.number, head.hash) for place, head in heads.items() if head)
