"""What an action rests on, and whether a listing shows what was written."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plans import CLOSED, OPEN, relist, removal

from refloat.loop import resting
from refloat.model.cure import Change, Patch


def _listing(offer: Any) -> dict[str, Any]:
    return {"sku": "CUP", "attributes": {"purchasable_offer": offer, "item_name": [{"value": "A cup"}]}}


def test_only_what_is_read_or_written_counts() -> None:
    """Another title is not what a relisting rests on; another offer is, and so is a listing that is gone."""
    action = relist("CUP")
    assert resting.of_now(action, _listing(CLOSED)) == dict(action.rests_on)
    assert resting.of_now(action, {**_listing(CLOSED), "summaries": []}) == dict(action.rests_on)
    assert resting.of_now(action, _listing(OPEN)) != dict(action.rests_on)
    assert resting.of_now(action, None) != dict(action.rests_on)


@pytest.mark.parametrize(("units", "still"), [((3, 1), True), ((2, 1), False), ((3, 0), False), ((None, None), False), (None, False)])
def test_a_removal_rests_on_its_units(units: tuple[int | None, int | None] | None, still: bool) -> None:
    """One unit less, or an unknown count, is another removal."""
    action = removal("CUP")
    assert (resting.of_now(action, None, units) == dict(action.rests_on)) is still


@pytest.mark.parametrize(
    ("shown", "wanted", "holds"),
    [
        ([{"value": 1, "more": 2}], [{"value": 1}], True),
        ([{"value": 1}], [{"value": 2}], False),
        ([{"value": 1}, {"value": 2}], [{"value": 1}], False),
        ([{"value": 1}], [{"value": 1, "end_at": {"value": None}}], True),
        ([{"value": 1, "end_at": {"value": "2026-01-01"}}], [{"value": 1, "end_at": {"value": None}}], False),
        (None, None, True),
        ([{"value": 1}], None, False),
    ],
)
def test_a_change_shows_when_everything_written_stands_there(shown: Any, wanted: Any, holds: bool) -> None:
    """Amazon adds fields of its own, and leaves out what is empty; it does not take away."""
    change = Change("patch", patches=(Patch("purchasable_offer", None, wanted),))
    assert resting.shows(change, _listing(shown)) is holds


def test_what_was_taken_out_must_be_gone() -> None:
    """A cure that drops the end date shows only once no end date stands there any more."""
    change = Change("patch", patches=(Patch("purchasable_offer", CLOSED, OPEN),))
    assert resting.shows(change, _listing(OPEN))
    assert not resting.shows(change, _listing(CLOSED))


def test_a_deletion_shows_when_nothing_is_there() -> None:
    assert resting.shows(Change("delete"), None)
    assert not resting.shows(Change("delete"), _listing(OPEN))
    assert not resting.shows(Change("put", patches=()), None)
