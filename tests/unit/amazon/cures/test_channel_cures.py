"""change-to-fba and submit-dangerous-goods."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.cures.cases import MARK, attribute, case, draft, guard, offer, undone

from refloat.amazon.cures import drafted
from refloat.model.cure import Draft, Field, Wishes

MERCHANT = {"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 9, "lead_time_to_ship_max_days": 2}]}
GOODS = Wishes(goods={"SKU-1": {"batteries_required": False, "supplier_declared_dg_hz_regulation": [{"value": "not_applicable", **MARK}]}})
ASKS = {"code": "90220", "severity": "ERROR", "attributeNames": ["batteries_required"], "categories": ["MISSING_ATTRIBUTE"]}


def test_both_rows_are_sent_and_the_merchants_sells_nothing() -> None:
    asked = case(attributes=MERCHANT)
    found = draft("change-to-fba", asked)
    written = attribute(found.steps[0].change, "fulfillment_availability")
    assert written == [{"fulfillment_channel_code": "DEFAULT", "quantity": 0, "lead_time_to_ship_max_days": 2}, {"fulfillment_channel_code": "AMAZON_NA"}]
    assert found.fields[:2] == (Field("channel", "merchant", "fba"), Field("merchant-quantity", "9", "0"))
    assert undone(asked, found)


def test_the_merchants_row_is_sent_even_where_none_was_read() -> None:
    found = draft("change-to-fba", case(attributes={"fulfillment_availability": None}))
    assert attribute(found.steps[0].change, "fulfillment_availability") == [{"fulfillment_channel_code": "AMAZON_NA"}, {"fulfillment_channel_code": "DEFAULT", "quantity": 0}]


def test_a_quantity_beside_amazons_row_goes_to_nothing() -> None:
    both = [{"fulfillment_channel_code": "AMAZON_EU"}, {"fulfillment_channel_code": "DEFAULT", "quantity": 1}]
    found = draft("change-to-fba", case(attributes={"fulfillment_availability": both}))
    assert attribute(found.steps[0].change, "fulfillment_availability") == [both[0], {"fulfillment_channel_code": "DEFAULT", "quantity": 0}]
    assert guard("change-to-fba", case()).name == "nothing-to-change"


def test_each_marketplace_has_its_own_channel() -> None:
    found = draft(
        "change-to-fba",
        case(marketplace="DE", attributes={"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}], "purchasable_offer": [{"our_price": offer()["our_price"]}]}),
    )
    assert {"fulfillment_channel_code": "AMAZON_EU"} in attribute(found.steps[0].change, "fulfillment_availability")


def test_an_offer_without_a_checked_price_does_not_go_live() -> None:
    assert guard("change-to-fba", case(attributes=MERCHANT | {"purchasable_offer": [offer(our_price=None)]})).name == "price-unknown"
    assert guard("change-to-fba", case(attributes=MERCHANT, row={"symptom": "pricing-error"})).name == "price-error"


@pytest.mark.parametrize("row", [{"symptom": "merchant-fulfilled-dg-info-required"}, {"dangerous_goods_open": True}, {}])
def test_dangerous_goods_are_never_guessed(row: dict[str, Any]) -> None:
    issues = [] if row else [ASKS]
    assert guard("change-to-fba", case(attributes=MERCHANT, row=row, issues=issues)).name == "dangerous-goods-unknown"
    half = Wishes(goods={"SKU-1": {"supplier_declared_dg_hz_regulation": "not_applicable"}})
    assert guard("change-to-fba", case(attributes=MERCHANT, row=row, issues=issues, wishes=half)).name == "dangerous-goods-unknown"
    change = draft("change-to-fba", case(attributes=MERCHANT, row=row, issues=issues, wishes=GOODS)).steps[0].change
    assert attribute(change, "batteries_required") == [{"value": False, **MARK}]
    assert attribute(change, "supplier_declared_dg_hz_regulation") == [{"value": "not_applicable", **MARK}]


def test_the_statements_are_sent_as_they_were_made() -> None:
    asked = case(wishes=GOODS)
    found = draft("submit-dangerous-goods", asked)
    assert {one.attribute for one in found.steps[0].change.patches} == set(GOODS.goods["SKU-1"])
    assert found.fields[0] == Field("batteries_required", None, "false")
    assert undone(asked, found)
    assert guard("submit-dangerous-goods", case()).name == "dangerous-goods-unknown"
    assert guard("submit-dangerous-goods", case(wishes=Wishes(goods={"SKU-1": {"batteries_required": None}}))).name == "dangerous-goods-unknown"
    assert (
        guard("submit-dangerous-goods", case(attributes={"batteries_required": [{"value": False, **MARK}]}, wishes=Wishes(goods={"SKU-1": {"batteries_required": False}}))).name == "nothing-to-change"
    )


ROW = st.fixed_dictionaries({"fulfillment_channel_code": st.sampled_from(["DEFAULT", "AMAZON_NA", "OTHER"])}, optional={"quantity": st.integers(0, 5), "more": st.text(max_size=3)})


@given(rows=st.lists(ROW, max_size=3, unique_by=lambda row: row["fulfillment_channel_code"]))
def test_whatever_the_rows_were_the_merchant_sells_nothing_and_the_undo_brings_all_back(rows: list[dict[str, Any]]) -> None:
    asked = case(attributes={"fulfillment_availability": rows or None})
    found = drafted("change-to-fba", asked)
    if not isinstance(found, Draft):
        assert any(row["fulfillment_channel_code"] == "AMAZON_NA" for row in rows)
        assert all(row.get("quantity") == 0 for row in rows if row["fulfillment_channel_code"] == "DEFAULT")
        return
    written = attribute(found.steps[0].change, "fulfillment_availability")
    assert [row["quantity"] for row in written if row["fulfillment_channel_code"] == "DEFAULT"] == [0]
    assert len([row for row in written if row["fulfillment_channel_code"] == "AMAZON_NA"]) == 1
    assert [{**row, "quantity": 0} if row["fulfillment_channel_code"] == "DEFAULT" else row for row in rows] == written[: len(rows)]
    assert undone(asked, found)
