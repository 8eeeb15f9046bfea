"""One SKU of a seeded world: its catalogue entries, its listings, its units."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, Literal

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Attributes, Listing
from refloat.simulator.nouns.places import PLACES, Place
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.nouns.stock import Lot, Stock
from refloat.simulator.rules import attributes as known, fees
from refloat.simulator.seeding import names
from refloat.simulator.world import World

Kind = Literal["selling", "merchant-only", "sold-out", "closed-empty"]
#: In the second and further marketplaces of a pool, so many of the SKUs are listed too.
_ELSEWHERE = 0.7
#: What an entry asks of a listing, besides what its product type does.
_REQUIRED = ("item_name", "brand", "main_product_image_locator")


def stock(world: World, owner: Seller, number: int, kind: Kind) -> None:
    """Put the n-th sample SKU into the world: once per pool its units, in each marketplace its entry and its listing."""
    chance = world.random("shelf", owner.id, number)
    pools: set[str] = set()
    for entry in known_only(world, owner, number):
        place = PLACES[entry.marketplace_id]
        first = place.pool not in pools
        pools.add(place.pool)
        if first and kind != "merchant-only":
            world.add_stock(_units(world, owner, place, number, kind, chance, entry.product_type))
        if first or chance.random() < _ELSEWHERE:
            world.add_listing(_listing(world, owner, place, entry, number, kind, chance))


def known_only(world: World, owner: Seller, number: int) -> list[CatalogueEntry]:
    """Put the product alone into the catalogue of each of the seller's marketplaces."""
    chance = world.random("product", owner.id, number)
    product_type, brand = chance.choice(tuple(names.NOUNS)), chance.choice(names.BRANDS)
    dollars, title = Decimal(chance.randint(700, 9000)) / 100, chance.randrange(10**6)
    return [world.add_entry(_entry(PLACES[one], number, product_type, brand, dollars, title)) for one in owner.places]


def _units(world: World, owner: Seller, place: Place, number: int, kind: Kind, chance: Random, product_type: str) -> Stock:  # noqa: PLR0917 - what makes a stock
    """The units of one pool: sellable ones in up to three lots, a few damaged or on their way."""
    own = Stock(owner.id, place.pool, names.fnsku_of(number), names.sku_of(number), names.asin_of(number), "new_new")
    if kind != "selling":
        return own
    own.fulfillable = chance.randint(3, 60)
    if chance.random() < 0.1:
        own.unfulfillable["customerDamaged"] = chance.randint(1, 3)
    if chance.random() < 0.1:
        own.reserved["pendingCustomerOrder"] = chance.randint(1, 2)
    own.lots = _lots(world, own.on_hand, chance)
    if product_type == "PET_SUPPLIES" and chance.random() < 0.15:
        own.expires_on = world.start.date() + timedelta(days=chance.randint(60, 500))
    return own


def _lots(world: World, left: int, chance: Random) -> list[Lot]:
    ages = sorted((chance.randint(5, 400) for _ in range(chance.randint(1, 3))), reverse=True)
    lots = []
    for age in ages[:-1]:
        part = left // 2
        left -= part
        if part:
            lots.append(Lot((world.start - timedelta(days=age)).date(), part))
    return [*lots, Lot((world.start - timedelta(days=ages[-1])).date(), left)]


def _entry(place: Place, number: int, product_type: str, brand: str, dollars: Decimal, title: int) -> CatalogueEntry:  # noqa: PLR0917 - what makes an entry
    chance = Random(title)  # noqa: S311 - a play: the same words in every marketplace
    return CatalogueEntry(
        marketplace_id=place.id,
        asin=names.asin_of(number),
        title=names.title(chance, product_type, brand, place.language),
        brand=brand,
        product_type=product_type,
        category=names.CATEGORIES[product_type],
        reference_price=fees.in_currency(dollars, place.currency),
        required=_REQUIRED,
        cubic_feet=Decimal(chance.randint(2, 90)) / 100,
        pounds=Decimal(chance.randint(2, 60)) / 10,
    )


def _listing(world: World, owner: Seller, place: Place, entry: CatalogueEntry, number: int, kind: Kind, chance: Random) -> Listing:  # noqa: PLR0917 - what makes a listing
    made = world.start - timedelta(days=chance.randint(40, 900), minutes=chance.randrange(1440))
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
    price = fees.rounded(entry.reference_price * chance.randint(90, 110) / 100, place.currency)
    closed = made + timedelta(days=30)
    return {
        "marketplace_id": place.id,
        "currency": place.currency,
        "audience": "ALL",
        "our_price": _schedule(price),
        "minimum_seller_allowed_price": _schedule(fees.rounded(price * Decimal("0.7"), place.currency)),
        "maximum_seller_allowed_price": _schedule(fees.rounded(price * Decimal("1.6"), place.currency)),
        "start_at": {"value": f"{made:%Y-%m-%dT%H:%M:%SZ}"},
        "end_at": {"value": f"{closed:%Y-%m-%dT%H:%M:%SZ}" if kind == "closed-empty" else None},
    }


def _schedule(amount: Decimal) -> list[dict[str, Any]]:
    """An amount as a request's body would carry it."""
    return [{"schedule": [{"value_with_tax": json.loads(str(amount))}]}]


def _channel(place: Place, kind: Kind, chance: Random) -> dict[str, Any]:
    return {"fulfillment_channel_code": "DEFAULT", "quantity": chance.randint(1, 40)} if kind == "merchant-only" else {"fulfillment_channel_code": place.channel}
