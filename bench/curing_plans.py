"""Plans for whole seeded worlds, made by the real cures from the listings as the simulator shows them: quicker than a pass over 100,000 SKUs."""

from __future__ import annotations

from refloat.amazon.cures import drafted
from refloat.loop import plan as planning
from refloat.loop import resting
from refloat.loop.road import roads
from refloat.model.cure import Case, Draft
from refloat.model.plan import Action, Plan
from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.wire.item import item
from refloat.simulator.world import World

_INCLUDED = ("summaries", "attributes", "issues", "offers", "fulfillmentAvailability")


def relisting(world: World, seller: Seller, account: str) -> Plan:
    """A plan that opens every offer of the seller's."""
    place = next(iter(seller.places))
    listings = sorted(world.listings_of(seller.id, place), key=lambda listing: listing.sku)
    actions = tuple(_relisted(world, listing, number) for number, listing in enumerate(listings, 1))
    return Plan(planning.plan_id(account, world.now, 0), account, world.now, planning.good_until(world.now), actions, roads=roads(actions, ()))


def _relisted(world: World, listing: Listing, number: int) -> Action:
    case = Case("US", listing.sku, listing.asin, listing.fnsku, {"symptom": "listing-closed"}, item(world, [listing], _INCLUDED), world.now, world.now, account_standing="NORMAL")
    draft = drafted("relist-offer", case)
    assert isinstance(draft, Draft), draft
    return Action(
        id=f"US-{number:04}", marketplace="US", sku=listing.sku, asin=listing.asin, fnsku=listing.fnsku, title=None, units=None, worth=None, removal_due_on=None,
        said="Listing closed", cause="listing-closed", remedy="relist-offer", mode=None, safety="safe", irreversible=False, why="Its offer is closed.",
        steps=draft.steps, fields=draft.fields, undo=draft.undo, rests_on=resting.of_draft(draft, case),
    )  # fmt: skip
