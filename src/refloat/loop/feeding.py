"""Sending many listing changes as feeds, one after the other, and reading what became of each message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from refloat.errors import AmazonError, RefloatError, lost
from refloat.knowledge.tables import table
from refloat.loop.hand import Hand, by_marketplace, pieces
from refloat.loop.road import FEED_TYPE
from refloat.loop.sending import not_sent, receipt
from refloat.loop.telling import of_error, told, until
from refloat.model.plan import Action, Plan
from refloat.model.ports import FeedState, Note, SentFeed, Submission
from refloat.model.remark import Remark

_ENDED = frozenset({"DONE", "CANCELLED", "FATAL"})


def by_feed(plan: Plan, actions: Sequence[Action], steps: dict[str, int], hand: Hand) -> list[Action]:
    """Send the actions' steps as feeds, as fast as Amazon takes them, and note what became of each. One that does not end in time is looked at again later.

    After a lost answer nothing more is sent: which feed is whose can be told of one at a time only. Returns what was not sent.
    """
    sent: list[tuple[str, str, dict[int, str]]] = []
    unsent: list[Action] = []
    parts = _parts(actions, steps, hand)
    for place, carried in parts:
        if hand.stop():
            unsent = [*carried, *(action for _, more in parts for action in more)]
            break
        mark, feed_id, may_be_there = _send(plan, place, carried, {action.id: steps[action.id] for action in carried}, hand)
        if feed_id is None:
            unsent = [*([] if may_be_there else carried), *(action for _, more in parts for action in more)]
            break
        sent.append((mark, feed_id, {number: action.id for number, action in enumerate(carried, 1)}))
    for mark, feed_id, messages in sent:
        settle(plan, mark, feed_id, messages, hand)
    return unsent


def _parts(actions: Sequence[Action], steps: Mapping[str, int], hand: Hand) -> Iterator[tuple[str, list[Action]]]:
    """What each feed carries."""
    for place, own in by_marketplace(actions):
        for some in pieces(own, table("curing")["feed"]["messages_most"]):
            for few in hand.writer.fitting([(action.sku, action.steps[steps[action.id]].change) for action in some]):
                yield place, [some[number] for number in few]


def _send(plan: Plan, place: str, actions: Sequence[Action], steps: dict[str, int], hand: Hand) -> tuple[str, str | None, bool]:
    """Send one feed; its mark, Amazon's id where it told one, and whether Amazon may have it."""
    known = len([feed for feed in hand.ledger.feeds(FEED_TYPE) if feed.mark.startswith(f"{plan.id}-L")])
    feed = SentFeed(f"{plan.id}-L{known + 1:03}", place, FEED_TYPE, None, hand.now(), None, "IN_QUEUE", len(actions), there_before(FEED_TYPE, place, hand))
    intents = [
        Note(action.id, "intent", "intended", steps[action.id], feed.mark, told={"by": "feed", "message": number}) for number, action in enumerate(actions, 1)
    ]  # fmt: skip
    hand.ledger.feed_leaves(plan.id, feed, intents)
    try:
        feed_id = hand.writer.send_feed(place, [(action.sku, action.steps[steps[action.id]].change) for action in actions])
    except RefloatError as error:
        # What is no error of Amazon's: it could not even be written down.
        may_be_there = isinstance(error, AmazonError) and lost(error)
        if not may_be_there:
            never_left(plan, feed, steps, hand, error)
        return feed.mark, None, may_be_there
    hand.ledger.feed_noted(feed.mark, feed_id=feed_id)
    return feed.mark, feed_id, True


def there_before(feed_type: str, place: str, hand: Hand) -> tuple[str, ...]:
    """The feeds that Amazon has of late, so that none of them is taken for the next one of ours, should its answer be lost."""
    since = hand.now() - timedelta(minutes=2 * table("observing")["waiting"]["clocks_differ_minutes"])
    try:
        return tuple(state.feed_id for state in hand.writer.recent_feeds(feed_type, place, since))
    except AmazonError as error:
        if not error.passing:
            raise
        return ()


def never_left(plan: Plan, feed: SentFeed, steps: Mapping[str, int], hand: Hand, error: RefloatError | None = None) -> None:
    """The feed certainly does not exist at Amazon: its actions are where they were before ``steps``."""
    said = {} if error is None else told("said", of_error(error))
    hand.ledger.note(plan.id, [not_sent(name, step, said) for name, step in steps.items()], hand.now())
    hand.ledger.feed_noted(feed.mark, stage="LOST", ended_at=hand.now())


def settle(plan: Plan, mark: str, feed_id: str, messages: dict[int, str], hand: Hand) -> bool:
    """Wait for the feed's end, and note what became of each message; False when it does not end, and is looked at again by the next run."""
    hand.tell(Remark("waiting-feed", {"count": len(messages), "until": until(hand.now(), patience())}))
    state = ended(feed_id, hand)
    if state is None:
        return False
    if state.stage != "DONE" or state.document_id is None:
        return unclear(plan, mark, state, messages, hand)
    try:
        results = hand.writer.feed_issues(state.document_id)
    except AmazonError as error:
        if error.passing:
            return False
        return unclear(plan, mark, state, messages, hand)
    accepted = Submission("ACCEPTED")
    notes = [receipt(name, results.get(number, accepted), feed_id=feed_id, message=number) for number, name in messages.items()]
    hand.ledger.note(plan.id, notes, hand.now())
    hand.ledger.feed_noted(mark, stage="DONE", ended_at=state.ended_at or hand.now())
    return True


def unclear(plan: Plan, mark: str, state: FeedState, messages: Mapping[int, str], hand: Hand) -> bool:
    """Half of the feed's work may be done: each listing itself must tell."""
    said = {"amazon": state.stage, "feed_id": state.feed_id}
    hand.ledger.note(plan.id, [Note(name, "unclear", "unclear", told=said) for name in messages.values()], hand.now())
    hand.ledger.feed_noted(mark, stage=state.stage, ended_at=state.ended_at or hand.now())
    return True


def patience() -> timedelta:
    """How long a feed's end is waited for."""
    return timedelta(minutes=table("observing")["waiting"]["give_up_minutes"])


def ended(feed_id: str, hand: Hand) -> FeedState | None:
    """The feed's state once it has ended; None when that takes too long, or Amazon cannot be asked."""
    waiting, began = table("observing")["waiting"], hand.now()
    while True:
        try:
            state = hand.writer.feed(feed_id)
        except AmazonError as error:
            if not error.passing:
                return None
        else:
            if state.stage in _ENDED:
                return state
        now = hand.now()
        if now - began > patience():
            return None
        hand.clock.sleep(min(waiting["most_seconds"], max(waiting["first_seconds"], waiting["share"] * (now - began).total_seconds())))
