"""A removal that needs two people, each at their own browser; it ends by reading the false Amazon's world."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_plans import chosen, ended, person, planned, settled, stranded

from refloat.app.policies import enter_policy


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("two"), skus=60, stranded=0.6, reasons=("Listing closed", "Expired product")) as desk:
        yield desk


def _approved(page: Page, desk: Desk, plan: str) -> None:
    """All of it, with the second question answered."""
    page.goto(f"{desk.base}/plans/{plan}/")
    page.get_by_role("button", name="Approve all 1").click()
    expect(page.get_by_role("heading", name="This cannot be undone")).to_be_visible()
    page.get_by_label("Type their number").fill("1")
    page.get_by_role("button", name="Approve", exact=True).click()


def test_the_second_person_lets_it_leave(opened: Callable[..., Page], desk: Desk) -> None:
    """One word sends nothing, and the page says whose is missing; with the other's the order is made, once."""
    policy = '[consent]\napprovers = ["A. Sample", "B. Sample"]\ntwo_people_above = { USD = 1 }\n'
    enter_policy(desk.store, ACCOUNT, policy, "sample-owner", desk.clock.now())
    for name in ("A. Sample", "B. Sample"):
        person(desk, name, "approver")
    plan = planned(chosen(desk.visitor, "removal", [next(iter(stranded(desk, "listing-closed")))], disposition="Disposal", sure="yes"))
    first, second = opened("a-sample@sample.example"), opened("b-sample@sample.example")
    _approved(first, desk, plan)
    expect(first.get_by_text("the same person twice does not count")).to_be_visible()
    expect(first.get_by_text("B. Sample").first).to_be_visible()
    assert [word.by for word in desk.store.plans.consents(plan)] == ["A. Sample"]
    assert _orders(desk) == 0
    _approved(second, desk, plan)
    second.get_by_role("button", name="Carry out what is approved").click()
    assert ended(desk, plan).how == "done"
    settled(desk)
    assert _orders(desk) == 1
    assert {word.by for word in desk.store.plans.consents(plan)} == {"A. Sample", "B. Sample"}


def _orders(desk: Desk) -> int:
    return sum(" removal-ordered " in line for line in desk.world.history)
