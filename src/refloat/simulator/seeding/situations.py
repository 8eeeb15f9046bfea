"""How stock comes to be stranded: for every reason a change of facts, after which exactly that reason is derived.

Each situation takes a healthy case (listing, stock, entry) and changes nouns only. ``SITUATIONS`` has one for every reason;
``VARIANTS`` has other ways into some of them: the same reason, another cause.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from refloat.simulator.nouns.catalogue import Enforcement, Ground
from refloat.simulator.nouns.listing import Listing, Writer
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Mending, Stock
from refloat.simulator.rules import freshness
from refloat.simulator.rules.barriers import Case, case_of
from refloat.simulator.rules.said import DANGEROUS_GOODS_DOCUMENTS, DG_INFORMATION, TRADEMARK_SELF
from refloat.simulator.world import World

Situation = Callable[[Case], None]

#: How long the things last that pass by themselves.
COUNT_WRONG, UNITS_REVIEWED, DANGERS_REVIEWED, OPENS_IN = timedelta(days=9), timedelta(days=10), timedelta(days=8), timedelta(days=60)
#: Whose words and images the infringing listings show. Nobody's, in truth.
FOREIGN_WORD, FOREIGN_IMAGE = "Samplebrandtm", "https://images.example/foreign-logo.jpg"


def strand(world: World, seller_id: str, marketplace_id: str, sku: str, reason: str) -> None:
    """Bring a healthy SKU into the situation behind ``reason`` (a key of ``SITUATIONS`` or ``VARIANTS``).

    Raises:
        KeyError: there is no such situation, or no such listing.
    """
    situation = SITUATIONS.get(reason) or VARIANTS[reason]
    case = case_of(world, seller_id, marketplace_id, sku)
    if case.listing is None or case.stock is None or case.entry is None:
        raise KeyError(sku)
    situation(case)
    freshness.touched(world, case.listing)


def _listing(case: Case) -> Listing:
    assert case.listing is not None
    return case.listing


def _stock(case: Case) -> Stock:
    assert case.stock is not None
    return case.stock


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(**values: Any) -> Situation:
    def situation(case: Case) -> None:
        for name, value in values.items():
            setattr(case.entry, name, value)

    return situation


def _offer(case: Case, **parts: Any) -> None:
    """Change parts of the consumer offer; a part that becomes None goes."""
    listing = _listing(case)
    old = listing.offer
    new = {name: value for name, value in {**old, **parts}.items() if value is not None}
    offers = [new if offer is old else offer for offer in listing.attributes["purchasable_offer"]]
    _write(case, "seller", purchasable_offer=offers)


def _write(case: Case, by: Writer, **attributes: Any) -> None:
    listing, now = _listing(case), case.world.now
    listing.attributes = {**listing.attributes, **attributes}
    listing.updated_at = now
    listing.writes.append((now, by, tuple(sorted(attributes))))


def _price(amount: Decimal) -> list[dict[str, Any]]:
    """An amount as the body of a request carries it."""
    return [{"schedule": [{"value_with_tax": json.loads(str(amount))}]}]


def _enforced(ground: Ground, *needs: str) -> Situation:
    def situation(case: Case) -> None:
        assert case.entry is not None
        case.entry.enforcements.append(Enforcement(ground, case.world.now, case.seller.id, frozenset(needs)))

    return situation


def _gone(by: Writer) -> Situation:
    """The listing is deleted, the units stay."""

    def situation(case: Case) -> None:
        listing, now = _listing(case), case.world.now
        listing.attributes = {name: rows for name, rows in listing.attributes.items() if name not in {"purchasable_offer", "fulfillment_availability"}}
        listing.deleted_at, listing.deleted_by, listing.updated_at = now, by, now
        listing.writes.append((now, by, ()))

    return situation


def _retired(case: Case) -> None:
    _listing(case).retired_at = case.world.now


def _closed(case: Case) -> None:
    _offer(case, end_at={"value": _stamp(case.world.now)})


def _closed_and_miscounted(case: Case) -> None:
    _closed(case)
    _stock(case).miscounted_since, _stock(case).miscounted_by_closing = case.world.now, True


def _miscounted(case: Case) -> None:
    _stock(case).miscounted_since, _stock(case).miscounted_until = case.world.now, case.world.now + COUNT_WRONG


def _units_reviewed(case: Case) -> None:
    _stock(case).reviewed_until = case.world.now + UNITS_REVIEWED


def _expired(case: Case) -> None:
    _stock(case).expires_on = (case.world.now - timedelta(days=1)).date()


def _opens_later(case: Case) -> None:
    _offer(case, start_at={"value": _stamp(case.world.now + OPENS_IN)})


def _unpriced(case: Case) -> None:
    _offer(case, our_price=None)


def _unbounded(case: Case) -> None:
    """The price stays, the seller's own highest price comes to lie below it."""
    assert case.entry is not None
    price = _listing(case).price or case.entry.reference_price
    _offer(case, minimum_seller_allowed_price=None, maximum_seller_allowed_price=_price((price * Decimal("0.8")).quantize(Decimal("0.01"))))


