"""The worked example: 500 units of a pet product, their listing deleted by mistake; a week later they can be bought again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refloat.app.carrying import apply_plan
from refloat.app.endings import Ending, endings
from refloat.app.live import line_of, observe_account
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.tasks import Desk, attach, end_task, open_tasks
from refloat.cli.commands import app
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.model.cure import Wishes
from refloat.model.notes import Entered, Notes
from refloat.model.plan import Plan
from refloat.simulator.nouns.stock import Lot
from refloat.simulator.rules import hand, reasons, writing
from refloat.simulator.rules.tools import toolbox
from refloat.simulator.seeding import SELLER_ID, seeded
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World
from refloat.store import Store, Unsealed, opened

US = "ATVPDKIKX0DER"
NOTES = Notes(documents_kept=True)


class Week:
    """The seller's account on record, the false Amazon, and the one SKU."""

    def __init__(self, world: World, simulator: Simulator, store: Store, clock: SimulatedClock) -> None:
        self.world, self.simulator, self.store, self.clock = world, simulator, store, clock
        self.sku = next(one.sku for one in world.listings_of(SELLER_ID, US) if one.product_type == "PET_SUPPLIES" and one.by_amazon and reasons.buyable(world, one))
        self.asin = world.listings[SELLER_ID, US, self.sku].asin
        # Nothing else may move in this week: no buyers' taste for 500 units is played, and no tool touches the offer.
        toolbox(world, SELLER_ID).repricer = 0
        stock = world.stock(SELLER_ID, US, self.sku)
        assert stock is not None
        stock.fulfillable, stock.unfulfillable, stock.reserved, stock.lots = 500, {}, {}, [Lot(world.start.date(), 500)]
        self.fnsku = stock.fnsku
        register = {self.sku: (Entered("invoice", date(2026, 9, 1)),)}
        self.notes = replace(NOTES, documents={self.sku: 1}, register=register)

    @property
    def said(self) -> str | None:
        found = reasons.stranded(self.world, SELLER_ID, US, self.sku)
        return found.reason if found else None

    @property
    def desk(self) -> Desk:
        return Desk(self.store, "sample", self.notes, clock=self.clock)

    def days(self, days: float) -> None:
        self.clock.sleep(days * 86400)

    def observe(self) -> dict[str, int]:
        (seen,) = observe_account(self.store, "sample", clock=self.clock)
        return dict(seen.verdicts)

    def ending(self) -> Ending:
        (found,) = [one for one in endings(self.store, "sample") if one.sku == self.sku]
        return found

    def plan(self) -> Plan:
        line = line_of(self.store, "sample", self.clock)
        try:
            wishes = Wishes(prices={self.sku: Decimal("24.90")})
            return plan_account(self.store, PlanQuestion("sample", skus=frozenset({self.sku}), notes=self.notes, wishes=wishes), clock=self.clock, line=line)
        finally:
            line.close()


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Week]:
    # Others stay stranded: an empty report is one that Amazon cancels, and that proves nothing.
    world = seeded(seed=11, skus=20, stranded=0.1, reasons=["Qualification required (category)"])
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path / "home")) as store:
        seller = world.sellers[SELLER_ID]
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        yield Week(world, simulator, store, clock)


def _created(week: Week) -> Plan:
    """Days 1 to 3: the deletion is found, and the listing made again for the same units, with a person's word."""
    week.observe()
    writing.delete(week.world, SELLER_ID, US, week.sku, "seller")
    week.days(1.2)
    week.observe()
    (row,) = [one for one in week.store.strandings.open_strandings("sample") if one.sku == week.sku]
    assert (row.now.said, row.now.cause, row.now.units_fulfillable) == ("Deleted listing", "deleted-listing", 500)
    plan = week.plan()
    (action,) = plan.actions
    assert (action.remedy, action.safety, action.sku, action.asin) == ("create-listing", "consent", week.sku, week.asin)
    assert {"asin": week.asin, "condition": "new_new"}.items() <= {field.name: field.after for field in action.fields}.items()
    week.store.plans.consent(plan, "Sample Person", week.clock.now())
    applied = apply_plan(week.store, plan, clock=week.clock)
    assert (applied.stopped, applied.count("answered", "shown")) == (None, 1)
    week.days(0.1)
    made = week.world.listing(SELLER_ID, US, week.sku)
    assert made is not None
    assert (made.asin, made.fnsku, made.condition) == (week.asin, week.fnsku, "new_new")
    return plan


