"""Looking: did what was sent arrive? A lost answer is looked up here, never guessed and never blindly sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from refloat.errors import AmazonError
from refloat.knowledge.tables import table
from refloat.loop import feeding, resting, sending
from refloat.loop.hand import Hand, listings_now
from refloat.loop.moving import Ahead
from refloat.loop.road import FEED_TYPE
from refloat.model.plan import Action, Plan
from refloat.model.ports import Deed, FeedState, Note, SentFeed

#: After so many tries that came to nothing an action is given up, and a person is told.
_TRIES = 3


def look_up(plan: Plan, hand: Hand) -> None:
    """Settle what an earlier run, or a lost answer, left open: feeds first, then single changes."""
    _feeds(plan, hand)
    by_id = {action.id: action for action in plan.actions}
    while True:
        open_deeds = [deed for deed in hand.ledger.deeds(plan.id).values() if deed.stage in {"intended", "unclear"} and by_id[deed.action_id].steps[0].change.kind != "removal"]
        open_deeds = [deed for deed in open_deeds if deed.stage == "unclear" or deed.feed is None]
        if not open_deeds:
            return
        if not _settled(plan, [(by_id[deed.action_id], deed) for deed in open_deeds], hand):
            hand.clock.sleep(table("curing")["canary"]["look_seconds"])


def _settled(plan: Plan, pairs: Sequence[tuple[Action, Deed]], hand: Hand) -> bool:
    """Look at each listing once; True when all of them told."""
    deeds = {action.id: deed for action, deed in pairs}
    notes = []
    for action, answer in listings_now(hand, [action for action, _ in pairs]):
        deed = deeds[action.id]
        note = _found(action, deed, answer.body, hand, request_id=answer.request_id)
        if note is not None:
            notes.append(note)
    hand.ledger.note(plan.id, notes, hand.now())
    return len(notes) == len(pairs)


def _found(action: Action, deed: Deed, listing: Mapping[str, object] | None, hand: Hand, *, request_id: str | None) -> Note | None:
    """What the listing says of the change; None while it may still come."""
    change = action.steps[deed.step].change
    if resting.shows(change, listing):
        return Note(action.id, "receipt", "answered", told={"amazon": "found", "request_id": request_id, "why": "The answer was lost; the listing shows the change."})
    # Counted from when it became unclear: of a feed that is the feed's own end, and what it did shows only after that.
    waited = hand.now() - deed.at
    if waited < patience(action):
        return None
    if deed.tries >= _TRIES:
        return Note(action.id, "receipt", "refused", told={"code": "given-up", "said": f"{deed.tries} tries came to nothing."})
    if deed.step == 0 and resting.of_now(action, listing) != dict(action.rests_on):
        return Note(action.id, "dropped", "dropped", told={"moved": "another writer was there while the answer was lost"})
    return sending.not_sent(action.id, deed.step, {"why": "The answer was lost, and the listing does not show the change."})


def _feeds(plan: Plan, hand: Hand) -> None:
    deeds = [deed for deed in hand.ledger.deeds(plan.id).values() if deed.stage == "intended" and deed.feed is not None]
    for feed in hand.ledger.feeds(FEED_TYPE):
        own = {int(deed.told.get("message", 0)): deed.action_id for deed in deeds if deed.feed == feed.mark}
        if not own:
            continue
        feed_id = feed.feed_id or _adopted(feed, hand)
        if feed_id is None:
            # A list without it is no proof: it may come late. Each listing tells whether it was there after all.
            feeding.unclear(plan, feed.mark, FeedState("", FEED_TYPE, "LOST"), own, hand)
        else:
            feeding.settle(plan, feed.mark, feed_id, own, hand)


def _adopted(feed: SentFeed, hand: Hand) -> str | None:
    """The feed that Amazon made of one whose answer was lost; None when, some time after it was sent, it has none."""
    known = {one.feed_id for one in hand.ledger.feeds(feed.feed_type)}
    patience = timedelta(minutes=table("curing")["canary"]["read_back_minutes"])
    since = feed.sent_at - timedelta(minutes=table("observing")["waiting"]["clocks_differ_minutes"])
    while True:
        # The oldest: it is the one that was made right after ours was sent.
        strange = [state.feed_id for state in hand.writer.recent_feeds(feed.feed_type, feed.marketplace, since) if state.feed_id not in known]
        if strange:
            hand.ledger.feed_noted(feed.mark, feed_id=strange[-1])
            return strange[-1]
        if hand.now() - feed.sent_at > patience:
            return None
        hand.clock.sleep(table("curing")["canary"]["look_seconds"])


def shown(plan: Plan, wave: Sequence[Action], hand: Hand, ahead: Ahead | None = None) -> str | None:
    """Wait until every accepted change of the wave shows in its listing; the first surprise in words, or None.

    ``ahead``: what is read meanwhile, as late as it can be without making the waiting longer.
    A surprise: Amazon refused one, an answer stayed unclear, or a change does not show within the time that Amazon names.
    """
    began = hand.now()
    by_id = {action.id: action for action in wave if action.steps[0].change.kind != "removal"}
    # Read once: nobody else writes them down meanwhile, and the plan may be large.
    deeds = [deed for name, deed in hand.ledger.deeds(plan.id).items() if name in by_id]
    while True:
        if refused := [deed for deed in deeds if deed.stage in {"refused", "unclear", "intended"}]:
            return f"{refused[0].sku}: {_why(refused[0])}"
        waiting = [by_id[deed.action_id] for deed in deeds if deed.stage == "answered"]
        if not waiting:
            return None
        steps = {deed.action_id: deed.step for deed in deeds}
        try:
            notes = [Note(action.id, "shown", "shown") for action, answer in listings_now(hand, waiting) if resting.shows(action.steps[steps[action.id]].change, answer.body)]
        except AmazonError as error:
            if not error.passing:
                raise
            notes = []
        hand.ledger.note(plan.id, notes, hand.now())
        if len(notes) == len(waiting):
            return None
        seen = {note.action_id for note in notes}
        deeds = [deed for deed in deeds if deed.action_id not in seen]
        late = next((action for action in waiting if action.id not in seen and hand.now() - began > patience(action)), None)
        if late is not None:
            return f"{late.sku}: the change does not show after {patience(late).total_seconds() / 60:.0f} minutes"
        due = began + timedelta(minutes=table("curing")["canary"]["shows_minutes"])
        if ahead is None or hand.now() + timedelta(seconds=ahead.seconds) < due or not ahead.step():
            hand.clock.sleep(table("curing")["canary"]["look_seconds"])


def patience(action: Action) -> timedelta:
    """How long a change may take until its listing shows it."""
    rows = table("curing")
    return timedelta(minutes=rows["remedy"].get(action.remedy, {}).get("read_back_minutes", rows["canary"]["read_back_minutes"]))


def _why(deed: Deed) -> str:
    issues = deed.told.get("issues") or []
    said = next((str(issue.get("message")) for issue in issues if issue.get("severity") == "ERROR"), None)
    return said or str(deed.told.get("said") or deed.told.get("amazon") or deed.stage).split("\n")[0]
