"""No reason is stored: each is derived, and only its own cure ends it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from tests.unit.simulator.strandings import ACTS, PLACE, SELLER, SKU, act, barrier, healthy, said, sells, stranded

from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import reasons
from refloat.simulator.rules.said import SAID
from refloat.simulator.seeding.situations import SITUATIONS, VARIANT_REASONS, VARIANTS, strand

_LISTED = {"create-listing", "contact-support"}
_PRICED = {"set-price", "contact-support"}
_PASSES = {"wait", "hold"}
#: Situation → the remedies that end it, each alone. ``create-removal`` stands apart: it takes the units away.
CURES: dict[str, set[str]] = {
    "B2B restricted": set(),
    "Blocked listing": set(),
    "Dangerous goods (upload documents and wait for review)": {"submit-dangerous-goods", "contact-support"},
    "Deleted listing": {"create-listing"},
    "Discontinued listing": _LISTED,
    "Expired product": set(),
    "Food safety investigation": set(),
    "Future listing sell date": {"change-sell-date", "hold"},
    "Inventory error": {"refresh", "contact-support", *_PASSES},
    "Inventory under review": _PASSES,
    "Item discontinued": set(),
    "Item merged": {"contact-support"},
    "Item restricted": {"contact-support"},
    "Listing closed": {"relist-offer"},
    "Listing closed and inventory error": {"relist-offer", "contact-support"},
    "Listing error": {"contact-support"},
    "Listing removed": _LISTED,
    "Merchant fulfilled": {"change-to-fba", "contact-support"},
    "Merchant fulfilled (DG info required)": set(),
    "Miscategorized ASIN": {"change-category", "contact-support"},
    "Missing SKU": {"create-listing", "recreate-listing", "contact-support"},
    "Missing price": {"set-price", "complete"},
    "No listing exists for inventory": _LISTED,
    "Packaging issue": set(),
    "Please review for quality issues": {"refresh", "touch", "contact-support"},
    "Potential high pricing error": _PRICED,
    "Potential logo misuse": {"withdraw", "contact-support"},
    "Potential low pricing error": _PRICED,
    "Potential trademark misuse (self reinstate)": {"withdraw", "contact-support"},
    "Pricing error": _PRICED,
    "Product recall": set(),
    "Product safety investigation": set(),
    "Product update required": {"touch", "recreate-listing"},
    "Qualification required (brand)": set(),
    "Qualification required (category)": set(),
    "Qualification required (item)": set(),
    "Restricted ASIN": set(),
    "Restricted Product ASIN": set(),
    "Restricted program": set(),
    "Trademark misuse": set(),
    "Under hazmat review": {"submit-dangerous-goods", *_PASSES},
    "Unexpected inventory received": _LISTED,
    "content-missing": {"complete"},
    "converted-by-upload": {"change-to-fba", "contact-support"},
    "deleted-by-another": {"create-listing"},
    "link-recreate": {"recreate-listing", "contact-support"},
    "link-relist": {"relist-offer", "create-listing", "recreate-listing", "contact-support"},
    "link-support": {"contact-support"},
    "returned-after-deletion": {"create-listing"},
    "suspended": set(),
    "update-by-recreation": {"recreate-listing"},
}
#: Situation → two remedies, the second of which ends it only after the first; between them it is stranded for another reason.
CHAINS: dict[str, tuple[str, str, str]] = {
    "Blocked listing": ("appeal", "Listing closed", "relist-offer"),
    "Food safety investigation": ("submit-documents", "Listing closed", "relist-offer"),
    "Merchant fulfilled (DG info required)": ("submit-dangerous-goods", "Merchant fulfilled", "change-to-fba"),
    "Product recall": ("submit-documents", "Listing closed", "relist-offer"),
    "Product safety investigation": ("submit-documents", "Listing closed", "relist-offer"),
    "Qualification required (brand)": ("request-approval", "Qualification required (brand)", "refresh"),
    "Qualification required (category)": ("request-approval", "Qualification required (category)", "touch"),
    "Qualification required (item)": ("request-approval", "Qualification required (item)", "refresh"),
    "Restricted ASIN": ("appeal", "Listing closed", "relist-offer"),
    "Restricted Product ASIN": ("contact-support", "Listing closed", "relist-offer"),
    "Trademark misuse": ("contact-support", "Listing closed", "relist-offer"),
}
REASONS = {**{name: name for name in SITUATIONS}, **VARIANT_REASONS}


def test_every_situation_has_its_row() -> None:
    """The matrix has a row for every situation, and the page has words for every reason."""
    assert set(CURES) == set(SITUATIONS) | set(VARIANTS)
    assert set(REASONS.values()) == set(SAID)
    assert set(VARIANTS) == set(VARIANT_REASONS)


def test_a_healthy_sku_is_not_stranded() -> None:
    """What sells has no reason; nor has what is sold out, or only has unsellable units."""
    world = healthy()
    assert sells(world)
    stock = world.stock(SELLER, PLACE, SKU)
    assert stock is not None
    stock.fulfillable, stock.unfulfillable = 0, {"defective": 2}
    assert said(world) is None
    assert not sells(world)


@pytest.mark.parametrize("name", sorted(REASONS))
def test_a_situation_is_read_as_its_reason(name: str) -> None:
    """From the facts of each situation exactly its reason is derived, whether other units are unsellable or not."""
    world = stranded(name)
    assert said(world) == REASONS[name]
    assert not sells(world)


@pytest.mark.parametrize("name", sorted(CURES))
def test_only_its_own_cure_ends_a_stranding(name: str) -> None:
    """Every remedy is tried on every situation: those of its cure make it sell, every other one leaves it stranded."""
    tried = set(ACTS) - {"create-removal"}
    outcome = {remedy: act(stranded(name), remedy) for remedy in sorted(tried)}
    assert {remedy for remedy, world in outcome.items() if sells(world)} == CURES[name]
    assert {remedy for remedy, world in outcome.items() if said(world) is None} == CURES[name]


def test_a_new_price_is_no_relisting() -> None:
    """A lost link that a relisting mends is not mended by a price."""
    assert said(act(stranded("link-relist"), "set-price")) == "Missing SKU"


@pytest.mark.parametrize("name", sorted(CURES))
def test_a_removal_takes_the_units_and_mends_nothing(name: str) -> None:
    """Without units nothing is stranded; but a unit that comes back is, for the reason of before."""
    world = act(stranded(name), "create-removal")
    assert said(world) is None
    assert not sells(world)
    assert barrier(world) == REASONS[name]
    stock = world.stock(SELLER, PLACE, SKU)
    assert stock is not None
    stock.fulfillable = 1
    assert said(world) == REASONS[name]


def test_half_a_removal_leaves_the_rest_stranded() -> None:
    """As long as one unit is left, in whatever state, it is stranded."""
    world = stranded("Restricted program")
    stock = world.stock(SELLER, PLACE, SKU)
    assert stock is not None
    stock.fulfillable, stock.unfulfillable = 0, {"defective": 1}
    assert said(world) == "Restricted program"


@pytest.mark.parametrize("name", sorted(CHAINS))
def test_a_chain_needs_both_halves_in_their_order(name: str) -> None:
    """A won appeal is half the way: the listing stays stranded until it is relisted (or saved, or changed to FBA)."""
    first, between, second = CHAINS[name]
    world = act(stranded(name), first)
    assert said(world) == between
    assert sells(act(world, second))
    assert said(act(stranded(name), second)) == name
    assert said(act(stranded(name), second, first)) is not None


def test_a_deletion_follows_a_removal_not_the_other_way_round() -> None:
    """Deleted before the units are gone, they stay; after it, nothing is left to strand."""
    assert said(act(stranded("Packaging issue"), "delete-listing")) is not None
    world = act(stranded("Packaging issue"), "create-removal", "delete-listing")
    assert said(world) is None
    assert world.listing(SELLER, PLACE, SKU) is None


def test_a_discontinued_item_relists_when_amazon_means_it() -> None:
    """Amazon's page contradicts itself; with the switch, relisting ends it, and still nothing else but that."""
    ended = {remedy for remedy in ACTS if remedy != "create-removal" and sells(act(stranded("Item discontinued", discontinued_item_relists=True), remedy))}
    assert ended == {"relist-offer"}
    assert not sells(act(stranded("Item discontinued", discontinued_item_relists=False), "relist-offer"))


