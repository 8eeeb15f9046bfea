"""What the loop does by time and by standing, on the simulator: a wait that is over, a cure that made it worse, an account at risk since noon."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.journeys.test_curing import _applied, _approved, _plan, live
from tests.journeys.test_live import US, Live, _closed, _healthy

from refloat.app.carrying import apply_plan
from refloat.errors import PlanRefused
from refloat.model.plan import Plan
from refloat.model.ports import Note
from refloat.simulator.seeding import situations

__all__ = ["live"]


def _one(plan: Plan, sku: str) -> str:
    """What the plan does about the SKU: the remedy, or the guard in its way."""
    return next((action.remedy for action in plan.actions if action.sku == sku), None) or next(one.guard.name for one in plan.left_alone if one.sku == sku)


def test_a_wait_that_is_over_leads_to_the_next_remedy(live: Live) -> None:
    """Amazon has the page's 24 hours to count again; then the listing is saved as it is, with a person's consent."""
    sku = _healthy(live)
    situations.strand(live.world, live.seller.id, US, sku, "Inventory error")
    live.hours(12)
    live.observe()
    assert _one(_plan(live), sku) == "wait"
    live.hours(8)
    live.observe()
    assert _one(_plan(live), sku) == "wait"
    live.hours(30)
    live.observe()
    plan = _plan(live)
    action = next(action for action in plan.actions if action.sku == sku)
    assert (action.remedy, action.mode, action.safety) == ("edit-listing", "refresh", "consent")
    assert "another-remedy" in action.asks


def test_after_worse_a_person_is_asked_and_a_later_proof_still_cures(live: Live) -> None:
    """Amazon named another reason after our change. The next change says so; and once it can be bought after all, the change has cured it."""
    sku = _closed(live)
    plan = _plan(live, skus=frozenset({sku}))
    _applied(live, plan)
    live.store.ledger("sample").note(plan.id, [Note(plan.actions[0].id, "verdict", verdict="worse")], live.clock.now())
    again = _plan(live, skus=frozenset({sku}), remedy="relist-offer", lifted=frozenset({"price-unchecked"}))
    assert all("worse" in action.asks and action.safety == "consent" for action in again.actions)
    assert again.actions
    words: list[str] = []
    for _ in range(6):
        live.hours(12)
        words += live.observe().verdicts
    assert "cured" in words
    assert live.store.ledger("sample").deeds(plan.id)[plan.actions[0].id].verdict == "cured"


def test_an_account_at_risk_since_noon_is_not_written_to(live: Live) -> None:
    """The report on record says that it is well; hours later a new one is asked for, and says otherwise."""
    plan = _approved(live, _plan(live))
    live.hours(6)
    live.seller.account_status = "AT_RISK"
    with pytest.raises(PlanRefused, match="AT_RISK"):
        apply_plan(live.store, plan, clock=live.clock)
    read_at = live.store.record("sample", "US").read_at("account-health")
    assert read_at is not None
    assert live.clock.now() - read_at < timedelta(hours=1)
    assert all(deed.stage == "planned" for deed in live.store.ledger("sample").deeds(plan.id).values())
