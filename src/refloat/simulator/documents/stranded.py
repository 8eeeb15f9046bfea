"""The two stranded reports: Amazon's page, and the file of Bulk Fix Stranded Inventory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from refloat.simulator.documents.asked import Asked, Row, condition, price
from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.rules import strandedlist

#: Of what the fault ``unseen-reason`` speaks: words that stand on no page of Amazon's.
UNSEEN = "Moonlight storage exception"


def page(asked: Asked) -> Iterator[Row]:
    """GET_STRANDED_INVENTORY_UI_DATA: the rows of Fix stranded inventory, as far as the page has caught up."""
    for marketplace_id in asked.marketplace_ids:
        for row in strandedlist.rows(asked.world, asked.seller_id, marketplace_id):
            yield _page_row(asked, marketplace_id, row)


def loader(asked: Asked) -> Iterator[Row]:
    """GET_STRANDED_INVENTORY_LOADER_DATA: the same without what must be removed.

    As in Amazon's own sample the quantity is filled and the fulfilment centre is empty: uploaded as it is, the
    file would turn the offers merchant-fulfilled.
    """
    for marketplace_id in asked.marketplace_ids:
        for row in strandedlist.rows(asked.world, asked.seller_id, marketplace_id):
            if row.found.action != "Create removal order":
                yield _loader_row(asked, marketplace_id, row)


def _page_row(asked: Asked, marketplace_id: str, row: strandedlist.Row) -> Row:
    world, found = asked.world, row.found
    stock, listing = world.stock(asked.seller_id, marketplace_id, row.sku), world.listing(asked.seller_id, marketplace_id, row.sku)
    cells = {
        "primary-action": found.action,
        "date-stranded": row.since.date().isoformat(),
        "Date-to-take-auto-removal": _removal(asked, row.removal_on),
        "status-primary": found.status_primary,
        "status-secondary": found.status_secondary,
        "error-message": found.error,
        "stranded-reason": found.reason,
        "asin": row.asin,
        "sku": row.sku,
        "fnsku": row.fnsku,
        "product-name": row.title,
        "condition": condition(row.condition).word,
        "fulfilled-by": _fulfilled_by(listing, marketplace_id),
        "your-price": price(listing),
        "program": "FBA",
    }
    if stock is not None:
        cells |= {
            "fulfillable-qty": str(stock.fulfillable),
            "unfulfillable-qty": str(stock.units_unfulfillable),
            "reserved-quantity": str(stock.units_reserved),
            "inbound-shipped-qty": str(stock.inbound.get("Shipped", 0)),
        }
    return cells


def _loader_row(asked: Asked, marketplace_id: str, row: strandedlist.Row) -> Row:
    listing = asked.world.listing(asked.seller_id, marketplace_id, row.sku)
    stock = asked.world.stock(asked.seller_id, marketplace_id, row.sku)
    lowest, highest = listing.bounds if listing else (None, None)
    return {
        "sku": row.sku,
        "product-id": row.asin,
        "product-id-type": "1",
        "price": price(listing),
        "minimum-seller-allowed-price": str(lowest or ""),
        "maximum-seller-allowed-price": str(highest or ""),
        "item-condition": condition(row.condition).number,
        "quantity": str(stock.fulfillable if stock else 0),
        "add-delete": "a",
    }


def _removal(asked: Asked, on: date | None) -> str:
    if on is None:
        return ""
    return f"{on.isoformat()}T00:00:00Z" if asked.world.switches.removal_date_with_time else on.isoformat()


def _fulfilled_by(listing: Listing | None, marketplace_id: str) -> str:
    return "DEFAULT" if listing is not None and listing.channels and not listing.by_amazon else PLACES[marketplace_id].channel
