"""The consumer offer inside ``purchasable_offer``: read, and written back with one thing changed.

Beside it stand offers for businesses and other audiences, other marketplaces, schedules, discounts, bounds: all of them
go back as they came. Everything of one marketplace and audience must be in one element, or Amazon takes none of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from refloat.amazon.cures.attributes import Element, elements, is_here, place
from refloat.amazon.cures.attributes import patch as patch_of
from refloat.model.cure import Case, Guard, Patch

NAME = "purchasable_offer"
PRICE, LEAST, MOST = "our_price", "minimum_seller_allowed_price", "maximum_seller_allowed_price"


def unreadable(case: Case) -> Guard | None:
    """The offer is no array, is torn over several elements, or names a moment that is none."""
    found = case.attributes.get(NAME)
    mine = [one for one in elements(case, NAME) if _is_consumers(case, one)]
    strange = found is not None and not (isinstance(found, list) and all(isinstance(one, dict) for one in found))
    if strange or len(mine) > 1 or any(_unreadable_moment(one, name) for one in mine for name in ("start_at", "end_at")):
        return Guard("offer-unreadable", {"sku": case.sku})
    return None


def consumer(case: Case) -> Element:
    """The offer to everybody in this marketplace; empty where there is none."""
    return next((one for one in elements(case, NAME) if _is_consumers(case, one)), {})


def with_parts(case: Case, parts: Mapping[str, Any]) -> Patch:
    """The array with these parts of the consumer offer exchanged; an offer that is not there is added at the end."""
    offers = elements(case, NAME)
    if not parts:
        return patch_of(case, NAME, offers)
    if not any(_is_consumers(case, one) for one in offers):
        offers.append(new(case))
    return patch_of(case, NAME, [{**one, **deepcopy(dict(parts))} if _is_consumers(case, one) else one for one in offers])


def new(case: Case) -> Element:
    """An offer to everybody that says nothing yet."""
    return {"marketplace_id": place(case).id, "currency": place(case).currency, "audience": "ALL"}


def amount_of(offer: Mapping[str, Any], name: str) -> Decimal | None:
    """The first amount of a price; None where there is none, or 0."""
    return next(iter(amounts_of(offer, name)), None)


def amounts_of(offer: Mapping[str, Any], name: str, now: datetime | None = None) -> list[Decimal]:
    """Every amount that a price's schedules name; with ``now``, without those that are over."""
    prices = offer.get(name)
    slots = [slot for one in prices if isinstance(one, Mapping) for slot in _slots(one) if isinstance(slot, Mapping)] if isinstance(prices, list) else []
    still = [slot for slot in slots if now is None or not _over(slot, now)]
    return [amount for slot in still if (amount := _decimal(slot.get("value_with_tax"))) is not None]


def with_amount(offer: Mapping[str, Any], name: str, amount: Decimal) -> list[Any]:
    """The price with its first amount exchanged; the keys beside it, and further schedules, stay."""
    found = deepcopy(offer.get(name))
    prices: list[Any] = found if isinstance(found, list) and found and isinstance(found[0], dict) else [{}]
    slots = _slots(prices[0])
    if not slots or not isinstance(slots[0], dict):
        prices[0]["schedule"] = slots = [{}, *slots[1:]]
    if _decimal(slots[0].get("value_with_tax")) != amount:
        slots[0]["value_with_tax"] = number(amount)
    return prices


def number(amount: Decimal) -> Any:
    """The amount as Amazon's JSON has it: a number, with the digits that were entered, never by way of arithmetic."""
    return json.loads(format(amount, "f"))


def moment_of(offer: Mapping[str, Any], name: str) -> datetime | None:
    """``start_at`` or ``end_at``; None where it is not set."""
    text = _moment_text(offer, name)
    if not text:
        return None
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def with_moment(offer: Mapping[str, Any], name: str, moment: datetime | None) -> dict[str, Any]:
    """``start_at`` or ``end_at`` with another moment; keys beside it stay. None clears it in Amazon's own way."""
    old = offer.get(name)
    text = None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**(old if isinstance(old, Mapping) else {}), "value": text}


def _is_consumers(case: Case, element: Any) -> bool:
    return is_here(case, element) and (element.get("audience") or "ALL") == "ALL"


def _slots(price: Mapping[str, Any]) -> list[Any]:
    slots = price.get("schedule")
    return slots if isinstance(slots, list) else []


def _moment_text(offer: Mapping[str, Any], name: str) -> str | None:
    found = offer.get(name)
    text = found.get("value") if isinstance(found, Mapping) else found
    return None if text is None else str(text)


def _over(slot: Mapping[str, Any], now: datetime) -> bool:
    if _unreadable_moment(slot, "end_at"):
        return False
    ends = moment_of(slot, "end_at")
    return ends is not None and ends <= now


def _unreadable_moment(offer: Mapping[str, Any], name: str) -> bool:
    try:
        moment_of(offer, name)
    except ValueError:
        return True
    return False


def _decimal(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None
