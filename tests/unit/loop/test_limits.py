"""Everything has a limit: actions of a plan, and actions within an hour, counted from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.fakes_writing import a_hand
from tests.plans import CLOSED, plan, relist, removal

from refloat.errors import PlanRefused
from refloat.knowledge.tables import table
from refloat.loop.act import apply
from refloat.model.plan import Plan

HOUR = timedelta(hours=1)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limits that a test can reach."""
    monkeypatch.setitem(table("curing")["hourly"], "changes", 5)
    monkeypatch.setitem(table("curing")["hourly"], "removals", 2)
    monkeypatch.setitem(table("curing")["plan"], "most_actions", 8)
    yield


def _all(made: Plan) -> set[str]:
    return {action.id for action in made.actions}


def _made(changes: int, removals: int = 0, **more: Any) -> tuple[Plan, dict[str, Any]]:
    listed = [relist(f"S{number}", number) for number in range(1, changes + 1)]
    return plan(*listed, *(removal(f"R{number}", changes + number) for number in range(1, removals + 1)), **more), {action.sku: CLOSED for action in listed}


@pytest.mark.usefixtures("small")
def test_what_is_above_an_hours_limit_waits_and_is_told_when_it_may_follow() -> None:
    """Seven changes, five an hour: two wait until those before them are an hour old, and then go."""
    made, listings = _made(7)
    hand, writer, _ = a_hand(made, listings)
    began = hand.now()
    applied = apply(made, _all(made), hand)
    assert (applied.stopped, applied.count("answered", "shown"), sorted(applied.later)) == (None, 5, ["US-0006", "US-0007"])
    assert began + HOUR <= min(applied.later.values()) <= hand.now() + HOUR
    again = apply(made, _all(made), hand)
    assert (again.count("answered", "shown"), sorted(again.later)) == (5, ["US-0006", "US-0007"]), "another run within the hour changes nothing"
    for expected in (6, 7):
        hand.clock.sleep((max(again.later.values()) - hand.now()).total_seconds() + 1)
        again = apply(made, _all(made), hand)
        assert again.count("answered", "shown") == expected, "the canary left an hour ago, the others a little later"
    assert not again.later
    assert all(count == 1 for (kind, _), count in writer.sent.items() if kind == "submit")


@pytest.mark.usefixtures("small")
def test_removals_have_a_smaller_limit_of_their_own() -> None:
    made, listings = _made(3, 3)
    hand, writer, _ = a_hand(made, listings)
    hand.line.units = {f"R{number}": (3, 1) for number in range(1, 4)}  # type: ignore[attr-defined]
    applied = apply(made, _all(made), hand)
    assert (applied.count("answered", "shown"), list(applied.later)) == (5, ["US-0006"])
    assert sorted(sku for order in writer.removed for sku in order.units) == ["R1", "R2"]


@pytest.mark.usefixtures("small")
def test_a_plan_above_the_limit_is_refused_unless_that_was_lifted() -> None:
    made, listings = _made(9)
    hand, writer, _ = a_hand(made, listings)
    with pytest.raises(PlanRefused, match="9 actions; 8 are allowed"):
        apply(made, _all(made), hand)
    assert not writer.sent
    lifted, _ = _made(9, lifted=("too-many",))
    assert apply(lifted, _all(lifted), hand).count("answered", "shown") == 5


def test_the_limits_let_the_largest_plan_through_and_keep_removals_few() -> None:
    hourly, most = table("curing")["hourly"], table("curing")["plan"]["most_actions"]
    assert hourly["changes"] >= most
    assert hourly["removals"] <= 1000
