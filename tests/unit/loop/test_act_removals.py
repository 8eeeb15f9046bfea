"""Removals: what cannot be undone is sent once, only while nobody can buy the units, and stops where its fate is not certain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.fakes_writing import a_hand, said
from tests.plans import deed, plan, removal
from tests.unit.loop.test_act import _all, _once

from refloat.errors import AmazonDown, PlanRefused
from refloat.loop.act import apply


def test_removals_go_as_one_order_after_its_canary() -> None:
    """One SKU, then the rest in one order; each order has an id of its own that Amazon's reports will show."""
    made = plan(*(removal(f"S{number}", number) for number in range(1, 11)))
    hand, writer, ledger = a_hand(made, {})
    hand.line.units = {f"S{number}": (3, 1) for number in range(1, 11)}  # type: ignore[attr-defined]
    applied = apply(made, _all(made), hand)
    assert (applied.stopped, applied.count("answered")) == (None, 10)
    assert [len(order.units) for order in writer.removed] == [1, 9]
    assert len({order.order_id for order in writer.removed}) == 2
    assert all(len(order.order_id) <= 50 for order in writer.removed)
    assert {row.stage for row in ledger.sent_feeds} == {"DONE"}


def test_a_removal_order_whose_word_was_revoked_after_the_one_before_is_not_made() -> None:
    """Asked before each order: the canary left, the nine others do not."""
    made = plan(*(removal(f"S{number}", number) for number in range(1, 11)))
    hand, writer, ledger = a_hand(made, {})
    hand.line.units = {f"S{number}": (3, 1) for number in range(1, 11)}  # type: ignore[attr-defined]
    applied = apply(made, _all(made), hand, speaking=lambda: set() if writer.removed else _all(made))
    assert "the word that spoke for 9 actions has ended" in said(applied)
    assert [list(order.units) for order in writer.removed] == [["S1"]]
    assert {row.stage for row in ledger.rows.values()} == {"answered", "planned"}


def test_a_removal_whose_answer_was_lost_is_found_and_never_repeated() -> None:
    made = plan(removal("CUP"))
    hand, writer, _ = a_hand(made, {})
    hand.line.units = {"CUP": (3, 1)}  # type: ignore[attr-defined]
    writer.fails = _once(AmazonDown("no answer", sent=True), "removal", "after")
    applied = apply(made, _all(made), hand)
    assert applied.count("answered") == 1
    assert len(writer.removed) == 1


def test_a_removal_whose_fate_is_not_certain_stops_and_is_not_repeated() -> None:
    """No answer, and no feed in Amazon's list: only the removal order report can tell. Nothing more is removed until then."""
    made = plan(removal("CUP"), removal("PAN", 2))
    hand, writer, ledger = a_hand(made, {})
    hand.line.units = {"CUP": (3, 1), "PAN": (3, 1)}  # type: ignore[attr-defined]
    writer.fails = _once(AmazonDown("no answer", sent=True), "removal", "before")
    applied = apply(made, _all(made), hand)
    assert "not certain" in said(applied)
    assert applied.count("unclear") == 1
    again = apply(made, _all(made), hand)
    assert "not settled" in said(again) or again.count("stopped") == 1
    assert not writer.removed
    assert ledger.sent_feeds[0].stage == "UNCLEAR"


def test_units_that_left_meanwhile_drop_the_removal() -> None:
    made = plan(removal("CUP"))
    hand, writer, _ = a_hand(made, {})
    hand.line.units = {"CUP": (2, 1)}  # type: ignore[attr-defined]
    with pytest.raises(PlanRefused, match=r"CUP \(units\)"):
        apply(made, _all(made), hand)
    assert not writer.removed


def test_units_that_can_be_bought_by_now_are_not_removed() -> None:
    """Somebody opened the offer since the plan was made: it sells, so nothing leaves."""
    made = plan(removal("CUP"))
    hand, writer, _ = a_hand(made, {})
    hand.line.units = {"CUP": (3, 1)}  # type: ignore[attr-defined]
    hand.line.listings["CUP"] = {"sku": "CUP", "summaries": [{"status": ["BUYABLE"]}]}  # type: ignore[attr-defined]
    with pytest.raises(PlanRefused, match="can be bought"):
        apply(made, _all(made), hand)
    assert not writer.removed


def test_units_that_another_order_of_ours_takes_are_not_ordered_again() -> None:
    """The same label under another SKU, in another plan that is not settled: dropped, and told."""
    made = plan(removal("CUP"), *(removal(f"S{number}", number) for number in range(2, 40)))
    hand, writer, ledger = a_hand(made, {})
    hand.line.units = {action.sku: (3, 1) for action in made.actions}  # type: ignore[attr-defined]
    ledger.elsewhere = [deed("answered", plan_id="another", sku="CUP-2", fnsku="X0CUP", remedy="create-removal")]
    applied = apply(made, _all(made), hand)
    assert applied.deeds["US-0001"].stage == "dropped"
    assert "CUP" not in {sku for order in writer.removed for sku in order.units}


def test_a_removal_feed_that_nobody_here_knows_of_stops_the_removals() -> None:
    """Sent after the plan was made: by another program, or by us before a backup was restored."""
    made = plan(removal("CUP"))
    hand, writer, _ = a_hand(made, {})
    hand.line.units = {"CUP": (3, 1)}  # type: ignore[attr-defined]
    writer.feeds["F9"] = ("POST_FLAT_FILE_FBA_CREATE_REMOVAL", "US", hand.now() - timedelta(seconds=30), [])
    hand.clock.sleep(3600)
    applied = apply(made, _all(made), hand)
    assert "not on record" in said(applied)
    assert (applied.count("planned"), writer.removed) == (1, [])


def test_a_slow_removal_feed_keeps_the_rest_waiting_and_loses_nothing() -> None:
    """It takes longer than a run waits: that is no surprise, so the others are still planned, and go with the next run."""
    made = plan(*(removal(f"S{number}", number) for number in range(1, 4)))
    hand, writer, _ = a_hand(made, {}, feed_lag=3 * 3600)
    hand.line.units = {action.sku: (3, 1) for action in made.actions}  # type: ignore[attr-defined]
    first = apply(made, _all(made), hand)
    assert (first.count("intended"), first.count("planned"), first.count("stopped")) == (1, 2, 0)
    hand.clock.sleep(4 * 3600)
    writer.feed_lag = 60
    assert apply(made, _all(made), hand).count("answered") == 3
    assert [len(order.units) for order in writer.removed] == [1, 1, 1]


def test_the_same_label_in_another_pool_is_other_goods() -> None:
    """Units in Germany leave by an order of ours; those in the US are not the same, and go."""
    made = plan(removal("CUP"))
    hand, writer, ledger = a_hand(made, {})
    hand.line.units = {"CUP": (3, 1)}  # type: ignore[attr-defined]
    ledger.elsewhere = [deed("answered", plan_id="another", marketplace="DE", sku="CUP", fnsku="X0CUP", remedy="create-removal")]
    assert apply(made, _all(made), hand).count("answered") == 1
    assert [order.units for order in writer.removed] == [{"CUP": (3, 1)}]
