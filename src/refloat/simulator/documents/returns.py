"""GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA: what customers sent back (developer-docs "FBA concessions reports")."""

from __future__ import annotations

from collections.abc import Iterator

from refloat.simulator.documents.asked import Asked, Row, day, title
from refloat.simulator.rules import trade

#: How far back the report looks when no dates are asked for.
DAYS = 90
_WORDS = {"SELLABLE": "SELLABLE", "customerDamaged": "CUSTOMER_DAMAGED", "defective": "DEFECTIVE"}


def rows(asked: Asked) -> Iterator[Row]:
    """A row for each return that has arrived in the time asked for."""
    for marketplace_id in asked.marketplace_ids:
        for one in trade.returns(asked.world, asked.seller_id, marketplace_id):
            if asked.covers(one.at, DAYS):
                yield _row(asked, marketplace_id, one)


def _row(asked: Asked, marketplace_id: str, one: trade.Return) -> Row:
    return {
        "return-date": day(one.at),
        "order-id": one.order_id,
        "sku": one.sku,
        "asin": one.asin,
        "fnsku": one.fnsku,
        "product-name": title(asked.world, marketplace_id, one.asin),
        "quantity": str(one.units),
        "fulfillment-center-id": f"XS{asked.place.country}1",
        "detailed-disposition": _WORDS.get(one.disposition, one.disposition.upper()),
        "reason": one.why,
        "status": "Unit returned to inventory",
        "license-plate-number": f"LPNS{one.order_id.replace('-', '')[:12]}",
        "customer-comments": "",
    }
