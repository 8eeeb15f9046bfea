"""A case to try a cure on: one listing in the United States with everything in order, and what a test changes in it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from refloat.amazon.cures import drafted
from refloat.knowledge.tables import marketplaces, table
from refloat.model.cure import Case, Change, Draft, Guard, Patch

US = marketplaces()["US"].id
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MARK = {"marketplace_id": US}
BUSINESS = {**MARK, "currency": "USD", "audience": "B2B", "our_price": [{"schedule": [{"value_with_tax": 14.0}]}], "quantity_discount_plan": [{"schedule": [{"discount_type": "fixed"}]}]}


def price(amount: float) -> list[dict[str, Any]]:
    return [{"schedule": [{"value_with_tax": amount}]}]


def offer(**parts: Any) -> dict[str, Any]:
    """The consumer offer of a listing that sells; a part None goes."""
    whole = {**MARK, "currency": "USD", "audience": "ALL", "our_price": price(15.08), "start_at": {"value": "2026-01-01T00:00:00Z"}, "end_at": {"value": None}} | parts
    return {name: value for name, value in whole.items() if value is not None}


CLOSED = offer(end_at={"value": "2026-11-01T00:00:00Z"})
ATTRIBUTES: Mapping[str, Any] = {
    "item_name": [{"value": "Sample bowl", "language_tag": "en_US", **MARK}],
    "condition_type": [{"value": "new_new", **MARK}],
    "purchasable_offer": [BUSINESS, offer()],
    "fulfillment_availability": [{"fulfillment_channel_code": "AMAZON_NA"}],
}


def case(*, attributes: Mapping[str, Any] | None = None, row: Mapping[str, Any] | None = None, issues: list[Any] | None = None, **parts: Any) -> Case:
    """A case; ``attributes`` and ``row`` go over those of a listing that sells, and an attribute None is not there."""
    said = {name: value for name, value in deepcopy({**ATTRIBUTES, **(attributes or {})}).items() if value is not None}
    summary = {"marketplaceId": US, "asin": "B0TEST0001", "productType": "PET_SUPPLIES", "conditionType": "new_new", "fnSku": "X00TEST001", "itemName": "Sample bowl"}
    listing = {"sku": "SKU-1", "summaries": [summary], "attributes": said, "issues": issues or []}
    known = {"condition": "New", "price_shown": Decimal("15.08"), "units_fulfillable": 7, "units_unfulfillable": 2, "units_reserved": 1, "units_in_removal": 0} | dict(row or {})
    whole = Case("US", "SKU-1", "B0TEST0001", "X00TEST001", known, listing, NOW - timedelta(hours=1), NOW, account_standing="NORMAL", pool={})
    return replace(whole, **parts)


def draft(remedy: str, asked: Case) -> Draft:
    """The draft, where there must be one."""
    found = drafted(remedy, asked)
    assert isinstance(found, Draft), found
    return found


def guard(remedy: str, asked: Case) -> Guard:
    """The limit, where there must be one; its sentence has everything that it needs, in both languages."""
    found = drafted(remedy, asked)
    assert isinstance(found, Guard), found
    for language in ("en", "zh"):
        assert "{" not in table("guards")[found.name][language].format_map(dict(found.facts))
    return found


def attribute(change: Change, name: str) -> Any:
    """What a change writes of an attribute."""
    return next(one.after for one in change.patches if one.attribute == name)


def applied(attributes: Mapping[str, Any], patches: tuple[Patch, ...]) -> dict[str, Any]:
    """The attributes after the patches: each takes the place of the whole array."""
    after = deepcopy(dict(attributes))
    for one in patches:
        assert one.before == after.get(one.attribute)
        if one.after is None:
            assert one.op == "delete"
            after.pop(one.attribute, None)
        else:
            assert one.op == "replace"
            after[one.attribute] = deepcopy(one.after)
    return after


def undone(asked: Case, found: Draft) -> bool:
    """Applied and undone, the listing says what it said."""
    after = applied(asked.attributes, found.steps[0].change.patches)
    assert found.undo is not None
    return applied(after, found.undo.patches) == asked.attributes
