"""Unattended: the one call after each look. What the seller's policy names is done, the rest is proposed, and nothing is forgotten.

    go on with what is under way → draw what could be done → decide → carry out what a rule names → propose the rest

Nothing here remembers anything: killed at any moment and called again it finds the same, because what was sent is on
record before it leaves, what was not is drawn anew, and a proposal whose substance is the same stays the one that it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from refloat.amazon import AmazonLine
from refloat.app.carrying import apply_plan
from refloat.app.deadlines import Deadline, deadlines_due
from refloat.app.live import line_of
from refloat.app.planning import Drawing, PlanQuestion
from refloat.app.policies import in_force, notes_on_record, opted_out, standing_now, zone_of
from refloat.app.record import ClockOfStore
from refloat.app.tasks import Desk, open_tasks
from refloat.app.weighing import Key, Scales, done_by_rule
from refloat.clock import WallClock
from refloat.errors import PlanRefused
from refloat.loop.act import Applied
from refloat.loop.deciding import Decision, decided
from refloat.loop.hand import clocks_agree
from refloat.loop.plan import Planned
from refloat.loop.returning import Facts, day_begins
from refloat.model.cure import Guard
from refloat.model.plan import Action, LeftAlone, Plan, digest
from refloat.model.policy import BY_STANDING, InForce
from refloat.model.ports import Clock
from refloat.store import RefusalRow, Store

#: What a person is asked about.
_FOR_PEOPLE = frozenset({"proposed", "two-people"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for whom: ``person``, ``two-people``, ``by-hand``, ``deadline``, ``time``; how many, and in which plan."""

    whom: str
    count: int
    plan: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"whom": self.whom, "count": self.count, "plan": self.plan}


