"""The two removal reports: the orders, and what left the fulfilment centres for them (developer-docs "FBA removals reports")."""

from __future__ import annotations

from collections.abc import Iterator

from refloat.simulator.documents.asked import Asked, Row, day
from refloat.simulator.rules import removals

#: How far back the reports look when no dates are asked for.
DAYS = 90


def orders(asked: Asked) -> Iterator[Row]:
    """GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA: a row for each SKU and disposition of an order that moved in the time."""
    for marketplace_id in asked.marketplace_ids:
        for order in removals.orders(asked.world, asked.seller_id, marketplace_id):
            if asked.covers(order.updated_at, DAYS):
                yield from (_line(order, line) for line in order.lines)


def shipments(asked: Asked) -> Iterator[Row]:
    """GET_FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA: a row for each parcel and SKU."""
    for marketplace_id in asked.marketplace_ids:
        for parcel in removals.shipments(asked.world, asked.seller_id, marketplace_id):
            if asked.covers(parcel.shipped_at, DAYS):
                yield {
                    "request-date": day(parcel.requested_at),
                    "order-id": parcel.order_id,
                    "shipment-date": day(parcel.shipped_at),
                    "sku": parcel.sku,
                    "fnsku": parcel.fnsku,
                    "disposition": _disposition(parcel.sellable),
                    "shipped-quantity": str(parcel.units),
                    "carrier": parcel.carrier,
                    "tracking-number": parcel.tracking,
                    "removal-order-type": parcel.disposition,
                }


def _line(order: removals.Order, line: removals.Line) -> Row:
    return {
        "request-date": day(order.requested_at),
        "order-id": order.order_id,
        "order-type": order.disposition,
        "service-speed": "Standard",
        "order-status": order.progress,
        "last-updated-date": day(order.updated_at),
        "sku": line.sku,
        "fnsku": line.fnsku,
        "disposition": _disposition(line.sellable),
        "requested-quantity": str(line.requested),
        "cancelled-quantity": str(line.cancelled),
        "disposed-quantity": str(line.disposed),
        "shipped-quantity": str(line.shipped),
        "in-process-quantity": str(line.under_way),
        "removal-fee": str(line.fee),
        "currency": order.currency,
    }


def _disposition(sellable: bool) -> str:
    return "Sellable" if sellable else "Unsellable"