def test_closed_comes_before_a_missing_price() -> None:
    """Two troubles show one after the other, in the documented order."""
    world = stranded("Missing price")
    strand(world, SELLER, PLACE, SKU, "Listing closed")
    world.advance(timedelta(hours=1))
    assert said(world) == "Listing closed"
    assert said(act(world, "relist-offer")) == "Missing price"
    assert sells(act(world, "set-price"))


def test_a_new_fnsku_leaves_the_old_units_behind() -> None:
    """Recreated under another FNSKU, the units are stranded for good: neither relisting nor support brings them back."""
    world = act(stranded("link-recreate", recreate_new_fnsku=True), "recreate-listing")
    assert said(world) == "Missing SKU"
    assert said(act(world, "relist-offer", "contact-support")) == "Missing SKU"


def test_a_merchants_offer_is_buyable_and_the_units_stranded() -> None:
    """The listing is active elsewhere and stranded here."""
    world = stranded("converted-by-upload")
    listing = world.listing(SELLER, PLACE, SKU)
    assert listing is not None
    assert reasons.buyable(world, listing)
    assert said(world) == "Merchant fulfilled"


@pytest.mark.parametrize("shown", [False, True])
def test_the_listings_page_may_disagree(shown: bool) -> None:
    """With the switch a listing stays BUYABLE elsewhere while FBA's own records strand it; a closed one never does."""
    for reason, expected in (("Inventory error", shown), ("Listing closed", False)):
        world = stranded(reason, stranded_shows_buyable=shown)
        listing = world.listing(SELLER, PLACE, SKU)
        assert listing is not None
        assert reasons.shown_buyable(world, listing) is expected
        assert not reasons.buyable(world, listing)