@dataclass(frozen=True)
class ByPolicy:
    """What one call did, and what waits."""

    account: str
    policy: str
    #: Each action that could be done, and what was decided about it.
    decided: tuple[tuple[Action, Decision], ...]
    left_alone: tuple[LeftAlone, ...]
    #: Plan id → where its actions stand: what was gone on with, and what a rule started.
    applied: Mapping[str, Applied]
    #: Plan id → why nothing more of it was sent.
    refused: Mapping[str, str]
    proposal: str | None
    deadlines: tuple[Deadline, ...]
    tasks: int
    #: When it must be called again although nothing new was observed; None: the next look is early enough.
    next_at: datetime | None

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What waits for whom, the most pressing first; what nobody waits for is left out."""
        outcomes = [decision.outcome for _, decision in self.decided]
        untaken = sum(one.taken_by is None for one in self.deadlines)
        counts = (
            ("deadline", untaken, None),
            ("two-people", outcomes.count("two-people"), self.proposal),
            ("person", outcomes.count("proposed"), self.proposal),
            ("by-hand", self.tasks, None),
            ("time", outcomes.count("waits"), None),
        )
        return tuple(Waiting(whom, count, plan) for whom, count, plan in counts if count)

    def as_json(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "policy": self.policy,
            "decided": [{"marketplace": action.marketplace, "sku": action.sku, "remedy": action.remedy, **decision.as_json()} for action, decision in self.decided],
            "plans": {name: {"actions": len(one.deeds), "stopped": one.stopped and one.stopped.as_json()} for name, one in self.applied.items()},
            "refused": dict(self.refused),
            "proposal": self.proposal,
            "deadlines": [one.as_json() for one in self.deadlines],
            "waiting": [one.as_json() for one in self.waiting],
            "next_at": self.next_at.isoformat() if self.next_at else None,
        }


def act_by_policy(store: Store, account: str, *, clock: Clock | None = None, line: AmazonLine | None = None) -> ByPolicy:
    """Do what the account's policy lets happen by itself, and leave the rest as one standing proposal.

    Raises:
        NothingReadable: the account was never observed.
        AccountBusy: another process works on it.
        PlanRefused: this machine's clock is wrong; what was under way was gone on with.
        AmazonError: Amazon could not be asked; what was sent is on record.
    """
    own_clock = ClockOfStore(clock or WallClock(), store)
    own = line or line_of(store, account, own_clock)
    try:
        return _Pass(store, account, own_clock, own).run()
    finally:
        if line is None:
            own.close()


@dataclass
class _Pass:
    """One call for one account."""

    store: Store
    account: str
    clock: Clock
    line: AmazonLine
    applied: dict[str, Applied] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def run(self) -> ByPolicy:
        # First of all: whatever keeps the rest from its end, a deadline climbs.
        deadlines = deadlines_due(self.store, self.account, self.clock.now())
        for name, actions in self.store.plans.under_way(self.account).items():
            self._carry_out(self.store.plans.get(name), actions, rules_begin=False)
        self._by_the_right_clock()
        force = in_force(self.store, self.account)
        scales, tasks = self._scales(force)
        planned, decisions = self._decided(force, scales)
        self._start(force, scales, planned, decisions)
        proposal = self._propose(scales, planned, decisions)
        pairs = tuple((action, decisions[action.id]) for action in planned.actions)
        next_at = self._next_at(scales, decisions, proposal)
        return ByPolicy(self.account, force.named, pairs, planned.left_alone, self.applied, self.refused, proposal.id if proposal else None, tuple(deadlines), tasks, next_at)

    def _by_the_right_clock(self) -> None:
        """Amazon's newest answer tells what time it is; by another one nothing is decided.

        Raises:
            PlanRefused: this machine's clock says something else.
        """
        self.line.places()
        if not clocks_agree(self.line):
            raise PlanRefused(
                "Nothing is begun for {account}: this machine’s clock and Amazon’s differ.",
                why="Holds, waiting days and caps are counted by the clock; by a wrong one they would end too early.",
                todo="Set this machine’s clock, best by a time server. It goes on by itself then.",
                account=self.account,
            )

    def _carry_out(self, plan: Plan, actions: Sequence[str], *, rules_begin: bool = True) -> None:
        """Carry out these actions as far as it goes now; a plan on moved ground is left, and drawn anew after the next look."""
        try:
            self.applied[plan.id] = apply_plan(self.store, plan, only=actions, clock=self.clock, line=self.line, rules_begin=rules_begin)
        except PlanRefused as refusal:
            self.refused[plan.id] = str(refusal)

    def _scales(self, force: InForce) -> tuple[Scales, int]:
        """What is drawn from, and how many tasks wait for a person: they are opened before anything is decided, so that no return leaves beside them."""
        notes, wishes = notes_on_record(self.store, self.account)
        lifted = frozenset({"closed-on-purpose"} if force.policy.relist.closed_on_purpose == "propose" else ())
        asked = PlanQuestion(self.account, notes=notes, wishes=wishes, lifted=lifted, removal=force.policy.removal)
        drawing = Drawing.of(self.store, asked, self.clock, self.line)
        tasks = open_tasks(Desk(self.store, self.account, notes, clock=self.clock, found=drawing.found))
        asked_until: dict[Key, date] = {}
        for task in tasks:
            key = (task.subject.marketplace or "", task.subject.sku)
            asked_until[key] = max(task.term.follow_up_on, asked_until.get(key, task.term.follow_up_on))
        return Scales(self.store, self.account, force.policy, drawing, zone_of(self.store, self.account), asked_until), len(tasks)

    def _decided(self, force: InForce, scales: Scales) -> tuple[Planned, dict[str, Decision]]:
        """What could be done, and what is decided about it; where units shall leave, the removal takes the place of another cure."""
        done, now = done_by_rule(self.store, self.account, self.clock.now()), self.clock.now()

        quiet = force.policy.quiet
        out = (*force.policy.opt_outs, *opted_out(self.store, self.account))
        policy = replace(force.policy, opt_outs=out, quiet=replace(quiet, timezone=quiet.timezone or scales.zone))

        def weighed(planned: Planned) -> dict[str, Decision]:
            facts: list[tuple[Action, Facts]] = scales.facts(planned.actions)
            return decided(policy, facts, done, now)

        # A refused cure is still there when it is asked whether the units shall leave: nobody has said yes to that by it.
        drawn = scales.drawing.drawn()
        first = self._unrefused(drawn)
        decisions = weighed(first)
        actions, left = _by_key(drawn.actions), {(one.marketplace, one.sku): one.guard.name for one in drawn.left_alone}
        # What runs by itself, now or in a while, is a better end than a removal; and what is held stays.
        kept = frozenset(key for key, action in _by_key(first.actions).items() if _stays(action, decisions[action.id]))
        wanted = scales.leaving(actions, left, kept)
        if not wanted:
            return first, decisions
        second = self._unrefused(scales.drawing.drawn(wanted))
        # A removal that a guard or a person's no keeps back takes no cure away.
        kept_back = {(one.marketplace, one.sku) for one in second.left_alone} & wanted.keys() & actions.keys()
        if kept_back:
            second = self._unrefused(scales.drawing.drawn({key: remedy for key, remedy in wanted.items() if key not in kept_back}))
        return second, weighed(second)

    def _unrefused(self, planned: Planned) -> Planned:
        """What a person said no to is left alone, for as long as it is the same cure with the same values: neither a rule, a standing consent nor a proposal has it."""
        refused = self.store.asking.refused(self.account)
        no = [_refused(action, refused[action.substance]) for action in planned.actions if action.substance in refused]
        return Planned(tuple(action for action in planned.actions if action.substance not in refused), (*planned.left_alone, *no)) if no else planned

    def _start(self, force: InForce, scales: Scales, planned: Planned, decisions: Mapping[str, Decision]) -> None:
        """Plans of exactly the actions that a rule names, each with exactly that rule's word, and off they go: cures first, then returns."""
        own = [action for action in planned.actions if decisions[action.id].outcome == "automatic"]
        standing = {one.id: f"{one.by}{BY_STANDING}{one.id} {one.rule_hash[:12]}" for one in self.store.policies.standing(self.account)}
        fees = {action.id: facts.fee.amount for action, facts in scales.facts(own) if facts.fee is not None}
        for consent in sorted({decisions[action.id].standing or 0 for action in own}):
            if not self._holds(force, consent):
                continue  # it is decided anew, by what holds now
            # Somebody may have said no while what came before was carried out.
            actions = self._unrefused(Planned(tuple(action for action in own if (decisions[action.id].standing or 0) == consent), ())).actions
            if not actions:
                continue
            plan = scales.drawing.plan(Planned(actions, ()))
            ids = [action.id for action in actions]
            uses = {action.id: (action.units or 0, fees[action.id]) for action in actions if consent}
            self.store.plans.keep(plan)
            self.store.policies.speak(plan, {standing[consent] if consent else force.named: ids}, {consent: uses} if consent else {}, self.clock.now())
            self._carry_out(plan, ids)

    def _holds(self, force: InForce, consent: int) -> bool:
        """Nobody has entered another policy, or revoked the standing consent, while what came before was carried out: that may take hours."""
        standing, now = {one.id for one in standing_now(self.store, self.account) if one.revoked_at is None}, in_force(self.store, self.account)
        return now.named == force.named and now.unconfirmed_since is None and (not consent or consent in standing)

    def _propose(self, scales: Scales, planned: Planned, decisions: Mapping[str, Decision]) -> Plan | None:
        """The one open proposal: the same as before where it says the same and is still good, else a new one, or none."""
        asked = tuple(action for action in planned.actions if decisions[action.id].outcome in _FOR_PEOPLE)
        now, before = self.clock.now(), self.store.policies.proposal(self.account)
        said_in_all = digest(sorted([action.fingerprint, action.safety, *action.asks] for action in asked))
        plan: Plan | None = None
        if asked and before is not None and before.substance == said_in_all:
            plan = self.store.plans.get(before.plan_id)
        if asked and (plan is None or plan.good_until <= now):
            held = [action for action in planned.actions if decisions[action.id].outcome == "held"]
            plan = scales.drawing.plan(Planned(asked, (*planned.left_alone, *(_held(action, decisions[action.id]) for action in held))))
            self.store.plans.keep(plan)
        ids = {(one.marketplace, one.sku): one.id for one in plan.actions} if plan else {}
        said = {ids[action.marketplace, action.sku]: decisions[action.id].as_json() for action in asked}
        self.store.policies.propose(self.account, plan, said_in_all, said, now)
        return plan

    def _next_at(self, scales: Scales, decisions: Mapping[str, Decision], proposal: Plan | None) -> datetime | None:
        now, today = self.clock.now(), max((row["today"] for row in scales.drawing.rows), default=None)
        later = [at for one in self.applied.values() for at in one.later.values()]
        waits = [one.until for one in decisions.values() if one.until is not None]
        midnight = [day_begins(today, 1, scales.zone)] if today and any(row["removal_due_on"] for row in scales.drawing.rows) else []
        renewal = [proposal.good_until + timedelta(seconds=1)] if proposal else []
        return min((at for at in (*later, *waits, *midnight, *renewal) if at is not None and at > now), default=None)


def _stays(action: Action, decision: Decision) -> bool:
    """It is held, or a rule carries it out, now or before Amazon removes the units."""
    due = action.removal_due_on
    soon = decision.outcome == "waits" and decision.until is not None and (due is None or decision.until.date() < due)
    return decision.outcome in {"automatic", "held"} or soon


def _by_key(actions: Sequence[Action]) -> dict[Key, Action]:
    return {(action.marketplace, action.sku): action for action in actions}


def _refused(action: Action, by: RefusalRow) -> LeftAlone:
    return LeftAlone(action.marketplace, action.sku, action.units, action.cause, action.remedy, Guard("refused", {"by": by.by, "on": by.at.date().isoformat(), "why": by.why}))


def _held(action: Action, decision: Decision) -> LeftAlone:
    return LeftAlone(action.marketplace, action.sku, action.units, action.cause, action.remedy, Guard("left-by-policy", {"rule": decision.facts.get("rule", "?")}))
