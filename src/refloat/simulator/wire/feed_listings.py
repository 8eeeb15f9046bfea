"""JSON_LISTINGS_FEED: many submissions in one document, and the report on them.

Source: schemas/feeds/listings-feed-schema-v2.json and listings-feed-processing-report-schema-v2.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import checking, writing
from refloat.simulator.wire import listings
from refloat.simulator.wire.feed_results import Outcome
from refloat.simulator.wire.item import DATA_SETS, item
from refloat.simulator.wire.speech import Refusal
from refloat.simulator.world import World

Json = dict[str, Any]
TYPE = "JSON_LISTINGS_FEED"
MOST_MESSAGES, MOST_BYTES = 25_000, 10 * 2**20
_CONTENT_TYPE = "application/json; charset=UTF-8"
#: Operation → what it must have besides messageId and sku, and what it must not have.
_FORMS = {
    "UPDATE": ({"productType", "attributes"}, {"patches"}),
    "PARTIAL_UPDATE": ({"productType", "attributes"}, {"requirements", "patches"}),
    "PATCH": ({"productType", "patches"}, {"requirements", "attributes"}),
    "DELETE": (set[str](), {"requirements", "attributes", "productType", "patches"}),
}


def work(world: World, seller: Seller, places: list[str], feed_id: str, content: bytes, *, half: bool = False) -> Outcome:
    """Submit every message that is valid (``half``: the first half only) and report on all of them."""
    header: Json = {"sellerId": seller.id, "version": "2.0", "feedId": feed_id}
    try:
        document = _read(seller, content)
    except ValueError as error:
        return _reported(header, [{"severity": "ERROR", "code": "4000001", "message": str(error)}], 0, 0, fatal=True)
    asked = document["header"].get("report")
    messages: list[Json] = document["messages"]
    issues, accepted, seen = list[Json](), list[str](), set[int]()
    for message in messages[: (len(messages) + 1) // 2] if half else messages:
        found = _submitted(world, seller, places, message, seen)
        issues += found
        if not any(one["severity"] == "ERROR" for one in found):
            accepted.append(str(message["sku"]))
    items = _items(world, seller, places, accepted, asked) if asked else None
    return _reported({**header, **({"report": asked} if asked else {})}, issues, len(messages), len(accepted), items=items)


def _read(seller: Seller, content: bytes) -> Json:
    """The document, if it has a form that can be worked on.

    Raises:
        ValueError: it has none; the text is for the report.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"The feed is larger than {MOST_BYTES} bytes.")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError("The feed is not valid JSON in UTF-8.") from error
    header, messages = (document.get("header"), document.get("messages")) if isinstance(document, dict) else (None, None)
    if not isinstance(header, dict) or header.get("version") != "2.0" or header.get("sellerId") != seller.id:
        raise ValueError("The header of the feed needs the 'sellerId' of the account and the version '2.0'.")
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_MESSAGES:
        raise ValueError(f"The feed needs 1 to {MOST_MESSAGES} messages.")
    report = header.get("report")
    if report is not None and not _is_report(report):
        raise ValueError("The 'report' of the header needs known 'includedData' and the apiVersion '2021-08-01'.")
    return {"header": header, "messages": messages}


def _is_report(asked: Any) -> bool:
    """Does it ask for data sets that there are, in the version that there is?"""
    if not isinstance(asked, dict) or asked.get("apiVersion") != "2021-08-01":
        return False
    names = asked.get("includedData")
    return isinstance(names, list) and bool(names) and all(isinstance(name, str) and name in DATA_SETS for name in names)


def _submitted(world: World, seller: Seller, places: list[str], message: Any, seen: set[int]) -> list[Json]:
    """Submit one message; its issues, as the report writes them."""
    wrong, marks = _form(message, seen), _marks(message)
    if wrong:
        return [{**marks, "code": "4000003", "severity": "ERROR", "message": wrong}]
    seen.add(message["messageId"])
    try:
        found, sends = _checked(world, seller, places, message)
    except Refusal as refusal:
        return [{**marks, "code": "4000003", "severity": "ERROR", "message": refusal.message}]
    if not any(one["severity"] == "ERROR" for one in found):
        for send in sends:
            send()
    return [_brief(one) | marks for one in found]


