"""The reports of FBA stock: Manage FBA Inventory, with and without what is archived, and what is reserved."""

from __future__ import annotations

from collections.abc import Iterator

from refloat.simulator.documents.asked import Asked, Row, condition, price, stocks_by_sku, title
from refloat.simulator.nouns.stock import Stock


def everything(asked: Asked) -> Iterator[Row]:
    """GET_FBA_MYI_ALL_INVENTORY_DATA: archived records (no unit, no listing) included."""
    for marketplace_id in asked.marketplace_ids:
        for stock in stocks_by_sku(asked.world, asked.seller_id, marketplace_id):
            yield _row(asked, marketplace_id, stock)


def unarchived(asked: Asked) -> Iterator[Row]:
    """GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA: what is on hand, on its way, or listed."""
    for marketplace_id in asked.marketplace_ids:
        for stock in stocks_by_sku(asked.world, asked.seller_id, marketplace_id):
            if stock.on_hand or stock.units_inbound or asked.world.listing(asked.seller_id, marketplace_id, stock.sku):
                yield _row(asked, marketplace_id, stock)


def reserved(asked: Asked) -> Iterator[Row]:
    """GET_RESERVED_INVENTORY_DATA: only what has reserved units."""
    for marketplace_id in asked.one_per_pool():
        for stock in stocks_by_sku(asked.world, asked.seller_id, marketplace_id):
            if stock.units_reserved:
                yield {
                    "sku": stock.sku,
                    "fnsku": stock.fnsku,
                    "asin": stock.asin,
                    "product-name": title(asked.world, marketplace_id, stock.asin),
                    "reserved_qty": str(stock.units_reserved),
                    "reserved_customerorders": str(stock.reserved.get("pendingCustomerOrder", 0)),
                    "reserved_fc-transfers": str(stock.reserved.get("pendingTransshipment", 0)),
                    "reserved_fc-processing": str(stock.reserved.get("fcProcessing", 0)),
                }


def _row(asked: Asked, marketplace_id: str, stock: Stock) -> Row:
    listing = asked.world.listing(asked.seller_id, marketplace_id, stock.sku)
    entry = asked.world.entry(marketplace_id, stock.asin)
    by_merchant = listing is not None and "DEFAULT" in listing.channels and not listing.by_amazon
    return {
        "sku": stock.sku,
        "fnsku": stock.fnsku,
        "asin": stock.asin,
        "product-name": entry.title if entry else "",
        "condition": condition(stock.condition).word,
        "your-price": price(listing),
        "mfn-listing-exists": "Yes" if by_merchant else "No",
        "mfn-fulfillable-quantity": str(listing.channels["DEFAULT"] or 0) if listing is not None and by_merchant else "",
        "afn-listing-exists": "Yes" if listing is not None and listing.by_amazon else "No",
        "afn-warehouse-quantity": str(stock.on_hand),
        "afn-fulfillable-quantity": str(stock.fulfillable),
        "afn-unsellable-quantity": str(stock.units_unfulfillable),
        "afn-reserved-quantity": str(stock.units_reserved),
        "afn-total-quantity": str(stock.on_hand + stock.units_inbound),
        "per-unit-volume": str(entry.cubic_feet) if entry else "",
        "afn-inbound-working-quantity": str(stock.inbound.get("Working", 0)),
        "afn-inbound-shipped-quantity": str(stock.inbound.get("Shipped", 0)),
        "afn-inbound-receiving-quantity": str(stock.inbound.get("Receiving", 0)),
        "afn-researching-quantity": str(stock.researching),
        "afn-reserved-future-supply": "0",
        "afn-future-supply-buyable": "0",
    }
