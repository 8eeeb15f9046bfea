"""What Amazon's own people change when a case is won: facts only, and each change is a write of Amazon's.

What support may do is bound to the reason (help page "Resolve stranded inventory issues", column "what to do"): it closes no
gap that is the seller's own to close, and lifts no enforcement without its documents.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from refloat.simulator.nouns.catalogue import Enforcement
from refloat.simulator.nouns.listing import Attributes, Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.rules import freshness
from refloat.simulator.rules.barriers import Case, missing_attributes
from refloat.simulator.rules.said import DANGEROUS_GOODS_DOCUMENTS, TRADEMARK_SELF
from refloat.simulator.world import World


def mended(case: Case, reason: str | None, documents: frozenset[str]) -> str:
    """Let support mend what keeps the units from sale; gives why it does not, or nothing."""
    mend = _MENDS.get(reason or "")
    if mend is None:
        return "This is not something that support can change."
    return mend(case, documents)


def lift(case: Case, enforcement: Enforcement) -> None:
    """Lift an enforcement. The offers that it had stopped stay closed until they are relisted."""
    world = case.world
    enforcement.lifted_at = world.now
    for (seller, place, _), listing in world.listings.items():
        if place == case.marketplace_id and listing.asin == case.asin and listing.exists and enforcement.seller_id in {None, seller}:
            _offer(world, listing, end_at={"value": _stamp(world)})


def give_danger_attributes(case: Case) -> None:
    """Put what the papers say onto the listing: battery and regulation."""
    if case.listing is None:
        return
    place = case.marketplace_id
    said = {"batteries_required": False, "supplier_declared_dg_hz_regulation": "not_applicable"}
    given = {name: [{"value": value, "marketplace_id": place}] for name, value in said.items() if not case.listing.attributes.get(name)}
    write(case.world, case.listing, given)


def write(world: World, listing: Listing, attributes: Attributes) -> None:
    """Amazon writes attributes at once, whatever stands in the way of others."""
    listing.attributes = {**listing.attributes, **deepcopy(attributes)}
    listing.updated_at = world.now
    listing.writes.append((world.now, "amazon", tuple(sorted(attributes))))
    freshness.touched(world, listing)


def _offer(world: World, listing: Listing, **parts: Any) -> None:
    """Change parts of the consumer offer; without an offer there is nothing to change."""
    offers = [{**offer, **parts} if offer is listing.offer else offer for offer in listing.attributes.get("purchasable_offer", [])]
    if offers:
        write(world, listing, {"purchasable_offer": offers})


def _stamp(world: World) -> str:
    return world.now.strftime("%Y-%m-%dT%H:%M:%SZ")


def _listing(case: Case) -> Listing:
    assert case.listing is not None
    return case.listing


def _restore(case: Case, _: frozenset[str]) -> str:
    """The record of an offer that Amazon ended or removed comes back; for units that never had one, the seller must list."""
    if case.listing is None:
        return _list_found(case)
    case.listing.retired_at = case.listing.deleted_at = case.listing.deleted_by = None
    freshness.touched(case.world, case.listing)
    if case.entry is not None and not case.listing.attributes.get("purchasable_offer"):
        write(case.world, case.listing, fresh_offer(case))
    return ""


def _list_found(case: Case) -> str:
    """Support ties units without a listing to an offer of its own making, at the usual price."""
    stock, entry, now = case.stock, case.entry, case.world.now
    if stock is None or entry is None:
        return "We could not find these units."
    listing = Listing(
        seller_id=case.seller.id, marketplace_id=case.marketplace_id, sku=case.sku, asin=stock.asin, fnsku=stock.fnsku, condition=stock.condition,
        product_type=entry.product_type, attributes=fresh_offer(case), created_at=now, updated_at=now, content_saved_at=now, on_known_product=True,
        writes=[(now, "amazon", ("purchasable_offer",))],
    )  # fmt: skip
    # What the product type requires is filled from the catalogue's own page.
    listing.attributes.update({name: [{"value": entry.title, "marketplace_id": case.marketplace_id}] for name in missing_attributes(listing, entry)})
    freshness.touched(case.world, case.world.add_listing(listing))
    return ""


def fresh_offer(case: Case) -> Attributes:
    """An open offer at the usual price, fulfilled by Amazon."""
    place, entry = PLACES[case.marketplace_id], case.entry
    assert entry is not None
    price = [{"schedule": [{"value_with_tax": json.loads(str(entry.reference_price))}]}]
    return {
        "purchasable_offer": [{"marketplace_id": place.id, "currency": place.currency, "audience": "ALL", "our_price": price, "start_at": {"value": _stamp(case.world)}}],
        "fulfillment_availability": [{"fulfillment_channel_code": place.channel}],
    }


def _recount(case: Case, _: frozenset[str]) -> str:
    assert case.stock is not None
    case.stock.miscounted_since = case.stock.miscounted_until = None
    listing = _listing(case)
    if listing.ends_at is not None and listing.ends_at <= case.world.now:
        _offer(case.world, listing, end_at=None)
    return ""


def _link(case: Case, _: frozenset[str]) -> str:
    """A lost link is tied again; units under another FNSKU stay behind (models#5254)."""
    assert case.stock is not None
    if case.stock.fnsku != _listing(case).fnsku:
        return "These units have another FNSKU. Create a removal order."
    case.stock.link_lost_at = None
    return ""


def _repair(case: Case, documents: frozenset[str]) -> str:
    """A fault of Amazon's systems goes, once the papers are there that support asks for; an attribute that the seller does not give stays missing."""
    if _listing(case).broken_at is None:
        return "Complete the required attributes of your listing."
    if missing := sorted(_listing(case).broken_needs - documents):
        return f"These documents are missing: {', '.join(missing)}."
    _listing(case).broken_at = None
    return ""


def _channel(case: Case, _: frozenset[str]) -> str:
    write(case.world, _listing(case), {"fulfillment_availability": [{"fulfillment_channel_code": PLACES[case.marketplace_id].channel}]})
    return ""


def _unpause(case: Case, _: frozenset[str]) -> str:
    _listing(case).paused_at = None
    return ""


def _price(case: Case, _: frozenset[str]) -> str:
    """Support looks at the price and lets it stand: bounds that it breaks go, or it is taken as the usual one."""
    listing = _listing(case)
    price, (lowest, highest) = listing.price, listing.bounds
    if price is not None and ((lowest is not None and price < lowest) or (highest is not None and price > highest)):
        _offer(case.world, listing, minimum_seller_allowed_price=None, maximum_seller_allowed_price=None)
    elif price is not None and case.entry is not None:
        case.entry.reference_price = price
    return ""


def _on_entry(**values: Any) -> Callable[[Case, frozenset[str]], str]:
    def mend(case: Case, _: frozenset[str]) -> str:
        for name, value in values.items():
            setattr(case.entry, name, value)
        return ""

    return mend


def _dangers(case: Case, _: frozenset[str]) -> str:
    assert case.entry is not None
    case.entry.dangerous_goods.documents_needed = False
    return ""


def _category(case: Case, _: frozenset[str]) -> str:
    assert case.entry is not None
    case.entry.category, case.entry.right_category = case.entry.right_category or case.entry.category, None
    return ""


def _enforcement(case: Case, documents: frozenset[str]) -> str:
    enforcement = case.entry.enforced(case.seller.id, "trademark", "restricted-product") if case.entry else None
    if enforcement is None:
        return "There is nothing to decide for this product."
    if missing := sorted(enforcement.needs - documents):
        return f"These documents are missing: {', '.join(missing)}."
    lift(case, enforcement)
    return ""


_MENDS: Mapping[str, Callable[[Case, frozenset[str]], str]] = {
    "Discontinued listing": _restore,
    "Listing removed": _restore,
    "Unexpected inventory received": _restore,
    "No listing exists for inventory": _restore,
    "Inventory error": _recount,
    "Listing closed and inventory error": _recount,
    "Missing SKU": _link,
    "Listing error": _repair,
    "Merchant fulfilled": _channel,
    "Please review for quality issues": _unpause,
    "Potential high pricing error": _price,
    "Potential low pricing error": _price,
    "Pricing error": _price,
    "Item merged": _on_entry(merged_into=None),
    "Item restricted": _on_entry(item_barred=False),
    "Potential logo misuse": _on_entry(protected_images=()),
    TRADEMARK_SELF: _on_entry(protected_words=()),
    "Miscategorized ASIN": _category,
    DANGEROUS_GOODS_DOCUMENTS: _dangers,
    "Trademark misuse": _enforcement,
    "Restricted Product ASIN": _enforcement,
}
