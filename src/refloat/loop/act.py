"""Act: carry out what a person approved, in waves, and stop at the first surprise.

May be killed at any moment and run again: what was sent is looked up first, what was not sent goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from refloat.knowledge.tables import table
from refloat.loop import feeding, limits, looking, moving, removing, sending
from refloat.loop.hand import Halt, Hand, Speaking, silent, stopped
from refloat.loop.road import crossover, feed_seconds
from refloat.loop.telling import of_deed, told
from refloat.loop.waves import waves
from refloat.model.plan import Action, Plan
from refloat.model.ports import Deed, Note
from refloat.model.remark import Remark, remark_on

_FEED = "JSON_LISTINGS_FEED"


@dataclass(frozen=True)
class Applied:
    """Where the approved actions stand after a run.

    ``stopped``: why it went no further; ``surprise`` False: it merely waits, and goes on with the next run. ``later``: action
    id → when its next step is due.
    """

    deeds: Mapping[str, Deed]
    stopped: Remark | None
    later: Mapping[str, datetime]
    surprise: bool = True

    def count(self, *stages: str) -> int:
        """How many actions stand at one of these stages."""
        return sum(deed.stage in stages for deed in self.deeds.values())


def apply(plan: Plan, approved: Collection[str], hand: Hand, *, begins: Collection[str] | None = None, speaking: Speaking | None = None, canary: bool = True) -> Applied:
    """Carry out the approved actions of the plan; what is above an hour's limit waits for a later run.

    ``begins``: those of them that may be begun; the others were, and one that turns out never to have left stays so. None: all.
    ``speaking``: asked before each wave and each removal order; what nobody's word speaks for any more is not begun.

    Raises:
        PlanRefused: the plan is too old or too long, or no longer what was approved; nothing was sent.
        AmazonError: Amazon lets us in no more.
    """
    looking.look_up(plan, hand)
    halt = removing.go_on(hand)
    deeds = hand.ledger.deeds(plan.id)
    waiting = [action for action in plan.actions if action.id in approved and (begins is None or action.id in begins) and deeds[action.id].stage == "planned"]
    held: dict[str, datetime] = {}
    if waiting:
        moving.not_too_old(plan, hand)
        limits.not_too_many(plan)
        due, held = _due(waiting, hand)
        hand.tell(Remark("reading-anew", {"count": len(due)}))
        still = moving.standing_still(plan, due, hand)
        halt = _changes(plan, [action for action in still if not _is_removal(action)], hand, speaking, canary=canary) or halt
        halt = halt or _removals(plan, [action for action in still if _is_removal(action)], hand, speaking, canary=canary)
    later, late = _next_steps(plan, approved, hand)
    halt = halt or late
    after = hand.ledger.deeds(plan.id)
    held = {name: at for name, at in held.items() if after[name].stage == "planned"}
    return Applied({name: deed for name, deed in after.items() if name in approved}, halt.why if halt else None, held | later, surprise=halt is None or halt.surprise)


def _due(waiting: Sequence[Action], hand: Hand) -> tuple[list[Action], dict[str, datetime]]:
    """What may leave within this hour, and when the rest may."""
    changes, more = limits.within_the_hour([action for action in waiting if not _is_removal(action)], hand, removals=False)
    removals, others = limits.within_the_hour([action for action in waiting if _is_removal(action)], hand, removals=True)
    return [*changes, *removals], more | others


def _is_removal(action: Action) -> bool:
    return action.steps[0].change.kind == "removal"


def _changes(plan: Plan, actions: Sequence[Action], hand: Hand, speaking: Speaking | None, *, canary: bool) -> Halt | None:
    """The listing changes, wave by wave; why it went no further, or None."""
    before = waves(actions, canary=canary)
    ahead: moving.Ahead | None = None
    for number, (planned, following) in enumerate(pairwise([*before, None])):
        # While a canary is waited for somebody else may write, so what follows is read once more.
        wave = (planned or []) if ahead is None else ahead.still()
        if halt := silent(wave, speaking):
            return halt
        hand.tell(Remark("sending", {"number": number + 1, "waves": len(before), "count": len(wave)}))
        halt = stopped(hand) or _wave(plan, wave, dict.fromkeys((action.id for action in wave), 0), hand)
        ahead = None if following is None else moving.Ahead(plan, following, hand)
        if halt is None and ahead is not None:
            halt = looking.shown(plan, wave, hand, ahead)
        if halt:
            _stop(plan, [action for rest in before[number:] for action in rest], halt, hand)
            return halt
    return None


def _wave(plan: Plan, wave: Sequence[Action], steps: dict[str, int], hand: Hand) -> Halt | None:
    """Send a wave by the road that ends sooner; the most urgent go as single patches in any case. Why Amazon lets us write nothing, or None.

    Every single change is previewed; of a feed, which Amazon would preview for a day, a sample of each sort.
    """
    urgent = table("curing")["feed"]["urgent"]
    seconds, _ = feed_seconds(hand.ledger.feeds(_FEED))
    if len(wave) - urgent < crossover(seconds):
        return _patches(plan, wave, steps, hand)
    if halt := _patches(plan, wave[:urgent], steps, hand):
        return halt
    rest = wave[urgent:]
    refused = sending.previewed(rest, steps, hand)
    bad = {_sort(action, steps) for action in rest if action.id in refused}
    # Where the sample was refused each one is asked about by itself, so that the sound ones still go.
    halt = _patches(plan, [action for action in rest if _sort(action, steps) in bad], steps, hand)
    if halt is None:
        halt = _feeds(plan, [action for action in rest if _sort(action, steps) not in bad], steps, hand)
    return halt


def _feeds(plan: Plan, actions: Sequence[Action], steps: dict[str, int], hand: Hand) -> Halt | None:
    """As feeds; what did not leave goes once more. Why a person wants no more of them, or None."""
    left = list(actions)
    for _ in range(table("curing")["canary"]["rounds"]):
        if not left:
            break
        if halt := stopped(hand):
            return halt
        left = feeding.by_feed(plan, left, steps, hand)
        looking.look_up(plan, hand)
        if left:
            hand.clock.sleep(table("curing")["canary"]["look_seconds"])
    return None


def _left(plan: Plan, actions: Sequence[Action], steps: Mapping[str, int], hand: Hand) -> list[Action]:
    """The actions of which this step did not leave."""
    deeds = hand.ledger.deeds(plan.id)
    return [action for action in actions if deeds[action.id].stage == "planned" or deeds[action.id].step < steps[action.id]]


def _sort(action: Action, steps: Mapping[str, int]) -> tuple[str, str, str]:
    """Changes of one sort meet the same checks of Amazon's."""
    return action.marketplace, action.remedy, action.steps[steps[action.id]].change.product_type