def _priced(factor: str) -> Situation:
    def situation(case: Case) -> None:
        assert case.entry is not None
        amount = (case.entry.reference_price * Decimal(factor)).quantize(Decimal("0.01"))
        _offer(case, our_price=_price(amount), minimum_seller_allowed_price=None, maximum_seller_allowed_price=None)

    return situation


def _merchants(by: Writer, quantity: int) -> Situation:
    def situation(case: Case) -> None:
        _write(case, by, fulfillment_availability=[{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}])

    return situation


def _merchants_for_want_of_information(case: Case) -> None:
    assert case.entry is not None
    case.entry.dangerous_goods.information_needed = True
    for name in ("batteries_required", "supplier_declared_dg_hz_regulation"):
        _listing(case).attributes.pop(name, None)
    _merchants("amazon", 0)(case)


def _papers_missing(case: Case) -> None:
    assert case.entry is not None
    case.entry.dangerous_goods.documents_needed, case.entry.dangerous_goods.documents_given_at = True, None


def _dangers_reviewed(case: Case) -> None:
    assert case.entry is not None
    case.entry.dangerous_goods.review_until = case.world.now + DANGERS_REVIEWED


def _broken(case: Case) -> None:
    _listing(case).broken_at = case.world.now


def _paused(case: Case) -> None:
    _listing(case).paused_at = case.world.now


def _unlinked(mends_with: Mending) -> Situation:
    def situation(case: Case) -> None:
        _stock(case).link_lost_at, _stock(case).link_mends_with = case.world.now, mends_with

    return situation


def _unlisted(case: Case) -> None:
    """The world forgets the listing: nobody ever listed these units, in no marketplace of their pool."""
    own = _listing(case)
    for place in PLACES.values():
        if place.pool == _stock(case).pool and (listing := case.world.listings.pop((own.seller_id, place.id, own.sku), None)) is not None:
            listing.deleted_at = case.world.now
            freshness.touched(case.world, listing)


def _found(case: Case) -> None:
    _unlisted(case)
    _stock(case).found_on = case.world.now.date()


def _foreign_word(case: Case) -> None:
    assert case.entry is not None
    case.entry.title = f"{case.entry.title} for {FOREIGN_WORD}"
    case.entry.protected_words = (FOREIGN_WORD,)
    if "item_name" in _listing(case).attributes:
        _write(case, "seller", item_name=[{"value": case.entry.title, "marketplace_id": case.marketplace_id}])


def _foreign_image(case: Case) -> None:
    assert case.entry is not None
    case.entry.image, case.entry.protected_images = FOREIGN_IMAGE, (FOREIGN_IMAGE,)
    if "main_product_image_locator" in _listing(case).attributes:
        _write(case, "seller", main_product_image_locator=[{"media_location": FOREIGN_IMAGE, "marketplace_id": case.marketplace_id}])


def _misfiled(case: Case) -> None:
    assert case.entry is not None
    case.entry.right_category = f"{case.entry.category} (right one)"


def _update_wanted(case: Case) -> None:
    assert case.entry is not None
    case.entry.update_wanted_at = case.world.now


def _update_by_recreation(case: Case) -> None:
    _update_wanted(case)
    assert case.entry is not None
    case.entry.update_needs_recreate = True


