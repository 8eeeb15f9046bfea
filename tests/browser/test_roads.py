"""Roads that people take, in a real browser; each ends by reading the false Amazon's world."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_plans import US, days, ended, person, settled, writes

from refloat.simulator.rules import reasons


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A seller of many closed offers, and some of each other kind that these roads meet."""
    with served(tmp_path_factory.mktemp("roads"), skus=1300, stranded=0.95, reasons=("Listing closed",) * 9 + ("Merchant fulfilled",)) as desk:
        yield desk


def _one_closed(desk: Desk) -> str:
    deeds = {sku for _, sku in desk.store.plans.of_strandings(ACCOUNT)}
    return next(row.sku for row in desk.store.strandings.open_strandings(ACCOUNT) if row.now.cause == "listing-closed" and row.sku not in deeds)


def _plan_one(page: Page, desk: Desk, sku: str) -> str:
    """Search it, tick it, relist it."""
    page.get_by_role("link", name="Stranded", exact=True).click()
    page.get_by_label("Search").fill(sku)
    page.get_by_role("button", name="Show").click()
    page.get_by_label(f"Choose {sku}").check()
    page.get_by_text("With what is chosen").click()
    page.get_by_role("button", name="Relist", exact=True).click()
    page.wait_for_url("**/plans/*/")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def test_a_newcomer_gets_to_a_cured_listing(opened: Callable[..., Page], desk: Desk) -> None:
    """From the first page to a proven cure, by clicking alone."""
    page, sku = opened(), _one_closed(desk)
    plan = _plan_one(page, desk, sku)
    expect(page.get_by_text("relist", exact=False).first).to_be_visible()
    assert writes(desk, sku) == 0
    page.get_by_role("button", name="Approve all 1").click()
    page.get_by_role("button", name="Carry out what is approved").click()
    assert ended(desk, plan).how == "done"
    settled(desk)
    assert writes(desk, sku) == 1
    days(desk, 1.5)
    assert reasons.stranded(desk.world, desk.seller.id, US, sku) is None
    page.goto(f"{desk.base}/plans/{plan}/")
    expect(page.get_by_text("Verdict: cured", exact=True)).to_be_visible()


def test_a_thousand_at_once(opened: Callable[..., Page], desk: Desk) -> None:
    """All that match, whatever the page shows: planned, approved and carried out; each listing is written once."""
    page = opened()
    page.goto(f"{desk.base}/strandings/?cause=listing-closed")
    page.get_by_text("With what is chosen").click()
    page.get_by_label("that match, not only this page").check()
    page.get_by_role("button", name="Relist", exact=True).click()
    page.wait_for_url("**/plans/*/", timeout=300_000)
    plan = desk.store.plans.get(page.url.rstrip("/").rsplit("/", 1)[1])
    assert len(plan.actions) >= 1000
    page.get_by_role("button", name="Approve all").click()
    page.get_by_role("button", name="Carry out what is approved").click(timeout=300_000)
    ended(desk, plan.id, 900)
    settled(desk)
    written = {action.sku: writes(desk, action.sku) for action in plan.actions}
    assert set(written.values()) <= {0, 1}
    deeds = desk.store.ledger(ACCOUNT).deeds(plan.id)
    assert {sku for sku, times in written.items() if times} == {deed.sku for deed in deeds.values() if deed.stage in {"answered", "shown"}}
    assert sum(written.values()) >= 1000


def test_a_viewer_is_shown_no_buttons(opened: Callable[..., Page], desk: Desk) -> None:
    person(desk, "V. Sample", "viewer")
    page = opened("v-sample@sample.example")
    page.goto(f"{desk.base}/strandings/")
    expect(page.get_by_role("table")).to_be_visible()
    assert page.get_by_text("With what is chosen").count() == 0
    assert page.get_by_role("link", name="People and roles").count() == 0
    assert page.locator('input[type="checkbox"][name="id"]').count() == 0


def test_chinese_from_the_first_page_to_a_plan(opened: Callable[..., Page], desk: Desk) -> None:
    """The whole road in Chinese; what the pages say of their own is nowhere English."""
    page, sku = opened(locale="zh-CN"), _one_closed_change(desk)
    page.get_by_role("button", name="中文").click() if page.locator("html").get_attribute("lang") == "en" else None
    page.get_by_role("link", name="无在售信息", exact=True).click()
    page.locator('input[name="q"]').fill(sku)
    page.locator('input[name="q"]').press("Enter")
    page.locator('input[type="checkbox"][name="id"]').first.check()
    page.locator("details.bulk > summary").click()
    page.locator('button[name="what"][value="change"]').click()
    page.wait_for_url("**/plans/*/")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    said = page.locator("main").inner_text()
    for english in ("Approve", "Reject", "Actions", "Undo", "fingerprint", "good until"):
        assert english not in said
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def _one_closed_change(desk: Desk) -> str:
    return next(row.sku for row in desk.store.strandings.open_strandings(ACCOUNT) if row.now.cause == "merchant-fulfilled")
