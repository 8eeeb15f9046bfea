"""JSON Patch as the Listings Items API means it: literal attributes before and after."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refloat.simulator.rules.patching import OPERATIONS, attribute_of, patched, selectors_missing, torn

US = "ATVPDKIKX0DER"
B2C: dict[str, Any] = {"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 19.99}]}]}
B2B: dict[str, Any] = {"marketplace_id": US, "currency": "USD", "audience": "B2B", "our_price": [{"schedule": [{"value_with_tax": 18.99}]}]}
FBA, MFN = {"fulfillment_channel_code": "AMAZON_NA"}, {"fulfillment_channel_code": "DEFAULT", "quantity": 3}


def one(op: str, name: str, *value: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"op": op, "path": f"/attributes/{name}", "value": list(value)}]


def test_a_replace_puts_the_new_in_place_of_all() -> None:
    """A blind replace of the consumer offer drops the business offer."""
    assert patched({"purchasable_offer": [B2C, B2B]}, one("replace", "purchasable_offer", B2C)) == {"purchasable_offer": [B2C]}


def test_an_add_replaces_only_what_has_its_selectors() -> None:
    """An add for one audience leaves the other audience where it is."""
    cheaper = {**B2C, "our_price": [{"schedule": [{"value_with_tax": 9.5}]}]}
    assert patched({"purchasable_offer": [B2C, B2B]}, one("add", "purchasable_offer", cheaper)) == {"purchasable_offer": [B2B, cheaper]}


def test_a_merge_changes_fields_and_leaves_the_others() -> None:
    """A merge of an end date keeps price and business offer; audience ALL is meant when none is named."""
    ended = {"value": "2026-11-01T00:00:00Z"}
    assert patched({"purchasable_offer": [B2C, B2B]}, one("merge", "purchasable_offer", {"marketplace_id": US, "end_at": ended})) == {"purchasable_offer": [{**B2C, "end_at": ended}, B2B]}


def test_a_merge_of_something_new_adds_it() -> None:
    """A merge of a channel that is not there adds its row."""
    assert patched({"fulfillment_availability": [MFN]}, one("merge", "fulfillment_availability", FBA)) == {"fulfillment_availability": [MFN, FBA]}


def test_a_merge_needs_its_selectors() -> None:
    """A row without a channel, or with an empty one, cannot be merged; text needs none."""
    assert selectors_missing("fulfillment_availability", [{"quantity": 1}])
    assert selectors_missing("fulfillment_availability", [{"fulfillment_channel_code": ""}])
    assert not selectors_missing("fulfillment_availability", [MFN])
    assert not selectors_missing("item_name", [{"value": "x"}])


def test_a_delete_takes_the_named_element_or_all() -> None:
    """With a value only what fits its selectors goes; without one the attribute is left empty, to be taken away."""
    attributes = {"purchasable_offer": [B2C, B2B]}
    assert patched(attributes, one("delete", "purchasable_offer", {"marketplace_id": US, "audience": "B2B"})) == {"purchasable_offer": [B2C]}
    assert patched(attributes, [{"op": "delete", "path": "/attributes/purchasable_offer"}]) == {"purchasable_offer": []}


def test_an_offer_spread_over_elements_changes_nothing() -> None:
    """Price in one element and dates in another, for one audience: the offer stays as it was, silently."""
    price = {"marketplace_id": US, "our_price": [{"schedule": [{"value_with_tax": 5}]}]}
    dates = {"marketplace_id": US, "start_at": {"value": "2026-01-01T00:00:00Z"}}
    assert torn("purchasable_offer", [price, dates])
    assert not torn("purchasable_offer", [B2C, B2B])
    assert patched({"purchasable_offer": [B2C]}, one("replace", "purchasable_offer", price, dates)) == {"purchasable_offer": [B2C]}


@pytest.mark.parametrize(("survives", "after"), [(True, [FBA, MFN]), (False, [FBA])])
def test_the_merchants_row_may_survive_a_change_to_fba(survives: bool, after: list[dict[str, Any]]) -> None:
    """Replacing by Amazon's channel leaves the DEFAULT row with its quantity where it was, when the switch says so."""
    assert patched({"fulfillment_availability": [MFN]}, one("replace", "fulfillment_availability", FBA), default_row_survives=survives) == {"fulfillment_availability": after}


def test_both_rows_sent_are_both_rows_kept() -> None:
    """With DEFAULT at 0 beside Amazon's channel nothing of the old survives."""
    both = [FBA, {**MFN, "quantity": 0}]
    assert patched({"fulfillment_availability": [MFN]}, one("replace", "fulfillment_availability", *both), default_row_survives=True) == {"fulfillment_availability": both}


@pytest.mark.parametrize(("path", "name"), [("/attributes/item_name", "item_name"), ("/attributes/item_name/0", None), ("/item_name", None), ("attributes/item_name", None), ("", None)])
def test_only_whole_attributes_have_a_path(path: str, name: str | None) -> None:
    """Nothing deeper than /attributes/NAME can be patched."""
    assert attribute_of(path) == name


def test_a_path_or_operation_that_does_not_exist_is_an_error() -> None:
    """Neither is passed over in silence."""
    with pytest.raises(KeyError):
        patched({}, [{"op": "add", "path": "/attributes/a/b", "value": [{}]}])
    with pytest.raises(KeyError):
        patched({}, one("move", "item_name", {"value": "x"}))


_ELEMENT = st.fixed_dictionaries({}, optional={"marketplace_id": st.just(US), "audience": st.sampled_from(["ALL", "B2B"]), "language_tag": st.just("en_US"), "value": st.integers(0, 3)})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(OPERATIONS), st.sampled_from(["purchasable_offer", "item_name"]), st.lists(_ELEMENT, max_size=3), st.lists(_ELEMENT, min_size=1, max_size=3))
def test_what_was_given_is_never_changed_and_a_patch_twice_is_a_patch_once(op: str, name: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    """Patching is pure, and every operation with selectors is idempotent."""
    before = {name: old}
    kept = repr(before)
    first = patched(before, one(op, name, *new))
    assert repr(before) == kept
    assert patched(first, one(op, name, *new)) == first
