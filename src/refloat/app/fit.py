"""Is the account fit to be written for, at this moment? Asked of Amazon right before a plan is carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from refloat.app.live import account_health
from refloat.errors import PlanRefused
from refloat.knowledge.tables import table
from refloat.loop import reports
from refloat.loop.hand import Hand, by_marketplace
from refloat.loop.lanes import side_by_side
from refloat.model.plan import Action, Plan
from refloat.store import Store

_HEALTH = "account-health"


def held_back(store: Store, plan: Plan, open_actions: Sequence[Action], hand: Hand) -> dict[str, datetime]:
    """Nothing is written for an account that Amazon has suspended since the plan was made, that is at risk, or of which that is not known.

    ``open_actions``: what is still to be sent. Removals, which nothing brings back, need a report of the last hours;
    listing changes go on with one of the last day. Returns the removals that wait for a new one while other actions go
    on, with the moment at which Amazon is asked again.

    Raises:
        PlanRefused: it is suspended or at risk, or nobody knows and nothing may go on.
    """
    own = dict(by_marketplace(open_actions))
    _ask_anew(store, plan.account, list(own), hand)
    places = {place.marketplace: place for place in hand.line.places()}
    for marketplace in sorted({action.marketplace for action in plan.actions}):
        place, standing = places.get(marketplace), account_health(store, plan.account, marketplace)
        if place is None or not place.participates or place.suspended or standing not in {None, "NORMAL"}:
            raise _refused(plan, marketplace, standing)
    return _waiting(store, plan, own, hand)


def _waiting(store: Store, plan: Plan, own: Mapping[str, Sequence[Action]], hand: Hand) -> dict[str, datetime]:
    """Of each marketplace the actions for which what is known of the standing does not suffice, and when that is asked anew."""
    held: dict[str, datetime] = {}
    for marketplace, actions in own.items():
        standing, age = account_health(store, plan.account, marketplace), _age(store, plan.account, marketplace, hand)
        at = _asked_again_at(store, plan.account, marketplace, hand)
        held |= {action.id: at for action in actions if not _is_known(plan, action, standing, age)}
    unknown = [action for actions in own.values() for action in actions if action.id in held]
    if unknown and (len(unknown) == sum(map(len, own.values())) or any(action.steps[0].change.kind != "removal" for action in unknown)):
        raise _unknown(plan, unknown[0].marketplace)
    return held


def _age(store: Store, account: str, marketplace: str, hand: Hand) -> timedelta | None:
    """How old the last report is; None where there is none, or where its moment is still to come, by a clock that was wrong."""
    read_at, now = store.record(account, marketplace).read_at(_HEALTH), hand.now()
    return None if read_at is None or read_at > now else now - read_at


def _ask_anew(store: Store, account: str, marketplaces: Sequence[str], hand: Hand) -> None:
    """Order the reports that are too old, all at once, unless Amazon has refused one only just now."""
    rows, now = table("curing")["account"], hand.now()
    fresh = timedelta(hours=rows["health_hours"])
    old = [one for one in marketplaces if (age := _age(store, account, one, hand)) is None or age > fresh]
    asked = [one for one in old if _asked_again_at(store, account, one, hand) <= now]
    there = [reports.Place(one, hand.line, store.record(account, one), hand.clock) for one in asked]
    side_by_side(hand.clock, [partial(reports.anew, place, _HEALTH, timedelta(minutes=rows["health_wait_minutes"])) for place in there])


def _asked_again_at(store: Store, account: str, marketplace: str, hand: Hand) -> datetime:
    """When the report may be ordered: at once, or some time after Amazon refused it."""
    refused, now = store.record(account, marketplace).refused_at(_HEALTH), hand.now()
    pause = timedelta(minutes=table("curing")["account"]["health_again_minutes"])
    return now if refused is None or not timedelta(0) <= now - refused < pause else refused + pause


def _is_known(plan: Plan, action: Action, standing: str | None, age: timedelta | None) -> bool:
    """Does what is known of the standing suffice for this action?"""
    rows = table("curing")["account"]
    if standing is not None and age is not None and age <= timedelta(hours=rows["health_hours"]):
        return True
    if action.steps[0].change.kind == "removal":
        return False
    if standing is None:
        return "account-unread" in plan.lifted
    return age is not None and age <= timedelta(hours=rows["health_most_hours"])


def _refused(plan: Plan, marketplace: str, standing: str | None) -> PlanRefused:
    return PlanRefused(
        "Nothing is written for {account} in {marketplace} now: {standing}.",
        why="Amazon has suspended the listings there, or the account is at risk; writing would make it worse.",
        todo="Settle Account health in Seller Central first.",
        account=plan.account,
        marketplace=marketplace,
        standing=standing if standing not in {None, "NORMAL"} else "suspended",
    )


def _unknown(plan: Plan, marketplace: str) -> PlanRefused:
    return PlanRefused(
        "How {account} stands in {marketplace} could not be read just now.",
        why="For an account at risk nothing is written. Listing changes go on with a report of the last day; removals, which nothing brings back, need a new one.",
        todo="Apply again later, or first the listing changes alone: refloat apply {plan} --only ACTION",
        account=plan.account,
        marketplace=marketplace,
        plan=plan.id,
    )
