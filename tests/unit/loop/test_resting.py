"""What an action rests on, and whether a listing shows what was written."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plans import CLOSED, OPEN, relist, removal

from refloat.loop import resting
from refloat.loop.shows import put_back, shows
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


@pytest.mark.parametrize(
    ("units", "buyable", "still"),
    [
        ((3, 1), {"US": False}, True),
        ((2, 1), {"US": False}, False),
        ((3, 0), {"US": False}, False),
        ((None, None), {"US": False}, False),
        (None, {"US": False}, False),
        ((3, 1), {"US": True}, False),
        ((3, 1), {"US": None}, False),
        ((3, 1), {}, False),
    ],
)
def test_a_removal_rests_on_its_units_and_on_nobody_buying_them(units: tuple[int | None, int | None] | None, buyable: dict[str, bool | None], still: bool) -> None:
    """One unit less, an unknown count, or an offer that can be bought by now, is another removal."""
    action = removal("CUP")
    assert (resting.of_removal(units, buyable) == dict(action.rests_on)) is still


def test_a_new_objection_of_amazons_moves_the_ground() -> None:
    """An enforcement since the plan was made: what the listing says is the same, and still nothing may be written."""
    issue = {"severity": "ERROR", "categories": ["RESTRICTED"], "enforcements": {"actions": [{"action": "CATALOG_ITEM_REMOVED"}]}}
    assert resting.of_now(relist("CUP"), {**_listing(CLOSED), "issues": [issue]}) != dict(relist("CUP").rests_on)
    warning = {"severity": "WARNING", "categories": ["MISSING_IMAGE"]}
    assert resting.of_now(relist("CUP"), {**_listing(CLOSED), "issues": [warning]}) == dict(relist("CUP").rests_on)


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
    assert shows(change, _listing(shown)) is holds


def test_what_was_taken_out_must_be_gone() -> None:
    """A cure that drops the end date shows only once no end date stands there any more."""
    change = Change("patch", patches=(Patch("purchasable_offer", CLOSED, OPEN),))
    assert shows(change, _listing(OPEN))
    assert not shows(change, _listing(CLOSED))


def test_a_deletion_shows_when_nothing_is_there() -> None:
    assert shows(Change("delete"), None)
    assert not shows(Change("delete"), _listing(OPEN))
    assert not shows(Change("put", patches=()), None)


def test_moments_and_the_order_of_elements_are_no_difference() -> None:
    """Amazon may write the same moment with milliseconds, and the offers in another order."""
    business = {"audience": "B2B", "our_price": [{"schedule": [{"value_with_tax": 14}]}]}
    wrote = Change("patch", patches=(Patch("purchasable_offer", None, [{"audience": "ALL", "start_at": {"value": "2026-01-01T00:00:00Z"}}, business]),))
    assert shows(wrote, _listing([business, {"audience": "ALL", "start_at": {"value": "2026-01-01T00:00:00.000Z"}}]))
    assert not shows(wrote, _listing([business, {"audience": "ALL", "start_at": {"value": "2026-01-02T00:00:00Z"}}]))


def test_an_undo_takes_back_our_part_alone() -> None:
    """A discount that the seller added since stays; the price that we wrote goes back; one that was changed again is theirs."""
    before, wrote = [{"audience": "ALL", "price": 1, "end_at": "x"}], [{"audience": "ALL", "price": 2}]
    assert put_back([{"audience": "ALL", "price": 2, "discount": 9}], wrote, before) == [{"audience": "ALL", "price": 1, "discount": 9, "end_at": "x"}]
    assert put_back([{"audience": "ALL", "price": 3}], wrote, before) == [{"audience": "ALL", "price": 3, "end_at": "x"}]
    assert put_back([{"audience": "B2B", "price": 5}, {"audience": "ALL", "price": 2}], wrote, before)[0] == {"audience": "B2B", "price": 5}
