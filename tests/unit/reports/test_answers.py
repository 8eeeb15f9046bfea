"""Amazon's answers → frames: what a body says, and null for what it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.model import answers
from refloat.model.ports import Answer
from refloat.reports import Kept, read_kept
from refloat.reports.answers import frame_of

AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


def _row(kind: str, body: Any, key: str = "CUP") -> dict[str, Any]:
    return frame_of(kind, answers.written(kind, [Answer(key, body, AT)])).row(0, named=True)


LISTING = {
    "sku": "CUP",
    "summaries": [{"marketplaceId": "ATVPDKIKX0DER", "asin": "B0TEST0001", "status": ["BUYABLE", "DISCOVERABLE"], "fnSku": "X00TEST001"}],
    "attributes": {
        "purchasable_offer": [
            {"audience": "B2B", "our_price": [{"schedule": [{"value_with_tax": 8}]}]},
            {
                "audience": "ALL", "currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 9.99}]}],
                "minimum_seller_allowed_price": [{"schedule": [{"value_with_tax": 9}]}], "maximum_seller_allowed_price": [{"schedule": [{"value_with_tax": 12}]}],
                "start_at": {"value": "2026-01-01T00:00:00Z"}, "end_at": {"value": "2026-11-20T08:00:00+00:00"},
            },
        ]
    },
    "fulfillmentAvailability": [{"fulfillmentChannelCode": "AMAZON_NA"}, {"fulfillmentChannelCode": "DEFAULT", "quantity": 0}],
    "issues": [],
}  # fmt: skip


def test_a_listing_is_read_from_the_consumers_side() -> None:
    """Price, bounds and dates are those of the offer for everybody, not of the business offer that stands first."""
    row = _row("listing-answers", LISTING)
    assert (row["live_exists"], row["live_buyable"], row["live_channel"], row["live_fnsku"]) == (True, True, "fba", "X00TEST001")
    assert (row["live_price"], row["live_bound_min"], row["live_bound_max"]) == (Decimal("9.9900"), Decimal(9), Decimal(12))
    assert (row["live_starts_on"], row["live_ends_on"]) == (date(2026, 1, 1), date(2026, 11, 20))
    assert row["live_issue_category"] is None


def test_no_body_is_no_listing() -> None:
    """Amazon's 404 is an answer; everything else about the SKU stays unknown."""
    row = _row("listing-answers", None)
    assert row["live_exists"] is False
    assert {value for name, value in row.items() if name not in ("sku", "live_at", "live_exists")} == {None}


@pytest.mark.parametrize(
    ("rows", "channel"),
    [
        ([{"fulfillmentChannelCode": "AMAZON_EU"}], "fba"),
        ([{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}], "merchant"),
        ([{"fulfillmentChannelCode": "AMAZON_EU"}, {"fulfillmentChannelCode": "DEFAULT", "quantity": 3}], "merchant"),
        ([], None),
    ],
)
def test_a_default_row_above_zero_is_what_customers_buy(rows: list[dict[str, object]], channel: str | None) -> None:
    """An Amazon channel beside a merchant quantity is the merchant's offer; no row at all is unknown."""
    assert _row("listing-answers", {"fulfillmentAvailability": rows})["live_channel"] == channel


def test_the_gravest_issue_counts() -> None:
    """Out of the catalogue comes before suppressed, an error before a warning."""
    issues = [
        {"severity": "WARNING", "code": "1", "message": "w", "categories": ["MISSING_IMAGE"], "enforcements": {"actions": [{"action": "CATALOG_ITEM_REMOVED"}]}},
        {"severity": "ERROR", "code": "2", "message": "m", "categories": ["MISSING_ATTRIBUTE"]},
        {"severity": "ERROR", "code": "3", "message": "r", "categories": ["QUALIFICATION_REQUIRED"], "enforcements": {"actions": [{"action": "CATALOG_ITEM_REMOVED"}]}},
    ]
    row = _row("listing-answers", {"issues": issues})
    assert (row["live_issue_category"], row["live_issue_code"], row["live_issue_text"]) == ("CATALOG_ITEM_REMOVED", "3", "r")
    assert _row("listing-answers", {"issues": issues[:2]})["live_issue_category"] == "MISSING_ATTRIBUTE"
    assert _row("listing-answers", {"issues": issues[:1]})["live_issue_category"] is None


