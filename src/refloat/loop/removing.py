"""Removal orders: what cannot be undone, so nothing is sent twice and nothing is guessed.

Amazon does not tell two equal orders apart. So one removal feed is in flight at a time for an account; its intent, with
the order id that Amazon's reports will show, is on disk before it leaves; and where its fate is not certain it stops:
the feed list, the processing report and, after a later look, the removal order report must tell first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from refloat.errors import AmazonError, RefloatError, lost
from refloat.knowledge.tables import table
from refloat.loop import feeding
from refloat.loop.hand import Hand, pieces
from refloat.model.plan import Action, Plan, digest
from refloat.model.ports import FeedState, Note, RemovalLine, RemovalOrder, SentFeed

FEED_TYPE = "POST_FLAT_FILE_FBA_CREATE_REMOVAL"
#: Feeds of ours that have no end yet, or none that is certain.
_OPEN = frozenset({"IN_QUEUE", "IN_PROGRESS", "UNCLEAR"})


def remove(plan: Plan, actions: Sequence[Action], hand: Hand) -> str | None:
    """Order the removals, one order after the other. Returns why it stopped, or None."""
    if why := in_flight(hand):
        return why
    for own in _orders(actions):
        if why := _send(plan, own, hand):
            return why
    return None


def in_flight(hand: Hand) -> str | None:
    """Why no removal may be sent now: another one, ours or somebody else's, is not at its end. None: the way is free."""
    for feed in hand.ledger.feeds(FEED_TYPE):
        if feed.stage in _OPEN:
            return f"the removal order {feed.mark} is not settled yet ({feed.stage})"
    since = hand.now() - timedelta(hours=table("curing")["removal"]["look_back_hours"])
    known = {feed.feed_id for feed in hand.ledger.feeds(FEED_TYPE)}
    for place in sorted({place.marketplace for place in hand.line.places() if place.participates}):
        for state in hand.writer.recent_feeds(FEED_TYPE, place, since):
            if state.stage in {"IN_QUEUE", "IN_PROGRESS"} and state.feed_id not in known:
                return f"another removal feed is under way ({state.feed_id})"
    return None


def _orders(actions: Sequence[Action]) -> list[list[Action]]:
    """Actions that fit into one order: one marketplace, one disposition, one address, one line a SKU."""

    def key(action: Action) -> tuple[str, str, str]:
        removal = action.steps[0].change.removal
        assert removal is not None
        return action.marketplace, removal.disposition, digest(dict(removal.address))

    most = table("curing")["removal"]["skus_most"]
    return [list(some) for _, own in groupby(sorted(actions, key=key), key=key) for some in pieces(list(own), most)]


def _send(plan: Plan, own: Sequence[Action], hand: Hand) -> str | None:
    removals = {action.sku: action.steps[0].change.removal for action in own}
    first = next(iter(removals.values()))
    assert first is not None
    number = 1 + sum(feed.mark.startswith(f"{plan.id}-R") for feed in hand.ledger.feeds(FEED_TYPE))
    units = {sku: (removal.units_sellable, removal.units_unsellable) for sku, removal in removals.items() if removal is not None}
    order = RemovalOrder(f"{plan.id}-R{number:03}", first.disposition, first.address, units)
    feed = SentFeed(order.order_id, own[0].marketplace, FEED_TYPE, None, hand.now(), None, "IN_QUEUE", len(own))
    hand.ledger.feed_leaves(plan.id, feed, [Note(action.id, "intent", "intended", 0, feed.mark, told={"by": "removal", "order_id": feed.mark}) for action in own])
    try:
        feed_id = hand.writer.send_removal(feed.marketplace, order)
    except RefloatError as error:
        # What is no error of Amazon's: it could not even be written down.
        if not isinstance(error, AmazonError) or not lost(error):
            feeding.never_left(plan, feed, dict.fromkeys((action.id for action in own), 0), hand, error)
            return str(error).split("\n")[0]
        return settle(plan.id, feed, [action.id for action in own], {action.sku: action.id for action in own}, hand)
    hand.ledger.feed_noted(feed.mark, feed_id=feed_id)
    return settle(plan.id, _with_id(feed, feed_id), [action.id for action in own], {action.sku: action.id for action in own}, hand)


