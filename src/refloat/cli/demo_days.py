"""The days of the demo: look, verify, enter what Amazon answered, plan, ask the made-up person, apply; until nothing is left to do.

Everything goes the way that a seller's own commands go. Only the clock is the false Amazon's, and the person is made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from refloat.app.carrying import apply_plan
from refloat.app.live import line_of, observe_account
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.tasks import Desk
from refloat.cli.demo_person import Person
from refloat.clock import SimulatedClock
from refloat.config import Config
from refloat.loop.act import Applied
from refloat.model.cure import Wishes
from refloat.model.notes import Notes
from refloat.model.plan import Plan
from refloat.store import Store

#: When the seller looks, in hours from the beginning: when cures have shown, when Amazon should have answered a case (48 h,
#: 72 h, 4 business days), and then seldom: a removal takes some two weeks.
LOOKS = (0, 31, 54, 80, 104, 222, 320, 430, 520)


@dataclass(frozen=True)
class Look:
    """What one look brought. ``handed_in``, ``entered``: task numbers and results."""

    at: datetime
    verdicts: Mapping[str, int]
    entered: Mapping[str, int]
    handed_in: int
    plan: Plan
    sent: int
    open: int


@dataclass
class Days:
    """The account, its clock, its seller's notes and wishes, and the person."""

    store: Store
    account: str
    clock: SimulatedClock
    notes: Notes
    wishes: Wishes
    person: Person
    config: Config
    language: str = "en"
    plans: list[Plan] = field(default_factory=list)
    #: Plans of which a step is still to come, or an order of which is not settled.
    unfinished: list[Plan] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return Desk(self.store, self.account, self.notes, self.language, self.clock)

    @property
    def last(self) -> Look:
        """The newest look."""
        return self.looks[-1]

    def lived(self) -> Iterator[Look]:
        """One look after the other; the first is the one that was just made."""
        began = self.clock.now()
        for hours in LOOKS:
            self.clock.sleep((began + timedelta(hours=hours) - self.clock.now()).total_seconds())
            self.looks.append(self._look(observe=hours > 0))
            yield self.last

    def _look(self, *, observe: bool) -> Look:
        at = self.clock.now()
        seen = observe_account(self.store, self.account, clock=self.clock) if observe else []
        verdicts = sum((Counter(one.verdicts) for one in seen), Counter[str]())
        entered = Counter(task.term.result or "" for task in self.person.enter_answers(self.desk))
        for earlier in list(self.unfinished):
            self._apply(earlier)
        plan = self._planned()
        sent = self._carried_out(plan)
        handed_in = sum(1 for _ in self.person.hand_in(self.desk))
        return Look(at, verdicts, entered, handed_in, plan, sent, len(self.store.strandings.open_strandings(self.account)))

    def _planned(self) -> Plan:
        line = line_of(self.store, self.account, self.clock)
        try:
            return plan_account(self.store, PlanQuestion(self.account, notes=self.notes, wishes=self.wishes, language=self.language), clock=self.clock, line=line)
        finally:
            line.close()

    def _carried_out(self, plan: Plan) -> int:
        """The person approves the plan, and it is carried out; how many actions were sent."""
        if not plan.actions:
            return 0
        self.store.plans.consent(plan, self.person.by_hand.person, self.clock.now())
        self.plans.append(plan)
        return self._apply(plan).count("answered", "shown")

    def _apply(self, plan: Plan) -> Applied:
        """Carry on with the plan; a next step that is due within the hour is waited for."""
        applied = apply_plan(self.store, plan, clock=self.clock)
        while soon := [at for at in applied.later.values() if at - self.clock.now() < timedelta(hours=1)]:
            self.clock.sleep((max(soon) - self.clock.now()).total_seconds() + 1)
            applied = apply_plan(self.store, plan, clock=self.clock)
        going_on = [one for one in self.unfinished if one.id != plan.id]
        self.unfinished = [*going_on, plan] if applied.later or applied.stopped else going_on
        return applied
