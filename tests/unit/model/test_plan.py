"""A plan is what was approved: written, read back, and every change of it seen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plans import MADE_AT, OPEN, plan, relist, removal

from refloat.model.cure import Change, Guard, Patch, Step
from refloat.model.money import Money
from refloat.model.plan import LeftAlone, Road, plan_of

_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8)


def test_a_plan_is_read_back_as_it_was_written() -> None:
    """Through JSON text and back: the same plan, the same fingerprint."""
    road = Road("US", 1, "patch", 1530, 300.0, feed_seconds_learned=False, expected_seconds=0.2)
    made = plan(relist("CUP", worth=Money.from_json({"amount": "15.08", "currency": "USD"})), removal("PAN", 2), roads=(road,), snapshots={"US/stranded": MADE_AT}, lifted=("price-far-off",))
    made = replace(made, left_alone=(LeftAlone("US", "POT", None, "hold", "hold", Guard("held", {"until": "2026-12-01"})),))
    assert plan_of(json.loads(json.dumps(made.as_json()))) == made


@given(st.text(), _JSON)
def test_any_sku_and_any_value_survive(sku: str, value: Any) -> None:
    """SKUs hold every character; attributes every JSON."""
    made = plan(relist(sku, steps=(Step(Change("patch", patches=(Patch("any", value, [value]),))),), rests_on={"any": value}))
    assert plan_of(json.loads(json.dumps(made.as_json()))) == made


@pytest.mark.parametrize(
    "change",
    [
        {"sku": "CUP-2"},
        {"remedy": "set-price"},
        {"marketplace": "CA"},
        {"rests_on": {"purchasable_offer": OPEN}},
        {"steps": (Step(Change("delete")),)},
        {"steps": (Step(Change("patch", patches=(Patch("purchasable_offer", OPEN, None),)), 24.0),)},
    ],
)
def test_what_is_sent_cannot_change_under_a_consent(change: dict[str, Any]) -> None:
    """Another SKU, remedy, ground or value is another fingerprint."""
    assert plan(relist("CUP")).fingerprint != plan(replace(relist("CUP"), **change)).fingerprint


@pytest.mark.parametrize("change", [{"why": "other words"}, {"title": "Another title"}, {"units": 2}])
def test_words_and_falling_units_are_no_other_plan(change: dict[str, Any]) -> None:
    """A unit that is sold meanwhile moves nothing that a listing change rests on; the plan that a person read is another one."""
    assert relist("CUP").fingerprint == relist("CUP", **change).fingerprint
    assert plan(relist("CUP")).fingerprint != plan(relist("CUP", **change)).fingerprint


def test_a_lifted_guard_is_part_of_what_is_approved() -> None:
    """And so is the order of the actions."""
    assert plan(relist("CUP")).fingerprint != plan(relist("CUP"), lifted=("price-far-off",)).fingerprint
    assert plan(relist("A"), relist("B", 2)).fingerprint != plan(relist("B", 2), relist("A")).fingerprint


def test_a_plan_that_somebody_touched_is_none() -> None:
    """One price in the file changed: its fingerprint is not that of what it says."""
    said = plan(relist("CUP")).as_json()
    said["actions"][0]["sku"] = "PAN"
    with pytest.raises(ValueError, match="fingerprint"):
        plan_of(said)
