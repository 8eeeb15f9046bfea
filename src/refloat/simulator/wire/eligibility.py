"""FBA Inbound Eligibility API v1 (fbaInbound.json): may this ASIN be sent to Amazon, and if not, which codes say why."""

from __future__ import annotations

from refloat.simulator.rules import issues
from refloat.simulator.wire.asked import checked_marketplaces, seller_of, word, wrong
from refloat.simulator.wire.speech import Call, Refusal, Reply, Route
from refloat.simulator.world import World


def preview(world: World, call: Call) -> Reply:
    """getItemEligibilityPreview: INBOUND for one marketplace; COMMINGLING needs none, and then speaks of the seller's first."""
    asin, program = call.one("asin"), word(call, "program", ("INBOUND", "COMMINGLING"))
    if not asin or not program:
        raise wrong("Missing required parameter 'asin' or 'program'.")
    seller = seller_of(call)
    named = call.query.get("marketplaceIds", [])
    if named or program == "INBOUND":
        checked_marketplaces(seller, named, most=1)
    marketplace_id = named[0] if named else next(iter(seller.places))
    if world.entry(marketplace_id, asin) is None:
        raise Refusal(404, "NotFound", "The requested resource doesn't exist.", f"The ASIN {asin} is not in the catalogue of the marketplace.")
    reasons = issues.ineligibility(world, seller.id, marketplace_id, asin, program)
    payload = {"asin": asin, "marketplaceId": marketplace_id, "program": program, "isEligibleForProgram": not reasons}
    return Reply(200, {"payload": payload | ({"ineligibilityReasonList": reasons} if reasons else {})})


ROUTES = (Route("getItemEligibilityPreview", "GET", "/fba/inbound/v1/eligibility/itemPreview", preview, 1, 1, "Amazon Fulfillment"),)
