"""Carry out an approved plan, look for its verdicts, undo it: the wiring between the loop, the store and the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from refloat.amazon import AmazonLine
from refloat.app.live import line_of
from refloat.app.record import ClockOfStore, kept, troubled
from refloat.clock import WallClock
from refloat.errors import PlanRefused
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.tables import table
from refloat.loop import act, resting, verify
from refloat.loop import plan as planning
from refloat.loop.act import Applied
from refloat.loop.hand import Hand, listings_now
from refloat.loop.road import FEED_TYPE, roads
from refloat.model.cure import Change, Field, Patch, Step
from refloat.model.plan import Action, Plan
from refloat.model.ports import Clock, Deed, Note
from refloat.reports import read_kept
from refloat.store import Store, StrandingRow


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
        return act.apply(plan, approved, hand, canary=canary)


def verify_account(store: Store, account: str, clock: Clock | None = None) -> list[tuple[Deed, str]]:
    """The verdicts that what is on record gives by now: (how the action stood, its new verdict). Each goes into the journal once."""
    now = (clock or WallClock()).now()
    ledger, found = store.ledger(account), []
    episodes = {row.id: row for row in store.strandings.latest(account)}
    looked = {row.marketplace: _looked_at(store, account, row.marketplace) for row in store.accounts.places(account)}
    removed = {place: _removed(store, account, place) for place in looked}
    for deed in (*store.plans.waiting(account), *store.plans.cured(account)):
        seen = _seen(deed, episodes.get(deed.stranding_id or 0), looked.get(deed.marketplace), removed.get(deed.marketplace, {}))
        if deed.stage == "unclear" and deed.remedy == "create-removal":
            _clear_up(store, account, deed, seen, now)
            continue
        word = verify.verdict(deed, seen, now)
        if word is not None and word != deed.verdict:
            ledger.note(deed.plan_id, [verify.noted(deed, word, seen)], now)
            found.append((deed, word))
    return found


def _seen(deed: Deed, episode: StrandingRow | None, looked_at: datetime | None, removed: dict[tuple[str, str], tuple[int, int, int]]) -> verify.Seen:
    own = removed.get((deed.feed or "", deed.sku))
    if episode is None:
        return verify.Seen(None, None, None, None, None, looked_at, own)
    back = episode.now.from_at if episode.times_back and episode.closed_at is None else None
    return verify.Seen(episode.closed_at, episode.outcome, back, episode.now.said, episode.now.standing, looked_at, own)


def _looked_at(store: Store, account: str, place: str) -> datetime | None:
    """The newest moment of which the stranded report tells; None where it could not be had."""
    if any(row.source == "stranded" for row in troubled(store, account, place)):
        return None
    return store.record(account, place).read_at("stranded")


def _removed(store: Store, account: str, place: str) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(order id, SKU) → units requested, gone, cancelled, by the newest removal order report."""
    frames = [reading.frame for reading in read_kept(one for one in kept(store, account, place) if "/removal-orders " in one.name) if reading.frame is not None]
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for frame in frames:
        counts = [
            pl.col(name).fill_null(0) if name in frame.columns else pl.lit(0) for name in ("removal_units_requested", "removal_units_disposed", "removal_units_shipped", "removal_units_cancelled")
        ]
        for order, sku, requested, disposed, shipped, cancelled in frame.select("removal_order_id", "sku", *(one.alias(str(number)) for number, one in enumerate(counts))).iter_rows():
            before = found.get((order, sku), (0, 0, 0))
            found[order, sku] = (before[0] + requested, before[1] + disposed + shipped, before[2] + cancelled)
    return found


def _clear_up(store: Store, account: str, deed: Deed, seen: verify.Seen, now: datetime) -> None:
    """A removal order whose fate was not certain: Amazon's own report of removal orders tells, once it is late enough."""
    sent, ledger = deed.intended_at or deed.at, store.ledger(account)
    if seen.removed is not None:
        ledger.note(deed.plan_id, [Note(deed.action_id, "receipt", "answered", told={"amazon": "found", "order_id": deed.feed, "why": "The removal order report shows it."})], now)
        ledger.feed_noted(str(deed.feed), stage="DONE", ended_at=now)
        return
    read_at = store.record(account, deed.marketplace).read_at("removal-orders")
    if read_at is not None and read_at - sent > timedelta(hours=table("curing")["removal"]["report_hours"]):
        told = {"why": "A day later the removal order report does not show it: it was never made.", "order_id": deed.feed}
        ledger.note(deed.plan_id, [Note(deed.action_id, "receipt", "refused", told=told)], now)
        ledger.feed_noted(str(deed.feed), stage="LOST", ended_at=now)


def undo_plan(store: Store, plan: Plan, ids: Sequence[str] = (), *, clock: Clock | None = None, line: AmazonLine | None = None) -> Plan:
    """A plan that puts back what the plan's actions (or those named) changed; to be approved like any other.

    Raises:
        PlanRefused: nothing of it can be undone.
    """
    with _hand(store, plan.account, clock, line) as hand:
        deeds, now = hand.ledger.deeds(plan.id), hand.now()
        sent = [action for action in plan.actions if deeds[action.id].stage in {"answered", "shown"} and (not ids or action.id in ids)]
        can = [action for action in sent if action.undo is not None]
        actions = tuple(_undoing(action, answer.body, number) for number, (action, answer) in enumerate(listings_now(hand, can), 1) if resting.shows(action.steps[-1].change, answer.body))
    if not actions:
        raise PlanRefused(
            "Nothing of the plan {plan} can be undone.",
            why="{sent} actions were sent; of these {can} can be undone at all, and of those none still shows as we wrote it.",
            todo="What was removed or deleted stays so. What somebody changed since, change by hand.",
            plan=plan.id,
            sent=len(sent),
            can=len(can),
        )
    feeds = store.ledger(plan.account).feeds(FEED_TYPE)
    made = Plan(f"{plan.id}-undo{now:%H%M%S}", plan.account, now, planning.good_until(now), actions, roads=roads(actions, feeds), language=plan.language)
    store.plans.keep(made)
    return made


def _undoing(action: Action, listing: object, number: int) -> Action:
    """The action backwards: what stands there now → what stood there before."""
    undo, shown = action.undo, listing if isinstance(listing, dict) else {}
    assert undo is not None
    attributes = shown.get("attributes") or {}
    change = replace(undo, patches=tuple(replace(patch, before=attributes.get(patch.attribute)) for patch in undo.patches))
    remedy = catalogue().remedies[action.remedy].undo or action.remedy
    backwards = replace(action, id=f"{action.marketplace}-U{number:04}", remedy=remedy, safety="consent", irreversible=False, steps=(Step(change),), undo=None, asks=("remedy",))
    fields = tuple(Field(field.name, field.after, field.before) for field in action.fields)
    return replace(backwards, fields=fields, rests_on=resting.of_now(replace(backwards, rests_on=_resting_names(change)), shown or None))


def _resting_names(change: Change) -> dict[str, object]:
    return {patch.attribute: None for patch in change.patches if isinstance(patch, Patch)}
