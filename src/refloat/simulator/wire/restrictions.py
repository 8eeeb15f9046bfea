"""Listings Restrictions API 2021-08-01: may the seller list this ASIN? (listingsRestrictions_2021-08-01.json)."""

from __future__ import annotations

from refloat.simulator.rules import issues
from refloat.simulator.rules.attributes import CONDITIONS
from refloat.simulator.wire.asked import marketplaces, seller_of, word, wrong
from refloat.simulator.wire.speech import Call, Reply, Route
from refloat.simulator.world import World


def restrictions(world: World, call: Call) -> Reply:
    """getListingsRestrictions; an empty list: nothing stands in the way."""
    if not call.one("sellerId"):
        raise wrong("Missing required parameter 'sellerId'.")
    seller, places, asin = seller_of(call), marketplaces(call), call.one("asin")
    if not asin:
        raise wrong("Missing required parameter 'asin'.")
    condition = word(call, "conditionType", CONDITIONS) or None
    return Reply(200, {"restrictions": [row for place in places for row in issues.restrictions(world, seller.id, place, asin, condition)]})


ROUTES = (Route("getListingsRestrictions", "GET", "/listings/2021-08-01/restrictions", restrictions, 5, 10, "Product Listing", bare_errors=True),)
