"""What the APIs say about a listing or a product, derived from the same facts as the reasons.

Shapes: Issue of listingsItems_2021-08-01, Restriction of listingsRestrictions_2021-08-01, ineligibility codes of fbaInbound v1.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import barriers
from refloat.simulator.rules.barriers import GROUNDS, Case, case_of
from refloat.simulator.world import World

Issue = dict[str, Any]


def issues(world: World, listing: Listing) -> list[Issue]:
    """The listing's issues, the gravest first; empty for one that does not exist."""
    if not listing.exists:
        return []
    case = case_of(world, listing.seller_id, listing.marketplace_id, listing.sku)
    case.listing = listing
    found = [*_of_product(case), *_of_leave(case), *_of_content(case), *_of_price(case)]
    return [{**issue, "marketplaceIds": [listing.marketplace_id]} for issue in found]


def restrictions(world: World, seller_id: str, marketplace_id: str, asin: str, condition: str | None = None) -> list[dict[str, Any]]:
    """Why the seller may not list the ASIN in this condition; empty when it may. One restriction holds all its reasons."""
    entry, seller = world.entry(marketplace_id, asin), world.sellers[seller_id]
    if entry is None:
        reasons = [{"message": "The specified ASIN does not exist in the requested marketplace.", "reasonCode": "ASIN_NOT_FOUND", "links": []}]
    else:
        reasons = [*_barred(entry, seller), *_unapproved(entry, seller)]
    stated = {"conditionType": condition} if condition else {}
    return [{"marketplaceId": marketplace_id, **stated, "reasons": reasons}] if reasons else []


def ineligibility(world: World, seller_id: str, marketplace_id: str, asin: str, program: str) -> list[str]:
    """The FBA_INB codes that keep the product from ``program`` (INBOUND or COMMINGLING); empty when nothing does."""
    entry, seller = world.entry(marketplace_id, asin), world.sellers[seller_id]
    if entry is None:
        return ["FBA_INB_0017"]
    dangers = entry.dangerous_goods
    questions = (
        (seller.account_status == "DEACTIVATED", "FBA_INB_0099"),
        (dangers.information_needed and _information_missing(world, seller_id, marketplace_id, asin), "FBA_INB_0008"),
        (dangers.documents_needed and dangers.documents_given_at is None, "FBA_INB_0009"),
        (dangers.review_until is not None and dangers.review_until > world.now, "FBA_INB_0014"),
        (entry.ended_for_fba_at is not None or entry.item_barred or entry.programme_barred or entry.packaging_uncertified, "FBA_INB_0051"),
        (entry.enforced(seller_id, "block", "restricted-products", "restricted-product", "trademark", "recall") is not None, "FBA_INB_0051"),
        (entry.enforced(seller_id, "food-safety", "product-safety") is not None, "FBA_INB_0197"),
        (any(_unapproved(entry, seller)) or (entry.b2b_only and seller.approved_at("b2b", asin) is None), "FBA_INB_0098"),
        (program == "COMMINGLING" and bool(entry.gated), "FBA_INB_0034"),
    )
    return list(dict.fromkeys(code for holds, code in questions if holds))


def _information_missing(world: World, seller_id: str, marketplace_id: str, asin: str) -> bool:
    """No listing of the seller's for the ASIN gives battery and regulation attributes. Looks at all listings: only asked for products that need it."""
    own = (one for (seller, place, _), one in world.listings.items() if (seller, place, one.asin) == (seller_id, marketplace_id, asin) and one.exists)
    return not any(not barriers.danger_attributes_missing(listing) for listing in own)


def _issue(code: str, message: str, names: list[str], category: str | None, action: str | None, severity: str = "ERROR") -> Issue:  # noqa: PLR0917 - the columns of a table
    enforced = {"enforcements": {"actions": [{"action": action}], "exemption": {"status": "NOT_EXEMPT"}}} if action else {}
    return {"code": code, "message": message, "severity": severity, "attributeNames": names, "categories": [category] if category else [], **enforced}


def _of_product(case: Case) -> Iterator[Issue]:
    entry = case.entry
    if entry is None:
        return
    if any(entry.enforced(case.seller.id, ground) for ground, _ in GROUNDS):  # type: ignore[arg-type]
        yield _issue("18742", "This product was removed under Amazon's policies. Check your performance notifications.", [], None, "CATALOG_ITEM_REMOVED")
    elif entry.programme_barred or entry.item_barred or entry.ended_for_fba_at is not None or (entry.b2b_only and case.seller.approved_at("b2b", entry.asin) is None):
        yield _issue("18470", "This product cannot be offered by your account.", [], None, "LISTING_SUPPRESSED")
    if entry.merged_into:
        yield _issue("8541", f"This product was merged into {entry.merged_into}.", ["merchant_suggested_asin"], "DUPLICATE", "LISTING_SUPPRESSED")


