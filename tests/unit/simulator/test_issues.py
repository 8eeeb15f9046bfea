"""What the APIs say about a stranded listing agrees with why it is stranded."""

from __future__ import annotations

import pytest
from tests.unit.simulator.strandings import ASIN, PLACE, SELLER, SKU, act, healthy, stranded

from refloat.simulator.rules import issues, reasons
from refloat.simulator.rules.said import FBA_SIDE
from refloat.simulator.seeding.situations import SITUATIONS
from refloat.simulator.world import World

CATEGORIES = {"INVALID_ATTRIBUTE", "MISSING_ATTRIBUTE", "INVALID_IMAGE", "MISSING_IMAGE", "INVALID_PRICE", "MISSING_PRICE", "DUPLICATE", "QUALIFICATION_REQUIRED"}
ACTIONS = {"LISTING_SUPPRESSED", "SEARCH_SUPPRESSED", "ATTRIBUTE_SUPPRESSED", "CATALOG_ITEM_REMOVED"}


def _issues(world: World) -> list[issues.Issue]:
    listing = world.listing(SELLER, PLACE, SKU)
    return issues.issues(world, listing) if listing is not None else []


@pytest.mark.parametrize("reason", sorted(SITUATIONS))
def test_issues_have_amazons_form(reason: str) -> None:
    """Every issue has the parts and the words of the published model, and names the marketplace."""
    for issue in _issues(stranded(reason)):
        assert issue["severity"] in {"ERROR", "WARNING", "INFO"}
        assert set(issue["categories"]) <= CATEGORIES
        assert issue["marketplaceIds"] == [PLACE]
        if "enforcements" in issue:
            assert {one["action"] for one in issue["enforcements"]["actions"]} <= ACTIONS
            assert issue["enforcements"]["exemption"] == {"status": "NOT_EXEMPT"}


@pytest.mark.parametrize(
    ("reason", "category", "action"),
    [
        ("Missing price", "MISSING_PRICE", "LISTING_SUPPRESSED"),
        ("Pricing error", "INVALID_PRICE", "LISTING_SUPPRESSED"),
        ("Potential high pricing error", "INVALID_PRICE", "LISTING_SUPPRESSED"),
        ("content-missing", "MISSING_ATTRIBUTE", "LISTING_SUPPRESSED"),
        ("Potential logo misuse", "INVALID_IMAGE", "LISTING_SUPPRESSED"),
        ("Qualification required (item)", "QUALIFICATION_REQUIRED", "LISTING_SUPPRESSED"),
        ("Item merged", "DUPLICATE", "LISTING_SUPPRESSED"),
        ("Blocked listing", None, "CATALOG_ITEM_REMOVED"),
    ],
)
def test_the_evidence_is_there(reason: str, category: str | None, action: str) -> None:
    """Category and enforcement tell these apart without the report."""
    found = _issues(stranded(reason))
    assert [(issue["categories"], issue["enforcements"]["actions"][0]["action"]) for issue in found] == [([category] if category else [], action)]


@pytest.mark.parametrize("reason", ["Listing closed", "Future listing sell date", "Merchant fulfilled", "Inventory error", "Missing SKU", "Expired product"])
def test_some_strandings_raise_no_issue(reason: str) -> None:
    """A closed offer, a date, a channel and FBA's own records are no issues of the listing."""
    assert _issues(stranded(reason)) == []


def test_a_healthy_listing_has_nothing_against_it() -> None:
    """No issue, no restriction, eligible."""
    world = healthy()
    assert _issues(world) == []
    assert issues.restrictions(world, SELLER, PLACE, ASIN, "new_new") == []
    assert issues.ineligibility(world, SELLER, PLACE, ASIN, "INBOUND") == []


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("Qualification required (brand)", ["APPROVAL_REQUIRED"]),
        ("Restricted ASIN", ["NOT_ELIGIBLE"]),
        ("B2B restricted", ["NOT_ELIGIBLE"]),
        ("Listing closed", []),
    ],
)
def test_restrictions_follow_the_facts(reason: str, codes: list[str]) -> None:
    """Approval has a way forward, a bar has none."""
    world = stranded(reason)
    found = issues.restrictions(world, SELLER, PLACE, ASIN, "new_new")
    assert [one["reasonCode"] for row in found for one in row["reasons"]] == codes
    assert all(bool(one["links"]) == (one["reasonCode"] == "APPROVAL_REQUIRED") for row in found for one in row["reasons"])


def test_an_approval_ends_the_restriction_before_the_stranding() -> None:
    """Leave is given, nothing restricts any more; the units wait for the save."""
    world = act(stranded("Qualification required (brand)"), "request-approval")
    assert issues.restrictions(world, SELLER, PLACE, ASIN) == []
    assert reasons.stranded(world, SELLER, PLACE, SKU) is not None


def test_an_unknown_asin_is_not_found() -> None:
    """Restrictions and eligibility say so in their own codes."""
    world = healthy()
    assert issues.restrictions(world, SELLER, PLACE, "B0NOWHERE1")[0]["reasons"][0]["reasonCode"] == "ASIN_NOT_FOUND"
    assert issues.ineligibility(world, SELLER, PLACE, "B0NOWHERE1", "INBOUND") == ["FBA_INB_0017"]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("Merchant fulfilled (DG info required)", "FBA_INB_0008"),
        ("Dangerous goods (upload documents and wait for review)", "FBA_INB_0009"),
        ("Under hazmat review", "FBA_INB_0014"),
        ("Item discontinued", "FBA_INB_0051"),
        ("Qualification required (brand)", "FBA_INB_0098"),
        ("Food safety investigation", "FBA_INB_0197"),
    ],
)
def test_ineligibility_has_amazons_codes(reason: str, code: str) -> None:
    """The code that fbaInbound.json gives for each ground, alone."""
    assert issues.ineligibility(stranded(reason), SELLER, PLACE, ASIN, "INBOUND") == [code]


def test_a_page_that_is_taken_down_is_not_discoverable() -> None:
    """Enforced and suppressed products are out of sight, a closed offer is not."""
    for reason, expected in (("Restricted ASIN", False), ("Potential logo misuse", False), ("Listing closed", True)):
        world = stranded(reason)
        listing = world.listing(SELLER, PLACE, SKU)
        assert listing is not None
        assert reasons.discoverable(world, listing) is expected
    assert set(SITUATIONS) > FBA_SIDE
