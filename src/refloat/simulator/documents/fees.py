"""The two reports of storage fees (developer-docs "FBA payments reports"): storage by the month, and the aged surcharge of each 15th."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from refloat.simulator.documents.asked import Asked, Row, condition
from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.places import PLACES, Place
from refloat.simulator.rules import charging, fees

#: How far back the reports look when no dates are asked for: the last charge of a month is among it.
DAYS = 45
#: From how many days on → the tier's name.
_TIERS = {181: "181-210", 211: "211-240", 241: "241-270", 271: "271-300", 301: "301-330", 331: "331-365", 366: "366-455", 456: "456+"}


def storage(asked: Asked) -> Iterator[Row]:
    """GET_FBA_STORAGE_FEE_CHARGES_DATA: a row for each FNSKU and month that was charged."""
    for marketplace_id in asked.one_per_pool():
        for charged in charging.storage(asked.world, asked.seller_id, marketplace_id):
            if asked.covers(_noon(charged.month.replace(day=28)), DAYS):
                yield _storage_row(asked, marketplace_id, charged)


def aged(asked: Asked) -> Iterator[Row]:
    """GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA: a row for each FNSKU and age group on each 15th."""
    for marketplace_id in asked.one_per_pool():
        for charged in charging.surcharges(asked.world, asked.seller_id, marketplace_id):
            if asked.covers(_noon(charged.on), DAYS):
                yield _aged_row(asked, marketplace_id, charged)


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 9, tzinfo=UTC)


def _known(asked: Asked, marketplace_id: str, asin: str) -> tuple[Place, CatalogueEntry | None]:
    """The country that is charged: the first of the pool in which the seller takes part; and what is charged for."""
    pool = PLACES[marketplace_id].pool
    place = next(PLACES[one] for one in asked.world.sellers[asked.seller_id].places if PLACES[one].pool == pool)
    return place, asked.world.entry(place.id, asin)


def _storage_row(asked: Asked, marketplace_id: str, charged: charging.Stored) -> Row:
    place, entry = _known(asked, marketplace_id, charged.asin)
    return {
        "asin": charged.asin,
        "fnsku": charged.fnsku,
        "product_name": entry.title if entry else "",
        "fulfillment_center": f"XS{place.country}1",
        "country_code": place.country,
        "weight": str(entry.pounds) if entry else "",
        "weight_units": "pounds",
        "item_volume": str(charged.cubic_feet),
        "volume_units": "cubic feet",
        "product_size_tier": fees.size(entry).capitalize() if entry else "",
        "average_quantity_on_hand": str(charged.average_units),
        "average_quantity_pending_removal": "0",
        "estimated_total_item_volume": str(charged.average_units * charged.cubic_feet),
        "month_of_charge": f"{charged.month:%Y-%m}",
        "storage_rate": str(charged.rate),
        "currency": charged.currency,
        "estimated_monthly_storage_fee": str(charged.amount),
        "dangerous_goods_storage_type": "--",
        "eligible_for_inventory_discount": "N",
        "qualifies_for_inventory_discount": "N",
        "total_incentive_fee_amount": "0",
        "average_quantity_customer_orders": "0",
    }


def _aged_row(asked: Asked, marketplace_id: str, charged: charging.Surcharged) -> Row:
    place, entry = _known(asked, marketplace_id, charged.asin)
    stock = asked.world.stocks.get((asked.seller_id, place.pool, charged.fnsku))
    return {
        "snapshot-date": charged.on.isoformat(),
        "sku": charged.sku,
        "fnsku": charged.fnsku,
        "asin": charged.asin,
        "product-name": entry.title if entry else "",
        "condition": condition(stock.condition).word if stock else "",
        "per-unit-volume": str(entry.cubic_feet) if entry else "",
        "currency": charged.currency,
        "volume-unit": "cubic feet",
        "country": place.country,
        "qty-charged": str(charged.units),
        "amount-charged": str(charged.amount),
        "surcharge-age-tier": f"{_TIERS.get(charged.from_days, charged.from_days)} days",
        "rate-surcharge": str(charged.rate),
    }
