"""Listings Items API 2021-08-01: get, put, patch, delete (listingsItems_2021-08-01.json). The search is in ``searching``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import checking, writing
from refloat.simulator.rules.patching import OPERATIONS, attribute_of
from refloat.simulator.wire import searching, throttle
from refloat.simulator.wire.asked import marketplaces, seller_of, word, words, wrong
from refloat.simulator.wire.item import DATA_SETS, item
from refloat.simulator.wire.speech import Call, Handler, Refusal, Reply, Route
from refloat.simulator.world import World

Json = dict[str, Any]
_PATH = "/listings/2021-08-01/items/{sellerId}/{sku}"
_ROLE = "Product Listing"
REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")


def get(world: World, call: Call) -> Reply:
    """getListingsItem. Of several marketplaces it may show the first only (docs#2362; switch ``first_marketplace_only``)."""
    seller, places = seller_of(call), marketplaces(call)
    included = words(call, "includedData", DATA_SETS, ("summaries",))
    if world.switches.first_marketplace_only:
        places = places[:1]
    found = [listing for place in places if (listing := world.listing(seller.id, place, call.parts["sku"])) is not None]
    if not found:
        raise Refusal(404, "NOT_FOUND", f"SKU '{call.parts['sku']}' not found in marketplace {', '.join(places)}")
    return Reply(200, item(world, found, included))


def patch(world: World, call: Call) -> Reply:
    """patchListingsItem, in one marketplace or (since April 2026) in several."""
    seller, places, sku = seller_of(call), marketplaces(call), call.parts["sku"]
    patches = patches_of(call.json)
    issues = [{**one, "marketplaceIds": [place]} for place in places for one in checking.of_patches(world, seller.id, place, sku, patches)]

    def send() -> str:
        return [writing.patch(world, seller.id, place, sku, patches, "api") for place in places][-1]

    return _submitted(world, call, places, issues, send)


def put(world: World, call: Call) -> Reply:
    """putListingsItem: creates the listing, or replaces what it says."""
    seller, places, sku = seller_of(call), marketplaces(call, most=1), call.parts["sku"]
    body = put_of(call.json)
    attributes, product_type, requirements = body["attributes"], body["productType"], body.get("requirements", "LISTING")
    issues = [
        {**one, "marketplaceIds": places} for one in checking.of_whole(world, seller.id, places[0], sku, attributes, product_type=product_type, requirements=requirements)
    ]  # fmt: skip

    def send() -> str:
        return submit_whole(world, seller, places[0], sku, body)

    return _submitted(world, call, places, issues, send)


def delete(world: World, call: Call) -> Reply:
    """deleteListingsItem: all that the seller said about the offer goes; the units stay, stranded. What is not there is accepted too."""
    seller, places, sku = seller_of(call), marketplaces(call, most=1), call.parts["sku"]
    submission = writing.delete(world, seller.id, places[0], sku, "api")
    return Reply(200, {"sku": sku, "status": "ACCEPTED", "submissionId": submission, "issues": []})


def submit_whole(world: World, seller: Seller, place: str, sku: str, body: Json) -> str:
    """Send a valid put: a new listing, the offer alone, or everything. Gives the submission id."""
    attributes = body["attributes"]
    if world.listing(seller.id, place, sku) is None:
        return writing.create(world, seller.id, place, sku, checking.suggested_asin(attributes), attributes, "api", product_type=body["productType"])
    if body.get("requirements") == "LISTING_OFFER_ONLY":
        return writing.write(world, seller.id, place, sku, attributes, "api")
    return writing.put(world, seller.id, place, sku, attributes, "api")


def patches_of(body: Any) -> list[Json]:
    """The patches of a request.

    Raises:
        Refusal: the body is not a patch request (400); a dict instead of an array among them (docs#3068).
    """
    patches = body.get("patches") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(body.get("productType"), str) or not isinstance(patches, list) or not patches:
        raise wrong("Invalid request body. 'productType' and 'patches' are required.")
    for number, one in enumerate(patches):
        if not isinstance(one, dict) or one.get("op") not in OPERATIONS:
            raise wrong(f"Invalid operation provided in patch at index of {number}")
        if attribute_of(str(one.get("path"))) is None:
            raise wrong(f"Invalid path provided in patch at index of {number}")
        if _empty(one):
            raise wrong(f"Invalid empty value provided in patch at index of {number}")
        if not all(isinstance(element, dict) for element in one.get("value", [])):
            raise wrong(f"Invalid value provided in patch at index of {number}: every element must be an object")
    return patches


def _empty(patch: Json) -> bool:
    """Is there no array where one must be? A deletion may leave it out."""
    if "value" not in patch:
        return bool(patch["op"] != "delete")
    return not isinstance(patch["value"], list) or (not patch["value"] and patch["op"] != "delete")


def put_of(body: Any) -> Json:
    """A put request.

    Raises:
        Refusal: it is none (400).
    """
    if not isinstance(body, dict) or not isinstance(body.get("productType"), str) or not isinstance(body.get("attributes"), dict):
        raise wrong("Invalid request body. 'productType' and 'attributes' are required.")
    if body.get("requirements", "LISTING") not in REQUIREMENTS:
        raise wrong("Invalid 'requirements' provided.")
    for name, value in body["attributes"].items():
        if not isinstance(value, list):
            raise wrong(f"Invalid value provided for attribute '{name}': it must be an array.")
    return body


def _submitted(world: World, call: Call, places: list[str], issues: list[Json], send: Callable[[], str]) -> Reply:
    seller = seller_of(call)
    included = words(call, "includedData", ("identifiers", "issues"), ("issues",))
    preview = word(call, "mode", ("VALIDATION_PREVIEW",))
    if preview:
        throttle.take(world, seller.id, PREVIEW)
    invalid = any(one["severity"] == "ERROR" for one in issues)
    if invalid or preview:
        verdict, submission = "INVALID" if invalid else "VALID", world.identity("preview", 32)
    else:
        verdict, submission = "ACCEPTED", send()
    body: Json = {"sku": call.parts["sku"], "status": verdict, "submissionId": submission}
    if invalid or "issues" in included:
        body["issues"] = issues
    if "identifiers" in included:
        body["identifiers"] = _identifiers(world, seller, places, call)
    return Reply(200, body)


def _identifiers(world: World, seller: Seller, places: list[str], call: Call) -> list[Json]:
    known = [(place, world.listing(seller.id, place, call.parts["sku"])) for place in places]
    asked = checking.suggested_asin(call.json.get("attributes", {})) if call.method == "PUT" else None
    rows = [(place, listing.asin if listing else asked) for place, listing in known]
    return [{"marketplaceId": place, "asin": asin} for place, asin in rows if asin and place in PLACES]


def _unquoted(world: World, call: Call) -> Reply:  # noqa: ARG001
    """A SKU with a slash that was not quoted (models#4429)."""
    raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", kind="AccessDeniedException")


#: Previews have a bucket of their own besides that of the operation (changelog of 2024-01-31).
PREVIEW = Route("validationPreview", "PATCH", _PATH, patch, 1, 1, _ROLE)
_OPERATIONS: tuple[tuple[str, str, Handler, float, int], ...] = (
    ("getListingsItem", "GET", get, 5, 10),
    ("putListingsItem", "PUT", put, 5, 10),
    ("patchListingsItem", "PATCH", patch, 5, 5),
    ("deleteListingsItem", "DELETE", delete, 5, 5),
)
ROUTES = (
    *(Route(name, method, _PATH, handler, rate, burst, _ROLE) for name, method, handler, rate, burst in _OPERATIONS),
    Route("searchListingsItems", "GET", "/listings/2021-08-01/items/{sellerId}", searching.search, 5, 5, _ROLE),
    *(Route(name, method, f"{_PATH}/{{rest}}", _unquoted, rate, burst, _ROLE) for name, method, _, rate, burst in _OPERATIONS),
)