def _incomplete(case: Case) -> None:
    """Amazon comes to require an attribute that the listing does not give."""
    assert case.entry is not None
    name = "age_range_description"
    case.entry.required = tuple(dict.fromkeys((*case.entry.required, name)))
    _listing(case).attributes = {one: rows for one, rows in _listing(case).attributes.items() if one != name}


def _ended(case: Case) -> None:
    assert case.entry is not None
    case.entry.ended_for_fba_at = case.world.now


def _late_return(case: Case) -> None:
    """Sold out, deleted; then a customer's return arrives."""
    _gone("seller")(case)
    stock = _stock(case)
    stock.fulfillable, stock.reserved, stock.unfulfillable, stock.lots = 1, {}, {}, []


def _suspended(case: Case) -> None:
    case.seller.places[case.marketplace_id].suspended_listings = True


SITUATIONS: Mapping[str, Situation] = {
    "B2B restricted": _entry(b2b_only=True),
    "Blocked listing": _enforced("block", "invoice"),
    "Deleted listing": _gone("seller"),
    "Discontinued listing": _retired,
    "Expired product": _expired,
    "Food safety investigation": _enforced("food-safety", "test-report"),
    "Future listing sell date": _opens_later,
    "Inventory error": _miscounted,
    "Inventory under review": _units_reviewed,
    "Item discontinued": _ended,
    "Item merged": _entry(merged_into="B0SAMPLE00"),
    "Item restricted": _entry(item_barred=True),
    "Listing closed": _closed,
    "Listing closed and inventory error": _closed_and_miscounted,
    "Listing error": _broken,
    "Merchant fulfilled": _merchants("seller", 0),
    DG_INFORMATION: _merchants_for_want_of_information,
    "Miscategorized ASIN": _misfiled,
    "Missing price": _unpriced,
    "Missing SKU": _unlinked("create"),
    "Packaging issue": _entry(packaging_uncertified=True),
    "Please review for quality issues": _paused,
    "Potential logo misuse": _foreign_image,
    TRADEMARK_SELF: _foreign_word,
    "Product recall": _enforced("recall", "letter-of-compliance"),
    "Product safety investigation": _enforced("product-safety", "test-report"),
    "Product update required": _update_wanted,
    "Qualification required (brand)": _entry(gated=frozenset({"brand"})),
    "Qualification required (category)": _entry(gated=frozenset({"category"})),
    "Qualification required (item)": _entry(gated=frozenset({"item"})),
    "Restricted ASIN": _enforced("restricted-products", "invoice"),
    "Restricted Product ASIN": _enforced("restricted-product", "compliance-proof"),
    "Restricted program": _entry(programme_barred=True),
    "Trademark misuse": _enforced("trademark", "letter-of-authorization"),
    "Under hazmat review": _dangers_reviewed,
    "Unexpected inventory received": _found,
    DANGEROUS_GOODS_DOCUMENTS: _papers_missing,
    "Potential high pricing error": _priced("4"),
    "Potential low pricing error": _priced("0.2"),
    "Pricing error": _unbounded,
    "Listing removed": _gone("amazon"),
    "No listing exists for inventory": _unlisted,
}

#: Name → another way to be stranded; the reason that is derived stands in ``VARIANT_REASONS``.
VARIANTS: Mapping[str, Situation] = {
    "content-missing": _incomplete,
    "converted-by-upload": _merchants("upload", 10),
    "deleted-by-another": _gone("erp"),
    "link-recreate": _unlinked("recreate"),
    "link-relist": _unlinked("relist"),
    "link-support": _unlinked("support"),
    "returned-after-deletion": _late_return,
    "suspended": _suspended,
    "update-by-recreation": _update_by_recreation,
}
VARIANT_REASONS: Mapping[str, str] = {
    "content-missing": "Listing error",
    "converted-by-upload": "Merchant fulfilled",
    "deleted-by-another": "Deleted listing",
    "link-recreate": "Missing SKU",
    "link-relist": "Missing SKU",
    "link-support": "Missing SKU",
    "returned-after-deletion": "Deleted listing",
    "suspended": "Suspended",
    "update-by-recreation": "Product update required",
}
