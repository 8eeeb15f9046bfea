"""Carry out an approved plan, undo it: the wiring between the loop, the store and the line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from refloat.amazon import AmazonLine
from refloat.app.fit import held_back
from refloat.app.live import line_of
from refloat.app.policies import approved_now, in_force, words_that_hold
from refloat.app.record import ClockOfStore
from refloat.app.restored import refuse_until_looked
from refloat.clock import WallClock
from refloat.errors import PlanRefused, WrongUse
from refloat.knowledge.catalogue import catalogue
from refloat.locale import translator
from refloat.loop import act, resting, telling
from refloat.loop import plan as planning
from refloat.loop.act import Applied
from refloat.loop.choosing import UNDO
from refloat.loop.hand import Hand, listings_now
from refloat.loop.looking import look_up
from refloat.loop.road import FEED_TYPE, roads
from refloat.loop.shows import put_back, shows
from refloat.model.cure import Field, Patch, Step
from refloat.model.plan import BACK, Action, Plan
from refloat.model.policy import ConsentRule, person_of, standing_of
from refloat.model.ports import Clock, Note
from refloat.model.remark import Remark
from refloat.store import Store


@contextmanager
def _hand(store: Store, account: str, clock: Clock | None, line: AmazonLine | None, *, tell: Callable[[Remark], None] = lambda _: None, stop: Callable[[], bool] = lambda: False) -> Iterator[Hand]:
    """The writing hand of the account, alone with it."""
    with store.alone_with(account):
        own_clock = ClockOfStore(clock or WallClock(), store)
        own = line or line_of(store, account, own_clock)
        try:
            yield Hand(own, own.writer(), store.ledger(account), own_clock, tell, stop)
        finally:
            if line is None:
                own.close()


def apply_plan(
    store: Store, plan: Plan, *, only: Collection[str] = (), clock: Clock | None = None, line: AmazonLine | None = None, tell: Callable[[Remark], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False, rules_begin: bool = True,
) -> Applied:  # fmt: skip
    """Carry out what was approved of the plan, or ``only`` some of that. Killed and run again, it goes on where it was.

    ``rules_begin`` False: what turns out never to have left is not sent on a rule's word, or a standing consent's; that is decided anew.

    Whose word still speaks is looked at anew before each wave and each removal order: what was revoked meanwhile is not begun.
    What other plans of the account left open is looked up first: nothing is planned or sent beside an open question.
    ``tell`` hears each stage as it begins: what is sent, what is waited for and until when. ``stop`` is asked before whatever leaves.
    What a person refused is not begun, whoever approved it.

    Raises:
        PlanRefused: nobody approved the plan as it stands, it is too old, too much has moved, or the account's standing forbids it.
        AccountBusy: another process works on the account.
        AmazonError: Amazon could not be asked.
    """
    from refloat.store.plans import chosen

    at = clock or WallClock()

    def speaking() -> frozenset[str]:
        words = [word for word in words_that_hold(store, plan, at.now()) if rules_begin or _own(word.by)]
        return approved_now(store, plan, words, at.now()) - store.asking.refusals(plan.id).keys()

    words, holding, begins = store.plans.consents(plan.id), words_that_hold(store, plan, at.now()), speaking()
    begun = {name for name, deed in store.ledger(plan.account).deeds(plan.id).items() if deed.stage != "planned"}
    # What was begun is brought to its end by whose word it began, also where the rule about words has changed since.
    approved = begins | (chosen(words, plan) & begun)
    if only:
        approved &= frozenset(only)
    if not approved and plan.actions:
        if approved_now(store, plan, holding, at.now()):
            raise _refused(plan)
        if chosen(holding, plan):
            raise _more_people(plan, in_force(store, plan.account).policy.consent)
        if chosen(words, plan):
            raise _holds_no_more(plan)
        raise PlanRefused(
            "Nobody has approved the plan {plan}.",
            why="What writes to Amazon needs a person's word, for exactly this plan.",
            todo="Read it (refloat plan --show {plan}), then approve it: refloat apply {plan}",
            plan=plan.id,
        )
    with _hand(store, plan.account, clock, line, tell=tell, stop=stop) as hand:
        for other in store.plans.open_of(plan.account):
            if other != plan.id:
                look_up(store.plans.get(other), hand)
        refuse_until_looked(store, plan, hand)
        held = held_back(store, plan, _still_to_send(plan, approved, hand), hand)
        applied = act.apply(plan, approved - held.keys(), hand, begins=begins, speaking=speaking, canary="no-canary" not in plan.lifted)
        deeds = hand.ledger.deeds(plan.id)
        applied = replace(applied, deeds={**applied.deeds, **{name: deeds[name] for name in held}}, later={**applied.later, **held})
        _note_undone(plan, applied, hand)
        return applied


def _still_to_send(plan: Plan, approved: Collection[str], hand: Hand) -> list[Action]:
    """The approved actions of which a step may still leave."""
    deeds = hand.ledger.deeds(plan.id)
    own = [action for action in plan.actions if action.id in approved]
    return [action for action in own if (deed := deeds[action.id]).stage == "planned" or (deed.stage in {"answered", "shown"} and deed.step + 1 < deed.steps)]


def _own(by: str) -> bool:
    """A person said so of this very plan."""
    return person_of(by) is not None and standing_of(by) is None


def _refused(plan: Plan) -> PlanRefused:
    """All that is approved of it, a person refused."""
    return PlanRefused(
        "The plan {plan} was refused, and nothing of it is sent.",
        why="A person refused each of its actions, and said why; the plan's page and the journal have it.",
        todo="Make a new one where it should be done after all: refloat plan {account}",
        plan=plan.id,
        account=plan.account,
    )


def _holds_no_more(plan: Plan) -> PlanRefused:
    """What spoke for it speaks no more."""
    return PlanRefused(
        "Nobody’s word stands behind the plan {plan} any more.",
        why="It was approved by a rule or a standing consent that has changed, ended or was revoked since.",
        todo="Read it (refloat plan --show {plan}), then approve it yourself: refloat apply {plan}",
        plan=plan.id,
    )


def _more_people(plan: Plan, rule: ConsentRule) -> PlanRefused:
    """Somebody has approved it, and by the account's policy that is not enough."""
    return PlanRefused(
        "The plan {plan} needs another person's word.",
        why="By the policy of {account} two different people approve what is worth more than its limit, and only those approve whom it names ({names}).",
        todo="Let another one of them approve it: refloat apply {plan} --by NAME",
        plan=plan.id,
        account=plan.account,
        names=", ".join(rule.approvers) or "-",
    )


