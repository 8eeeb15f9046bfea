"""Enter, where a person types or ticks, decides nothing: what approves or rejects has a button of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.console_desk import Desk, served
from tests.console_plans import US, chosen, planned, stranded, writes

from refloat.simulator.rules import removals


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("enter"), skus=60, stranded=0.6, reasons=("Listing closed",)) as desk:
        yield desk


def _undecided(desk: Desk, plan: str) -> bool:
    return desk.store.plans.consents(plan) == () and desk.store.asking.refusals(plan) == {}


def test_enter_at_a_plan_neither_approves_nor_rejects(opened: Callable[..., Page], desk: Desk) -> None:
    """In the reason of a rejection, and on the box of an action; the buttons themselves still do what they say."""
    ids = list(stranded(desk, "listing-closed"))[:2]
    plan = planned(chosen(desk.visitor, "relist", ids))
    first, second = desk.store.plans.get(plan).actions
    page = opened()
    page.goto(f"{desk.base}/plans/{plan}/")
    page.get_by_label("Reason of a rejection").fill("the price is a typo")
    page.get_by_label("Reason of a rejection").press("Enter")
    page.get_by_label(f"Choose {first.sku}").check()
    page.get_by_label(f"Choose {first.sku}").press("Enter")
    page.get_by_label("Choose this page").press("Enter")
    # What a form would have sent is decided by the time that the next page is there.
    page.goto(f"{desk.base}/plans/")
    assert _undecided(desk, plan)
    page.goto(f"{desk.base}/plans/{plan}/")
    page.get_by_label("Reason of a rejection").fill("the price is a typo")
    page.get_by_label(f"Choose {first.sku}").check()
    page.get_by_role("button", name="Reject what is ticked").click()
    expect(page.get_by_text("Rejected: 1 actions.", exact=False)).to_be_visible()
    assert [name for name, row in desk.store.asking.refusals(plan).items() if row.why == "the price is a typo"] == [first.id]
    page.get_by_role("button", name="Approve all 1").click()
    expect(page.get_by_text("Nothing was sent yet.", exact=False)).to_be_visible()
    assert [word.actions for word in desk.store.plans.consents(plan)] == [(second.id,)]
    assert [writes(desk, one.sku) for one in (first, second)] == [0, 0]


def test_enter_approves_nothing_that_cannot_be_undone(opened: Callable[..., Page], desk: Desk) -> None:
    """Not even with the number typed: the button says it."""
    ids = list(stranded(desk, "listing-closed"))[2:3]
    plan = planned(chosen(desk.visitor, "removal", ids, disposition="Disposal", sure="yes"))
    page = opened()
    page.goto(f"{desk.base}/plans/{plan}/")
    page.get_by_role("button", name="Approve all 1").click()
    page.get_by_label("Type their number").fill("1")
    page.get_by_label("Type their number").press("Enter")
    page.get_by_label("Type their number").press("Enter")
    assert _undecided(desk, plan)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("Nothing was sent yet.", exact=False)).to_be_visible()
    assert len(desk.store.plans.consents(plan)) == 1
    assert removals.orders(desk.world, desk.seller.id, US) == []
