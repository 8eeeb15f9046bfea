"""A year with Refloat at the false Amazon: it looks every four hours, at what changed every few minutes; a person sits down with it once a working day.

What acts is Refloat's own code, over HTTP: observe, by policy or by a person's word plan and apply, and the verdicts that the next look
brings. A look is left out where the world knows that it would show nothing new (``Glance``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from refloat.app.carrying import apply_plan
from refloat.app.live import line_of, observe_account
from refloat.app.passing import has_news
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.policies import enter_notes, enter_policy, notes_on_record
from refloat.app.tasks import Desk
from refloat.app.unattended import act_by_policy
from refloat.cli.backtest_person import NAME, Person
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.errors import PlanRefused
from refloat.loop.reports import SOURCES, Pace
from refloat.simulator.rules import hand, removals, strandedlist, tending
from refloat.simulator.seeding.seller import SELLER_ID
from refloat.simulator.serve import Simulator
from refloat.simulator.wire import tidying
from refloat.simulator.world import World
from refloat.store import Store, Unsealed, opened

ACCOUNT = "Sample Seller"
LOOKS_EVERY, _CHANGES_EVERY = timedelta(hours=4), timedelta(minutes=5)
#: The stranded report may be asked for so soon again.
_LEAST = timedelta(hours=SOURCES["stranded"]["hours"])
#: So many looks in a row must have brought nothing before one is left out, and none is left out for longer than a day.
_QUIET_LOOKS, _LONGEST = 3, timedelta(hours=24)


@dataclass
class Year:
    """One account of the false Amazon, and how Refloat works on it."""

    store: Store
    simulator: Simulator
    clock: SimulatedClock
    person: Person
    every_look: bool = False
    looks: int = 0
    left_out: int = 0
    #: Plans that were refused as stale, and why.
    refused: list[str] = field(default_factory=list)
    #: When the policy wants to be called again although nothing new was seen.
    next_at: datetime | None = None
    _quiet: int = 0
    _glance: Any = None
    #: The same, as the last look at changes had it.
    _changed: Any = None
    _looked_at: datetime | None = None
    _entered: str = ""

    @property
    def world(self) -> World:
        return self.simulator.world

    def live(self, days: int) -> None:
        """Look, sit, and act when the policy has put something off until now; until so many days are over."""
        began = self.clock.now()
        end, look, sitting = began + timedelta(days=days), began + LOOKS_EVERY, tending.next_sitting(began)
        while (moment := min(look, sitting, self.next_at or end)) < end:
            self._sleep_until(moment)
            if moment < min(look, sitting):
                self._act()
                continue
            look, sits = (moment + LOOKS_EVERY if moment == look else look), moment == sitting
            sitting = tending.next_sitting(moment)
            self._come(sits=sits)
        self._sleep_until(end)

    def _sleep_until(self, moment: datetime) -> None:
        """Meanwhile the listings that changed are looked at as ``refloat work`` does; where the world knows that nothing did, that is left out."""
        while (left := (moment - self.clock.now()).total_seconds()) > 0:
            self.clock.sleep(min(left, _CHANGES_EVERY.total_seconds()))
            if self.clock.now() < moment and self._may_tell():
                self._look(Pace(LOOKS_EVERY.total_seconds() / 3600, sooner=self._sooner()))

    def _may_tell(self) -> bool:
        with self.simulator.lock:
            before, self._changed = self._changed, glance(self.world)
        read_at = self.store.record(ACCOUNT, self.person.place).read_at("stranded")
        return before != self._changed or bool(self._sooner() and read_at and self.clock.now() - read_at >= _LEAST)

    def _sooner(self) -> frozenset[str]:
        return frozenset({"stranded"} if has_news(self.store, ACCOUNT, self.person.place, self.clock.now() - LOOKS_EVERY) else ())

    def _come(self, *, sits: bool) -> None:
        """A look, and at a sitting what the person does; nothing where nothing can have changed."""
        with self.simulator.lock:
            tidying.forget_before(self.world, self.world.now - timedelta(days=2))
            same = self._glance == glance(self.world)
        now = self.clock.now()
        # A person at the desk may find that time alone has changed what can be done.
        due = self._looked_at is None or now - self._looked_at >= _LONGEST or (sits and bool(self._glance))
        if same and self._quiet >= _QUIET_LOOKS and not due and not self.every_look:
            self.left_out += 1
            return
        changed = self._look()
        if sits:
            changed = self._sit() or changed
        self._quiet = 0 if changed or not same else self._quiet + 1
        self._looked_at = self.clock.now()
        with self.simulator.lock:
            self._glance = glance(self.world)

    def _look(self, pace: Pace | None = None) -> bool:
        """Observe, and let the policy act; True where anything came of it."""
        self.looks += 1
        seen = observe_account(self.store, ACCOUNT, clock=self.clock, pace=pace)
        # What is closed on purpose is noted when it is closed; the rest waits for a sitting.
        self._enter_notes(self.person.held())
        return self._act() or any(one.opened or one.came_back or one.changed or one.closed or one.verdicts for one in seen)

    def _act(self) -> bool:
        """What the policy lets happen by itself; True where anything did."""
        done = act_by_policy(self.store, ACCOUNT, clock=self.clock)
        self.next_at = done.next_at
        self.refused += done.refused.values()
        return bool(done.applied)

    def _enter_notes(self, text: str) -> None:
        if text != self._entered:
            path = self.person.home / "notes.toml"
            path.write_text(text, encoding="utf-8")
            enter_notes(self.store, ACCOUNT, path, NAME, self.clock.now())
            self._entered = text

    def _sit(self) -> bool:
        """The person works off the tasks, and approves what is planned and right; True where anything was done."""
        before = self.person.acts
        self._enter_notes(self.person.noted())
        notes, wishes = notes_on_record(self.store, ACCOUNT)
        self.person.work_off(Desk(self.store, ACCOUNT, notes, "en", self.clock))
        self._carried_out(PlanQuestion(ACCOUNT, notes=notes, wishes=wishes))
        if back := self.person.to_take_back():
            self._carried_out(PlanQuestion(ACCOUNT, notes=notes, wishes=wishes, remedy="create-removal", skus=back))
        return self.person.acts > before

    def _carried_out(self, asked: PlanQuestion) -> None:
        line = line_of(self.store, ACCOUNT, self.clock)
        try:
            plan = plan_account(self.store, asked, clock=self.clock, line=line)
        finally:
            line.close()
        self.person.do_by_hand(plan.left_alone)
        if approved := self.person.approves(plan):
            self.store.plans.consent(plan, NAME, self.clock.now(), approved)
            try:
                # What of it is due later the next look goes on with.
                apply_plan(self.store, plan, clock=self.clock)
            except PlanRefused as error:
                self.refused.append(str(error))


def glance(world: World) -> Any:
    """Everything about strandings that a look, a verdict or a person could find changed: the page, its listings and units, cases, orders."""
    found: list[Any] = []
    for seller in world.sellers.values():
        for place in seller.places:
            for sku, one in strandedlist.standings(world, seller.id, place).items():
                listing, stock = world.listings.get((seller.id, place, sku)), world.stock(seller.id, place, sku)
                units = stock and (stock.fulfillable, stock.units_unfulfillable, stock.units_reserved, stock.units_inbound)
                found.append((sku, one.found.reason, one.seen(world.now), one.ended_at, listing and (listing.updated_at, listing.exists), units))
            found += [(order.number, order.progress, order.updated_at) for order in removals.orders(world, seller.id, place) if order.open]
    return [*found, *((case.id, case.outcome) for case in hand.cases(world).values() if case.outcome is None)]


@contextmanager
def begun(world: World, policy: str, *, every_look: bool = False) -> Iterator[Year]:
    """An installation of its own, with the world's seller as its account, under the policy of this text."""
    seller = world.sellers[SELLER_ID]
    with tempfile.TemporaryDirectory() as folder, Simulator(world) as simulator, opened(Config(None, "en", home=Path(folder))) as store:
        store.accounts.add(
            ACCOUNT, region=seller.region, seller_id=seller.id, unsealed=Unsealed(seller.client_id, seller.client_secret, seller.refresh_token),
            api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token", at=datetime.now(UTC),
        )  # fmt: skip
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        enter_policy(store, ACCOUNT, policy, NAME, clock.now())
        yield Year(store, simulator, clock, Person(simulator, seller.id, next(iter(seller.places)), Path(folder)), every_look)
