"""Why units are stranded: derived from seller, catalogue entry, listing and stock, never kept.

The order of precedence, from what no seller can get around to what one click mends:

1. the account may not sell;
2. the product is enforced against, barred, ended, for business sellers only, or badly packed;
3. leave is missing (or given, and the listing not saved since);
4. the units have expired or are under review, dangerous goods are not cleared, the ASIN was merged;
5. there is no listing: deleted, retired, or never made;
6. Amazon's records are at odds: lost link, fault of its systems, wrong count; and the offer has ended;
7. the content: words, images, category, an update that is wanted, an attribute that is missing;
8. the offer: paused, not yet open, without a price, with a price out of bounds or far off;
9. the channel is the merchant's.

So a listing that is closed and has no price is "Listing closed" first and "Missing price" once it is relisted. An offer
out of stock is not stranded, and a merchant's own offer is BUYABLE although the units at Amazon are stranded.
"""

from __future__ import annotations

from collections.abc import Callable

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.rules import barriers
from refloat.simulator.rules.barriers import Case, case_of
from refloat.simulator.rules.said import FBA_SIDE, Stranded, said
from refloat.simulator.world import World

__all__ = ["Stranded", "barrier", "buyable", "discoverable", "shown_buyable", "stranded"]

ORDER: tuple[Callable[[Case], str | None], ...] = (
    barriers.of_account,
    barriers.of_product,
    barriers.of_leave,
    barriers.of_units,
    barriers.of_existence,
    barriers.of_record,
    barriers.of_content,
    barriers.of_offer,
    barriers.of_channel,
)


def barrier(case: Case) -> str | None:
    """Amazon's reason (in its older English spelling) why units of this SKU cannot be sold, whether there are any or not; None when they can."""
    for question in ORDER:
        reason = question(case)
        if reason is not None:
            return reason
    return None


def stranded(world: World, seller_id: str, marketplace_id: str, sku: str) -> Stranded | None:
    """What Amazon would say about the SKU's units this minute; None when they can be bought, or none is on hand."""
    case = case_of(world, seller_id, marketplace_id, sku)
    if case.stock is None or case.stock.on_hand <= 0:
        return None
    reason = barrier(case)
    return said(world.switches, reason) if reason else None


def buyable(world: World, listing: Listing) -> bool:
    """Can the listing be bought now, from Amazon's units or (a merchant's offer) the seller's own?"""
    case = _existing(world, listing)
    if case is None:
        return False
    return _offered(case, barrier(case))


def shown_buyable(world: World, listing: Listing) -> bool:
    """Does the Listings API say BUYABLE? With ``stranded_shows_buyable``, it knows nothing of trouble in FBA's own records."""
    case = _existing(world, listing)
    if case is None:
        return False
    reason = barrier(case)
    return _offered(case, None if world.switches.stranded_shows_buyable and reason in FBA_SIDE else reason)


def discoverable(world: World, listing: Listing) -> bool:
    """Does the listing's detail page show up? Not when the product was taken down, nor when its words or images are suppressed."""
    case = _existing(world, listing)
    if case is None or case.entry is None or case.entry.merged_into:
        return False
    return (barriers.of_account(case) or barriers.of_product(case)) is None and not (barriers.protected_words(listing, case.entry) or barriers.protected_image(listing, case.entry))


def _existing(world: World, listing: Listing) -> Case | None:
    place = world.sellers[listing.seller_id].places.get(listing.marketplace_id)
    if not listing.exists or place is None or not place.participating:
        return None
    return case_of(world, listing.seller_id, listing.marketplace_id, listing.sku)


def _offered(case: Case, reason: str | None) -> bool:
    if case.listing is None:
        return False
    if reason == "Merchant fulfilled":
        return bool(case.listing.channels.get("DEFAULT"))
    return reason is None and case.stock is not None and case.stock.fulfillable > 0
