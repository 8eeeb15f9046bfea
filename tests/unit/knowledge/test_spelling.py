"""When two spellings are the same: whole strings only, never likeness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.spelling import header_key, reason_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Listing closed", "LISTING_CLOSED"),
        ("Listing  closed", " listing-closed. "),
        ("Ｌｉｓｔｉｎｇ closed", "Listing closed"),
        ("错误分类的 ASIN", "错误分类的ASIN"),
        ("商品已下架", "商品已下架 "),
        ("Merchant fulfilled (DG info required)", "merchant fulfilled DG info required"),
    ],
)
def test_case_blanks_and_punctuation_do_not_count(one: str, other: str) -> None:
    assert reason_key(one) == reason_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("停售的商品", "商品已停售"),
        ("Restricted ASIN", "Restricted Product ASIN"),
        ("Listing closed", "Listing closed and inventory error"),
        ("Merchant fulfilled", "Merchant fulfilled (DG info required)"),
        ("Discontinued listing", "Item discontinued"),
    ],
)
def test_neighbours_stay_apart(one: str, other: str) -> None:
    assert reason_key(one) != reason_key(other)
    symptoms = catalogue().symptom_of(one), catalogue().symptom_of(other)
    assert None not in symptoms
    assert symptoms[0] != symptoms[1]


@given(st.text())
def test_a_key_of_a_key_is_itself(text: str) -> None:
    assert reason_key(reason_key(text)) == reason_key(text)
    assert header_key(header_key(text)) == header_key(text)


@pytest.mark.parametrize(
    ("one", "other"), [("Date-to-take-auto-removal", "date_to take-auto-removal "), ("\ufeffSKU", "sku"), ("卖家 SKU", "卖家-SKU"), ("ASIN 1", "asin-1"), ("SKU\u3000del", "sku del")]
)
def test_headers_compare_without_case_and_separators(one: str, other: str) -> None:
    assert header_key(one) == header_key(other)


@pytest.mark.parametrize(("one", "other"), [("Produkt-ID-Typ", "Produkt-ID"), ("商品IDタイプ", "商品ID"), ("quantité", "quantite"), ("sku", "seller-sku"), ("asin1", "asin 1")])
def test_headers_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert header_key(one) != header_key(other)
