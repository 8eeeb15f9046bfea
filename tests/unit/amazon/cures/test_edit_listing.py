"""edit-listing in its four modes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.cures.cases import ATTRIBUTES, MARK, applied, attribute, case, draft, guard, offer, undone

from refloat.amazon.cures import drafted
from refloat.model.cure import Draft, Field, Wishes

MISSING = {"code": "90220", "severity": "ERROR", "attributeNames": ["age_range_description"], "categories": ["MISSING_ATTRIBUTE"], "enforcements": {"actions": [{"action": "LISTING_SUPPRESSED"}]}}
ELSEWHERE = {"value": "Schale", "marketplace_id": "A1PA6795UKMFR9"}


def edits(**arrays: Any) -> Wishes:
    return Wishes(edits={"SKU-1": arrays})


def test_complete_writes_what_was_entered() -> None:
    asked = case(mode="complete", issues=[MISSING], wishes=edits(age_range_description=[{"value": "Adult", **MARK}]))
    found = draft("edit-listing", asked)
    assert attribute(found.steps[0].change, "age_range_description") == [{"value": "Adult", **MARK}]
    assert found.fields == (Field("age_range_description", None, "Adult"),)
    assert undone(asked, found)


def test_complete_names_what_amazon_asks_for() -> None:
    assert guard("edit-listing", case(mode="complete", issues=[MISSING])).facts == {"wanted": "age_range_description"}
    assert guard("edit-listing", case(mode="complete", issues=[MISSING], wishes=edits(color=[{"value": "blue"}]))).facts == {"wanted": "age_range_description"}
    assert guard("edit-listing", case(mode="complete", row={"said": "Listing error"})).facts == {"wanted": "Listing error"}


def test_complete_takes_a_dangerous_goods_statement_where_it_was_made() -> None:
    issue = {**MISSING, "attributeNames": ["batteries_required"]}
    goods = Wishes(goods={"SKU-1": {"batteries_required": False, "hazmat": "UN1993"}})
    found = draft("edit-listing", case(mode="complete", issues=[issue], wishes=goods))
    assert found.fields == (Field("batteries_required", None, "false"),)


@pytest.mark.parametrize("mode", ["complete", "withdraw", "touch"])
def test_price_and_channel_are_no_edit(mode: str) -> None:
    assert guard("edit-listing", case(mode=mode, wishes=edits(purchasable_offer=[offer()]))).facts == {"attributes": "purchasable_offer"}


@pytest.mark.parametrize("mode", ["complete", "withdraw"])
def test_an_edit_that_changes_nothing_is_none(mode: str) -> None:
    assert guard("edit-listing", case(mode=mode, wishes=edits(item_name=ATTRIBUTES["item_name"]))).name == "nothing-to-change"


def test_an_edit_leaves_other_marketplaces_alone() -> None:
    asked = case(mode="complete", attributes={"item_name": [ELSEWHERE, {"value": "Bowl", **MARK}, {**ELSEWHERE, "value": "Bol"}]}, wishes=edits(item_name=[{"value": "Sample bowl", **MARK}]))
    found = draft("edit-listing", asked)
    assert attribute(found.steps[0].change, "item_name") == [ELSEWHERE, {"value": "Sample bowl", **MARK}, {**ELSEWHERE, "value": "Bol"}]
    assert undone(asked, found)


def test_an_empty_array_takes_the_attribute_away() -> None:
    asked = case(mode="withdraw", attributes={"generic_keyword": [{"value": "foreign word", **MARK}]}, wishes=edits(generic_keyword=[]))
    (patch,) = draft("edit-listing", asked).steps[0].change.patches
    assert (patch.op, patch.after) == ("delete", None)


def test_what_was_withdrawn_is_not_put_back() -> None:
    row = {"symptom": "potential-trademark-misuse-self-reinstate", "symptom_kind": "enforcement"}
    found = draft("edit-listing", case(mode="withdraw", row=row, wishes=edits(item_name=[{"value": "Bowl", **MARK}])))
    assert found.undo is None
    suspected = {**MISSING, "attributeNames": ["item_name"], "categories": ["INVALID_ATTRIBUTE"]}
    assert guard("edit-listing", case(mode="withdraw", row=row, issues=[suspected])).facts == {"wanted": "item_name"}


def test_refresh_saves_offer_and_content_as_they_are() -> None:
    asked = case(mode="refresh")
    found = draft("edit-listing", asked)
    assert {one.attribute for one in found.steps[0].change.patches} == {"purchasable_offer", "item_name"}
    assert applied(asked.attributes, found.steps[0].change.patches) == asked.attributes
    # After an approval the save is what puts it on sale.
    assert guard("edit-listing", case(mode="refresh", attributes={"purchasable_offer": [offer(our_price=None)]})).name == "price-unknown"
    assert guard("edit-listing", case(mode="refresh", attributes=dict.fromkeys(ATTRIBUTES))).name == "nothing-to-change"


@pytest.mark.parametrize(
    ("before", "after"),
    [("bowl red", "red bowl"), ("bowl", "bowl Sample"), (None, "Sample"), ("sample", "sample bowl"), ("Sample Sample", "Sample Sample bowl")],
)
def test_touch_turns_the_keywords(before: str | None, after: str) -> None:
    asked = case(mode="touch", attributes={"generic_keyword": [{"value": before, **MARK}] if before else None})
    found = draft("edit-listing", asked)
    assert [one.attribute for one in found.steps[0].change.patches] == ["generic_keyword"]
    assert attribute(found.steps[0].change, "generic_keyword")[0]["value"] == after
    assert found.fields == (Field("generic_keyword", before, after),)
    assert undone(asked, found)


def test_touch_makes_nothing_up() -> None:
    listing = {"sku": "SKU-1", "attributes": {}}
    assert guard("edit-listing", case(mode="touch", listing=listing)).facts == {"wanted": "generic_keyword"}
    assert draft("edit-listing", case(mode="touch", wishes=edits(color=[{"value": "blue", **MARK}]))).fields == (Field("color", None, "blue"),)


@given(words=st.lists(st.text("ab ö", min_size=1, max_size=40), max_size=6), others=st.booleans())
def test_touch_adds_no_word_but_of_the_name_and_never_too_much(words: list[str], others: bool) -> None:
    text = " ".join(words)
    rows = [*([ELSEWHERE] if others else []), *([{"value": text, **MARK}] if text.strip() else [])]
    asked = case(mode="touch", attributes={"generic_keyword": rows or None})
    found = drafted("edit-listing", asked)
    if not isinstance(found, Draft):
        return
    written = attribute(found.steps[0].change, "generic_keyword")
    touched = next(one["value"] for one in written if one.get("marketplace_id") == MARK["marketplace_id"])
    assert touched != text
    assert set(touched.split()) <= {*text.split(), "Sample", "bowl"}
    assert len(touched.encode()) <= max(249, len(text.encode()))
    assert [one for one in written if one == ELSEWHERE] == ([ELSEWHERE] if others else [])
    assert undone(asked, found)
