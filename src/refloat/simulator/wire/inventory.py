"""FBA Inventory API v1 (fbaInventory.json): getInventorySummaries. The three operations of Amazon's dynamic sandbox are not played.

A list of many pages is fixed when its first page is asked for; each ``nextToken`` lives for 30 seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from refloat.simulator.documents.asked import condition
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.wire.asked import marketplaces, moment_asked, seller_of, wrong
from refloat.simulator.wire.moments import spoken, turned_on
from refloat.simulator.wire.speech import Call, Reply, Route
from refloat.simulator.world import World

PAGE = 50
MOST_SKUS = 50
TOKEN_LIFETIME = timedelta(seconds=30)
_UNFULFILLABLE = ("customerDamaged", "warehouseDamaged", "distributorDamaged", "carrierDamaged", "defective", "expired")
_RESERVED = ("pendingCustomerOrder", "pendingTransshipment", "fcProcessing")


@dataclass(frozen=True)
class Page:
    """What a nextToken leads to: the whole list, fixed, and where it goes on."""

    skus: tuple[str, ...]
    at: int
    until: datetime
    marketplace_id: str


def summaries(world: World, call: Call) -> Reply:
    """getInventorySummaries."""
    marketplace_id = marketplaces(call, most=1)[0]
    if call.one("granularityType") != "Marketplace" or call.one("granularityId") != marketplace_id:
        raise wrong("granularityType must be Marketplace, and granularityId that of marketplaceIds.")
    skus, start = _list(world, call, marketplace_id)
    found = [world.stock(seller_of(call).id, marketplace_id, sku) for sku in skus[start : start + PAGE]]
    details = turned_on(call, "details")
    rows = [_summary(world, marketplace_id, stock, details) for stock in found if stock is not None]
    body: dict[str, Any] = {"payload": {"granularity": {"granularityType": "Marketplace", "granularityId": marketplace_id}, "inventorySummaries": rows}}
    if start + PAGE < len(skus):
        body["pagination"] = {"nextToken": _token(world, Page(skus, start + PAGE, world.now + TOKEN_LIFETIME, marketplace_id))}
    return Reply(200, body)


def _list(world: World, call: Call, marketplace_id: str) -> tuple[tuple[str, ...], int]:
    """The SKUs of the list, and where this page begins."""
    if token := call.one("nextToken"):
        page = _pages(world).get(token)
        if page is None or page.until <= world.now or page.marketplace_id != marketplace_id:
            raise wrong("Invalid 'nextToken' provided: it is unknown or has expired.")
        return page.skus, page.at
    since = moment_asked(call, "startDateTime")
    single = call.one("sellerSku")
    named = call.query.get("sellerSkus", []) or ([single] if single else [])
    if len(named) > MOST_SKUS:
        raise wrong(f"The number of sellerSkus must be at most {MOST_SKUS}.")
    if since is not None and since < world.now - timedelta(days=548):
        raise wrong("startDateTime must not lie more than 18 months back.")
    # With a start, the SKUs are ignored: the model says so.
    if named and since is None:
        return tuple(dict.fromkeys(named)), 0
    stocks = list(world.stocks_of(seller_of(call).id, marketplace_id))
    return tuple(sorted(stock.sku for stock in stocks if since is None or _changed_at(world, stock) >= since)), 0


def _pages(world: World) -> dict[str, Page]:
    room: dict[str, Page] = world.rooms.setdefault("inventory-pages", {})
    return room


def _token(world: World, page: Page) -> str:
    """A new token; those that have expired are forgotten."""
    pages = _pages(world)
    for old in [token for token, other in pages.items() if other.until <= world.now]:
        del pages[old]
    token = world.identity("inventory-page", 24)
    pages[token] = page
    return token


def _changed_at(world: World, stock: Stock) -> datetime:
    """When the units were first seen as they are now. What was never looked at counts as changed: nothing is left out."""
    seen: dict[tuple[str, str, str], tuple[tuple[int, ...], datetime]] = world.rooms.setdefault("inventory-seen", {})
    key = (stock.seller_id, stock.pool, stock.fnsku)
    units = (stock.fulfillable, stock.units_unfulfillable, stock.units_reserved, stock.researching, *(stock.reserved.get(name, 0) for name in _RESERVED))
    if key not in seen or seen[key][0] != units:
        seen[key] = units, world.now
    return seen[key][1]


def _summary(world: World, marketplace_id: str, stock: Stock, details: bool) -> dict[str, Any]:
    entry = world.entry(marketplace_id, stock.asin)
    summary: dict[str, Any] = {
        "asin": stock.asin,
        "fnSku": stock.fnsku,
        "sellerSku": stock.sku,
        "condition": condition(stock.condition).item,
        "lastUpdatedTime": spoken(_changed_at(world, stock)),
        "productName": entry.title if entry else "",
        "totalQuantity": stock.on_hand + stock.units_inbound,
        "stores": [],
    }
    return summary | {"inventoryDetails": _details(stock)} if details else summary


def _details(stock: Stock) -> dict[str, Any]:
    return {
        "fulfillableQuantity": stock.fulfillable,
        "inboundWorkingQuantity": stock.inbound.get("Working", 0),
        "inboundShippedQuantity": stock.inbound.get("Shipped", 0),
        "inboundReceivingQuantity": stock.inbound.get("Receiving", 0),
        "reservedQuantity": {"totalReservedQuantity": stock.units_reserved} | {f"{name}Quantity": stock.reserved.get(name, 0) for name in _RESERVED},
        "researchingQuantity": {
            "totalResearchingQuantity": stock.researching,
            "researchingQuantityBreakdown": [
                {"name": "researchingQuantityInShortTerm", "quantity": stock.researching},
                {"name": "researchingQuantityInMidTerm", "quantity": 0},
                {"name": "researchingQuantityInLongTerm", "quantity": 0},
            ],
        },
        "unfulfillableQuantity": {"totalUnfulfillableQuantity": stock.units_unfulfillable} | {f"{name}Quantity": stock.unfulfillable.get(name, 0) for name in _UNFULFILLABLE},
    }


ROUTES = (Route("getInventorySummaries", "GET", "/fba/inventory/v1/summaries", summaries, 2, 2, "Amazon Fulfillment"),)
