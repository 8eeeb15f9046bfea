"""Other programs that write to a seller's listings: they are why stock is stranded that nobody touched.

A **repricer** moves prices, mostly within the seller's bounds. An **ERP** uploads quantities, and now and then fills one
in for an FBA offer, which makes it merchant-fulfilled (Seller Central help 201436600). A **tidier** deletes listings
that are sold out: what customers send back later has nowhere to go.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.rules import fees, writing
from refloat.simulator.world import World


@dataclass
class Toolbox:
    """How often each tool writes to a listing on a day, 0 to 1."""

    #: A new price within the bounds.
    repricer: float = 0.03
    #: Of the repricer's prices, how many are wrong by a factor of ten.
    slips: float = 0.0
    #: A quantity where none may stand.
    erp: float = 0.0
    #: A listing without units deleted.
    tidier: float = 0.0


def toolbox(world: World, seller_id: str) -> Toolbox:
    """The seller's tools; change its numbers to let them write more."""
    room: dict[str, Toolbox] = world.rooms.setdefault("tools", {})
    return room.setdefault(seller_id, Toolbox())


def daily(world: World) -> None:
    """A day's writes of every tool of every seller. Every listing has one throw of the day's dice."""
    dice = world.random("tools", world.now.date())
    for listing in list(world.listings.values()):
        luck = dice.random()
        tool = _at_work(toolbox(world, listing.seller_id), luck) if listing.exists else None
        if tool is not None:
            _TOOLS[tool](world, listing, world.random(tool, *_key(listing), world.now.date()))


def _at_work(own: Toolbox, luck: float) -> str | None:
    """The tool that writes today; at most one does."""
    for name, chance in (("repricer", own.repricer), ("erp", own.erp), ("tidier", own.tidier)):
        if luck < chance:
            return name
        luck -= chance
    return None


def _reprice(world: World, listing: Listing, chance: Random) -> None:
    price = listing.price
    if price is None:
        return
    lowest, highest = listing.bounds
    currency = listing.offer.get("currency", "USD")
    wanted = fees.rounded(price * Decimal(chance.randint(97, 103)) / 100, currency)
    slips = chance.random() < toolbox(world, listing.seller_id).slips
    wanted = price * 10 if slips else min(max(wanted, lowest or wanted), highest or wanted)
    offers = deepcopy(listing.attributes["purchasable_offer"])
    own = next(offer for offer in offers if offer.get("audience", "ALL") == "ALL")
    own["our_price"] = [{"schedule": [{"value_with_tax": number(wanted)}]}]
    writing.write(world, *_key(listing), {"purchasable_offer": offers}, "repricer")


def _upload(world: World, listing: Listing, chance: Random) -> None:
    """A quantity, typed into a template that also covers FBA offers."""
    if listing.by_amazon:
        rows = [{"fulfillment_channel_code": "DEFAULT", "quantity": chance.randint(1, 60)}]
        writing.write(world, *_key(listing), {"fulfillment_availability": rows}, "upload")


def _tidy(world: World, listing: Listing, _: Random) -> None:
    """Sold out, so away with it, though a customer's return may be on its way."""
    stock = world.stock(*_key(listing))
    if stock is None or not (stock.on_hand or stock.units_inbound):
        writing.delete(world, *_key(listing), "erp")


_TOOLS: dict[str, Callable[[World, Listing, Random], None]] = {"repricer": _reprice, "erp": _upload, "tidier": _tidy}


def number(amount: Decimal) -> Any:
    """An amount as JSON has it: attributes hold what a request's body would."""
    return json.loads(str(amount))


def _key(listing: Listing) -> tuple[str, str, str]:
    return listing.seller_id, listing.marketplace_id, listing.sku
