"""Deliveries: a seller sends more of what sells well, and it goes through Amazon's three stages of inbound."""

from __future__ import annotations

from datetime import timedelta

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import ageing, reasons
from refloat.simulator.rules.barriers import case_of
from refloat.simulator.world import World

#: Below so many units the seller thinks of sending more, and does so with this chance on a day.
_LOW, _CHANCE = 4, 0.15
#: Stage → what follows, and after how many days; the last is the shelf.
_NEXT = {"Working": ("Shipped", 3), "Shipped": ("Receiving", 6), "Receiving": (None, 2)}


def begin(world: World) -> None:
    """Let deliveries move in this world."""
    world.happenings["delivery-moves"] = _moves


def daily(world: World) -> None:
    """Every seller looks at what runs low and can be sold."""
    for listing in list(world.listings.values()):
        stock = world.stock(listing.seller_id, listing.marketplace_id, listing.sku)
        if stock is not None and stock.fulfillable < _LOW and listing.exists and _wanted(world, listing, stock):
            send(world, stock, world.random("delivery", *_key(stock), world.now.date()).randint(12, 40))


def send(world: World, stock: Stock, units: int) -> None:
    """A delivery sets out."""
    _put(stock, "Working", units)
    world.note("delivery", *_key(stock), units)
    world.later(timedelta(days=_NEXT["Working"][1]), "delivery-moves", *_key(stock), "Working", units)


def _wanted(world: World, listing: Listing, stock: Stock) -> bool:
    """Nothing is on its way, and the offer stands: nobody sends more of what is closed or shipped by the seller."""
    if stock.units_inbound or stock.expires_on is not None or not listing.by_amazon or not _offered(world, listing):
        return False
    return world.random("restock", *_key(stock), listing.marketplace_id, world.now.date()).random() < _CHANCE


def _offered(world: World, listing: Listing) -> bool:
    """Nothing stands in the way of its sale, be there units of it or none: nobody sends more of what was recalled."""
    ended = listing.ends_at is not None and listing.ends_at <= world.now
    return not ended and reasons.barrier(case_of(world, listing.seller_id, listing.marketplace_id, listing.sku)) is None


def _moves(world: World, seller_id: str, pool: str, fnsku: str, stage: str, units: int) -> None:  # noqa: PLR0917 - an event's plain values
    stock = world.stocks[seller_id, pool, fnsku]
    stock.inbound[stage] = stock.inbound.get(stage, 0) - units
    following, _ = _NEXT[stage]
    if following is None:
        stock.fulfillable += units
        ageing.arrived(stock, world.now.date(), units)
        world.note("received", seller_id, pool, fnsku, units)
        return
    _put(stock, following, units)
    world.later(timedelta(days=_NEXT[following][1]), "delivery-moves", seller_id, pool, fnsku, following, units)


def _put(stock: Stock, stage: str, units: int) -> None:
    stock.inbound[stage] = stock.inbound.get(stage, 0) + units


def _key(stock: Stock) -> tuple[str, str, str]:
    return stock.seller_id, stock.pool, stock.fnsku