def _of_leave(case: Case) -> Iterator[Issue]:
    if case.entry is None or barriers.of_leave(case) is None:
        return
    names = ["brand"] if "brand" in case.entry.gated else []
    yield _issue("18299", f"You need approval to list this product ({', '.join(sorted(case.entry.gated))}).", names, "QUALIFICATION_REQUIRED", "LISTING_SUPPRESSED")


def _of_content(case: Case) -> Iterator[Issue]:
    listing, entry = case.listing, case.entry
    if listing is None or entry is None:
        return
    for name in barriers.missing_attributes(listing, entry):
        image = name == "main_product_image_locator"
        category = "MISSING_IMAGE" if image else "MISSING_ATTRIBUTE"
        yield _issue("18027" if image else "90220", f"'[{name}]' is required but not supplied.", [name], category, "LISTING_SUPPRESSED")
    for name in barriers.danger_attributes_missing(listing) if entry.dangerous_goods.information_needed else []:
        yield _issue("90220", f"'[{name}]' is required but not supplied.", [name], "MISSING_ATTRIBUTE", None)
    if words := barriers.protected_words(listing, entry):
        yield _issue("99300", f"The title may use a trademark without authorization: {', '.join(words)}.", ["item_name"], "INVALID_ATTRIBUTE", "LISTING_SUPPRESSED")
    if barriers.protected_image(listing, entry):
        yield _issue("18320", "The main image may show a logo without authorization.", ["main_product_image_locator"], "INVALID_IMAGE", "LISTING_SUPPRESSED")
    if barriers.of_content(case) == "Product update required":
        yield _issue("18448", "Relevant attributes of this product are to be reviewed and saved again.", [], "INVALID_ATTRIBUTE", "LISTING_SUPPRESSED", "WARNING")


def _of_price(case: Case) -> Iterator[Issue]:
    listing = case.listing
    if listing is None or "purchasable_offer" not in listing.attributes:
        yield _issue("99022", "'our_price' is required but not supplied.", ["purchasable_offer"], "MISSING_PRICE", "LISTING_SUPPRESSED")
        return
    price, (lowest, highest) = listing.price, listing.bounds
    if price is None:
        yield _issue("99022", "'our_price' is required but not supplied.", ["purchasable_offer"], "MISSING_PRICE", "LISTING_SUPPRESSED")
    elif lowest is not None and price < lowest:
        yield _issue("18155", "The minimum price is greater than the price.", ["purchasable_offer"], "INVALID_PRICE", "LISTING_SUPPRESSED")
    elif highest is not None and price > highest:
        yield _issue("18156", "The price is greater than the maximum price.", ["purchasable_offer"], "INVALID_PRICE", "LISTING_SUPPRESSED")
    elif _far_off(case, price):
        yield _issue("18749", "The price differs much from the usual price of this product.", ["purchasable_offer"], "INVALID_PRICE", "LISTING_SUPPRESSED")


def _far_off(case: Case, price: Decimal) -> bool:
    usual = case.entry.reference_price if case.entry else Decimal(0)
    return bool(usual) and (price > usual * barriers.FAR_OFF or price * barriers.FAR_OFF < usual)


def _barred(entry: CatalogueEntry, seller: Seller) -> Iterator[dict[str, Any]]:
    enforced = any(entry.enforced(seller.id, ground) for ground, _ in GROUNDS)  # type: ignore[arg-type]
    if enforced or entry.programme_barred or entry.item_barred or (entry.b2b_only and seller.approved_at("b2b", entry.asin) is None):
        yield {"message": "You cannot list the product in this condition.", "reasonCode": "NOT_ELIGIBLE", "links": []}


def _unapproved(entry: CatalogueEntry, seller: Seller) -> Iterator[dict[str, Any]]:
    values = {"brand": entry.brand, "category": entry.category, "item": entry.asin}
    for kind, value in values.items():
        if kind in entry.gated and seller.approved_at(kind, value) is None:
            link = f"https://{PLACES[entry.marketplace_id].domain.replace('www.', 'sellercentral.')}/hz/approvalrequest?asin={quote(entry.asin)}"
            named = {"brand": f"the brand {value}", "category": f"the category {value}", "item": "this product"}[kind]
            links = [{"resource": link, "verb": "GET", "title": "Request Approval", "type": "text/html"}]
            yield {"message": f"You need approval to list {named}.", "reasonCode": "APPROVAL_REQUIRED", "links": links}
