"""One SKU of a seeded world: its catalogue entries, its listings, its units."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, Literal

from refloat.simulator.nouns.catalogue import CatalogueEntry, DangerousGoods
from refloat.simulator.nouns.listing import Attributes, Listing
from refloat.simulator.nouns.places import PLACES, Place
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.nouns.stock import Lot, Stock
from refloat.simulator.rules import attributes as known
from refloat.simulator.rules import fees
from refloat.simulator.seeding import names
from refloat.simulator.world import World

Kind = Literal["selling", "merchant-only", "sold-out", "closed-empty"]
_TYPES = tuple(names.NOUNS)
#: In the second and further marketplaces of a pool, so many of the SKUs are listed too.
_ELSEWHERE = 0.7
#: How many of the smallest coin make one, where it is not a hundred.
_COINS = {"JPY": 1}
#: What an entry asks of a listing, besides what its product type does.
_REQUIRED = ("item_name", "brand", "main_product_image_locator")


def stock(world: World, owner: Seller, number: int, kind: Kind) -> None:
    """Put the n-th sample SKU into the world: once per pool its units, in each marketplace its entry and its listing."""
    chance = world.random("shelf", owner.id, number)
    pools: set[str] = set()
    for entry in known_only(world, owner, number, chance):
        place = PLACES[entry.marketplace_id]
        first = place.pool not in pools
        pools.add(place.pool)
        if first and kind != "merchant-only":
            world.add_stock(_units(world, owner, entry, number, kind, chance))
        if first or chance.random() < _ELSEWHERE:
            world.add_listing(_listing(world, owner, place, entry, number, kind, chance))


def known_only(world: World, owner: Seller, number: int, chance: Random) -> list[CatalogueEntry]:
    """Put the product alone into the catalogue of each of the seller's marketplaces."""
    product_type, brand = _TYPES[_below(chance, len(_TYPES))], names.BRANDS[_below(chance, len(names.BRANDS))]
    first = _entry(PLACES[next(iter(owner.places))], number, product_type, brand, chance)
    return [world.add_entry(_sold_in(first, PLACES[one])) for one in owner.places]


def _units(world: World, owner: Seller, entry: CatalogueEntry, number: int, kind: Kind, chance: Random) -> Stock:  # noqa: PLR0917 - what makes a stock
    """The units of one pool: sellable ones in up to three lots, a few damaged or on their way."""
    own = Stock(owner.id, PLACES[entry.marketplace_id].pool, names.fnsku_of(number), names.sku_of(number), names.asin_of(number), "new_new")
    if kind != "selling":
        return own
    own.fulfillable = _below(chance, 58, 3)
    if chance.random() < 0.1:
        own.unfulfillable["customerDamaged"] = _below(chance, 3, 1)
    if chance.random() < 0.1:
        own.reserved["pendingCustomerOrder"] = _below(chance, 2, 1)
    own.lots = _lots(world, own.on_hand, chance)
    if entry.product_type == "PET_SUPPLIES" and chance.random() < 0.15:
        own.expires_on = world.start.date() + timedelta(days=_below(chance, 440, 60))
    return own


def _lots(world: World, left: int, chance: Random) -> list[Lot]:
    ages = sorted((_below(chance, 395, 5) for _ in range(_below(chance, 3, 1))), reverse=True)
    lots = []
    for age in ages[:-1]:
        part = left // 2
        left -= part
        if part:
            lots.append(Lot((world.start - timedelta(days=age)).date(), part))
    return [*lots, Lot((world.start - timedelta(days=ages[-1])).date(), left)]


def _entry(place: Place, number: int, product_type: str, brand: str, chance: Random) -> CatalogueEntry:
    """The product as one marketplace has it, its price in US dollars."""
    noun, mark = _below(chance, 4), _below(chance, 900, 100)
    return CatalogueEntry(
        marketplace_id=place.id,
        asin=names.asin_of(number),
        title=names.title(noun, mark, product_type, brand, place.language),
        brand=brand,
        product_type=product_type,
        category=names.CATEGORIES[product_type],
        reference_price=Decimal(_below(chance, 8300, 700)) / 100,
        required=_REQUIRED,
        cubic_feet=Decimal(_below(chance, 34, 2)) / 100,
        pounds=Decimal(_below(chance, 38, 2)) / 10,
    )


