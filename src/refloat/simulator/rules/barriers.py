"""What stands between units and their sale, one question after another, asked of nouns alone.

Each function gives Amazon's reason, or None. The order in which they are asked is in ``rules.reasons``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules.patching import OFFER_NAMES
from refloat.simulator.rules.said import DANGEROUS_GOODS_DOCUMENTS, DG_INFORMATION, TRADEMARK_SELF
from refloat.simulator.world import World

#: A price this many times the usual one, or a part as small, looks like a slip. Amazon publishes no figure.
FAR_OFF = Decimal(3)

#: What an offer on an existing ASIN need not say (Listings Items API, requirements LISTING_OFFER_ONLY): the page shows it.
OF_THE_PAGE = frozenset({"item_name", "brand", "main_product_image_locator"})

#: Ground of an enforcement → reason, the gravest first.
GROUNDS = (
    ("recall", "Product recall"),
    ("product-safety", "Product safety investigation"),
    ("food-safety", "Food safety investigation"),
    ("trademark", "Trademark misuse"),
    ("restricted-product", "Restricted Product ASIN"),
    ("restricted-products", "Restricted ASIN"),
    ("block", "Blocked listing"),
)


@dataclass(slots=True)
class Case:
    """All that is known about one SKU in one marketplace. ``listing`` may be a tombstone; None is unknown to the world."""

    world: World
    seller: Seller
    marketplace_id: str
    sku: str
    stock: Stock | None
    listing: Listing | None
    entry: CatalogueEntry | None

    @property
    def asin(self) -> str:
        """The product: as the units say, else as the listing does; empty without both."""
        return self.stock.asin if self.stock else self.listing.asin if self.listing else ""


def case_of(world: World, seller_id: str, marketplace_id: str, sku: str) -> Case:
    """Gather what there is."""
    stock, listing = world.stock(seller_id, marketplace_id, sku), world.listings.get((seller_id, marketplace_id, sku))
    case = Case(world, world.sellers[seller_id], marketplace_id, sku, stock, listing, None)
    case.entry = world.entry(marketplace_id, case.asin)
    return case


def touched_since(listing: Listing, moment: datetime) -> bool:
    """Content was really changed after that moment; creating the listing anew is no edit."""
    return any(at > moment and at > listing.created_at and set(names) - OFFER_NAMES for at, _, names in reversed(listing.writes))


def refreshed_since(listing: Listing, moment: datetime) -> bool:
    """Content was saved as it was after that moment, which is not the same as changing it."""
    saved = listing.content_saved_at
    return saved > max(moment, listing.created_at) and any(at == saved and not set(names) - OFFER_NAMES for at, _, names in reversed(listing.writes))


def edited_since(listing: Listing, moment: datetime) -> bool:
    """Content was saved after that moment, changed or not: "edit, save and finish"."""
    return listing.content_saved_at > max(moment, listing.created_at)


def of_account(case: Case) -> str | None:
    """The account may not sell at all."""
    place = case.seller.places.get(case.marketplace_id)
    return "Suspended" if case.seller.account_status == "DEACTIVATED" or (place is not None and place.suspended_listings) else None


def of_product(case: Case) -> str | None:
    """What Amazon holds against the product, whoever lists it."""
    entry = case.entry
    if entry is None:
        return None
    if entry.enforcements:
        for ground, reason in GROUNDS:
            if entry.enforced(case.seller.id, ground):  # type: ignore[arg-type]
                return reason
    if entry.programme_barred:
        return "Restricted program"
    if entry.item_barred:
        return "Item restricted"
    if entry.ended_for_fba_at is not None and not _relisted_after_all(case, entry.ended_for_fba_at):
        return "Item discontinued"
    if entry.b2b_only and case.seller.approved_at("b2b", entry.asin) is None:
        return "B2B restricted"
    return "Packaging issue" if entry.packaging_uncertified else None


def of_leave(case: Case) -> str | None:
    """The seller lacks leave, or has not saved the listing since it was given."""
    if case.entry is None or not case.entry.gated:
        return None
    values = {"brand": case.entry.brand, "category": case.entry.category, "item": case.entry.asin}
    for kind, value in values.items():
        if kind in case.entry.gated and not _leave_used(case, case.seller.approved_at(kind, value)):
            return f"Qualification required ({kind})"
    return None


def of_units(case: Case) -> str | None:
    """The units themselves may not be sold now."""
    stock, now = case.stock, case.world.now
    if stock is not None and stock.expires_on is not None and stock.expires_on <= now.date():
        return "Expired product"
    if stock is not None and stock.reviewed_until is not None and stock.reviewed_until > now:
        return "Inventory under review"
    return _of_dangers(case) or ("Item merged" if case.entry is not None and case.entry.merged_into else None)


def of_existence(case: Case) -> str | None:
    """There is no listing for the units."""
    listing = case.listing
    if listing is None:
        if case.sku.startswith("Amazon.Found.") or (case.stock is not None and case.stock.found_on is not None):
            return "Unexpected inventory received"
        return None if _listed_elsewhere(case) else "No listing exists for inventory"
    if listing.deleted_at is not None:
        return "Listing removed" if listing.deleted_by == "amazon" else "Deleted listing"
    return "Discontinued listing" if listing.retired_at is not None else None


def of_record(case: Case) -> str | None:
    """Listing and stock exist, but Amazon's records of them are at odds."""
    stock, listing = case.stock, case.listing
    if listing is None:
        return None
    if stock is not None and (stock.link_lost_at is not None or (stock.fnsku, stock.asin, stock.condition) != (listing.fnsku, listing.asin, listing.condition)):
        return "Missing SKU"
    if listing.broken_at is not None:
        return "Listing error"
    closed = listing.ends_at is not None and listing.ends_at <= case.world.now
    if _miscounted(case, closed=closed):
        return "Listing closed and inventory error" if closed else "Inventory error"
    return "Listing closed" if closed else None


