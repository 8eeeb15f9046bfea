"""Ninety days that nobody watches: a worker does what is due, by the recommended policy; a made-up person drops in every other day.

The person approves what is proposed, takes removal deadlines on, hands papers in and enters Amazon's answers, all by the
ways that a seller has. Everything else the worker does. Who works is left open: this process, or others that are killed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import refloat.demo as shipped
from refloat.app.carrying import apply_plan
from refloat.app.deadlines import deadlines_due
from refloat.app.endings import HOW, Ending, endings
from refloat.app.live import line_of
from refloat.app.passing import Cadence
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.policies import enter_notes, enter_policy, give_standing, standing_for
from refloat.app.working import Worker, engaged
from refloat.cli.demo import made_up_seller
from refloat.cli.demo_days import Days
from refloat.errors import PlanRefused
from refloat.knowledge.policies_read import shipped as shipped_policy
from refloat.locale import translator
from refloat.store import AccountBusy

DAYS = 90
#: In the demo everything is done every other day, in the small hours before the person drops in, so that 90 days take some minutes.
CADENCE = Cadence(report_hours=46, change_minutes=46 * 60, act_hours=46, tell_hours=46, deliver_minutes=46 * 60)
_EVERY_DAYS = 2
_STANDING = (200, Decimal("1500"), "USD")
_SHOWN_EVERY = 10


@dataclass
class Day:
    """What one day brought, until its end."""

    number: int
    approved: int = 0
    taken: int = 0
    handed_in: int = 0
    entered: int = 0
    by_rule: int = 0
    open: int = 0


@dataclass
class Unwatched:
    """The days, the worker that holds the clock, and what each day brought."""

    days: Days
    worker: Worker
    told: list[Day] = field(default_factory=list)

    def begin(self) -> None:
        """The seller's part, once: notes, policy, and a word in advance for returns."""
        days, now = self.days, self.days.clock.now()
        person = days.person.by_hand.person
        enter_notes(days.store, days.account, shipped.FOLDER / "live" / "notes.toml", person, now)
        enter_policy(days.store, days.account, shipped_policy("recommended"), person, now)
        give_standing(days.store, days.account, standing_for(days.store, days.account, person, _STANDING, date(2027, 6, 30), now))

    def lived(self, count: int = DAYS) -> Iterator[Day]:
        """One day after the other: the worker works until the next morning, then the person drops in."""
        began = self.days.clock.now()
        for number in range(_EVERY_DAYS, count + 1, _EVERY_DAYS):
            for _ in self.worker.turn_by_turn(began + timedelta(days=number)):
                pass
            self.told.append(self._dropped_in(Day(number)))
            yield self.told[-1]
        self.worker.all_due()

    def _dropped_in(self, day: Day) -> Day:
        days, store, account = self.days, self.days.store, self.days.account
        day.entered = sum(1 for _ in days.person.enter_answers(days.desk))
        day.approved = self._approved()
        day.taken = self._taken()
        day.handed_in = sum(1 for _ in days.person.hand_in(days.desk))
        day.by_rule = len(store.policies.began_by_rule(account, days.clock.now() - timedelta(days=_EVERY_DAYS)))
        day.open = len(store.strandings.open_strandings(account))
        store.due.called(account, "", "act", days.clock.now())
        return day

    def _approved(self) -> int:
        """The person reads the proposal and approves it; how many actions."""
        days = self.days
        proposal = days.store.policies.proposal(days.account)
        if proposal is None:
            return 0
        plan = days.store.plans.get(proposal.plan_id)
        if plan.good_until <= days.clock.now():
            return 0
        days.store.plans.consent(plan, days.person.by_hand.person, days.clock.now())
        try:
            applied = apply_plan(days.store, plan, clock=days.clock)
        except (PlanRefused, AccountBusy):
            return 0  # on moved ground, or a worker is at it: the next proposal says what is left
        days.plans.append(plan)
        return applied.count("answered", "shown")

    def _taken(self) -> int:
        """Removal deadlines that nobody has taken yet."""
        days, now = self.days, self.days.clock.now()
        untaken = {one.sku for one in deadlines_due(days.store, days.account, now) if one.taken_by is None}
        return sum(days.store.deadlines.take(days.account, sku, days.person.by_hand.person, now) for sku in sorted(untaken))


@contextmanager
def unwatched(language: str = "en", database_url: str | None = None, *, lanes: int | None = None) -> Iterator[Unwatched]:
    """The made-up seller, observed by nobody yet, with a worker; ``lanes`` 0: other processes do the work."""
    with made_up_seller(language, database_url) as days, engaged(days.config, days.store, days.clock, at_once=lanes, cadence=CADENCE) as worker:
        yield Unwatched(days, worker)


def run_unattended(out: Path, language: str) -> None:
    """Ninety days, a line every ten; then how each stranding ended."""
    from rich.console import Console

    from refloat.cli.show import endings as show
    from refloat.knowledge.catalogue import catalogue

    say = translator(language)
    out.mkdir(parents=True, exist_ok=True)
    with unwatched(language) as seen:
        days = seen.days
        sys.stdout.write(say("A false Amazon answers at {url}; nothing in it is real.").format(url=days.person.simulator.url) + "\n")
        opening = say("{days} days pass. What the recommended policy allows is done by itself; the made-up {person} drops in every other day.")
        sys.stdout.write(opening.format(days=DAYS, person=days.person.by_hand.person) + "\n")
        seen.begin()
        for day in seen.lived():
            if day.number % _SHOWN_EVERY == 0:
                sys.stdout.write(_line(seen.told[-_SHOWN_EVERY // _EVERY_DAYS :], language) + "\n")
        found = list(ended(days))
        sys.stdout.write("\n" + show.counts(found, say) + "\n\n")
        Console(file=sys.stdout, soft_wrap=False).print(show.table_of(found, catalogue(), say, language))
        calls = days.person.simulator.world.rooms["calls"]
        alarms = len(days.store.alarms.list(days.account, cleared_since=days.person.simulator.world.start))
        sys.stdout.write("\n" + say("Calls to Amazon: {calls}. Alarms raised: {alarms}.").format(calls=f"{calls:,}", alarms=alarms) + "\n")


def _line(days: list[Day], language: str) -> str:
    say, sums = translator(language), Counter[str]()
    for day in days:
        sums.update(rule=day.by_rule, approved=day.approved, handed=day.handed_in, entered=day.entered, taken=day.taken)
    text = say("Day {day}: by the policy {rule}, approved {approved}, handed in {handed}, Amazon's answers {entered}, deadlines taken {taken}. Open: {open}.")
    return text.format(day=f"{days[-1].number:>2}", open=days[-1].open, **sums)


def ended(days: Days) -> list[Ending]:
    """How every stranding ended, with why what is left is left."""
    line = line_of(days.store, days.account, days.clock)
    try:
        plan = plan_account(days.store, PlanQuestion(days.account, notes=days.notes, wishes=days.wishes), clock=days.clock, line=line)
    finally:
        line.close()
    return sorted(endings(days.store, days.account, plan), key=lambda one: (HOW.index(one.how), one.marketplace, one.sku))
