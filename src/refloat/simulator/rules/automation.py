"""What Amazon does to stranded stock by itself: relist, change to FBA, an e-mail, and in the end the removal.

Seller Central's "Automatic action settings" (by a repost of its help): relisting after 30 days unless the seller says
otherwise, at least 2, for listings that were closed; changing to FBA after 30 days, 0 means within a day, for
merchant-fulfilled ones whose dangerous-goods information is on file. Rows can opt out, and a start date in the future
exempts them. Removal: an e-mail, 30 days, then the seller's disposition (help KQ8DGGU529BJJ7E).
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Participation, Settings
from refloat.simulator.rules import clocks, ordering, removals, strandedlist, writing
from refloat.simulator.rules.strandedlist import Standing
from refloat.simulator.world import World

LEAST_RELIST_DAYS = 2
Key = tuple[str, str, str]


def daily(world: World) -> None:
    """Go through every stranded row of every seller."""
    for seller in world.sellers.values():
        for own in seller.places.values():
            known = strandedlist.standings(world, seller.id, own.marketplace_id)
            for sku, standing in list(known.items()):
                if standing.seen(world.now) and standing.ended_at is None and sku not in own.opted_out:
                    _row(world, own, (seller.id, own.marketplace_id, sku), standing)


def _row(world: World, own: Participation, key: Key, standing: Standing) -> None:
    listing = world.listing(*key)
    if listing is not None and listing.starts_at is not None and listing.starts_at > world.now:
        return
    if listing is not None and _due(world, key, standing, _relist_days(world, own.settings, standing)):
        _relist(world, listing)
    elif listing is not None and _due(world, key, standing, own.settings.change_to_fba_days if standing.found.reason in clocks.MERCHANTS else None):
        _change_to_fba(world, listing)
    _removal(world, own.settings, key)


def _relist_days(world: World, settings: Settings, standing: Standing) -> int | None:
    """After how many days the row is relisted; None: never."""
    relisted = clocks.CLOSED | ({"Item discontinued"} if world.switches.discontinued_item_relists else frozenset())
    if settings.relist_days is None or standing.found.reason not in relisted:
        return None
    return max(settings.relist_days, LEAST_RELIST_DAYS)


def _due(world: World, key: Key, standing: Standing, days: int | None) -> bool:
    """So many days after the stranding; and if that did not help, not before as many have passed again."""
    if days is None:
        return False
    tried: dict[Key, datetime] = world.rooms.setdefault("automation", {})
    last = tried.get(key)
    since = standing.found_at if last is None or last < standing.found_at else last
    if world.now - since < timedelta(days=days):
        return False
    if last is not None and last >= standing.found_at and not days:
        return False
    tried[key] = world.now
    return True


def _relist(world: World, listing: Listing) -> None:
    offers = deepcopy(listing.attributes.get("purchasable_offer", []))
    for offer in offers:
        offer["start_at"] = {"value": world.now.isoformat().replace("+00:00", "Z")}
        offer["end_at"] = {"value": None}
    if offers:
        _write(world, listing, "relist", {"purchasable_offer": offers})


def _change_to_fba(world: World, listing: Listing) -> None:
    rows: list[dict[str, Any]] = [{"fulfillment_channel_code": PLACES[listing.marketplace_id].channel}]
    _write(world, listing, "change-to-fba", {"fulfillment_availability": rows})


def _write(world: World, listing: Listing, what: str, attributes: dict[str, list[dict[str, Any]]]) -> None:
    key = (listing.seller_id, listing.marketplace_id, listing.sku)
    world.note("automatic", what, *key[:2], repr(key[2]))
    writing.write(world, *key, attributes, "amazon", delay=timedelta(0))


# Removal


def mailed_on(world: World, key: Key) -> datetime | None:
    """When Amazon wrote to the seller about this stranding; None: not yet."""
    return _mails(world).get(key)


def _mails(world: World) -> dict[Key, datetime]:
    room: dict[Key, datetime] = world.rooms.setdefault("mails", {})
    return room


def _removal(world: World, settings: Settings, key: Key) -> None:
    """Write to the seller 30 days before; remove the units on the day, unless somebody has ordered that already."""
    on, mails = strandedlist.removal_on(world, *key), _mails(world)
    standing = strandedlist.standings(world, *key[:2])[key[2]]
    if on is None:
        return
    today = world.now.date()
    if today >= on - clocks.NOTICE and mails.get(key, standing.found_at) <= standing.found_at:
        mails[key] = world.now
        world.note("mail", *key[:2], repr(key[2]), "removal", on)
    if today >= on and not removals.ordered(world, *key):
        _remove(world, settings, key)


def _remove(world: World, settings: Settings, key: Key) -> None:
    stock = world.stock(*key)
    if stock is None or not stock.fulfillable + stock.units_unfulfillable:
        return
    disposition = settings.removal_disposition
    nowhere = disposition == "Return" and not settings.removal_address
    barred = disposition == "Liquidations" and PLACES[key[1]].country not in ordering.LIQUIDATED
    item = ordering.Item(key[2], stock.fulfillable, stock.units_unfulfillable)
    order_id = f"AUTO-{world.identity('automatic-removal', 8)}"
    removals.order(world, key[0], key[1], order_id, "Disposal" if nowhere or barred else disposition, settings.removal_address, [item], "amazon")
