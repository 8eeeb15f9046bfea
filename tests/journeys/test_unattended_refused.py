"""What a person said no to does not happen by itself: no rule carries it out, and no standing consent has it leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from tests.journeys.test_unattended import US, Unattended, closed_skus, near_deadline
from tests.journeys.test_unattended import live as account
from tests.plans import relist, removal
from tests.policies import RETURN_ADDRESS

from refloat.app.policies import give_standing, standing_for
from refloat.app.unattended import ByPolicy
from refloat.knowledge.policies_read import shipped
from refloat.model.cure import Field
from refloat.simulator.rules import removals

live = account


def _refused(live: Unattended, told: ByPolicy, remedy: str, sku: str) -> None:
    """A. Sample rejects the action as it is proposed."""
    assert told.proposal is not None
    plan = live.store.plans.get(told.proposal)
    own = [action for action in plan.actions if (action.sku, action.remedy) == (sku, remedy)]
    assert live.store.asking.refuse(plan, own, "A. Sample", "The season is over", live.clock.now()) == 1


def _left(told: ByPolicy) -> set[tuple[str, str, str]]:
    return {(one.sku, one.remedy, str(one.guard.facts["why"])) for one in told.left_alone if one.guard.name == "refused"}


def test_no_rule_carries_out_what_a_person_refused(live: Unattended) -> None:
    """Proposed while nothing ran by itself, and refused; the policy that is set afterwards relists the others alone."""
    no, *others = closed_skus(live)
    _refused(live, live.act(), "relist-offer", no)
    live.policy(shipped("recommended"))
    for _ in range(3):
        told = live.look(12)
    assert set(others) <= live.sent("relist-offer")
    assert no not in live.sent()
    assert (no, "relist-offer", "The season is over") in _left(told)
    assert no not in {action.sku for action, _ in told.decided}
    assert [line for line in live.writes() if f" {no} " in f"{line} "] == []


def test_no_standing_consent_has_leave_what_a_person_refused(live: Unattended, tmp_path: Path) -> None:
    """A return that was refused as a proposal is not ordered by a word given for returns, not even of one unit more."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    told = live.act()
    returns = sorted(action.sku for action, decision in told.decided if action.remedy == "create-removal" and decision.outcome == "proposed")
    assert returns
    for sku in returns:
        _refused(live, told, "create-removal", sku)
    with live.simulator.lock:
        live.world.stock(live.seller.id, US, returns[0]).fulfillable += 1
    live.observe()
    now = live.clock.now()
    give_standing(live.store, "sample", standing_for(live.store, "sample", "A. Sample", (10_000, Decimal(100_000), "USD"), now.date() + timedelta(days=30), now))
    for _ in range(2):
        told = live.look(1)
    assert {(sku, "create-removal", "The season is over") for sku in returns} <= _left(told)
    assert not {order_line.sku for order in removals.orders(live.world, live.seller.id, US) if order.by != "amazon" for order_line in order.lines} & set(returns)


def test_a_no_is_about_the_cure_and_its_values() -> None:
    """Neither the ground nor the safety makes another matter of it; another price, SKU, marketplace or remedy does."""
    price = (Field("price", "12.00 USD", "15.08 USD"), Field("end-date", "2026-11-01", None))
    action = relist("CUP", fields=price)
    same = (
        replace(action, id="US-0007", safety="consent", asks=("came-back",), rests_on={"units": 9}, cause="missing-sku"),
        replace(action, fields=(Field("price", None, "15.08 USD"),)),
    )
    assert {one.substance for one in same} == {action.substance}
    others = (
        replace(action, sku="MUG"),
        replace(action, marketplace="CA"),
        replace(action, remedy="set-price"),
        replace(action, fields=(Field("price", "12.00 USD", "15.09 USD"),)),
    )
    assert len({action.substance, *(one.substance for one in others)}) == 5


def test_how_many_units_there_are_is_no_value_of_a_removal() -> None:
    one, more = (removal("CUP", units=(count, 1), fields=(Field("disposition", None, "Return"), Field("units-sellable", str(count), "0"))) for count in (3, 4))
    disposed = replace(one, fields=(Field("disposition", None, "Disposal"),))
    assert one.substance == more.substance != disposed.substance


def test_a_no_from_before_is_known_by_its_values_too(live: Unattended) -> None:
    """What was refused under an older version, which knew it by more, is refused still."""
    from django.apps import apps

    from refloat.store.models import RefusedAction

    sku = closed_skus(live)[0]
    _refused(live, live.act(), "relist-offer", sku)
    known = live.store.asking.refused("sample").keys()
    RefusedAction.objects.update(substance="0" * 64)
    import_module("refloat.store.migrations.0019_refusals").told_again(apps, None)
    assert live.store.asking.refused("sample").keys() == known
