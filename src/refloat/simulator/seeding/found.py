"""Units that turned up without a listing: Amazon gives them a SKU of its own making, ``Amazon.Found.`` and the ASIN."""

from __future__ import annotations

from datetime import timedelta

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.nouns.stock import Lot, Stock
from refloat.simulator.seeding import names, shelf
from refloat.simulator.world import World

REASON = "Unexpected inventory received"


def sku_of(number: int) -> str:
    """The SKU that Amazon gives to found units of the n-th sample's ASIN."""
    return f"Amazon.Found.{names.asin_of(number)}"


def arrive(world: World, owner: Seller, number: int) -> None:
    """The product is known, nobody lists it, and some units of it lie in the seller's first pool."""
    chance = world.random("found", owner.id, number)
    shelf.known_only(world, owner, number, chance)
    place = PLACES[next(iter(owner.places))]
    units = chance.randint(1, 12)
    own = Stock(owner.id, place.pool, names.fnsku_of(number), sku_of(number), names.asin_of(number), "new_new", fulfillable=units)
    own.found_on = (world.start - timedelta(days=4)).date()
    own.lots = [Lot(own.found_on, units)]
    world.add_stock(own)