def _note_undone(plan: Plan, applied: Applied, hand: Hand) -> None:
    """What an undo has put back is no cure any more."""
    original, undo, _ = plan.id.rpartition(UNDO)
    if undo:
        deeds = hand.ledger.deeds(original)
        back = [name.removesuffix(BACK) for name, deed in applied.deeds.items() if deed.stage in {"answered", "shown"}]
        hand.ledger.note(original, [Note(name, "undone", "undone") for name in back if deeds[name].stage != "undone"], hand.now())


def settle_order(store: Store, account: str, mark: str, by: str, *, made: bool, clock: Clock | None = None) -> int:
    """A named person looked, and says whether Amazon made a removal order whose fate was not certain; how many actions it settles.

    One that Amazon still works on is not settled by anybody's word: it may be made yet, and the goods would be ordered away twice.

    Raises:
        WrongUse: no order of that id is unclear.
    """
    with store.alone_with(account):
        now, ledger = (clock or WallClock()).now(), store.ledger(account)
        own = [deed for deed in ledger.removals_under_way() if deed.feed == mark and deed.stage == "unclear"]
        if not own:
            raise WrongUse(
                "The removal order {order} of {account} waits for nobody's word.",
                why="Only one whose fate is not certain can be settled by hand.",
                todo="refloat verify {account} names those that are open.",
                order=mark,
                account=account,
            )
        told = telling.told("why", Remark("person-looked"), by=by, order_id=mark) | ({"amazon": "found"} if made else {"code": "never-made"})
        ledger.note(own[0].plan_id, [Note(deed.action_id, "receipt", "answered" if made else "refused", told=told) for deed in own], now)
        ledger.feed_noted(mark, stage="DONE" if made else "LOST", ended_at=now)
    return len(own)


def undo_plan(store: Store, plan: Plan, ids: Sequence[str] = (), *, clock: Clock | None = None, line: AmazonLine | None = None) -> Plan:
    """A plan that puts back what the plan's actions (or those named) changed; to be approved like any other.

    Raises:
        PlanRefused: nothing of it can be undone.
    """
    with _hand(store, plan.account, clock, line) as hand:
        deeds, now = hand.ledger.deeds(plan.id), hand.now()
        sent = [action for action in plan.actions if deeds[action.id].stage in {"answered", "shown"} and (not ids or action.id in ids)]
        can = [action for action in sent if action.undo is not None]
        actions = tuple(_undoing(plan, action, answer.body) for action, answer in listings_now(hand, can) if shows(action.steps[-1].change, answer.body))
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
    # What a person knew of the account's standing when it was done holds for putting it back.
    lifted = tuple(name for name in plan.lifted if name == "account-unread")
    made = Plan(_free_undo(store, plan), plan.account, now, planning.good_until(now), actions, roads=roads(actions, feeds), lifted=lifted, language=plan.language)
    store.plans.keep(made)
    return made


def _free_undo(store: Store, plan: Plan) -> str:
    return next(name for number in range(1, 100) if not store.plans.is_taken(name := f"{plan.id}{UNDO}{number}"))


def _undoing(plan: Plan, action: Action, listing: Mapping[str, Any] | None) -> Action:
    """The action backwards: our part of what stands there now, as it was before; what somebody else changed since stays."""
    undo, attributes = action.undo, (listing or {}).get("attributes") or {}
    assert undo is not None
    wrote = {patch.attribute: patch.after for patch in action.steps[-1].change.patches}
    patches = tuple(_patch_back(patch, attributes.get(patch.attribute), wrote.get(patch.attribute)) for patch in undo.patches)
    change = replace(undo, patches=patches)
    remedy = catalogue().remedies[action.remedy].undo or action.remedy
    say = translator(plan.language)
    why = say("It puts back what {action} of the plan {plan} changed.").format(action=action.id, plan=plan.id)
    fields = tuple(Field(field.name, field.after, field.before) for field in action.fields)
    rests_on = dict.fromkeys((patch.attribute for patch in patches), None)
    same = replace(action, id=f"{action.id}{BACK}", remedy=remedy, safety="consent", irreversible=False, undo=None, asks=("remedy",), amazon_will=())
    backwards = replace(same, steps=(Step(change),), fields=fields, rests_on=rests_on, why=why)
    return replace(backwards, rests_on=resting.of_now(backwards, listing))


def _patch_back(patch: Patch, shown: Any, wrote: Any) -> Patch:
    return replace(patch, before=shown, after=put_back(shown, wrote, patch.after) if wrote is not None else patch.after)
