"""After a finished removal, on the simulator over real HTTP: what Amazon's page names next is proposed, and never done unasked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.journeys.test_live import US, Live, _healthy

from refloat.app.carrying import apply_plan
from refloat.app.live import line_of, observe_account
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.policies import enter_policy
from refloat.app.unattended import act_by_policy
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.errors import PlanRefused
from refloat.knowledge.policies_read import shipped
from refloat.loop.act import Applied
from refloat.model import answers
from refloat.model.cure import Wishes
from refloat.model.notes import Notes
from refloat.model.plan import Action, LeftAlone, Plan
from refloat.simulator import seeding
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import trade
from refloat.simulator.seeding import situations
from refloat.simulator.serve import Simulator
from refloat.store import Unsealed, opened


@dataclass
class Emptied(Live):
    """An account of which one SKU was stranded for its packaging, and its units were removed by a person's word."""

    sku: str = ""
    places: tuple[str, ...] = ()

    def look(self, hours: float = 12) -> dict[str, int]:
        self.hours(hours)
        seen = observe_account(self.store, "sample", places=self.places, clock=self.clock)
        return {word: count for one in seen for word, count in one.verdicts.items()}

    def plan(self, **asked: object) -> Plan:
        line = line_of(self.store, "sample", self.clock)
        try:
            return plan_account(self.store, PlanQuestion("sample", skus=frozenset({self.sku}), **asked), clock=self.clock, line=line)  # type: ignore[arg-type]
        finally:
            line.close()

    def next(self, **asked: object) -> Action | LeftAlone | None:
        """What the plan does with the SKU, or why not; None where it does not name it."""
        plan = self.plan(**asked)
        return next(iter((*plan.actions, *plan.left_alone)), None)

    def guard(self, **asked: object) -> tuple[str, str]:
        """Why the listing is not deleted, and of which units it speaks."""
        left = self.next(**asked)
        assert isinstance(left, LeftAlone), left
        assert (left.sku, left.remedy) == (self.sku, "delete-listing")
        return left.guard.name, left.guard.facts.get("units", "")

    def apply(self, plan: Plan) -> Applied:
        self.store.plans.consent(plan, "A. Sample", self.clock.now())
        return apply_plan(self.store, plan, clock=self.clock)

    def removed(self) -> None:
        """From the stranding to a removal that is proven finished, and one look more."""
        self.look(36)
        plan = self.plan(wishes=Wishes(disposition="Disposal"), lifted=frozenset({"fee-above-worth"}))
        assert [(one.remedy, one.cause) for one in plan.actions] == [("create-removal", "packaging-issue")]
        assert self.apply(plan).stopped is None
        self.until("removed")
        self.look()

    def until(self, word: str, days: int = 40) -> None:
        assert any(self.look(24).get(word) for _ in range(days)), f"no verdict {word!r} came"

    def returned(self, sku: str) -> None:
        """A customer has sent a unit of the SKU back; it is told, and no more."""
        trade.returns(self.world, self.seller.id, US).append(trade.Return(self.world.now, f"114-{sku}", sku, "B0SAMPLE99", "X0SAMPLE99", 1, "SELLABLE", "CR-UNWANTED_ITEM"))

    @property
    def stock(self) -> Stock:
        found = self.world.stock(self.seller.id, US, self.sku)
        assert found is not None
        return found


def _emptied(tmp_path: Path, countries: tuple[str, ...]) -> Iterator[Emptied]:
    """The removal finished; another SKU is stranded all the while, so that Amazon's report is never empty."""
    world = seeding.seeded(seed=3, skus=8, stranded=0.0, countries=countries)
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path)) as store:
        seller = next(iter(world.sellers.values()))
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        live = Emptied(world, simulator, store, clock)
        live.sku = _healthy(live)
        live.stock.reserved.clear()
        for marketplace in [place for one, place, sku in world.listings if (one, sku) == (seller.id, live.sku)]:
            situations.strand(world, seller.id, marketplace, live.sku, "Packaging issue")
            situations.strand(world, seller.id, marketplace, _healthy(live), "Product recall")
        # Amazon gives no returns report where there was no return at all.
        live.returned(_healthy(live))
        live.removed()
        yield live


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Emptied]:
    """In the US alone."""
    yield from _emptied(tmp_path, ("US",))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emptied]:
    """The same for tests that change nothing, or put it back."""
    yield from _emptied(tmp_path_factory.mktemp("shared"), ("US",))


@contextmanager
def _lying_there(live: Emptied, where: str, kind: str) -> Iterator[None]:
    """One unit more, for a while."""
    getattr(live.stock, where)[kind] = 1
    try:
        yield
    finally:
        del getattr(live.stock, where)[kind]
        live.look(36)
        live.look(36)


def test_what_amazon_asks_for_is_proposed_approved_done_and_proven(live: Emptied) -> None:
    """From the removal to the deletion and its proof; the word comes from a later look, and then the world agrees."""
    assert live.sku not in live.open_skus()
    plan = live.plan()
    (action,) = plan.actions
    assert (action.remedy, action.safety, action.asks, action.irreversible, action.undo) == ("delete-listing", "consent", ("remedy",), True, None)
    assert (action.cause, action.units, action.rests_on["units left"]) == ("packaging-issue", 0, {"US": 0})
    assert action.why.startswith("The removal of ")
    with pytest.raises(PlanRefused, match="Nobody has approved"):
        apply_plan(live.store, plan, clock=live.clock)
    assert live.world.listing(live.seller.id, US, live.sku) is not None
    assert live.apply(plan).stopped is None
    assert live.store.ledger("sample").deeds(plan.id)[action.id].verdict is None
    live.until("deleted", days=2)
    assert live.world.listing(live.seller.id, US, live.sku) is None
    assert live.next() is None
    entries = [entry.body["verdict"] for entry in live.store.journal.entries("sample", "US") if entry.kind == "verdict"]
    assert entries[-1] == "deleted"
    assert live.store.journal.check("sample", "US") is None


