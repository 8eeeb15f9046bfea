"""Customers: they buy what can be bought, and send some of it back weeks later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import ageing, reasons
from refloat.simulator.world import World

#: How many of the units sold come back.
RETURNED = 0.07
#: The chance that somebody wants the least and the most popular product on a day.
_SHYEST, _KEENEST = 0.02, 0.42
#: What a returned unit turns out to be, by weight: SELLABLE, or a kind of the unsellable.
_DISPOSITIONS: Mapping[str, int] = {"SELLABLE": 6, "customerDamaged": 3, "defective": 1}
_WHY = ("CR-UNWANTED_ITEM", "CR-DEFECTIVE", "NOT_AS_DESCRIBED", "ORDERED_WRONG_ITEM")


@dataclass(frozen=True)
class Sale:
    """Units of one order. ``price`` is for one unit."""

    at: datetime
    order_id: str
    sku: str
    asin: str
    fnsku: str
    units: int
    price: Decimal | None
    currency: str


@dataclass(frozen=True)
class Return:
    """Units of an order that came back. ``disposition``: SELLABLE, customerDamaged, defective."""

    at: datetime
    order_id: str
    sku: str
    asin: str
    fnsku: str
    units: int
    disposition: str
    why: str


@dataclass
class Books:
    """What one seller sold and got back in one marketplace; and by SKU, how much on which day."""

    sales: list[Sale] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    sold: dict[str, list[tuple[date, int]]] = field(default_factory=dict)


def begin(world: World) -> None:
    """Let returns arrive in this world."""
    world.happenings["return-arrives"] = _arrives


def daily(world: World) -> None:
    """A day's customers, SKU by SKU. Every listing has one throw of the day's dice, so that no listing changes another's luck."""
    dice = world.random("customers", world.now.date())
    for listing in list(world.listings.values()):
        luck = dice.random()
        if luck < _KEENEST and luck < popularity(world, listing.marketplace_id, listing.asin):
            _customer(world, listing)


def books(world: World, seller_id: str, marketplace_id: str) -> Books:
    """What was sold and what came back; to be read."""
    room: dict[tuple[str, str], Books] = world.rooms.setdefault("trade", {})
    return room.setdefault((seller_id, marketplace_id), Books())


def sales(world: World, seller_id: str, marketplace_id: str) -> list[Sale]:
    """Every sale, oldest first."""
    return books(world, seller_id, marketplace_id).sales


def returns(world: World, seller_id: str, marketplace_id: str) -> list[Return]:
    """Every return that has arrived, oldest first."""
    return books(world, seller_id, marketplace_id).returns


def units_sold(world: World, seller_id: str, marketplace_id: str, sku: str, days: int) -> int:
    """Units of the SKU sold in the last so many days."""
    since = world.now.date() - timedelta(days=days)
    return sum(units for on, units in books(world, seller_id, marketplace_id).sold.get(sku, ()) if on > since)


def _customer(world: World, listing: Listing) -> None:
    """Somebody wants one to three of it, and buys if it can be bought from Amazon's units."""
    stock = world.stock(listing.seller_id, listing.marketplace_id, listing.sku)
    if stock is not None and stock.fulfillable and listing.by_amazon and reasons.buyable(world, listing):
        wanted = world.random("wanted", listing.seller_id, listing.marketplace_id, listing.sku, world.now.date()).randint(1, 3)
        sell(world, listing, stock, min(wanted, stock.fulfillable))


def popularity(world: World, marketplace_id: str, asin: str) -> float:
    """The chance that somebody orders it on a day."""
    known: dict[tuple[str, str], float] = world.rooms.setdefault("popularity", {})
    if (marketplace_id, asin) not in known:
        known[marketplace_id, asin] = _SHYEST + (_KEENEST - _SHYEST) * world.random("popularity", marketplace_id, asin).random() ** 2
    return known[marketplace_id, asin]


def sell(world: World, listing: Listing, stock: Stock, units: int) -> None:
    """Somebody orders, and Amazon ships."""
    stock.fulfillable -= units
    ageing.settle(stock)
    order_id = _order_id(world)
    own = books(world, listing.seller_id, listing.marketplace_id)
    own.sales.append(Sale(world.now, order_id, listing.sku, listing.asin, listing.fnsku, units, listing.price, PLACES[listing.marketplace_id].currency))
    own.sold.setdefault(listing.sku, []).append((world.now.date(), units))
    world.note("sold", listing.seller_id, listing.marketplace_id, repr(listing.sku), units)
    chance = world.random("return", order_id)
    coming = sum(chance.random() < RETURNED for _ in range(units))
    if coming:
        send_back(world, listing.marketplace_id, stock, order_id, coming, timedelta(days=chance.randint(5, 35), hours=chance.randint(0, 23)))


def send_back(world: World, marketplace_id: str, stock: Stock, order_id: str, units: int, after: timedelta) -> None:  # noqa: PLR0917 - what makes a return
    """A customer sends units back; they arrive after that time, whatever became of the listing."""
    disposition = world.random("returned", order_id).choices(list(_DISPOSITIONS), list(_DISPOSITIONS.values()))[0]
    coming = (world.now + after, units, disposition)
    stock.returns.append(coming)
    world.at(coming[0], "return-arrives", marketplace_id, stock.seller_id, stock.pool, stock.fnsku, order_id, coming)


def _arrives(world: World, marketplace_id: str, seller_id: str, pool: str, fnsku: str, order_id: str, coming: tuple[datetime, int, str]) -> None:  # noqa: PLR0917 - an event's plain values
    stock = world.stocks[seller_id, pool, fnsku]
    stock.returns.remove(coming)
    _, units, disposition = coming
    if disposition == "SELLABLE":
        stock.fulfillable += units
    else:
        stock.unfulfillable[disposition] = stock.unfulfillable.get(disposition, 0) + units
    ageing.arrived(stock, world.now.date(), units)
    why = world.random("why", order_id).choice(_WHY)
    books(world, seller_id, marketplace_id).returns.append(Return(world.now, order_id, stock.sku, stock.asin, fnsku, units, disposition, why))
    world.note("returned", seller_id, marketplace_id, repr(stock.sku), units, disposition)


def _order_id(world: World) -> str:
    digits = world.identity("order", 17)
    return f"{digits[:3]}-{digits[3:10]}-{digits[10:]}"