def test_the_newer_words_change_the_label_only() -> None:
    """Amazon renames reasons over the years; the cures stay."""
    assert said(stranded("Merchant fulfilled", newer_reason_names=True)) == "Seller-fulfilled"
    assert said(stranded("Under hazmat review", newer_reason_names=True)) == "Dangerous goods (in review)"
    assert said(stranded("Listing closed", listing_closed_as_code=True)) == "LISTING_CLOSED"
    assert sells(act(stranded("Merchant fulfilled", newer_reason_names=True), "change-to-fba"))


def test_the_page_says_what_amazon_documents() -> None:
    """Actions and statuses are the known ones."""
    rows = [asdict(row) for row in SAID.values()]
    assert {row["action"] for row in rows} == {"Relist", "Create removal order", "Change to Fulfilled by Amazon", "Create a new listing", "Update price", ""}
    assert {row["status_primary"] for row in rows} == {"active", "inactive", "incomplete"}


def test_units_of_a_pool_need_one_listing_only() -> None:
    """Units that are listed in one marketplace of their pool are not "without listing" in the others."""
    world = healthy()
    assert reasons.stranded(world, SELLER, "A2EUQ1WTGCTBG2", SKU) is None
    world.add_stock(Stock(SELLER, "NA", "X00SAMPLE2", "Amazon.Found.B0SAMPLE02", "B0SAMPLE02", "new_new", fulfillable=1))
    found = reasons.stranded(world, SELLER, PLACE, "Amazon.Found.B0SAMPLE02")
    assert found is not None
    assert found.reason == "Unexpected inventory received"
