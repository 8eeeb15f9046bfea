"""Product Type Definitions API 2020-09-01: a few types, with a schema behind a link (definitionsProductTypes_2020-09-01.json)."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import md5, sha256
from typing import Any

from refloat.simulator.nouns.places import PLACES, Place
from refloat.simulator.rules.attributes import ATTRIBUTES, CONDITIONS, PRODUCT_TYPES, REGULATIONS, Attribute, required
from refloat.simulator.wire.asked import marketplaces, seller_of, word, wrong
from refloat.simulator.wire.speech import Call, Refusal, Reply, Route
from refloat.simulator.wire.stored import Stored, documents, link
from refloat.simulator.world import World

Json = dict[str, Any]
_META = {"$schema": "https://json-schema.org/draft/2019-09/schema", "$id": "https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1", "type": "object"}
_REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")
#: The model's enumeration. A marketplace may speak a language that it leaves out (fr_BE): DEFAULT leads there.
_LOCALES = frozenset({
    "DEFAULT", "ar", "ar_AE", "de", "de_DE", "en", "en_AE", "en_AU", "en_CA", "en_GB", "en_IN", "en_SG", "en_US", "es", "es_ES", "es_MX", "es_US", "fr", "fr_CA", "fr_FR",
    "it", "it_IT", "ja", "ja_JP", "nl", "nl_NL", "pl", "pl_PL", "pt", "pt_BR", "pt_PT", "sv", "sv_SE", "tr", "tr_TR", "zh", "zh_CN", "zh_TW",
})  # fmt: skip
_PARENTAGE = ("NONE", "CHILD", "PARENT")


def search(world: World, call: Call) -> Reply:
    """searchDefinitionsProductTypes: by keywords or by an item's name, or all."""
    seller_of(call)
    places = marketplaces(call)
    terms = [word.casefold() for word in (*call.query.get("keywords", []), *(call.one("itemName") or "").split()) if word]
    if call.query.get("keywords") and call.query.get("itemName"):
        raise wrong("Only one of 'keywords' and 'itemName' can be given.")
    found = [(name, shown) for name, (shown, _) in PRODUCT_TYPES.items() if not terms or any(term in f"{name} {shown}".casefold() for term in terms)]
    rows = [{"name": name, "displayName": shown, "marketplaceIds": places} for name, shown in found]
    return Reply(200, {"productTypes": rows, "productTypeVersion": _version(world)})


def get(world: World, call: Call) -> Reply:
    """getDefinitionsProductType."""
    seller_of(call)
    place, name = PLACES[marketplaces(call, most=1)[0]], call.parts["productType"]
    if name not in PRODUCT_TYPES:
        raise Refusal(404, "NOT_FOUND", f"The product type {name} does not exist in marketplace {place.id}.")
    requirements = word(call, "requirements", _REQUIREMENTS, "LISTING")
    enforced = word(call, "requirementsEnforced", ("ENFORCED", "NOT_ENFORCED"), "ENFORCED")
    locale = word(call, "locale", _LOCALES, "DEFAULT")
    # Looked at, and without effect: the play has no variations.
    word(call, "parentageLevel", _PARENTAGE)
    body = {
        "metaSchema": _linked(world, call, _META),
        "schema": _linked(world, call, schema(place, name, requirements, enforced == "ENFORCED")),
        "requirements": requirements,
        "requirementsEnforced": enforced,
        "propertyGroups": _groups(requirements),
        "locale": place.language if locale == "DEFAULT" else locale,
        "marketplaceIds": [place.id],
        "productType": name,
        "displayName": PRODUCT_TYPES[name][0],
        "productTypeVersion": {"version": _version(world), "latest": True, "releaseCandidate": False},
    }
    return Reply(200, body)


def schema(place: Place, product_type: str, requirements: str, enforced: bool) -> Json:
    """The JSON Schema of the attributes: arrays of objects, with the selectors that tell elements apart."""
    names = [one for one in ATTRIBUTES.values() if _belongs(one, requirements)]
    return {
        "$schema": _META["$id"],
        "$id": f"https://schemas.amazon.com/selling-partners/definitions/product-types/schema/v1/{product_type}",
        "type": "object",
        "required": list(required(product_type, requirements)) if enforced else [],
        "properties": {one.name: _property(place, one) for one in names},
        "additionalProperties": False,
    }