def _marks(message: Any) -> Json:
    """By what an issue says to which message it belongs; only what has the form that the report's schema allows."""
    found: Json = {}
    if isinstance(message, dict) and _numbered(message.get("messageId")):
        found["messageId"] = message["messageId"]
    if isinstance(message, dict) and isinstance(message.get("sku"), str) and message["sku"]:
        found["sku"] = message["sku"]
    return found


def _numbered(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 1


def _form(message: Any, seen: set[int]) -> str:
    """What is wrong with the form of a message; nothing: an empty text."""
    if not isinstance(message, dict) or set(_marks(message)) != {"messageId", "sku"}:
        return "Each message needs a 'messageId' of at least 1 and a 'sku'."
    if message["messageId"] in seen:
        return f"The messageId {message['messageId']} stands in the feed more than once."
    form = _FORMS.get(str(message.get("operationType")))
    if form is None:
        return f"The operationType must be one of {', '.join(_FORMS)}."
    lacking, excess = sorted(form[0] - set(message)), sorted(form[1] & set(message))
    if lacking or excess:
        return f"The operationType {message['operationType']} " + (f"needs '{lacking[0]}'." if lacking else f"does not take '{excess[0]}'.")
    return ""


def _checked(world: World, seller: Seller, places: list[str], message: Json) -> tuple[list[Json], list[Callable[[], str]]]:
    """The issues of a well-formed message in each marketplace, and what sends it."""
    sku, operation = message["sku"], message["operationType"]
    issues, sends = list[Json](), list[Callable[[], str]]()
    for place in places:
        if operation == "DELETE":
            issues += [] if world.listing(seller.id, place, sku) else [checking.issue("13013", f"The SKU {sku} is not in this store's catalog.")]
            sends.append(lambda place=place: writing.delete(world, seller.id, place, sku, "api"))  # type: ignore[misc]
        elif operation == "UPDATE":
            body = listings.put_of(message)
            requirements = body.get("requirements", "LISTING")
            issues += checking.of_whole(world, seller.id, place, sku, body["attributes"], product_type=body["productType"], requirements=requirements)
            sends.append(lambda place=place, body=body: listings.submit_whole(world, seller, place, sku, body))  # type: ignore[misc]
        else:
            patches = listings.patches_of(message if operation == "PATCH" else {"productType": message["productType"], "patches": _replacing(message["attributes"])})
            issues += checking.of_patches(world, seller.id, place, sku, patches)
            sends.append(lambda place=place, patches=patches: writing.patch(world, seller.id, place, sku, patches, "api"))  # type: ignore[misc]
    return issues, sends


def _replacing(attributes: Any) -> list[Json]:
    """PARTIAL_UPDATE is PATCH with the operation replace."""
    return [{"op": "replace", "path": f"/attributes/{name}", "value": value} for name, value in attributes.items()] if isinstance(attributes, dict) else []


def _brief(issue: Json) -> Json:
    found = {name: issue[name] for name in ("code", "severity", "message")}
    return found | ({"attributeName": issue["attributeNames"][0]} if issue.get("attributeNames") else {})


def _items(world: World, seller: Seller, places: list[str], skus: Iterable[str], asked: Json) -> list[Json]:
    found = [(sku, [listing for place in places if (listing := world.listing(seller.id, place, sku)) is not None]) for sku in dict.fromkeys(skus)]
    return [item(world, of_sku, asked["includedData"]) for _, of_sku in found if of_sku]


def _reported(header: Json, issues: list[Json], processed: int, accepted: int, *, fatal: bool = False, items: list[Json] | None = None) -> Outcome:
    counts = {name: sum(1 for one in issues if one["severity"] == severity) for name, severity in (("errors", "ERROR"), ("warnings", "WARNING"))}
    summary: Json = {**counts, "messagesProcessed": processed, "messagesAccepted": accepted, "messagesInvalid": processed - accepted}
    if items is not None:
        every = [one for row in items for one in row.get("issues", [])]
        summary["itemSummary"] = {"items": len(items), **{name: sum(1 for one in every if one["severity"] == word) for name, word in (("errors", "ERROR"), ("warnings", "WARNING"))}}
    report = {"header": header, "issues": issues, "summary": summary} | ({"items": items} if items is not None else {})
    return Outcome(json.dumps(report, ensure_ascii=False).encode(), _CONTENT_TYPE, fatal)