def _held_up(week: Week) -> None:
    """Amazon takes the new listing for an error, and support wants to see an invoice before it mends it."""
    made = week.world.listing(SELLER_ID, US, week.sku)
    assert made is not None
    made.broken_at, made.broken_needs = week.world.now, frozenset({"invoice"})
    assert week.said == "Listing error"


def test_a_week_from_the_deletion_to_the_sale(week: Week, tmp_path: Path) -> None:
    """Found on day 2 and created; Amazon asks for an invoice; within 48 hours of the case it is on sale, and proven."""
    plan = _created(week)
    _held_up(week)
    week.days(1.5)
    week.observe()
    (task,) = open_tasks(week.desk, week.sku)
    assert (task.remedy, task.subject.said, task.subject.units) == ("contact-support", "Listing error", 500)
    assert {line.paper: (line.there, line.on) for line in task.checklist}["invoices"] == ("on-file", date(2026, 9, 1))
    for language, word in (("en", "Please tell me what the listing error is"), ("zh-Hans", "请")):
        (read,) = open_tasks(replace(week.desk, language=language), week.sku)
        assert read.draft
        assert week.sku in read.draft.text
        assert word in read.draft.text
    (invoice := tmp_path / "invoice.pdf").write_bytes(b"made up")
    attach(week.desk, task.id, invoice, "invoices")
    with week.simulator.lock:
        hand.done(week.world, SELLER_ID, US, "contact-support", week.sku, documents="invoice")
    week.days(2.01)
    assert week.said is None
    assert end_task(week.desk, task.id, "won", "the error was mended").term.result == "won"
    for _ in range(3):
        # Amazon's own list lags up to a day.
        week.days(0.5)
        week.observe()
    assert week.clock.now() - week.world.start < timedelta(days=7)
    end = week.ending()
    assert (end.how, end.by, end.task, end.said, end.units) == ("cured", "contact-support", task.id, "Deleted listing", 500)
    # What was created is proven by what followed, not by itself: the verdict on it says that another reason came.
    assert week.store.ledger("sample").deeds(plan.id)[plan.actions[0].id].verdict == "worse"


def test_verify_proposes_the_rule_that_closes_the_case(week: Week, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The listing is back without ado; ``refloat verify`` says what would have spared it, in both languages, for a week."""
    _created(week)
    for _ in range(2):
        week.days(1)
        week.observe()
    assert (week.ending().how, week.ending().by) == ("cured", "create-listing")
    monkeypatch.setenv("REFLOAT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REFLOAT_CLOCK_URL", week.simulator.url)

    def said(language: str) -> str:
        done = CliRunner().invoke(app, ["verify", "sample", "--lang", language], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    assert "Proposed for next time: a listing is deleted only with a second person's approval" in said("en")
    assert "另一人批准" in said("zh-Hans")
    week.days(8)
    assert "Proposed" not in said("en")


def test_without_the_invoice_support_does_nothing(week: Week) -> None:
    """The evidence is what counts: refused, and the next remedy of the page is a removal, which nobody has asked for."""
    _created(week)
    _held_up(week)
    week.days(1.5)
    week.observe()
    (task,) = open_tasks(week.desk, week.sku)
    with week.simulator.lock:
        hand.done(week.world, SELLER_ID, US, "contact-support", week.sku)
    week.days(2.01)
    assert week.said == "Listing error"
    assert end_task(week.desk, task.id, "refused").next == "create-removal"
    week.observe()
    (left,) = week.plan().left_alone
    assert (left.remedy, left.guard.name) == ("create-removal", "removal-not-said")
