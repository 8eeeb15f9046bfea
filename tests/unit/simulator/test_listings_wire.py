"""What the wire of listings and feeds does that an independent client cannot show."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.small_world import CLOSED, HEALTHY, MERCHANT, PRICELESS, SELLER, called, fetched, small_world

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.wire import stored
from refloat.simulator.wire.definitions import schema
from refloat.simulator.world import World

US, CA = BY_COUNTRY["US"].id, BY_COUNTRY["CA"].id
ITEMS = f"/listings/2021-08-01/items/{SELLER}"
OFFER = {"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 21.5}]}]}


def relist(world: World, sku: str, places: str = US, **query: str) -> Any:
    patches = [{"op": "replace", "path": "/attributes/purchasable_offer", "value": [OFFER]}]
    return called(world, "PATCH", f"{ITEMS}/{sku}", {"marketplaceIds": places, **query}, {"productType": "LUGGAGE", "patches": patches})


def removal(world: World, order_id: str) -> None:
    """Send a removal feed, unless a fault stands in the way."""
    document = called(world, "POST", "/feeds/2021-06-30/documents", body={"contentType": "text/tab-separated-values; charset=UTF-8"})
    if document.code != 201:
        return
    rows = f"MerchantRemovalOrderID\t{order_id}\nRemovalDisposition\tDisposal\n\nMerchantSKU\tSellableQuantity\tUnsellableQuantity\n{HEALTHY}\t1\t0\n"
    stored.documents(world)[urlsplit(document.body["url"]).path.removeprefix(stored.PREFIX)].content = rows.encode()
    body = {"feedType": "POST_FLAT_FILE_FBA_CREATE_REMOVAL", "marketplaceIds": [US], "inputFeedDocumentId": document.body["feedDocumentId"]}
    called(world, "POST", "/feeds/2021-06-30/feeds", body=body)


def some_days(seed: int) -> World:
    """Writes, a feed, a deletion, faults and searches: the same calls each time."""
    world = small_world("US", "CA", seed=seed)
    world.faults.rates = {"accepted-fails-later": 0.5, "internal-error": 0.2, "half-feed": 0.3}
    for number in range(6):
        for sku in (CLOSED, MERCHANT, PRICELESS):
            relist(world, sku)
        removal(world, f"R-{number}")
        called(world, "GET", ITEMS, {"marketplaceIds": US, "pageSize": "2"})
        world.advance(timedelta(hours=5))
    called(world, "DELETE", f"{ITEMS}/{HEALTHY}", {"marketplaceIds": US})
    world.advance(timedelta(days=2))
    return world


def test_one_seed_is_one_history() -> None:
    """The same calls in the same world come to the same history, byte for byte; another seed to another."""
    first, again, other = some_days(1), some_days(1), some_days(2)
    assert first.history == again.history
    assert first.fingerprint() != other.fingerprint()
    assert len(first.history) > 40


def test_one_patch_reaches_several_marketplaces() -> None:
    """PATCH has no limit of one marketplace any more: both listings open, each in its own store."""
    world = small_world("US", "CA")
    there = world.listings[SELLER, US, CLOSED]
    world.add_listing(Listing(SELLER, CA, CLOSED, there.asin, there.fnsku, "new_new", "LUGGAGE", dict(there.attributes), world.now, world.now, world.now))
    answer = relist(world, CLOSED, f"{US},{CA}")
    assert (answer.body["status"], [issue["marketplaceIds"] for issue in answer.body["issues"]]) == ("INVALID", [[CA]])
    patches = [{"op": "merge", "path": "/attributes/purchasable_offer", "value": [{"marketplace_id": US, "audience": "ALL", "end_at": {"value": None}}]}]
    answer = called(world, "PATCH", f"{ITEMS}/{CLOSED}", {"marketplaceIds": f"{US},{CA}"}, {"productType": "LUGGAGE", "patches": patches})
    assert [issue["marketplaceIds"] for issue in answer.body["issues"]] == [[CA]]
    patches = [{"op": "replace", "path": "/attributes/item_name", "value": [{"value": "Case"}]}]
    assert called(world, "PATCH", f"{ITEMS}/{CLOSED}", {"marketplaceIds": f"{US},{CA}"}, {"productType": "LUGGAGE", "patches": patches}).body["status"] == "ACCEPTED"
    world.advance(timedelta(minutes=30))
    assert [world.listings[SELLER, place, CLOSED].attributes["item_name"] for place in (US, CA)] == [[{"value": "Case"}]] * 2


def test_the_search_notices_a_change_that_nobody_told_it() -> None:
    """A listing whose moment was changed behind the index's back stands at its new place all the same."""
    world = small_world()
    assert called(world, "GET", ITEMS, {"marketplaceIds": US}).body["numberOfResults"] == 4
    world.advance(timedelta(hours=1))
    world.listings[SELLER, US, PRICELESS].updated_at = world.now
    assert called(world, "GET", ITEMS, {"marketplaceIds": US}).body["items"][0]["sku"] == PRICELESS