def _belongs(attribute: Attribute, requirements: str) -> bool:
    offer = attribute.group in {"offer", "safety_and_compliance"} or attribute.name == "merchant_suggested_asin"
    return requirements == "LISTING" or (offer if requirements == "LISTING_OFFER_ONLY" else attribute.group != "offer")


def _property(place: Place, attribute: Attribute) -> Json:
    selectors = {"offer": ["marketplace_id", "currency", "audience"], "availability": ["fulfillment_channel_code"], "text": ["marketplace_id", "language_tag"]}
    fields = {"marketplace_id": {"type": "string", "enum": [place.id]}, **_FIELDS.get(attribute.form, {"value": {"type": "string"}})}
    if attribute.form == "text":
        fields["language_tag"] = {"type": "string", "enum": [place.language], "default": place.language}
    if attribute.form == "availability":
        fields = {"fulfillment_channel_code": {"type": "string", "enum": [place.channel, "DEFAULT"]}, "quantity": {"type": "integer", "minimum": 0}}
    return {
        "title": attribute.name.replace("_", " ").title(),
        "type": "array",
        "minItems": 1,
        "selectors": selectors.get(attribute.form, ["marketplace_id"]),
        "items": {"type": "object", "properties": fields},
    }


_PRICES: Json = {"type": "array", "items": {"type": "object", "properties": {"schedule": {"type": "array", "items": {"type": "object", "properties": {"value_with_tax": {"type": "number"}}}}}}}
_MOMENT: Json = {"type": "object", "properties": {"value": {"type": ["string", "null"]}}}
_FIELDS: dict[str, Json] = {
    "flag": {"value": {"type": "boolean"}},
    "number": {"value": {"type": "integer"}},
    "measure": {"value": {"type": "number"}, "unit": {"type": "string"}},
    "money": {"value": {"type": "number"}, "currency": {"type": "string"}},
    "image": {"media_location": {"type": "string"}},
    "identifier": {"type": {"type": "string", "enum": ["ean", "gtin", "upc"]}, "value": {"type": "string"}},
    "condition": {"value": {"type": "string", "enum": list(CONDITIONS)}},
    "regulation": {"value": {"type": "string", "enum": list(REGULATIONS)}},
    "offer": {
        "currency": {"type": "string"},
        "audience": {"type": "string", "enum": ["ALL", "B2B"], "default": "ALL"},
        "our_price": _PRICES,
        "minimum_seller_allowed_price": _PRICES,
        "maximum_seller_allowed_price": _PRICES,
        "start_at": _MOMENT,
        "end_at": _MOMENT,
    },
}


def _groups(requirements: str) -> Json:
    names = dict.fromkeys(one.group for one in ATTRIBUTES.values())
    groups = {group: [one.name for one in ATTRIBUTES.values() if one.group == group and _belongs(one, requirements)] for group in names}
    return {group: {"title": group.replace("_", " ").title(), "description": "", "propertyNames": members} for group, members in groups.items() if members}


def _linked(world: World, call: Call, content: Json) -> Json:
    """A document and its link; the same content lies there once."""
    written = json.dumps(content, ensure_ascii=False).encode()
    name = f"schema-{sha256(written).hexdigest()[:24]}"
    documents(world).setdefault(name, Stored(written, {"content-type": "application/json"}))
    return {"link": {"resource": link(world, call, name), "verb": "GET"}, "checksum": b64encode(md5(written, usedforsecurity=False).digest()).decode()}


def _version(world: World) -> str:
    return b64encode(f"play-{world.seed}".encode()).decode()


_ROLE = "Product Listing"
ROUTES = (
    Route("searchDefinitionsProductTypes", "GET", "/definitions/2020-09-01/productTypes", search, 5, 10, _ROLE),
    Route("getDefinitionsProductType", "GET", "/definitions/2020-09-01/productTypes/{productType}", get, 5, 10, _ROLE),
)