def test_a_deletion_that_amazon_accepted_and_that_had_no_effect_is_told(live: Emptied) -> None:
    """Unchanged after a day, and not sent a second time unless a person asks for exactly that."""
    live.world.faults.rates = {"accepted-fails-later": 1.0}
    live.apply(live.plan())
    live.look()
    assert live.guard()[0] == "in-hand"
    live.until("unchanged", days=2)
    assert live.guard()[0] == "deletion-without-effect"
    assert isinstance(live.next(remedy="delete-listing"), Action)


@pytest.mark.parametrize(("where", "kind"), [("inbound", "Working"), ("inbound", "Shipped"), ("reserved", "fcProcessing"), ("unfulfillable", "defective")])
def test_one_unit_in_any_state_keeps_the_listing(shared: Emptied, where: str, kind: str) -> None:
    """One that comes up only after the plan was approved lets nothing leave; the next plan tells which it is, or that it is stranded anew."""
    plan = shared.plan()
    assert [action.remedy for action in plan.actions] == ["delete-listing"]
    with _lying_there(shared, where, kind):
        with pytest.raises(PlanRefused, match="units left"):
            shared.apply(plan)
        shared.look()
        left = shared.next()
        assert isinstance(left, LeftAlone)
        if where == "inbound":
            assert (left.remedy, left.guard.name, left.guard.facts) == ("delete-listing", "units-left", {"units": "inbound 1, total 1"})
        else:
            assert (left.remedy, shared.open_skus().get(shared.sku)) == ("create-removal", "confirmed")
    assert shared.world.listing(shared.seller.id, US, shared.sku) is not None


def test_what_nobody_can_tell_is_not_none(shared: Emptied) -> None:
    """Amazon answers no question about stock, and gives no report of it: the last answer gets too old, and the listing stays."""
    shared.world.faults.rates = {"internal-error": 1.0}
    shared.world.faults.operations = frozenset({"getInventorySummaries"})
    for _ in range(3):
        shared.look(24)
    name, units = shared.guard()
    shared.world.faults.rates = {}
    shared.look()
    assert name == "units-left-unknown"
    assert "inbound" in units.split(", ")


def test_a_return_that_may_come_is_a_persons_to_judge(shared: Emptied) -> None:
    """One came of late, so another may: not proposed, until a person says by name that none can come."""
    shared.returned(shared.sku)
    shared.look(30)
    left = shared.next()
    assert isinstance(left, LeftAlone)
    assert (left.guard.name, left.guard.facts["returned"]) == ("returns-possible", "1")
    assert isinstance(shared.next(lifted=frozenset({"returns-possible"})), Action)
    trade.returns(shared.world, shared.seller.id, US).pop()
    shared.look(30)


def test_the_sellers_no_holds(shared: Emptied, tmp_path: Path) -> None:
    """By a note, until a day or for good, it is proposed no more, and told why."""
    until = (shared.clock.now() + timedelta(days=30)).date()
    assert shared.guard(notes=Notes(opted_out=frozenset({shared.sku})))[0] == "opted-out"
    assert shared.guard(notes=Notes(holds={shared.sku: until}))[0] == "held"


def test_no_rule_deletes_a_listing(shared: Emptied) -> None:
    """By the recommended policy it is proposed to a person, under an opt-out not even that; nothing is sent either way."""
    for opt_out, outcome in (("", "proposed"), (f'\n[[opt_outs]]\nsku = "{shared.sku}"\n', "held")):
        enter_policy(shared.store, "sample", shipped("recommended") + opt_out, "A. Sample", shared.clock.now())
        told = act_by_policy(shared.store, "sample", clock=shared.clock)
        assert [(action.remedy, decision.outcome) for action, decision in told.decided if action.sku == shared.sku] == [("delete-listing", outcome)]
        assert (told.proposal is not None, told.applied) == (outcome == "proposed", {})
    assert shared.world.listing(shared.seller.id, US, shared.sku) is not None


def test_every_marketplace_of_the_pool_must_be_known_empty(tmp_path: Path) -> None:
    """Where the other one was never looked at since, it is not proposed, and told where; once it was, it is."""
    for live in _emptied(tmp_path, ("US", "CA")):
        live.places = ("US",)
        for _ in range(4):
            live.look(24)
        name, units = live.guard()
        assert (name, "(CA)" in units, "(US)" in units) == ("units-left-unknown", True, False)
        live.places = ()
        live.look()
        action = live.next()
        assert isinstance(action, Action)
        assert action.rests_on["units left"].keys() == {"US", "CA"}


def test_later_than_the_reports_reach_back_nothing_is_asked(live: Emptied) -> None:
    """Ninety days after the removal it is over: what came back in the meantime, no report would show."""
    live.look(24)
    asked = {answer.key for answer in answers.read(live.store.record("sample", "US").content("inventory-answers") or b"")}
    assert live.sku in asked
    live.hours(24 * 91)
    live.look()
    assert live.next() is None
    asked = {answer.key for answer in answers.read(live.store.record("sample", "US").content("inventory-answers") or b"")}
    assert live.sku not in asked