def settle(plan_id: str, feed: SentFeed, ids: Sequence[str], by_sku: dict[str, str], hand: Hand) -> str | None:
    """Bring a removal feed to its end as far as Amazon tells it; why it is not at its end, or None."""
    feed_id = feed.feed_id or _looked_up(feed, hand)
    state = None if feed_id is None else feeding.ended(feed_id, hand)
    if feed_id is not None and state is None:
        return f"the removal order {feed.mark} takes longer than we wait; the next run goes on with it"
    try:
        lines = _refused(state, hand)
    except AmazonError:
        return f"the result of the removal order {feed.mark} cannot be had just now; the next run goes on with it"
    if state is None or lines is None:
        told = {"order_id": feed.mark, "feed_id": feed_id, "amazon": None if state is None else state.stage}
        hand.ledger.note(plan_id, [Note(name, "unclear", "unclear", told=told) for name in ids], hand.now())
        hand.ledger.feed_noted(feed.mark, stage="UNCLEAR")
        return f"what became of the removal order {feed.mark} is not certain; the removal order report must tell"
    wrong = {line.sku: line for line in lines if line.sku in by_sku}
    # A line without a SKU speaks of the whole order.
    whole = next((line for line in lines if line.sku is None), None)
    notes = []
    for sku, name in by_sku.items():
        line = wrong.get(sku, whole)
        told = {"order_id": feed.mark, "feed_id": feed_id, "amazon": "DONE", **({"code": line.code, "said": line.said} if line else {})}
        notes.append(Note(name, "receipt", "refused" if line else "answered", told=told))
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


def _looked_up(feed: SentFeed, hand: Hand) -> str | None:
    """The feed that Amazon made of ours although its answer was lost. None is no proof that there is none."""
    known = {one.feed_id for one in hand.ledger.feeds(FEED_TYPE)}
    patience, since = timedelta(minutes=table("curing")["canary"]["read_back_minutes"]), feed.sent_at - timedelta(minutes=table("observing")["waiting"]["clocks_differ_minutes"])
    while True:
        try:
            states = hand.writer.recent_feeds(FEED_TYPE, feed.marketplace, since)
        except AmazonError as error:
            if not error.passing:
                raise
            states = ()
        # The oldest: it is the one that was made right after ours was sent.
        strange = [state.feed_id for state in states if state.feed_id not in known]
        if strange:
            hand.ledger.feed_noted(feed.mark, feed_id=strange[-1])
            return strange[-1]
        if hand.now() - feed.sent_at > patience:
            return None
        hand.clock.sleep(table("curing")["canary"]["look_seconds"])


def _with_id(feed: SentFeed, feed_id: str) -> SentFeed:
    return SentFeed(feed.mark, feed.marketplace, feed.feed_type, feed_id, feed.sent_at, feed.ended_at, feed.stage, feed.messages)


def go_on(hand: Hand) -> str | None:
    """Bring the removal feeds that earlier runs left to their end, whichever plan they are of; why one is still open, or None."""
    for feed in reversed(hand.ledger.feeds(FEED_TYPE)):
        if feed.stage not in _OPEN:
            continue
        plan_id = feed.mark.rpartition("-R")[0]
        own = [deed for deed in hand.ledger.deeds(plan_id).values() if deed.feed == feed.mark]
        intended = {deed.sku: deed.action_id for deed in own if deed.stage == "intended"}
        if intended:
            if why := settle(plan_id, feed, list(intended.values()), intended, hand):
                return why
        elif not any(deed.stage == "unclear" for deed in own):
            # Killed between the note of what became of its actions and the note of its own end.
            hand.ledger.feed_noted(feed.mark, stage="DONE", ended_at=hand.now())
    return None
