"""Every reason of Amazon's, on the simulator, in one run of the demo: cured, removed by consent, held, or with a person who is told what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from refloat.app.endings import Ending, endings
from refloat.app.live import observe_account
from refloat.app.tasks import open_tasks, task
from refloat.cli.demo import made_up_seller
from refloat.cli.demo_days import Days
from refloat.cli.show.endings import how_labels
from refloat.knowledge.catalogue import catalogue
from refloat.model.plan import Action
from refloat.simulator.rules import reasons, removals
from refloat.simulator.world import World

US = "ATVPDKIKX0DER"
#: Every reason that a cause page binds, in its English spelling. (Spellings that only a marketplace in another language uses are no reason of their own.)
BOUND = {name: cause for name, cause in catalogue().causes.items() if cause.said_as}
DONE = {"cured", "removed", "held", "person"}


@dataclass
class Lived:
    """The made-up seller after three weeks."""

    days: Days
    world: World
    seller: str
    #: Symptom → the strandings that began with it.
    found: dict[str, list[Ending]]

    @property
    def every(self) -> list[Ending]:
        return [one for own in self.found.values() for one in own]

    @property
    def approved(self) -> list[Action]:
        """Everything that the made-up person agreed to."""
        return [action for plan in self.days.plans for action in plan.actions]


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    with made_up_seller() as days:
        observe_account(days.store, days.account, clock=days.clock)
        list(days.lived())
        found: dict[str, list[Ending]] = {}
        for one in endings(days.store, days.account, days.last.plan):
            found.setdefault(catalogue().symptom_of(one.said) or "?", []).append(one)
        yield Lived(days, days.person.simulator.world, days.person.seller_id, found)


def test_there_are_at_least_the_36_reasons_of_amazons_help_page() -> None:
    assert len(BOUND) >= 36


@pytest.mark.parametrize("cause", sorted(BOUND))
def test_every_reason_ends_where_it_should(lived: Lived, cause: str) -> None:
    """One of the four ends, and the world itself agrees: what is called cured is not stranded, and what is called removed has left."""
    assert lived.found.get(cause), f"nothing was stranded for {BOUND[cause].said_as}"
    for one in lived.found[cause]:
        truth, stock = reasons.stranded(lived.world, lived.seller, US, one.sku), lived.world.stock(lived.seller, US, one.sku)
        assert stock is not None
        assert one.how in DONE, one
        if one.how == "cured":
            assert truth is None
        if one.how == "removed":
            assert stock.on_hand == 0
            assert truth is None
        if one.how == "held":
            assert one.guard is not None
            assert not [action for action in lived.approved if action.sku == one.sku]
        if one.how == "person":
            assert one.task is not None


def test_what_waits_for_a_person_says_exactly_what_to_do(lived: Lived) -> None:
    """Steps, Amazon's pages, a checklist against the register, and a text with the SKU in it, in both languages."""
    waiting = [one for one in lived.every if one.how == "person"]
    assert waiting
    for language in ("en", "zh-Hans"):
        desk = replace(lived.days.desk, language=language)
        for one in waiting:
            assert one.task is not None
            found = task(desk, one.task)
            assert found.steps
            assert found.links
            assert found.checklist
            assert "unknown" not in {line.there for line in found.checklist}
            assert found.draft
            assert one.sku in found.draft.text
    assert {one.id for one in open_tasks(lived.days.desk)} == {one.task for one in waiting}


def test_no_unit_leaves_twice_or_unasked(lived: Lived) -> None:
    """Every removal order is ours and was approved, no two are open for one SKU, and what left is what there was."""
    orders = removals.orders(lived.world, lived.seller, US)
    approved = [action for action in lived.approved if action.remedy == "create-removal"]
    assert orders
    assert {order.by for order in orders} == {"api"}
    assert Counter(sku for order in orders for sku in {line.sku for line in order.lines}) == Counter(action.sku for action in approved)
    assert all(action.safety == "consent" for action in approved)
    consented = {consent.by for plan in lived.days.plans for consent in lived.days.store.plans.consents(plan.id)}
    assert consented == {"Sample Person"}
    first: dict[str, int] = {}
    for action in approved:
        assert action.units is not None
        first.setdefault(action.sku, action.units)
    for sku, units in first.items():
        assert sum(line.disposed + line.shipped for order in orders for line in order.lines if line.sku == sku) <= units


def test_a_second_order_takes_only_what_amazon_had_put_back(lived: Lived) -> None:
    """An order that came out short leaves units stranded; they are ordered away anew, by a new consent, and no unit is named twice."""
    orders = removals.orders(lived.world, lived.seller, US)
    again = [sku for sku, count in Counter(line.sku for order in orders for line in order.lines if line.sellable).items() if count > 1]
    for sku in again:
        lines = [line for order in orders for line in order.lines if line.sku == sku and line.sellable]
        assert lines[1].requested == lines[0].cancelled


def test_the_ladder_was_climbed(lived: Lived) -> None:
    """A relist showed nothing for the missing SKU after Amazon's own wait; creating the listing anew did."""
    (one,) = lived.found["missing-sku"]
    assert (one.how, one.by) == ("cured", "create-listing")
    assert [action.remedy for action in lived.approved if action.sku == one.sku] == ["relist-offer", "create-listing"]


def test_what_a_person_won_was_followed_up(lived: Lived) -> None:
    """An appeal is followed by a relist, an approval by a save, a refusal by the next remedy of the page."""
    assert {one.by for one in lived.found["restricted-asin"]} == {"relist-offer"}
    assert [one.by for one in lived.found["qualification-required-item"]] == ["edit-listing"]
    assert [one.by for one in lived.found["product-safety-investigation"]] == ["relist-offer"]
    assert [(one.how, one.by) for one in lived.found["restricted-product-asin"]] == [("removed", "create-removal")]


def test_the_journal_is_whole(lived: Lived) -> None:
    assert lived.days.store.journal.check(lived.days.account, "US") is None
    assert lived.days.store.journal.check(lived.days.account, "") is None


def test_every_end_has_a_name() -> None:
    """In both languages, for the table."""
    from refloat.app.endings import HOW
    from refloat.locale import translator

    for language in ("en", "zh-Hans"):
        assert set(how_labels(translator(language))) == set(HOW)