def _sold_in(entry: CatalogueEntry, place: Place) -> CatalogueEntry:
    """The same product in another marketplace: its language, its currency."""
    if place.id == entry.marketplace_id and place.currency == "USD":
        return entry
    title = names.in_language(entry.title, entry.product_type, place.language)
    price = fees.in_currency(entry.reference_price, place.currency)
    return replace(entry, marketplace_id=place.id, title=title, reference_price=price, enforcements=[], dangerous_goods=DangerousGoods())


def _listing(world: World, owner: Seller, place: Place, entry: CatalogueEntry, number: int, kind: Kind, chance: Random) -> Listing:  # noqa: PLR0917 - what makes a listing
    made = world.start - timedelta(days=_below(chance, 860, 40), minutes=_below(chance, 1440))
    return Listing(
        seller_id=owner.id, marketplace_id=place.id, sku=names.sku_of(number), asin=entry.asin, fnsku=names.fnsku_of(number), condition="new_new",
        product_type=entry.product_type, attributes=_attributes(place, entry, kind, made, chance), created_at=made, updated_at=made, content_saved_at=made,
    )  # fmt: skip


def _attributes(place: Place, entry: CatalogueEntry, kind: Kind, made: datetime, chance: Random) -> Attributes:
    """All that its product type asks for, an offer near the usual price, and a channel."""
    mark = {"marketplace_id": place.id}
    return {
        "item_name": [{"value": entry.title, "language_tag": place.language, **mark}],
        "merchant_suggested_asin": [{"value": entry.asin, **mark}],
        "main_product_image_locator": [{"media_location": f"https://images.example/{entry.asin}.jpg", **mark}],
        **_plain(place.id, entry.product_type, entry.brand),
        "purchasable_offer": [_offer(place, entry, kind, made, chance)],
        "fulfillment_availability": [_channel(place, kind, chance)],
    }


@cache
def _plain(marketplace_id: str, product_type: str, brand: str) -> Attributes:
    """What says the same for every SKU of a brand and type; the rows are shared, because writes replace whole attributes."""
    mark = {"marketplace_id": marketplace_id}
    values: dict[str, Any] = {"brand": brand, "condition_type": "new_new", "country_of_origin": "CN", "batteries_required": False, "supplier_declared_dg_hz_regulation": "not_applicable"}
    more: dict[str, Any] = {"number_of_items": 1, "material": "Sample", "color": "Blue"}
    needed = known.PRODUCT_TYPES[product_type][1]
    rows: Attributes = {name: [{"value": value, **mark}] for name, value in {**values, **{name: more[name] for name in needed if name in more}}.items()}
    if "manufacturer_minimum_age" in needed:
        rows["manufacturer_minimum_age"] = [{"value": 36, "unit": "months", **mark}]
    return rows


def _offer(place: Place, entry: CatalogueEntry, kind: Kind, made: datetime, chance: Random) -> dict[str, Any]:
    """Open without end, a tenth around the usual price, the seller's bounds well around both."""
    coins = int(entry.reference_price * _COINS.get(place.currency, 100)) * _below(chance, 21, 90) // 100
    opened, closed = made.isoformat()[:19] + "Z", (made + timedelta(days=30)).isoformat()[:19] + "Z"
    return {
        "marketplace_id": place.id,
        "currency": place.currency,
        "audience": "ALL",
        "our_price": _schedule(coins, place),
        "minimum_seller_allowed_price": _schedule(coins * 7 // 10, place),
        "maximum_seller_allowed_price": _schedule(coins * 16 // 10, place),
        "start_at": {"value": opened},
        "end_at": {"value": closed if kind == "closed-empty" else None},
    }


def _schedule(coins: int, place: Place) -> list[dict[str, Any]]:
    """An amount as the body of a request carries it: a JSON number."""
    return [{"schedule": [{"value_with_tax": coins if place.currency in _COINS else coins / 100}]}]


def _below(chance: Random, many: int, least: int = 0) -> int:
    """One of so many numbers from ``least`` on; quicker than Python's own, which a hundred thousand SKUs feel."""
    return least + int(chance.random() * many)


def _channel(place: Place, kind: Kind, chance: Random) -> dict[str, Any]:
    return {"fulfillment_channel_code": "DEFAULT", "quantity": _below(chance, 40, 1)} if kind == "merchant-only" else {"fulfillment_channel_code": place.channel}
