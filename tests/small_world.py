"""A small world, built by hand, and the official package that speaks to it: for tests of the simulator.

Five SKUs in one marketplace: one that sells, one that is closed, one that turned merchant-fulfilled, one without a
price, one that is deleted; all of them with units.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Attributes, Listing
from refloat.simulator.nouns.places import BY_COUNTRY, Place
from refloat.simulator.nouns.seller import Participation, Seller
from refloat.simulator.nouns.stock import Lot, Stock
from refloat.simulator.switches import Switches
from refloat.simulator.wire import lwa
from refloat.simulator.wire.answering import answered
from refloat.simulator.wire.speech import Call, Reply
from refloat.simulator.world import World

SELLER = "A1SAMPLESELLER"
CLIENT, SECRET, REFRESH = "amzn1.application-oa2-client.sample-1", "sample-client-secret-1", "Atzr|sample-refresh-token-1"
HEALTHY, CLOSED, MERCHANT, PRICELESS, DELETED = "SAMPLE-OK", "SAMPLE-CLOSED", "SAMPLE-MFN", "SAMPLE-PRICELESS", "SAMPLE-GONE"
SKUS = (HEALTHY, CLOSED, MERCHANT, PRICELESS, DELETED)


def small_world(*countries: str, seed: int = 1, **switches: Any) -> World:
    """The world, in the first of the countries; the seller may sell in all of them (one region)."""
    places = [BY_COUNTRY[country] for country in countries or ("US",)]
    world = World(seed=seed, switches=Switches().turned(**switches))
    taking_part = {place.id: Participation(place.id) for place in places}
    world.add_seller(Seller(SELLER, "Sample Goods", places[0].region, CLIENT, SECRET, REFRESH, taking_part))  # type: ignore[arg-type]
    for number, sku in enumerate(SKUS, start=1):
        _add(world, places[0], sku, f"B0SAMPLE{number:02}")
    return world


def _add(world: World, place: Place, sku: str, asin: str) -> None:
    then = world.now - timedelta(days=200)
    title = {"JP": "見本のかばん", "DE": "Musterkoffer grün"}.get(place.country, 'Sample case, 47" – green')
    world.add_entry(CatalogueEntry(place.id, asin, f"{title} {sku}", "Sample Brand", "LUGGAGE", "Luggage", Decimal("20.00")))
    listing = Listing(SELLER, place.id, sku, asin, f"X00SAMPLE{asin[-1]}", "new_new", "LUGGAGE", _attributes(place, sku, asin), then, then, then)
    if sku == DELETED:
        listing.deleted_at, listing.deleted_by = world.now - timedelta(days=3), "seller"
    world.add_listing(listing)
    lots = [Lot((world.now - timedelta(days=days)).date(), 5) for days in (200, 20)]
    world.add_stock(Stock(SELLER, place.pool, listing.fnsku, sku, asin, "new_new", fulfillable=10, reserved={"fcProcessing": 2}, unfulfillable={"defective": 1}, inbound={"Shipped": 4}, lots=lots))


def _attributes(place: Place, sku: str, asin: str) -> Attributes:
    offer: dict[str, Any] = {"marketplace_id": place.id, "currency": place.currency, "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 19.99}]}]}
    if sku == PRICELESS:
        del offer["our_price"]
    if sku == CLOSED:
        offer["end_at"] = {"value": "2026-11-01T00:00:00Z"}
    channel: dict[str, Any] = {"fulfillment_channel_code": "DEFAULT", "quantity": 3} if sku == MERCHANT else {"fulfillment_channel_code": place.channel}
    return {
        "purchasable_offer": [offer],
        "fulfillment_availability": [channel],
        "condition_type": [{"value": "new_new", "marketplace_id": place.id}],
        "merchant_suggested_asin": [{"value": asin, "marketplace_id": place.id}],
    }


def called(world: World, method: str, path: str, query: dict[str, Any] | None = None, body: Any = None, token: str = "Atza|sample-access-token") -> Reply:
    """The world's reply to one call of the seller, without a wire between; the token never expires."""
    lwa.tokens(world).setdefault("Atza|sample-access-token", lwa.Token(SELLER, world.now + timedelta(days=3650)))
    content = b"" if body is None else json.dumps(body).encode()
    return answered(world, Call(method, path, urlencode(query or {}), {"x-amz-access-token": token}, content, "http://sample.invalid"))


def fetched(world: World, url: str) -> Reply:
    """What lies behind a presigned URL."""
    parts = urlsplit(url)
    return answered(world, Call("GET", parts.path, parts.query, {}, b"", "http://sample.invalid"))


def official(url: str, **wrong: Any) -> Any:
    """A client of Amazon's own package, pointed at the simulator; ``wrong`` replaces parts of its credentials."""
    from spapi import SPAPIClient, SPAPIConfig

    # The package sets up logging for the whole program when it is imported.
    logging.getLogger().setLevel(logging.WARNING)
    credentials = {"client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH, "region": "NA"} | wrong
    return SPAPIClient(SPAPIConfig(**credentials), oauth_endpoint=f"{url}/auth/o2/token", endpoint=url)
