"""Notices: what Amazon pushes when something changed, read from the text of one message.

Two channels bring them (Notifications API v1): EventBridge wraps an event in ``detail``, with names in
PascalCase; SQS brings the notification itself, partly in camelCase, and a queue behind a topic wraps it in
``Message``. A notice only says where to look: what is true is asked for afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from refloat.knowledge.tables import marketplace_code

#: How many wrappers there may be around a notice.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: its type as Amazon calls it, whose it is, and what it is about; None where it does not say."""

    kind: str
    seller_id: str | None
    marketplace: str | None
    sku: str | None
    asin: str | None


def messages(text: str) -> Iterator[str]:
    """The single messages of a text: one a line, or the answer of ``aws sqs receive-message`` with its list of them."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from (line for line in text.splitlines() if line.strip())
        return
    rows = whole.get("Messages") if isinstance(whole, dict) else whole if isinstance(whole, list) else None
    yield from (json.dumps(row) for row in rows) if isinstance(rows, list) else [text]


def notices(text: str) -> list[Notice]:
    """The notices in one message: one a marketplace. Empty when it holds none that we know.

    >>> notices('{"detail-type": "LISTINGS_ITEM_STATUS_CHANGE", "detail": {"Payload": {"SellerId": "A1", "MarketplaceId": "A1PA6795UKMFR9", "Sku": "CUP"}}}')[0].marketplace
    'DE'
    """
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return list(_found(_named(body), _DEEPEST)) if isinstance(body, dict) else []


def _found(body: Mapping[str, Any], depth: int) -> Iterator[Notice]:
    for inner in ("detail", "message", "body"):
        if (wrapped := _unwrapped(body.get(inner))) is not None and depth:
            # EventBridge names the type outside, where the event itself may not.
            yield from _found({"notificationtype": body.get("detail-type"), **wrapped}, depth - 1)
            return
    kind, payload = body.get("notificationtype"), _named(body.get("payload"))
    if not isinstance(kind, str) or not payload:
        return
    about = next((_named(value) for name, value in payload.items() if name.endswith(("notification", "update")) and isinstance(value, dict)), payload)
    for marketplace in _marketplaces(about):
        yield Notice(kind, _text(about, "sellerid"), marketplace, _text(about, "sku", "sellersku"), _text(about, "asin"))


def _marketplaces(about: Mapping[str, Any]) -> Iterable[str | None]:
    """The one that it names, or each of those in its list (FBA inventory); None when it names none."""
    rows = about.get("fulfillmentinventorybymarketplace")
    if isinstance(rows, list):
        return dict.fromkeys(marketplace_code(_text(_named(row), "marketplaceid")) for row in rows)
    return [marketplace_code(_text(about, "marketplaceid"))]


def _unwrapped(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return _named(value) or None


def _named(value: Any) -> dict[str, Any]:
    """The object with its names in lower case: the same field is Sku, sku and SKU."""
    return {str(name).lower(): inner for name, inner in value.items()} if isinstance(value, dict) else {}


def _text(body: Mapping[str, Any], *names: str) -> str | None:
    return next((value for name in names if isinstance(value := body.get(name), str) and value), None)
