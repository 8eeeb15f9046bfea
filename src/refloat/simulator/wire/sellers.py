"""Sellers API v1: where the account takes part (sellers.json)."""

from __future__ import annotations

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.wire.speech import Call, Reply, Route
from refloat.simulator.world import World


def participations(world: World, call: Call) -> Reply:  # noqa: ARG001 - every handler has this form
    """getMarketplaceParticipations."""
    seller = call.seller
    assert seller is not None
    rows = []
    for own in seller.places.values():
        place = PLACES[own.marketplace_id]
        # The model: true when the seller's listings are inactive, as all of a deactivated account are.
        suspended = own.suspended_listings or seller.account_status == "DEACTIVATED"
        rows.append({
            "marketplace": {
                "id": place.id, "name": place.domain.removeprefix("www.").capitalize(), "countryCode": place.country,
                "defaultCurrencyCode": place.currency, "defaultLanguageCode": place.language, "domainName": place.domain,
            },
            "storeName": seller.name,
            "participation": {"isParticipating": own.participating, "hasSuspendedListings": suspended},
        })  # fmt: skip
    return Reply(200, {"payload": rows})


ROUTES = (Route("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", participations, 0.016, 15, "Selling Partner Insights"),)
