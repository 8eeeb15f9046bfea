"""Looking: did what was sent arrive? A lost answer is looked up here, never guessed and never blindly sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from refloat.errors import AmazonError
from refloat.knowledge.tables import table
from refloat.loop import feeding, resting, sending
from refloat.loop.hand import Halt, Hand, listings_now, stopped
from refloat.loop.moving import Ahead
from refloat.loop.road import FEED_TYPE
from refloat.loop.shows import shows
from refloat.loop.telling import of_deed, once, told, until
from refloat.model.cure import Step
from refloat.model.plan import Action, Plan
from refloat.model.ports import Deed, FeedState, Note, SentFeed
from refloat.model.remark import Remark

#: After so many tries that came to nothing an action is given up, and a person is told.
_TRIES = 3


def look_up(plan: Plan, hand: Hand) -> None:
    """Settle what an earlier run, or a lost answer, left open: feeds first, then single changes."""
    _feeds(plan, hand)
    by_id, began, tell = {action.id: action for action in plan.actions}, hand.now(), once(hand.tell)
    while True:
        open_deeds = [deed for deed in hand.ledger.deeds(plan.id).values() if deed.stage in {"intended", "unclear"} and by_id[deed.action_id].steps[0].change.kind != "removal"]
        open_deeds = [deed for deed in open_deeds if deed.stage == "unclear" or deed.told.get("by") != "feed"]
        if not open_deeds:
            return
        tell(_wait("looking-up", [by_id[deed.action_id] for deed in open_deeds], began))
        if not _settled(plan, [(by_id[deed.action_id], deed) for deed in open_deeds], hand, began):
            hand.clock.sleep(table("curing")["canary"]["look_seconds"])


def _settled(plan: Plan, pairs: Sequence[tuple[Action, Deed]], hand: Hand, began: datetime) -> bool:
    """Look at each listing once; True when all of them told."""
    deeds = {action.id: deed for action, deed in pairs}
    notes = []
    for action, answer in listings_now(hand, [action for action, _ in pairs]):
        deed = deeds[action.id]
        note = _found(action, deed, answer.body, hand.now() - _since(deed, began), request_id=answer.request_id)
        if note is not None:
            notes.append(note)
    hand.ledger.note(plan.id, notes, hand.now())
    return len(notes) == len(pairs)


def _since(deed: Deed, began: datetime) -> datetime:
    """From when on it is waited for: when it became unclear (of a feed that is the feed's own end), but not from a moment that is still to come."""
    return min(deed.at, began)


def _found(action: Action, deed: Deed, listing: Mapping[str, object] | None, waited: timedelta, *, request_id: str | None) -> Note | None:
    """What the listing says of the change; None while it may still come."""
    change = action.steps[deed.step].change
    if shows(change, listing):
        return Note(action.id, "receipt", "answered", told=told("why", Remark("found-after-loss"), amazon="found", request_id=request_id))
    if waited < patience(action):
        return None
    if deed.tries >= _TRIES:
        return Note(action.id, "receipt", "refused", told=told("said", Remark("given-up", {"count": deed.tries}), code="given-up"))
    if deed.step == 0 and resting.of_now(action, listing) != resting.of_listing(action):
        return Note(action.id, "dropped", "dropped", told=told("moved", Remark("moved-while-lost")))
    return sending.not_sent(action.id, deed.step, told("why", Remark("absent-after-loss")))


def _feeds(plan: Plan, hand: Hand) -> None:
    deeds = [deed for deed in hand.ledger.deeds(plan.id).values() if deed.stage == "intended" and deed.told.get("by") == "feed"]
    for feed in hand.ledger.feeds(FEED_TYPE):
        own = {int(deed.told["message"]): deed.action_id for deed in deeds if deed.feed == feed.mark}
        if not own:
            continue
        feed_id = feed.feed_id or adopted(feed, hand)
        if feed_id is None:
            # A list without it is no proof: it may come late. Each listing tells whether it was there after all.
            feeding.unclear(plan, feed.mark, FeedState("", FEED_TYPE, "LOST"), own, hand)
        else:
            feeding.settle(plan, feed.mark, feed_id, own, hand)


def adopted(feed: SentFeed, hand: Hand) -> str | None:
    """The feed that Amazon made of one whose answer was lost; None where it is not certain which is ours. That there is none in sight is no proof."""
    began, patient = hand.now(), timedelta(minutes=table("curing")["canary"]["read_back_minutes"])
    hand.tell(Remark("looking-for-feed", {"feed": feed.mark, "until": until(min(feed.sent_at, began), patient)}))
    while not (found := _strange(feed, hand)) and hand.now() - min(feed.sent_at, began) <= patient:
        hand.clock.sleep(table("curing")["canary"]["look_seconds"])
    if len(found) != 1:
        return None
    hand.ledger.feed_noted(feed.mark, feed_id=found[0])
    return found[0]


def _strange(feed: SentFeed, hand: Hand) -> list[str]:
    """Feeds at Amazon that may be ours: of the time when it was sent, not known by then, and not at their end before."""
    known = {one.feed_id for one in hand.ledger.feeds(feed.feed_type)} | set(feed.before)
    # A moment that is still to come was written by a clock that has been set back since.
    sent_at = min(feed.sent_at, hand.now())
    since = sent_at - timedelta(minutes=table("observing")["waiting"]["clocks_differ_minutes"])
    try:
        states = hand.writer.recent_feeds(feed.feed_type, feed.marketplace, since)
    except AmazonError as error:
        if not error.passing:
            raise
        return []
    return [state.feed_id for state in states if state.feed_id not in known and (state.ended_at is None or state.ended_at >= sent_at)]


def shown(plan: Plan, wave: Sequence[Action], hand: Hand, ahead: Ahead | None = None) -> Halt | None:
    """Wait until every accepted change of the wave shows in its listing; the first surprise, or None.

    ``ahead``: what is read meanwhile, as late as it can be without making the waiting longer.
    A surprise: Amazon refused one, an answer stayed unclear, or a change does not show within the time that Amazon names.
    """
    began, tell = hand.now(), once(hand.tell)
    by_id = {action.id: action for action in wave if action.steps[0].change.kind != "removal"}
    # Read once: nobody else writes them down meanwhile, and the plan may be large.
    deeds = [deed for name, deed in hand.ledger.deeds(plan.id).items() if name in by_id]
    while True:
        if refused := [deed for deed in deeds if deed.stage in {"refused", "unclear", "intended"}]:
            return Halt(of_deed(refused[0]))
        if unsent := [deed for deed in deeds if deed.stage == "planned"]:
            return Halt(Remark("not-sent", of_deed(unsent[0]).facts), surprise=False)
        waiting = [by_id[deed.action_id] for deed in deeds if deed.stage == "answered"]
        if not waiting:
            return None
        tell(_wait("waiting-shown", waiting, began))
        steps = {deed.action_id: deed.step for deed in deeds}
        try:
            notes = [Note(action.id, "shown", "shown") for action, answer in listings_now(hand, waiting) if shows(action.steps[steps[action.id]].change, answer.body)]
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
        halt = stopped(hand) if late is None else Halt(Remark("not-shown", {"sku": late.sku, "minutes": round(patience(late).total_seconds() / 60)}))
        if halt:
            return halt
        due = began + timedelta(minutes=table("curing")["canary"]["shows_minutes"])
        if ahead is None or hand.now() + timedelta(seconds=ahead.seconds) < due or not ahead.step():
            hand.clock.sleep(table("curing")["canary"]["look_seconds"])


def ready(plan: Plan, due: Sequence[Action], hand: Hand) -> tuple[list[Action], list[Note]]:
    """The actions whose next step may be sent: the step before shows, and Amazon shows what that step must see first.

    Each by itself: one that does not show keeps no other waiting longer than its own time. What can never go on is noted, and stops.
    """
    by_id, deeds, began, tell = {action.id: action for action in due}, hand.ledger.deeds(plan.id), hand.now(), once(hand.tell)
    found: list[Action] = []
    while by_id:
        stopped = []
        for action, answer in listings_now(hand, list(by_id.values())):
            deed, step = deeds[action.id], action.steps[deeds[action.id].step + 1]
            if why := _barred(action, step, answer.body):
                stopped.append(Note(action.id, "stopped", "stopped", told=told("why", why)))
            elif shows(action.steps[deed.step].change, answer.body):
                found.append(action)
                hand.ledger.note(plan.id, [Note(action.id, "shown", "shown")], hand.now())
        hand.ledger.note(plan.id, stopped, hand.now())
        for name in {action.id for action in found} | {note.action_id for note in stopped}:
            by_id.pop(name, None)
        if not by_id or all(hand.now() - min(deeds[name].answered_at or began, began) > patience(action) for name, action in by_id.items()):
            break
        if hand.stop():
            return found, []
        tell(_wait("waiting-step", list(by_id.values()), began))
        hand.clock.sleep(table("curing")["canary"]["look_seconds"])
    late = [Note(name, "late", told=told("why", Remark("step-not-shown"))) for name in by_id]
    return found, late


def _barred(action: Action, step: Step, listing: Mapping[str, Any] | None) -> Remark | None:
    """Why a later step must not follow any more; None where it may, or where it is only too early."""
    if listing is not None and (new := set(resting.objections(listing)) - set(action.rests_on.get("objections", ()))):
        return Remark("objects", {"objections": sorted(new)})
    if step.after == "same-fnsku" and listing is not None and (label := resting.fnsku(listing)) is not None and action.fnsku is not None and label != action.fnsku:
        return Remark("other-fnsku", {"now": label, "planned": action.fnsku})
    if step.after == "gone" and listing is not None and resting.created_after(listing, action):
        return Remark("there-again")
    return None


def _wait(code: str, actions: Sequence[Action], began: datetime) -> Remark:
    """What is waited for, and until when at most."""
    return Remark(code, {"count": len(actions), "until": until(began, max(map(patience, actions)))})


def patience(action: Action) -> timedelta:
    """How long a change may take until its listing shows it."""
    rows = table("curing")
    return timedelta(minutes=rows["remedy"].get(action.remedy, {}).get("read_back_minutes", rows["canary"]["read_back_minutes"]))