def of_content(case: Case) -> str | None:
    """What the listing says, or lacks."""
    listing, entry = case.listing, case.entry
    if listing is None or entry is None:
        return None
    if protected_words(listing, entry):
        return TRADEMARK_SELF
    if protected_image(listing, entry):
        return "Potential logo misuse"
    if entry.right_category is not None and entry.right_category != entry.category:
        return "Miscategorized ASIN"
    if entry.update_wanted_at is not None and not _updated(listing, entry, entry.update_wanted_at):
        return "Product update required"
    return "Listing error" if missing_attributes(listing, entry) else None


def of_offer(case: Case) -> str | None:
    """Price, date and pause."""
    listing, now = case.listing, case.world.now
    if listing is None:
        return None
    if listing.paused_at is not None and not edited_since(listing, listing.paused_at):
        return "Please review for quality issues"
    if listing.starts_at is not None and listing.starts_at > now:
        return "Future listing sell date"
    price = listing.price
    if price is None:
        return "Missing price"
    lowest, highest = listing.bounds
    if (lowest is not None and price < lowest) or (highest is not None and price > highest):
        return "Pricing error"
    if case.entry is None or not case.entry.reference_price:
        return None
    usual = case.entry.reference_price
    return "Potential high pricing error" if price > usual * FAR_OFF else "Potential low pricing error" if price * FAR_OFF < usual else None


def of_channel(case: Case) -> str | None:
    """The offer is the merchant's, or Amazon may not ship it for want of dangerous-goods information."""
    listing, entry = case.listing, case.entry
    if listing is None:
        return None
    if entry is not None and entry.dangerous_goods.information_needed and danger_attributes_missing(listing):
        return DG_INFORMATION
    return None if listing.by_amazon else "Merchant fulfilled"


def danger_attributes_missing(listing: Listing) -> list[str]:
    """The battery and regulation attributes that the listing does not give."""
    return [name for name in ("batteries_required", "supplier_declared_dg_hz_regulation") if not listing.attributes.get(name)]


def missing_attributes(listing: Listing, entry: CatalogueEntry) -> list[str]:
    """Required attributes that the listing does not give, nor the detail page that it is an offer on."""
    inherited = OF_THE_PAGE if listing.on_known_product else frozenset()
    return [name for name in entry.required if name not in inherited and not listing.attributes.get(name)]


def protected_words(listing: Listing, entry: CatalogueEntry) -> list[str]:
    """Words that belong to somebody else, in the title of the listing (or of the detail page where it gives none)."""
    if not entry.protected_words:
        return []
    title = _first(listing, "item_name", "value") or entry.title
    return [word for word in entry.protected_words if word.casefold() in title.casefold()]


def protected_image(listing: Listing, entry: CatalogueEntry) -> str | None:
    """The image that belongs to somebody else, if the listing (or the detail page where it gives none) shows one."""
    image = _first(listing, "main_product_image_locator", "media_location") or entry.image
    return image if image in entry.protected_images else None


def _first(listing: Listing, name: str, part: str) -> str:
    return str(next(iter(listing.attributes.get(name) or []), {}).get(part) or "")


def _relisted_after_all(case: Case, ended_at: datetime) -> bool:
    """Amazon's page contradicts itself: it wants a removal, and lists the reason among those of automatic relist."""
    opened_at = case.listing.starts_at if case.listing is not None and case.listing.exists else None
    return case.world.switches.discontinued_item_relists and opened_at is not None and ended_at < opened_at <= case.world.now


def _leave_used(case: Case, granted_at: datetime | None) -> bool:
    """Approved; and where the offer is older than the leave, saved since."""
    if granted_at is None:
        return False
    listing = case.listing
    return listing is None or listing.created_at > granted_at or edited_since(listing, granted_at)


def _of_dangers(case: Case) -> str | None:
    if case.entry is None:
        return None
    dangers = case.entry.dangerous_goods
    if dangers.review_until is not None and dangers.review_until > case.world.now:
        return "Under hazmat review"
    return DANGEROUS_GOODS_DOCUMENTS if dangers.documents_needed and dangers.documents_given_at is None else None


def _listed_elsewhere(case: Case) -> bool:
    """Units of a pool need no listing in each of its marketplaces, one is enough."""
    pool = PLACES[case.marketplace_id].pool
    return any((case.seller.id, place.id, case.sku) in case.world.listings for place in PLACES.values() if place.pool == pool and place.id != case.marketplace_id)


def _miscounted(case: Case, *, closed: bool) -> bool:
    stock, listing = case.stock, case.listing
    if stock is None or listing is None or stock.miscounted_since is None:
        return False
    if stock.miscounted_until is not None and stock.miscounted_until <= case.world.now:
        return False
    if stock.miscounted_by_closing:
        return closed
    return not refreshed_since(listing, stock.miscounted_since)


def _updated(listing: Listing, entry: CatalogueEntry, wanted_at: datetime) -> bool:
    return listing.created_at > wanted_at or (not entry.update_needs_recreate and touched_since(listing, wanted_at))