@pytest.mark.parametrize("bare", [False, True])
def test_restrictions_are_refused_as_seen_or_as_the_model_has_it(bare: bool) -> None:
    """The errors stand in an object, or alone; those of every other operation always in an object."""
    world = small_world(restriction_errors_bare=bare)
    answer = called(world, "GET", "/listings/2021-08-01/restrictions", {"marketplaceIds": US, "sellerId": SELLER})
    errors = answer.body if bare else answer.body["errors"]
    assert (answer.code, [error["code"] for error in errors]) == (400, ["InvalidInput"])
    assert called(world, "GET", ITEMS).body["errors"]


def test_deleting_what_is_not_there_is_accepted() -> None:
    """The model knows no 404 for it: a deletion sent twice is accepted twice."""
    world = small_world()
    for _ in range(2):
        assert called(world, "DELETE", f"{ITEMS}/{HEALTHY}", {"marketplaceIds": US}).body["status"] == "ACCEPTED"
        world.advance(timedelta(minutes=30))
    assert called(world, "GET", f"{ITEMS}/{HEALTHY}", {"marketplaceIds": US}).code == 404


def test_business_prices_are_offers_of_their_own() -> None:
    """B2C and B2B side by side; an offer that has ended is in the attributes only."""
    world = small_world()
    business = {**OFFER, "audience": "B2B", "our_price": [{"schedule": [{"value_with_tax": 18}]}]}
    world.listings[SELLER, US, CLOSED].attributes["purchasable_offer"].append(business)
    world.listings[SELLER, US, HEALTHY].attributes["purchasable_offer"].append(business)
    offers = {sku: called(world, "GET", f"{ITEMS}/{sku}", {"marketplaceIds": US, "includedData": "offers"}).body["offers"] for sku in (HEALTHY, CLOSED)}
    assert [(offer["offerType"], offer["price"]["amount"]) for offer in offers[HEALTHY]] == [("B2C", "19.99"), ("B2B", "18")]
    assert [offer["offerType"] for offer in offers[CLOSED]] == ["B2B"]


def test_a_schema_lies_there_once_and_its_link_ends() -> None:
    """The same definition twice is one document; five minutes later the link is refused."""
    world = small_world()
    path = "/definitions/2020-09-01/productTypes/LUGGAGE"
    first, again = (called(world, "GET", path, {"marketplaceIds": US}).body["schema"] for _ in range(2))
    assert first["checksum"] == again["checksum"]
    assert json.loads(fetched(world, first["link"]["resource"]).body) == schema(BY_COUNTRY["US"], "LUGGAGE", "LISTING", True)
    assert len([name for name in stored.documents(world) if name.startswith("schema-")]) == 2
    world.advance(timedelta(minutes=5))
    assert fetched(world, first["link"]["resource"]).code == 403
