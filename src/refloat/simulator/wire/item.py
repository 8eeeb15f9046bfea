"""A listing as listingsItems_2021-08-01.json writes it (``Item``), by the data sets that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from refloat.simulator.nouns.listing import Listing, moment_of
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.rules import issues as issue_rules
from refloat.simulator.rules import reasons, writing
from refloat.simulator.world import World

Json = dict[str, Any]
STANDINGS = ("BUYABLE", "DISCOVERABLE")


def item(world: World, listings: Iterable[Listing], included: Iterable[str]) -> Json:
    """One SKU, in one marketplace or in several: lists are joined, attributes too."""
    listings, included = list(listings), list(included)
    body: Json = {"sku": listings[0].sku}
    for name in _ORDER:
        if name in included:
            body[name] = _joined([_SETS[name](world, listing) for listing in listings])
    return body


def moment(value: datetime) -> str:
    """``2026-11-22T09:00:00.000Z``, as SP-API writes moments."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def standing(world: World, listing: Listing) -> list[str]:
    """BUYABLE and DISCOVERABLE, as far as they hold."""
    return [name for name in STANDINGS if stands(world, listing, name)]


def stands(world: World, listing: Listing, name: str) -> bool:
    """Does the one or the other hold?"""
    return reasons.shown_buyable(world, listing) if name == "BUYABLE" else reasons.discoverable(world, listing)


def issues(world: World, listing: Listing) -> list[Json]:
    """What Amazon has found since, and writes that failed after they had been accepted."""
    return [*issue_rules.issues(world, listing), *writing.failures(world, listing)]


def _joined(parts: list[Any]) -> Any:
    if isinstance(parts[0], list):
        return [row for part in parts for row in part]
    return {name: [element for part in parts for element in part.get(name, [])] for name in {key: None for part in parts for key in part}}


def _summaries(world: World, listing: Listing) -> list[Json]:
    entry = world.entry(listing.marketplace_id, listing.asin)
    summary: Json = {
        "marketplaceId": listing.marketplace_id,
        "asin": listing.asin,
        "productType": listing.product_type,
        "conditionType": listing.condition,
        "status": standing(world, listing),
        "itemName": _first(listing, "item_name", "value") or (entry.title if entry else ""),
        "createdDate": moment(listing.created_at),
        "lastUpdatedDate": moment(listing.updated_at),
    }
    if any(code.startswith("AMAZON") for code in listing.channels) or world.stock(listing.seller_id, listing.marketplace_id, listing.sku):
        summary["fnSku"] = listing.fnsku
    if image := _first(listing, "main_product_image_locator", "media_location") or (entry.image if entry else ""):
        summary["mainImage"] = {"link": image, "height": 500, "width": 500}
    return [summary]


def _attributes(world: World, listing: Listing) -> Json:  # noqa: ARG001 - every data set has this form
    return listing.attributes


def _offers(world: World, listing: Listing) -> list[Json]:
    """What is offered now, one per audience; an offer that has ended is in the attributes only."""
    return [row for offer in listing.attributes.get("purchasable_offer", []) if not _over(offer, world.now) and (row := _offer(listing, offer))]


def _offer(listing: Listing, offer: Json) -> Json | None:
    try:
        amount = offer["our_price"][0]["schedule"][0]["value_with_tax"]
    except (KeyError, IndexError, TypeError):
        return None
    audience = str(offer.get("audience", "ALL"))
    kind, shown = ("B2C", "Sell on Amazon") if audience == "ALL" else ("B2B", "Amazon Business")
    money = {"currencyCode": offer.get("currency", PLACES[listing.marketplace_id].currency), "amount": str(amount)}
    return {"marketplaceId": listing.marketplace_id, "offerType": kind, "price": money, "audience": {"value": audience, "displayName": shown}}


def _over(offer: Json, now: datetime) -> bool:
    ends_at = moment_of(offer.get("end_at"))
    return ends_at is not None and ends_at <= now


def _availability(world: World, listing: Listing) -> list[Json]:  # noqa: ARG001
    return [{"fulfillmentChannelCode": code} | ({} if quantity is None else {"quantity": quantity}) for code, quantity in listing.channels.items()]


def _relationships(world: World, listing: Listing) -> list[Json]:  # noqa: ARG001
    return [{"marketplaceId": listing.marketplace_id, "relationships": []}]


def _product_types(world: World, listing: Listing) -> list[Json]:  # noqa: ARG001
    return [{"marketplaceId": listing.marketplace_id, "productType": listing.product_type}]


def _procurement(world: World, listing: Listing) -> list[Json]:  # noqa: ARG001
    """For vendors only."""
    return []


def _first(listing: Listing, name: str, key: str) -> str | None:
    value = next(iter(listing.attributes.get(name) or []), {}).get(key)
    return str(value) if value else None


_SETS: dict[str, Callable[[World, Listing], Any]] = {
    "summaries": _summaries,
    "attributes": _attributes,
    "issues": issues,
    "offers": _offers,
    "fulfillmentAvailability": _availability,
    "procurement": _procurement,
    "relationships": _relationships,
    "productTypes": _product_types,
}
_ORDER = tuple(_SETS)
DATA_SETS = frozenset(_SETS)
