"""GET_FBA_INVENTORY_PLANNING_DATA: age, sales and what the aged surcharge will be, by Amazon's own reckoning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from refloat.simulator.documents.asked import Asked, Row, condition, price, stocks_by_sku
from refloat.simulator.documents.headers import AIS_TIERS
from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.places import PLACES, Place
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import fees, trade

#: Age columns, and the days that they count.
_AGES = (("0-to-90", 0, 90), ("91-to-180", 91, 180), ("181-to-270", 181, 270), ("271-to-365", 271, 365), ("365-plus", 366, 100_000))
_DAYS = (7, 30, 60, 90)
_UNSOLD = {name: "0" for days in _DAYS for name in (f"units-shipped-t{days}", f"sales-shipped-last-{days}-days")} | {"sell-through": "0.00"}
#: Tiers of the surcharge with their ages in days; and what they say of stock that is too young for all of them.
_TIERS = [(tier, *((366, 100_000) if tier == "365-plus" else map(int, tier.split("-")))) for tier in AIS_TIERS]
_YOUNG = {name: "0" for tier in AIS_TIERS for name in (f"quantity-to-be-charged-ais-{tier}-days", f"estimated-ais-{tier}-days")}
Ages = Sequence[tuple[int, int]]


def rows(asked: Asked) -> Iterator[Row]:
    """A row for each SKU with units."""
    for marketplace_id in asked.marketplace_ids:
        for stock in stocks_by_sku(asked.world, asked.seller_id, marketplace_id):
            if stock.on_hand or stock.units_inbound:
                yield _row(asked, PLACES[marketplace_id], stock)


def _row(asked: Asked, place: Place, stock: Stock) -> Row:
    world, today = asked.world, asked.world.now.date()
    entry, listing = world.entry(place.id, stock.asin), world.listing(asked.seller_id, place.id, stock.sku)
    ages = [((today - lot.received_on).days, lot.units) for lot in stock.lots]
    return {
        "snapshot-date": today.isoformat(),
        "sku": stock.sku,
        "fnsku": stock.fnsku,
        "asin": stock.asin,
        "product-name": entry.title if entry else "",
        "condition": condition(stock.condition).word,
        "available": str(stock.fulfillable),
        "pending-removal-quantity": str(stock.in_removal),
        "currency": place.currency,
        "your-price": price(listing),
        "sales-price": price(listing),
        "marketplace": place.country,
        "product-group": entry.category if entry else "",
        "storage-type": "Standard-size" if entry is None or fees.size(entry) == "standard" else "Oversize",
        **{f"inv-age-{name}-days": str(_aged(ages, youngest, oldest)) for name, youngest, oldest in _AGES},
        **_sold(asked, place, stock, listing.price if listing else None),
        **_quantities(stock),
        **(_fees(entry, stock, ages, today, place.currency) if entry else {}),
    }


def _aged(ages: Ages, youngest: int, oldest: int) -> int:
    """The units that have lain so many days, both ends included."""
    return sum(units for days, units in ages if youngest <= days <= oldest)


def _sold(asked: Asked, place: Place, stock: Stock, worth: Decimal | None) -> Row:
    if not trade.units_sold(asked.world, asked.seller_id, place.id, stock.sku, 180):
        return _UNSOLD | {"no-sale-last-6-months": str(stock.fulfillable)}
    sold = {days: trade.units_sold(asked.world, asked.seller_id, place.id, stock.sku, days) for days in _DAYS}
    weekly = Decimal(sold[90]) * 7 / 90
    return {
        **{f"units-shipped-t{days}": str(units) for days, units in sold.items()},
        **{f"sales-shipped-last-{days}-days": str(units * (worth or 0)) for days, units in sold.items()},
        "sell-through": f"{Decimal(sold[90]) / max(1, stock.fulfillable):.2f}",
        "weeks-of-cover-t90": f"{stock.fulfillable / weekly:.0f}" if weekly else "",
        "days-of-supply": f"{stock.fulfillable * 7 / weekly:.0f}" if weekly else "",
    }


def _quantities(stock: Stock) -> Row:
    return {
        "inbound-quantity": str(stock.units_inbound),
        "inbound-working": str(stock.inbound.get("Working", 0)),
        "inbound-shipped": str(stock.inbound.get("Shipped", 0)),
        "inbound-received": str(stock.inbound.get("Receiving", 0)),
        "reserved-quantity": str(stock.units_reserved),
        "unfulfillable-quantity": str(stock.units_unfulfillable),
    }


def _fees(entry: CatalogueEntry, stock: Stock, ages: Ages, today: date, currency: str) -> Row:
    """What the next month's storage and the next 15th's surcharge will cost."""
    storage = fees.rounded(fees.storage_rate(entry, today, currency) * entry.cubic_feet * stock.on_hand, currency)
    cells = {
        "item-volume": str(entry.cubic_feet),
        "volume-unit-measurement": "cubic feet",
        "storage-volume": str(entry.cubic_feet * stock.on_hand),
        "estimated-storage-cost-next-month": str(storage),
    }
    if all(days < _TIERS[0][1] for days, _ in ages):
        return cells | _YOUNG
    for tier, youngest, oldest in _TIERS:
        charged = [(days, units) for days, units in ages if youngest <= days <= oldest]
        cells[f"quantity-to-be-charged-ais-{tier}-days"] = str(sum(units for _, units in charged))
        cells[f"estimated-ais-{tier}-days"] = str(sum((fees.aged(entry, days, units, currency) for days, units in charged), Decimal(0)))
    return cells
