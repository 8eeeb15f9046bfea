"""The listings reports: all, inactive, suppressed. A deleted listing is in none of them, a closed one stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

from refloat.simulator.documents.asked import Asked, Row, condition, listings_by_sku, local, own_title, price
from refloat.simulator.nouns.listing import Listing
from refloat.simulator.rules import issues, reasons

#: Enforcements that take a listing out of search or out of sale.
_SUPPRESSED = {"CATALOG_ITEM_REMOVED": "Detail Page Removed", "LISTING_SUPPRESSED": "Inactive", "SEARCH_SUPPRESSED": "Search Suppressed"}


def every(asked: Asked) -> Iterator[Row]:
    """GET_MERCHANT_LISTINGS_ALL_DATA, for the first marketplace."""
    for listing in _listings(asked):
        yield _row(asked, listing) | {"status": standing(asked, listing)}


def inactive(asked: Asked) -> Iterator[Row]:
    """GET_MERCHANT_LISTINGS_INACTIVE_DATA: the same without what can be bought, and without the status."""
    for listing in _listings(asked):
        if standing(asked, listing) != "Active":
            yield _row(asked, listing)


def suppressed(asked: Asked) -> Iterator[Row]:
    """GET_MERCHANTS_LISTINGS_FYP_REPORT: what Amazon suppressed, a row for each issue that did it."""
    for listing in _listings(asked):
        for issue in issues.issues(asked.world, listing):
            if word := _suppression(issue):
                yield _suppressed_row(asked, listing, issue, word)


def standing(asked: Asked, listing: Listing) -> str:
    """Active, Inactive or Incomplete, as Manage Inventory calls it."""
    if reasons.shown_buyable(asked.world, listing):
        return "Active"
    return "Incomplete" if listing.price is None or not listing.condition else "Inactive"


def _listings(asked: Asked) -> list[Listing]:
    return listings_by_sku(asked.world, asked.seller_id, asked.place.id)


def _row(asked: Asked, listing: Listing) -> Row:
    by_amazon, quantity = listing.by_amazon, listing.channels.get("DEFAULT")
    return {
        "item-name": own_title(asked.world, listing),
        "item-description": str((listing.attributes.get("product_description") or [{}])[0].get("value", "")),
        "listing-id": f"1122{crc32(listing.sku.encode()):08X}",
        "seller-sku": listing.sku,
        "price": price(listing),
        "quantity": "" if by_amazon or quantity is None else str(quantity),
        "open-date": local(listing.created_at, asked.place),
        "item-is-marketplace": "y",
        "product-id-type": "1",
        "item-note": str((listing.attributes.get("condition_note") or [{}])[0].get("value", "")),
        "item-condition": condition(listing.condition).number,
        "asin1": listing.asin,
        "product-id": listing.asin,
        "pending-quantity": "" if by_amazon else "0",
        "fulfillment-channel": asked.place.channel if by_amazon else "DEFAULT",
        "merchant-shipping-group": "" if by_amazon else "Default shipping template",
    }


def _suppression(issue: dict[str, Any]) -> str:
    actions = {action["action"] for action in issue.get("enforcements", {}).get("actions", ())}
    return next((word for action, word in _SUPPRESSED.items() if action in actions), "")


def _suppressed_row(asked: Asked, listing: Listing, issue: dict[str, Any], word: str) -> Row:
    category = next(iter(issue.get("categories", ())), "")
    changed = listing.updated_at
    return {
        "Status": word,
        "Reason": category.split("_")[0].capitalize(),
        "SKU": listing.sku,
        "ASIN": listing.asin,
        "Product name": own_title(asked.world, listing),
        "Condition": condition(listing.condition).word,
        "Status Change Date": f"{changed:%b} {changed.day}, {changed.year}",
        "Issue Description": str(issue.get("message", "")),
    }
