"""Removal orders: what cannot be undone, so nothing is sent twice and nothing is guessed.

Amazon does not tell two equal orders apart. So one removal feed is in flight at a time for an account; its intent, with
the order id that Amazon's reports will show, is on disk before it leaves; and where its fate is not certain it stops:
the feed list, the processing report and, after a later look, the removal order report must tell first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from refloat.errors import AmazonError, RefloatError, lost
from refloat.knowledge.tables import pool_of, table
from refloat.loop import feeding
from refloat.loop.hand import Halt, Hand, Speaking, clocks_agree, pieces, silent, stopped
from refloat.loop.looking import adopted
from refloat.loop.telling import of_error, told, until
from refloat.model.plan import Action, Plan, digest
from refloat.model.ports import Deed, FeedState, Note, RemovalLine, RemovalOrder, SentFeed
from refloat.model.remark import Remark

FEED_TYPE = "POST_FLAT_FILE_FBA_CREATE_REMOVAL"
#: Feeds of ours that have no end yet, or none that is certain.
_OPEN = frozenset({"IN_QUEUE", "IN_PROGRESS", "UNCLEAR"})


def remove(plan: Plan, actions: Sequence[Action], hand: Hand, speaking: Speaking | None = None) -> Halt | None:
    """Order the removals, one order after the other; ``speaking`` is asked before each. Returns why it went no further, or None."""
    if why := in_flight(plan, hand):
        return Halt(why, surprise=False)
    free = _not_leaving_already(plan, actions, hand)
    for own in _orders(free):
        if halt := silent(own, speaking) or stopped(hand) or _send(plan, own, hand):
            return halt
    return None


def in_flight(plan: Plan, hand: Hand) -> Remark | None:
    """Why no removal may be sent now: another one is not at its end, or one was sent that nobody here knows of. None: the way is free.

    A removal feed since the plan was made that is not on record is another program's, or ours from before a restored
    backup: then the units that the plan counts may be on their way already.
    """
    for feed in hand.ledger.feeds(FEED_TYPE):
        if feed.stage in _OPEN:
            return Remark("removal-open", {"order": feed.mark, "stage": str(feed.stage)})
    since = min(hand.now(), plan.made_at) - timedelta(hours=table("curing")["removal"]["look_back_hours"])
    known = {feed.feed_id for feed in hand.ledger.feeds(FEED_TYPE)}
    for place in sorted({place.marketplace for place in hand.line.places() if place.participates}):
        for state in hand.writer.recent_feeds(FEED_TYPE, place, since):
            if state.feed_id in known:
                continue
            if state.stage in {"IN_QUEUE", "IN_PROGRESS"}:
                return Remark("removal-elsewhere", {"feed": state.feed_id})
            if state.created_at is None or state.created_at >= plan.made_at:
                return Remark("removal-unknown", {"feed": state.feed_id})
    return None


def _not_leaving_already(plan: Plan, actions: Sequence[Action], hand: Hand) -> list[Action]:
    """The actions whose units no other order of ours takes; Amazon is never relied upon to tell two orders apart."""
    mine = {(plan.id, action.id) for action in actions}
    others = [deed for deed in hand.ledger.removals_under_way() if (deed.plan_id, deed.action_id) not in mine]
    leaving = {key for deed in others for key in _units_of(deed)}
    taken = [action for action in actions if leaving & _units_of(action)]
    why = told("moved", Remark("units-leaving"))
    hand.ledger.note(plan.id, [Note(action.id, "dropped", "dropped", told=why) for action in taken], hand.now())
    return [action for action in actions if action not in taken]


def _units_of(one: Action | Deed) -> set[tuple[str, str]]:
    """What names the physical units: the SKU and the label, within the pool that holds them."""
    return {(pool_of(one.marketplace), name) for name in (one.sku, one.fnsku) if name}


def _orders(actions: Sequence[Action]) -> list[list[Action]]:
    """Actions that fit into one order: one marketplace, one disposition, one address, one line a SKU."""

    def key(action: Action) -> tuple[str, str, str]:
        removal = action.steps[0].change.removal
        assert removal is not None
        return action.marketplace, removal.disposition, digest(dict(removal.address))

    most = table("curing")["removal"]["skus_most"]
    return [list(some) for _, own in groupby(sorted(actions, key=key), key=key) for some in pieces(list(own), most)]


def _send(plan: Plan, own: Sequence[Action], hand: Hand) -> Halt | None:
    removals = {action.sku: action.steps[0].change.removal for action in own}
    first = next(iter(removals.values()))
    assert first is not None
    number = 1 + sum(feed.mark.startswith(f"{plan.id}-R") for feed in hand.ledger.feeds(FEED_TYPE))
    units = {sku: (removal.units_sellable, removal.units_unsellable) for sku, removal in removals.items() if removal is not None}
    order = RemovalOrder(f"{plan.id}-R{number:03}", first.disposition, first.address, units)
    there = feeding.there_before(FEED_TYPE, own[0].marketplace, hand)
    if not clocks_agree(hand.line):
        # Should its answer be lost, the time gone by since must tell one day that it was never made.
        return Halt(Remark("clocks-apart"), surprise=False)
    feed = SentFeed(order.order_id, own[0].marketplace, FEED_TYPE, None, hand.now(), None, "IN_QUEUE", len(own), there)
    hand.ledger.feed_leaves(plan.id, feed, [Note(action.id, "intent", "intended", 0, feed.mark, told={"by": "removal", "order_id": feed.mark}) for action in own])
    try:
        feed_id = hand.writer.send_removal(feed.marketplace, order)
    except RefloatError as error:
        # What is no error of Amazon's: it could not even be written down.
        if not isinstance(error, AmazonError) or not lost(error):
            feeding.never_left(plan, feed, dict.fromkeys((action.id for action in own), 0), hand, error)
            return Halt(of_error(error), surprise=not isinstance(error, AmazonError))
        return settle(plan.id, feed, [action.id for action in own], {action.sku: action.id for action in own}, hand)
    hand.ledger.feed_noted(feed.mark, feed_id=feed_id)
    return settle(plan.id, replace(feed, feed_id=feed_id), [action.id for action in own], {action.sku: action.id for action in own}, hand)


def settle(plan_id: str, feed: SentFeed, ids: Sequence[str], by_sku: dict[str, str], hand: Hand) -> Halt | None:
    """Bring a removal feed to its end as far as Amazon tells it; why it is not at its end, or None."""
    feed_id = feed.feed_id or adopted(feed, hand)
    if feed_id is not None:
        hand.tell(Remark("waiting-removal", {"order": feed.mark, "until": until(hand.now(), feeding.patience())}))
    state = None if feed_id is None else feeding.ended(feed_id, hand)
    if feed_id is not None and state is None:
        return Halt(Remark("removal-late", {"order": feed.mark}), surprise=False)
    try:
        lines = _refused(state, hand)
    except AmazonError:
        return Halt(Remark("removal-result-late", {"order": feed.mark}), surprise=False)
    if state is None or lines is None:
        open_still = {"order_id": feed.mark, "feed_id": feed_id, "amazon": None if state is None else state.stage}
        hand.ledger.note(plan_id, [Note(name, "unclear", "unclear", told=open_still) for name in ids], hand.now())
        hand.ledger.feed_noted(feed.mark, stage="UNCLEAR")
        return Halt(Remark("removal-not-certain", {"order": feed.mark}))
    wrong = {line.sku: line for line in lines if line.sku in by_sku}
    # A line without a SKU speaks of the whole order.
    whole = next((line for line in lines if line.sku is None), None)
    notes = []
    for sku, name in by_sku.items():
        line = wrong.get(sku, whole)
        result = {"order_id": feed.mark, "feed_id": feed_id, "amazon": "DONE", **({"code": line.code, "said": line.said} if line else {})}
        notes.append(Note(name, "receipt", "refused" if line else "answered", told=result))
    hand.ledger.note(plan_id, notes, hand.now())
    hand.ledger.feed_noted(feed.mark, stage="DONE", ended_at=state.ended_at or hand.now())
    return None


def _refused(state: FeedState | None, hand: Hand) -> Sequence[RemovalLine] | None:
    """What Amazon refused of the order; None where its processing report does not tell.

    Raises:
        AmazonError: the report may be had a little later.
    """
    if state is None or state.stage != "DONE" or state.document_id is None:
        return None
    try:
        return hand.writer.removal_errors(state.document_id)
    except AmazonError as error:
        if error.passing:
            raise
        return None


def go_on(hand: Hand) -> Halt | None:
    """Bring the removal feeds that earlier runs left to their end, whichever plan they are of; why one is still open, or None."""
    for feed in reversed(hand.ledger.feeds(FEED_TYPE)):
        if feed.stage not in _OPEN:
            continue
        plan_id = feed.mark.rpartition("-R")[0]
        own = [deed for deed in hand.ledger.deeds(plan_id).values() if deed.feed == feed.mark]
        intended = {deed.sku: deed.action_id for deed in own if deed.stage == "intended"}
        if intended:
            if halt := settle(plan_id, feed, list(intended.values()), intended, hand):
                return halt
        elif unclear := [deed.action_id for deed in own if deed.stage == "unclear"]:
            _never_made(plan_id, feed, unclear, hand)
        else:
            # Killed between the note of what became of its actions and the note of its own end.
            hand.ledger.feed_noted(feed.mark, stage="DONE", ended_at=hand.now())
    return None


def _never_made(plan_id: str, feed: SentFeed, ids: Sequence[str], hand: Hand) -> None:
    """Days later Amazon's list has no feed that could be ours: it was never made. The report of removal orders may not tell: without orders there is none.

    The days count only while our clock says what Amazon's does, as it did when the order was sent: one that jumps ahead proves nothing.
    """
    if feed.feed_id is not None or hand.now() - feed.sent_at < timedelta(hours=table("curing")["removal"]["report_hours"]):
        return
    since = feed.sent_at - timedelta(minutes=table("observing")["waiting"]["clocks_differ_minutes"])
    known = {one.feed_id for one in hand.ledger.feeds(FEED_TYPE)}
    if any(state.feed_id not in known for state in hand.writer.recent_feeds(FEED_TYPE, feed.marketplace, since)) or not clocks_agree(hand.line):
        return
    never = told("why", Remark("removal-not-listed"), code="never-made", order_id=feed.mark)
    hand.ledger.note(plan_id, [Note(name, "receipt", "refused", told=never) for name in ids], hand.now())
    hand.ledger.feed_noted(feed.mark, stage="LOST", ended_at=hand.now())
