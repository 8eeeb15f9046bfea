"""create-listing, recreate-listing, delete-listing: same SKU, same ASIN, same condition, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from tests.unit.amazon.cures.cases import ATTRIBUTES, BUSINESS, MARK, NOW, attribute, case, draft, guard, offer, price

from refloat.knowledge.tables import table
from refloat.model.cure import Case, Field, Wishes

GOODS = Wishes(goods={"SKU-1": {"batteries_required": False, "country_of_origin": "CN"}})
MISSING_SKU = {"symptom": "missing-sku"}
NONE_LEFT: dict[str, int | None] = {
    "units_fulfillable": 0, "units_unfulfillable": 0, "units_reserved": 0, "units_inbound": 0, "inventory_units_total": 0, "units_in_removal": 0,
}  # fmt: skip


def gone(**parts: Any) -> Case:
    """Amazon says that there is no listing."""
    return case(listing=None, **parts)


def test_a_new_listing_is_the_units_own() -> None:
    found = draft("create-listing", gone(wishes=GOODS))
    (step,) = found.steps
    assert (step.change.kind, step.change.product_type, step.change.requirements) == ("put", "PRODUCT", "LISTING_OFFER_ONLY")
    assert {one.attribute: one.after for one in step.change.patches} == {
        "merchant_suggested_asin": [{"value": "B0TEST0001", **MARK}],
        "condition_type": [{"value": "new_new", **MARK}],
        "purchasable_offer": [{**MARK, "currency": "USD", "audience": "ALL", "our_price": price(15.08)}],
        "fulfillment_availability": [{"fulfillment_channel_code": "AMAZON_NA"}],
        "batteries_required": [{"value": False, **MARK}],
        "country_of_origin": [{"value": "CN", **MARK}],
    }
    assert all(one.before is None for one in step.change.patches)
    assert Field("asin", None, "B0TEST0001") in found.fields


def test_its_undo_closes_it_and_never_deletes() -> None:
    undo = draft("create-listing", gone()).undo
    assert undo is not None
    assert undo.kind == "patch"
    assert attribute(undo, "purchasable_offer")[0]["end_at"] == {"value": "2026-11-27T12:00:00Z"}


def test_nothing_is_created_twice_or_by_guess() -> None:
    assert guard("create-listing", case()).name == "listing-there"
    assert guard("create-listing", gone(asin=None)).name == "asin-unknown"
    assert guard("create-listing", gone(row={"condition": None})).name == "condition-unknown"
    assert guard("create-listing", gone(row={"condition": "As seen"})).name == "condition-unknown"
    assert guard("create-listing", gone(row={"price_shown": None})).name == "price-unknown"
    assert guard("create-listing", gone(row={"dangerous_goods_open": True})).name == "dangerous-goods-unknown"
    assert guard("create-listing", gone(wishes=Wishes(prices={"SKU-1": Decimal(99)}))).name == "price-far-off"
    assert guard("create-listing", gone(wishes=Wishes(bounds={"SKU-1": (Decimal(16), None)}))).name == "price-outside-bounds"


def test_the_entered_bounds_go_with_a_new_offer() -> None:
    found = draft("create-listing", gone(wishes=Wishes(prices={"SKU-1": Decimal("14.90")}, bounds={"SKU-1": (Decimal(12), None)})))
    (written,) = attribute(found.steps[0].change, "purchasable_offer")
    assert (written["our_price"], written["minimum_seller_allowed_price"]) == (price(14.9), price(12))
    assert "maximum_seller_allowed_price" not in written


def test_a_missing_sku_goes_by_way_of_the_merchant() -> None:
    first, second = draft("create-listing", gone(row=MISSING_SKU)).steps
    assert attribute(first.change, "fulfillment_availability") == [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}]
    assert (second.change.kind, second.after, second.wait_hours) == ("patch", "there", 0)
    assert attribute(second.change, "fulfillment_availability") == [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}, {"fulfillment_channel_code": "AMAZON_NA"}]


def test_a_missing_sku_whose_listing_is_there_loses_nothing() -> None:
    asked = case(row=MISSING_SKU)
    found = draft("create-listing", asked)
    first, second = found.steps
    assert {one.attribute for step in found.steps for one in step.change.patches} == {"fulfillment_availability"}
    assert attribute(first.change, "fulfillment_availability") == [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}]
    assert attribute(second.change, "fulfillment_availability") == [{"fulfillment_channel_code": "AMAZON_NA"}, {"fulfillment_channel_code": "DEFAULT", "quantity": 0}]
    assert (second.after, second.wait_hours) == ("there", table("curing")["canary"]["read_back_minutes"] / 60)
    assert found.undo is not None
    assert attribute(found.undo, "fulfillment_availability") == ATTRIBUTES["fulfillment_availability"]


def test_what_is_recreated_is_what_was_read() -> None:
    asked = case(attributes={"color": [{"value": "blue", **MARK}, {"value": "blau", "marketplace_id": "A1PA6795UKMFR9"}]})
    found = draft("recreate-listing", asked)
    away, again, checked = found.steps
    assert [step.change.kind for step in found.steps] == ["delete", "put", "patch"]
    assert (again.wait_hours, again.after, checked.after) == (24, "gone", "same-fnsku")
    written = {one.attribute: one.after for one in again.change.patches}
    assert written["purchasable_offer"] == [BUSINESS, offer()]
    assert written["merchant_suggested_asin"] == [{"value": "B0TEST0001", **MARK}]
    assert written["condition_type"] == ATTRIBUTES["condition_type"]
    # What another marketplace shows is another listing, and was not deleted.
    assert written["color"] == [{"value": "blue", **MARK}]
    assert (again.change.product_type, again.change.requirements) == ("PET_SUPPLIES", "LISTING")
    assert set(found.reads) >= set(asked.attributes)
    assert found.undo is None
    assert Field("fnsku", "X00TEST001", "X00TEST001") in found.fields
    assert not away.change.patches


def test_an_offer_alone_is_recreated_as_an_offer_alone() -> None:
    again = draft("recreate-listing", case(attributes={"item_name": None})).steps[1].change
    assert (again.product_type, again.requirements) == ("PRODUCT", "LISTING_OFFER_ONLY")


def test_nothing_is_deleted_that_could_not_be_made_again() -> None:
    assert guard("recreate-listing", case(fnsku=None)).name == "fnsku-unknown"
    assert guard("recreate-listing", case(asin="B0OTHER001")).name == "asin-unknown"
    assert guard("recreate-listing", case(row={"condition": "Used - Good"})).name == "condition-unknown"
    assert guard("recreate-listing", case(attributes={"purchasable_offer": None})).name == "price-unknown"
    assert guard("recreate-listing", case(row={"dangerous_goods_open": True})).name == "dangerous-goods-unknown"


def test_a_merchants_quantity_does_not_come_back() -> None:
    rows = [{"fulfillment_channel_code": "DEFAULT", "quantity": 4}]
    again = draft("recreate-listing", case(attributes={"fulfillment_availability": rows})).steps[1].change
    assert attribute(again, "fulfillment_availability") == [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}, {"fulfillment_channel_code": "AMAZON_NA"}]


def emptied(others: Mapping[str, Mapping[str, Any] | None] | None = MappingProxyType({}), **row: Any) -> Case:
    """A case whose removal is finished and whose units are all gone, in its own marketplace and the ``others``."""
    return case(row={**NONE_LEFT, "units_returned_90_days": 0, **row}, others=others)


def test_a_listing_is_deleted_when_nothing_is_left() -> None:
    found = draft("delete-listing", emptied({"CA": NONE_LEFT, "MX": None}))
    assert [step.change.kind for step in found.steps] == ["delete"]
    assert found.undo is None


@pytest.mark.parametrize("state", sorted(NONE_LEFT))
def test_no_listing_is_deleted_under_its_units(state: str) -> None:
    assert guard("delete-listing", emptied(**{state: 1})).name == "units-left"
    assert guard("delete-listing", emptied(**{state: None})).name == "units-left-unknown"


@pytest.mark.parametrize("state", sorted(set(NONE_LEFT) - {"units_in_removal"}))
def test_nor_under_those_of_another_marketplace_of_the_pool(state: str) -> None:
    """One unit there, or no word about it, and the listing stays; it is named where."""
    left = guard("delete-listing", emptied({"MX": None, "CA": NONE_LEFT | {state: 1}}))
    assert (left.name, left.facts["units"][-6:]) == ("units-left", "(CA) 1")
    unknown = guard("delete-listing", emptied({"MX": None, "CA": NONE_LEFT | {state: None}}))
    assert (unknown.name, unknown.facts["units"][-4:]) == ("units-left-unknown", "(CA)")
    assert guard("delete-listing", emptied({"CA": {}})).name == "units-left-unknown"


def test_without_a_finished_removal_no_listing_is_deleted() -> None:
    assert guard("delete-listing", emptied(None)).name == "removal-not-finished"


@pytest.mark.parametrize(
    ("returned", "sold", "clear"), [(0, None, True), (0, 0, True), (None, 0, True), (None, None, False), (1, None, False), (0, 2, False), (3, 0, False)],
)  # fmt: skip
def test_a_return_that_may_still_come_is_asked_about(returned: int | None, sold: int | None, clear: bool) -> None:
    """Neither known is no “none”; a person who knows better says so by name."""
    asked = emptied(units_returned_90_days=returned, units_shipped_90_days=sold)
    if not clear:
        assert guard("delete-listing", asked).name == "returns-possible"
        asked = replace(asked, lifted=frozenset({"returns-possible"}))
    draft("delete-listing", asked)


def test_after_a_removal_that_amazon_asked_for_the_listing_may_be_deleted() -> None:
    enforced = {"symptom_kind": "enforcement", "said": "Blocked listing"}
    assert guard("delete-listing", emptied(**enforced, cause="product-recall")).name == "enforcement"
    draft("delete-listing", emptied(**enforced, cause="blocked-listing"))


def test_an_old_answer_that_there_is_none_creates_nothing() -> None:
    assert guard("create-listing", replace(gone(), listing_at=NOW - timedelta(days=3))).name == "listing-unread"


def test_the_ladder_takes_an_entered_price_along() -> None:
    asked = case(row=MISSING_SKU, wishes=Wishes(prices={"SKU-1": Decimal("14.90")}))
    found = draft("create-listing", asked)
    assert attribute(found.steps[0].change, "purchasable_offer") == [BUSINESS, offer(our_price=price(14.9))]
