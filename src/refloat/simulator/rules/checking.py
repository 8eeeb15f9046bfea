"""What Amazon checks while the seller waits: the form of a submission, not what becomes of the offer.

Issues are objects of the Listings Items API 2021-08-01. An ERROR makes the submission INVALID. What is wrong with price
bounds, restrictions or content shows afterwards, in getListingsItem: a preview does not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from refloat.simulator.nouns.listing import Attributes, moment_of
from refloat.simulator.nouns.places import PLACES, Place
from refloat.simulator.rules.attributes import ATTRIBUTES, CONDITIONS, REGULATIONS, required
from refloat.simulator.rules.patching import SELECTORS, attribute_of, selectors_missing, torn
from refloat.simulator.world import World

Issue = dict[str, Any]
#: What tells elements apart must be a text before anything else is asked of it.
_SELECTORS = tuple(dict.fromkeys(("marketplace_id", "language_tag", *(name for names in SELECTORS.values() for name in names))))
#: A deleted SKU is free again after that (models#4834).
RECREATION_WAIT = timedelta(hours=24)


def issue(code: str, message: str, names: Iterable[str] = (), category: str = "", severity: str = "ERROR") -> Issue:
    """An issue object."""
    return {"code": code, "message": message, "severity": severity, "attributeNames": list(names), "categories": [category] if category else []}


def missing(name: str) -> Issue:
    """90220, as the example of the processing report writes it."""
    return issue("90220", f"'[{name}]' is required but not supplied.", [name], "MISSING_ATTRIBUTE")


def of_patches(world: World, seller_id: str, marketplace_id: str, sku: str, patches: Iterable[Mapping[str, Any]]) -> list[Issue]:
    """The issues of a patch request, before anything is written."""
    listing = world.listing(seller_id, marketplace_id, sku)
    found: list[Issue] = []
    if listing is None:
        found.append(issue("13013", f"The SKU {sku} is not in this store's catalog. Nothing was changed."))
    have = {} if listing is None else listing.attributes
    for patch in patches:
        name, value = attribute_of(str(patch["path"])) or "", patch.get("value") or []
        if patch["op"] == "merge" and not _misshapen(name, value) and selectors_missing(name, value):
            found.append(issue("90000900", f"The attributes are invalid. A merge of '{name}' needs its selectors.", [name], "INVALID_ATTRIBUTE"))
        # A merge brings part of an element, a deletion only its selectors: what stays is checked when it is whole.
        whole = patch["op"] in {"add", "replace"}
        found += _of_attribute(PLACES[marketplace_id], name, value, known=name in have, whole=whole)
    return found


def of_whole(world: World, seller_id: str, marketplace_id: str, sku: str, attributes: Attributes, *, product_type: str, requirements: str) -> list[Issue]:
    """The issues of a put request."""
    listing, tomb = world.listing(seller_id, marketplace_id, sku), world.listings.get((seller_id, marketplace_id, sku))
    found = [missing(name) for name in required(product_type, requirements) if not attributes.get(name)]
    for name in sorted(attributes):
        found += _of_attribute(PLACES[marketplace_id], name, attributes[name], known=listing is not None and name in listing.attributes, whole=True)
    if product_type == "PRODUCT" and requirements == "LISTING" and not attributes.get("merchant_suggested_asin"):
        found.append(issue("90000900", "The product type PRODUCT is accepted with LISTING_OFFER_ONLY only.", [], "INVALID_ATTRIBUTE"))
    if requirements == "LISTING_PRODUCT_ONLY" or (listing is None and tomb is None):
        return found
    asin = suggested_asin(attributes)
    if listing is not None and asin not in {None, listing.asin}:
        found.append(issue("8541", f"The SKU is listed under {listing.asin}; it cannot be moved to {asin}.", ["merchant_suggested_asin"], "INVALID_ATTRIBUTE"))
    waits = world.switches.recreate_waits and tomb is not None and tomb.deleted_at is not None and tomb.deleted_at + RECREATION_WAIT > world.now
    if waits:
        found.append(issue("13013", f"The SKU {sku} was deleted less than 24 hours ago. Wait 24 hours before you create it again."))
    return found


def suggested_asin(attributes: Attributes) -> str | None:
    """The ASIN that an offer is to stand on."""
    first = next(iter(attributes.get("merchant_suggested_asin") or []), None)
    value = first.get("value") if isinstance(first, dict) else None
    return value if isinstance(value, str) and value else None


def _of_attribute(place: Place, name: str, value: list[dict[str, Any]], *, known: bool, whole: bool) -> Iterator[Issue]:
    if name not in ATTRIBUTES and not known:
        yield issue("90000900", "The attributes are invalid.", [name], "INVALID_ATTRIBUTE")
        return
    if text := _misshapen(name, value):
        yield issue("90000900", f"The attributes are invalid. {text}", [name], "INVALID_ATTRIBUTE")
        return
    if any(element.get("marketplace_id", place.id) != place.id for element in value):
        yield issue("90000900", "The attributes are invalid. An element names another store than the request.", [name], "INVALID_ATTRIBUTE")
    if whole and name == "purchasable_offer" and not torn(name, value):
        for offer in value:
            yield from _of_offer(place, offer)
    if whole and name == "fulfillment_availability":
        for row in value:
            yield from _of_channel(place, row)
    allowed = {"condition_type": CONDITIONS, "supplier_declared_dg_hz_regulation": REGULATIONS}.get(name)
    if whole and allowed and any(element.get("value") not in allowed for element in value):
        yield issue("90244", f"The provided value for '{name}' is invalid.", [name], "INVALID_ATTRIBUTE")


def _misshapen(name: str, value: list[Any]) -> str:
    """Why nothing could be done with the elements later, whole or in part; an empty text: they have their form."""
    if not all(isinstance(element, dict) for element in value):
        return "Every element must be an object."
    if any(not isinstance(element[selector], str) for element in value for selector in _SELECTORS if selector in element):
        return "A selector must be a text."
    if name == "fulfillment_availability" and not all(_counted(row["quantity"]) for row in value if row.get("quantity") is not None):
        return "A quantity must be a whole number of at least 0."
    if name == "purchasable_offer" and not all(_dated(offer[bound]) for offer in value for bound in ("start_at", "end_at") if bound in offer):
        return "The offer begins and ends at a moment in ISO 8601, or at none."
    return ""


def _counted(quantity: Any) -> bool:
    return isinstance(quantity, int) and not isinstance(quantity, bool) and quantity >= 0


def _dated(bound: Any) -> bool:
    try:
        moment_of(bound)
    except ValueError:
        return False
    return True


def _of_offer(place: Place, offer: Mapping[str, Any]) -> Iterator[Issue]:
    name = "purchasable_offer"
    try:
        price = Decimal(str(offer["our_price"][0]["schedule"][0]["value_with_tax"]))
    except (KeyError, IndexError, TypeError, InvalidOperation):
        yield issue(
            "99022", "The field '\"prices\"' for the attribute 'purchasable_offer.our_price' does not have enough values. The required minimum is '1' value(s).", [name], "MISSING_PRICE"
        )  # fmt: skip
        return
    if not price.is_finite() or price <= 0:
        yield issue("90244", "The provided value for 'purchasable_offer.our_price' is invalid.", [name], "INVALID_PRICE")
    if offer.get("currency", place.currency) != place.currency:
        yield issue("90244", f"The provided value for 'purchasable_offer.currency' is invalid. This store sells in {place.currency}.", [name], "INVALID_PRICE")


def _of_channel(place: Place, row: Mapping[str, Any]) -> Iterator[Issue]:
    name, code = "fulfillment_availability", row.get("fulfillment_channel_code")
    if code not in {"DEFAULT", place.channel}:
        yield issue("90244", "The provided value for 'fulfillment_availability.fulfillment_channel_code' is invalid.", [name], "INVALID_ATTRIBUTE")
    elif code == "DEFAULT" and row.get("quantity") is None:
        yield issue("90220", "'[quantity]' is required but not supplied.", [name], "MISSING_ATTRIBUTE")
