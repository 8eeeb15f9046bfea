"""What makes Amazon refuse a removal order.

The answers are worded as in the one that was published (selling-partner-api-models#4740); where none was, after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from refloat.simulator.nouns.places import BY_COUNTRY, PLACES, Place
from refloat.simulator.world import World

Disposition = Literal["Return", "Disposal", "Liquidations"]

#: Liquidation is not offered everywhere.
LIQUIDATED = frozenset({"US", "GB", "DE", "FR", "IT", "ES"})
#: Countries without a marketplace of their own to which a pool's goods may be sent.
_BESIDES = {"EU": frozenset({"AT", "CZ", "LU"})}
_ADDRESS = ("AddressName", "AddressFieldOne", "AddressCity", "AddressCountryCode", "AddressPostalCode")
MOST_ITEMS = 10_000
_NONE = "No removal order was created."


@dataclass(frozen=True)
class Item:
    """One SKU of an order: units that can be sold and units that cannot."""

    sku: str
    sellable: int
    unsellable: int


def disposition_of(text: str) -> Disposition:
    """Amazon's word for what was asked; connectors write it in capitals too.

    Raises:
        KeyError: there is no such disposition.
    """
    words: dict[str, Disposition] = {"return": "Return", "disposal": "Disposal", "liquidations": "Liquidations"}
    return words[text.strip().casefold()]


def wrong(world: World, seller_id: str, marketplace_id: str, disposition: str, address: dict[str, str], items: list[Item]) -> list[str]:  # noqa: PLR0917 - as the feed names them
    """Everything that is wrong with the order."""
    place = PLACES[marketplace_id]
    found = _wrong_disposition(place, disposition)
    if not found and disposition_of(disposition) == "Return":
        found += _wrong_address(place, address)
    if not items:
        found.append(f"The order has no item. {_NONE}")
    if len(items) > MOST_ITEMS:
        found.append(f"The order has more than {MOST_ITEMS} items. {_NONE}")
    if len({item.sku for item in items}) < len(items):
        found.append(f"A MerchantSKU may stand only once in an order. {_NONE}")
    return found + [text for item in items for text in _wrong_item(world, seller_id, marketplace_id, item)]


def _wrong_disposition(place: Place, disposition: str) -> list[str]:
    try:
        known = disposition_of(disposition)
    except KeyError:
        return [f"RemovalDisposition {disposition} is not valid. {_NONE}"]
    if known == "Liquidations" and place.country not in LIQUIDATED:
        return [f"RemovalDisposition {disposition} is ineligible in your marketplace. {_NONE}"]
    return []


def _wrong_address(place: Place, address: dict[str, str]) -> list[str]:
    missing = [name for name in _ADDRESS if not address.get(name, "").strip()]
    if missing:
        return [f"{', '.join(missing)} is required for a return. {_NONE}"]
    country = address["AddressCountryCode"].strip().upper()
    other = BY_COUNTRY.get(country)
    if country in _BESIDES.get(place.pool, ()) or (other is not None and other.pool == place.pool):
        return []
    return [f"AddressCountryCode {country} is outside the region of the marketplace. {_NONE}"]


def _wrong_item(world: World, seller_id: str, marketplace_id: str, item: Item) -> list[str]:
    stock = world.stock(seller_id, marketplace_id, item.sku)
    if stock is None:
        return [f"MerchantSKU {item.sku} is not in your inventory. {_NONE}"]
    if item.sellable < 0 or item.unsellable < 0 or not item.sellable + item.unsellable:
        return [f"MerchantSKU {item.sku}: the quantity must be above 0. {_NONE}"]
    entry = world.entry(marketplace_id, stock.asin)
    if entry is not None and entry.dangerous_goods.review_until is not None and entry.dangerous_goods.review_until > world.now:
        return [f"MerchantSKU {item.sku} is under dangerous goods review and cannot be removed now. {_NONE}"]
    wanted = (("SellableQuantity", item.sellable, stock.fulfillable), ("UnsellableQuantity", item.unsellable, stock.units_unfulfillable))
    held = f" {stock.units_reserved} more are reserved." if stock.units_reserved else ""
    return [f"{name} {asked} of MerchantSKU {item.sku} exceeds the {there} available.{held} {_NONE}" for name, asked, there in wanted if asked > there]
