"""What the notifications of listings and stock watch: every five minutes what was touched, every hour everything.

It looks only while somebody is subscribed, and only at what can be seen; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import issues, reasons
from refloat.simulator.world import World

OFTEN = timedelta(minutes=5)
STATUS, ISSUES, QUANTITY, AVAILABILITY = "LISTINGS_ITEM_STATUS_CHANGE", "LISTINGS_ITEM_ISSUES_CHANGE", "LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "FBA_INVENTORY_AVAILABILITY_CHANGES"
WATCHED = (STATUS, ISSUES, QUANTITY, AVAILABILITY)

#: What was seen last: (type, seller, marketplace or pool, SKU or FNSKU) → a plain value that differs when something changed.
Seen = dict[tuple[str, str, str, str], Any]


@dataclass
class Watch:
    """Where the watch stands."""

    at: datetime
    all_at: datetime
    seen: Seen = field(default_factory=dict)


def begin(watch: Watch, world: World, name: str, seller_id: str) -> None:
    """Note how everything stands, so that only changes are told from now on."""
    for key, value, _ in _sights(world, name, seller_id, watch.at, everything=True):
        watch.seen[key] = value


def changes(watch: Watch, world: World, subscribed: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(type, seller, payload) of all that changed since the last look, for the subscribed (type, seller)."""
    everything = world.now - watch.all_at >= timedelta(hours=1)
    since, watch.at = watch.at, world.now
    if everything:
        watch.all_at = world.now
    for name, seller_id in subscribed:
        for key, value, noun in _sights(world, name, seller_id, since, everything):
            before = watch.seen.get(key)
            if value != before:
                watch.seen[key] = value
                yield name, seller_id, _payload(world, name, noun, value)


def _sights(world: World, name: str, seller_id: str, since: datetime, everything: bool) -> Iterator[tuple[tuple[str, str, str, str], Any, Listing | Stock]]:
    if name == AVAILABILITY:
        if everything:
            yield from (((name, seller_id, stock.pool, stock.fnsku), _units(stock), stock) for stock in world.stocks.values() if stock.seller_id == seller_id)
        return
    for listing in world.listings.values():
        if listing.seller_id == seller_id and (everything or _touched(listing) >= since):
            yield (name, seller_id, listing.marketplace_id, listing.sku), _sight(world, name, listing), listing


def _touched(listing: Listing) -> datetime:
    return max(listing.updated_at, listing.deleted_at or listing.updated_at)


def _sight(world: World, name: str, listing: Listing) -> Any:
    if name == QUANTITY:
        return listing.channels.get("DEFAULT") if listing.exists else None
    if not listing.exists:
        return ()
    if name == STATUS:
        flags = (("BUYABLE", reasons.shown_buyable(world, listing)), ("DISCOVERABLE", reasons.discoverable(world, listing)))
        return ("LISTED", *(word for word, holds in flags if holds))
    found = issues.issues(world, listing)
    actions = {action["action"] for issue in found for action in issue.get("enforcements", {}).get("actions", ())}
    return tuple(sorted({issue["severity"] for issue in found})), tuple(sorted(actions))


def _units(stock: Stock) -> tuple[int, ...]:
    inbound = (stock.inbound.get(name, 0) for name in ("Working", "Shipped", "Receiving"))
    reserved = (stock.reserved.get(name, 0) for name in ("fcProcessing", "pendingTransshipment", "pendingCustomerOrder"))
    return (*inbound, stock.fulfillable, stock.units_unfulfillable, stock.researching, *reserved)


def _payload(world: World, name: str, noun: Listing | Stock, value: Any) -> dict[str, Any]:
    """The payload in the words of Amazon's schema of the notification."""
    if isinstance(noun, Stock):
        return _of_stock(world, noun, value)
    if name == QUANTITY:
        return {"SellerId": noun.seller_id, "FulfillmentChannelCode": "DEFAULT", "Sku": noun.sku, "Quantity": value or 0}
    named = {"SellerId": noun.seller_id, "MarketplaceId": noun.marketplace_id, "Asin": noun.asin, "Sku": noun.sku}
    if name == STATUS:
        return named | {"CreatedDate": noun.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "Status": [word for word in value if word != "LISTED"]}
    severities, actions = value or ((), ())
    return named | {"Severities": list(severities), "EnforcementActions": list(actions)}


def _of_stock(world: World, stock: Stock, units: tuple[int, ...]) -> dict[str, Any]:
    working, shipped, receiving, fulfillable, unfulfillable, researching, processing, transfer, ordered = units
    inventory = {
        "InboundQuantityBreakdown": {"Working": working, "Shipped": shipped, "Receiving": receiving},
        "Fulfillable": fulfillable,
        "Unfulfillable": unfulfillable,
        "Researching": researching,
        "ReservedQuantityBreakdown": {"WarehouseProcessing": processing, "WarehouseTransfer": transfer, "PendingCustomerOrder": ordered},
        "FutureSupplyBuyable": 0,
        "PendingCustomerOrderInTransit": 0,
    }
    places = [one for one in world.sellers[stock.seller_id].places if PLACES[one].pool == stock.pool]
    entries = ((one, world.entry(one, stock.asin)) for one in places)
    told = [{"MarketplaceId": one, "ItemName": entry.title if entry else "", "FulfillmentInventory": inventory, "Stores": []} for one, entry in entries]
    return {"SellerId": stock.seller_id, "FNSKU": stock.fnsku, "ASIN": stock.asin, "SKU": stock.sku, "FulfillmentInventoryByMarketplace": told}
