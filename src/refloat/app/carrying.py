"""Carry out an approved plan, undo it: the wiring between the loop, the store and the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from refloat.amazon import AmazonLine
from refloat.app.live import account_health, line_of
from refloat.app.record import ClockOfStore
from refloat.clock import WallClock
from refloat.errors import PlanRefused
from refloat.knowledge.catalogue import catalogue
from refloat.locale import translator
from refloat.loop import act, resting
from refloat.loop import plan as planning
from refloat.loop.act import Applied
from refloat.loop.hand import Hand, listings_now
from refloat.loop.road import FEED_TYPE, roads
from refloat.model.cure import Change, Field, Patch, Step
from refloat.model.plan import Action, Plan
from refloat.model.ports import Clock
from refloat.store import Store


@contextmanager
def _hand(store: Store, account: str, clock: Clock | None, line: AmazonLine | None) -> Iterator[Hand]:
    """The writing hand of the account, alone with it."""
    with store.alone_with(account):
        own_clock = ClockOfStore(clock or WallClock(), store)
        own = line or line_of(store, account, own_clock)
        try:
            yield Hand(own, own.writer(), store.ledger(account), own_clock)
        finally:
            if line is None:
                own.close()


def apply_plan(store: Store, plan: Plan, *, canary: bool = True, clock: Clock | None = None, line: AmazonLine | None = None) -> Applied:
    """Carry out what was approved of the plan. Killed and run again, it goes on where it was.

    Raises:
        PlanRefused: nobody approved the plan as it stands, it is too old, or too much has moved.
        AccountBusy: another process works on the account.
        AmazonError: Amazon could not be asked.
    """
    from refloat.store.plans import chosen

    approved = chosen(store.plans.consents(plan.id), plan)
    if not approved:
        raise PlanRefused(
            "Nobody has approved the plan {plan}.",
            why="What writes to Amazon needs a person's word, for exactly this plan.",
            todo="Read it (refloat plan --show {plan}), then approve it: refloat apply {plan}",
            plan=plan.id,
        )
    with _hand(store, plan.account, clock, line) as hand:
        _not_suspended(store, plan, hand)
        return act.apply(plan, approved, hand, canary=canary)


def _not_suspended(store: Store, plan: Plan, hand: Hand) -> None:
    """Nothing is written for an account that Amazon has suspended since the plan was made, or that is at risk."""
    places = {place.marketplace: place for place in hand.line.places()}
    for marketplace in sorted({action.marketplace for action in plan.actions}):
        place, standing = places.get(marketplace), account_health(store, plan.account, marketplace)
        if place is None or not place.participates or place.suspended or standing not in {None, "NORMAL"}:
            raise PlanRefused(
                "Nothing is written for {account} in {marketplace} now: {standing}.",
                why="Amazon has suspended the listings there, or the account is at risk; writing would make it worse.",
                todo="Settle Account health in Seller Central first.",
                account=plan.account,
                marketplace=marketplace,
                standing=standing if standing not in {None, "NORMAL"} else "suspended",
            )


def undo_plan(store: Store, plan: Plan, ids: Sequence[str] = (), *, clock: Clock | None = None, line: AmazonLine | None = None) -> Plan:
    """A plan that puts back what the plan's actions (or those named) changed; to be approved like any other.

    Raises:
        PlanRefused: nothing of it can be undone.
    """
    with _hand(store, plan.account, clock, line) as hand:
        deeds, now = hand.ledger.deeds(plan.id), hand.now()
        sent = [action for action in plan.actions if deeds[action.id].stage in {"answered", "shown"} and (not ids or action.id in ids)]
        can = [action for action in sent if action.undo is not None]
        actions = tuple(_undoing(plan, action, answer.body, number) for number, (action, answer) in enumerate(listings_now(hand, can), 1) if resting.shows(action.steps[-1].change, answer.body))
    if not actions:
        raise PlanRefused(
            "Nothing of the plan {plan} can be undone.",
            why="{sent} actions were sent; of these {can} can be undone at all, and of those none shows as we wrote it now. A change takes some minutes to show.",
            todo="What was removed or deleted stays so. What somebody changed since, change by hand.",
            plan=plan.id,
            sent=len(sent),
            can=len(can),
        )
    feeds = store.ledger(plan.account).feeds(FEED_TYPE)
    made = Plan(f"{plan.id}-undo{now:%H%M%S}", plan.account, now, planning.good_until(now), actions, roads=roads(actions, feeds), language=plan.language)
    store.plans.keep(made)
    return made


def _undoing(plan: Plan, action: Action, listing: object, number: int) -> Action:
    """The action backwards: what stands there now → what stood there before."""
    undo, shown = action.undo, listing if isinstance(listing, dict) else {}
    assert undo is not None
    attributes = shown.get("attributes") or {}
    change = replace(undo, patches=tuple(replace(patch, before=attributes.get(patch.attribute)) for patch in undo.patches))
    remedy = catalogue().remedies[action.remedy].undo or action.remedy
    say = translator(plan.language)
    why = say("It puts back what {action} of the plan {plan} changed.").format(action=action.id, plan=plan.id)
    backwards = replace(
        action, id=f"{action.marketplace}-U{number:04}", remedy=remedy, safety="consent", irreversible=False, steps=(Step(change),), undo=None, asks=("remedy",), amazon_will=(), why=why
    )
    fields = tuple(Field(field.name, field.after, field.before) for field in action.fields)
    return replace(backwards, fields=fields, rests_on=resting.of_now(replace(backwards, rests_on=_resting_names(change)), shown or None))


def _resting_names(change: Change) -> dict[str, object]:
    return {patch.attribute: None for patch in change.patches if isinstance(patch, Patch)}