def test_restrictions_name_the_gravest_code() -> None:
    """No restriction is an answer as well; the brand is named in Amazon's own words."""
    said = [{"reasons": [{"reasonCode": "APPROVAL_REQUIRED", "message": "You need approval to list in this brand."}]}]
    row = _row("restriction-answers", {"restrictions": said}, "B0TEST0001")
    assert (row["live_restricted"], row["live_restriction_code"], row["live_restriction_names_brand"]) == (True, "APPROVAL_REQUIRED", True)
    both = [{"reasons": [*said[0]["reasons"], {"reasonCode": "NOT_ELIGIBLE", "message": "No."}]}]
    assert _row("restriction-answers", {"restrictions": both})["live_restriction_code"] == "NOT_ELIGIBLE"
    none = _row("restriction-answers", {"restrictions": []})
    assert (none["live_restricted"], none["live_restriction_code"], none["live_restriction_names_brand"]) == (False, None, None)


def test_eligibility_tells_an_open_question_of_dangerous_goods() -> None:
    """FBA_INB_0008 is one, a missing dimension is none; an unknown code is kept."""
    row = _row("eligibility-answers", {"isEligibleForProgram": False, "ineligibilityReasonList": ["FBA_INB_0008", "FBA_INB_9999"]})
    assert (row["inbound_eligible"], row["inbound_codes"], row["dangerous_goods_open"]) == (False, "FBA_INB_0008 FBA_INB_9999", True)
    assert _row("eligibility-answers", {"isEligibleForProgram": False, "ineligibilityReasonList": ["FBA_INB_0004"]})["dangerous_goods_open"] is False
    assert _row("eligibility-answers", None)["dangerous_goods_open"] is None


def test_stock_that_is_not_named_is_unknown() -> None:
    """A SKU that Amazon leaves out of its answer has unknown units; a zero is a zero."""
    details = {"fulfillableQuantity": 0, "unfulfillableQuantity": {"totalUnfulfillableQuantity": 2}, "reservedQuantity": {"totalReservedQuantity": 1}, "inboundShippedQuantity": 4}
    row = _row("inventory-answers", {"asin": "B0TEST0001", "fnSku": "X00TEST001", "totalQuantity": 7, "inventoryDetails": details})
    assert (row["inventory_units_total"], row["inventory_units_fulfillable"], row["inventory_units_unfulfillable"], row["inventory_units_inbound"]) == (7, 0, 2, 4)
    assert _row("inventory-answers", None)["inventory_units_total"] is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*LISTING, "restrictions", "reasons", "inventoryDetails", "audience", "status", "quantity"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(answers.KINDS)), st.none() | st.dictionaries(st.sampled_from([*LISTING, "restrictions", "inventoryDetails", "totalQuantity"]), _JSON, max_size=5))
def test_no_body_breaks_the_reading(kind: str, body: dict[str, Any] | None) -> None:
    """Whatever Amazon's body holds, its row is there, and its key is right."""
    assert _row(kind, body)[answers.KINDS[kind]] == "CUP"


def test_a_kept_snapshot_is_read_at_its_own_moment() -> None:
    """The moment is the store's, known and not guessed; a damaged document of answers is said and not used."""
    content = answers.written("inventory-answers", [Answer("CUP", {"totalQuantity": 3}, AT)])
    whole, damaged = read_kept([Kept("US/a", content, "US", "sample", AT), Kept("US/b", content[:-20] + b"\n", "US", "sample", AT)])
    assert whole.frame is not None
    assert (whole.source.report, whole.source.observed_at, whole.source.observed_from, whole.source.rows) == ("inventory-answers", AT, "snapshot", 1)
    assert damaged.frame is None
    assert [warning.code for warning in damaged.warnings] == ["answers-damaged"]


def test_stock_under_two_labels_is_counted_together() -> None:
    """Seven units and none are seven, under no one label; an unknown count makes the sum unknown. Half a letter and a mad price break nothing."""

    def stock(*totals: int | None) -> dict[str, Any]:
        rows = [Answer("CUP", {"fnSku": f"X00TEST{number}", "totalQuantity": total}, AT) for number, total in enumerate(totals)]
        return frame_of("inventory-answers", answers.written("inventory-answers", answers.merged([], rows))).row(0, named=True)

    assert (stock(7, 0)["inventory_units_total"], stock(7, 0)["inventory_fnsku"]) == (7, None)
    assert stock(7, None)["inventory_units_total"] is None
    odd = {
        "itemName": "\ud83d",
        "attributes": {"purchasable_offer": [{"our_price": [{"schedule": [{"value_with_tax": 1e300}]}]}]},
        "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 2**70}],
    }
    row = _row("listing-answers", odd)
    assert (row["live_price"], row["live_merchant_units"], row["live_buyable"]) == (None, None, None)