def _patches(plan: Plan, actions: Sequence[Action], steps: dict[str, int], hand: Hand) -> Halt | None:
    """Single patches; what did not leave is tried again a little later, what was lost is looked up. Why Amazon lets us write nothing, or None."""
    left = list(actions)
    for _ in range(table("curing")["canary"]["rounds"]):
        if not left:
            break
        if halt := stopped(hand):
            return halt
        notes = sending.by_patch(plan, left, steps, hand, preview=True)
        if (why := next((remark_on(note.told) for note in notes if note.told.get("code") in sending.HOPELESS), None)) is not None:
            # Nothing is wrong with the plan: once that is settled, it goes on.
            return Halt(why, surprise=False)
        looking.look_up(plan, hand)
        left = _left(plan, left, steps, hand)
        if left and not hand.stop():
            hand.clock.sleep(table("curing")["canary"]["look_seconds"])
    return None


def _removals(plan: Plan, actions: Sequence[Action], hand: Hand, speaking: Speaking | None, *, canary: bool) -> Halt | None:
    """The removal orders, wave by wave, each looked at again right before; why it went no further, or None."""
    before = waves(actions, canary=canary)
    for number, wave in enumerate(before):
        hand.tell(Remark("ordering", {"number": number + 1, "waves": len(before), "count": len(wave)}))
        halt = stopped(hand) or removing.remove(plan, moving.standing_still(plan, wave, hand), hand, speaking)
        refused = next((deed for deed in hand.ledger.deeds(plan.id).values() if deed.stage == "refused" and deed.action_id in {action.id for action in wave}), None)
        if halt is None and refused is not None and number < len(before) - 1:
            halt = Halt(of_deed(refused))
        if halt:
            _stop(plan, [action for more in before[number:] for action in more], halt, hand)
            return halt
    return None


def _stop(plan: Plan, rest: Sequence[Action], halt: Halt, hand: Hand) -> None:
    """What was not sent because of a surprise: a person looks first, and makes a new plan. After a mere wait it goes on with the next run."""
    if not halt.surprise:
        return
    deeds, why = hand.ledger.deeds(plan.id), told("why", halt.why)
    hand.ledger.note(plan.id, [Note(action.id, "stopped", "stopped", told=why) for action in rest if deeds[action.id].stage == "planned"], hand.now())


def _next_steps(plan: Plan, approved: Collection[str], hand: Hand) -> tuple[dict[str, datetime], Halt | None]:
    """Send the next step of every action whose step before shows, and whose wait is over; the others with their moment, and why one is late."""
    later: dict[str, datetime] = {}
    due: list[Action] = []
    deeds = hand.ledger.deeds(plan.id)
    for action in plan.actions:
        deed = deeds[action.id]
        if action.id not in approved or deed.stage not in {"answered", "shown"} or deed.step + 1 >= len(action.steps):
            continue
        at = (deed.answered_at or deed.at) + timedelta(hours=action.steps[deed.step + 1].wait_hours)
        if at > hand.now():
            later[action.id] = at
        else:
            due.append(action)
    due, held = limits.within_the_hour(due, hand, removals=False)
    later |= held
    if not due:
        return later, None
    if halt := stopped(hand):
        return later, halt
    ready, late = looking.ready(plan, due, hand)
    halt = stopped(hand) or (Halt(Remark("actions-wait", {"count": len(late)}), surprise=False) if late else None)
    steps = {action.id: deeds[action.id].step + 1 for action in ready}
    if ready:
        hand.tell(Remark("sending-step", {"count": len(ready)}))
    if ready and (stuck := _wave(plan, ready, steps, hand)):
        return later, stuck
    after = hand.ledger.deeds(plan.id)
    # What did not leave waits for the next run.
    went = {action.id for action in ready if after[action.id].step == steps[action.id]}
    more, further = _next_steps(plan, went, hand) if went else ({}, None)
    return later | more, halt or further
