"""The attributes of submit-dangerous-goods: exactly what the seller states, never a value of ours.

Papers (safety data sheets) have no way over the API; they are a task for a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from refloat.amazon.cures.attributes import Outcome, issues, one_change, place, strings, with_mine
from refloat.amazon.cures.attributes import patch as patch_of
from refloat.knowledge.tables import table
from refloat.model.cure import Case, Field, Guard, Patch

_TABLE = table("curing")["dangerous_goods"]
#: What Amazon wants to know of any product before it ships it.
ASKED: tuple[str, ...] = tuple(_TABLE["asked"])
_INFORMATION_REQUIRED = "merchant-fulfilled-dg-info-required"


def draft(case: Case) -> Outcome:
    """The entered statements alone."""
    if not _entered(case):
        return Guard("dangerous-goods-unknown")
    stated = patches(case)
    return one_change(case, stated, fields(stated))


def unknown(case: Case) -> Guard | None:
    """Amazon asks for dangerous-goods information that nobody has entered."""
    wanted = {name for issue in issues(case) if str(issue.get("code")) == _TABLE["issue"] for name in strings(issue, "attributeNames") if name in ASKED}
    if case.row.get("symptom") == _INFORMATION_REQUIRED:
        wanted |= {name for name in ASKED if not case.attributes.get(name)}
    if case.row.get("dangerous_goods_open"):
        # Whatever the listing says, Amazon is not content with it.
        wanted |= set(ASKED)
    return Guard("dangerous-goods-unknown") if wanted - set(_entered(case)) else None


def patches(case: Case) -> list[Patch]:
    """The statements that the listing does not make yet, one patch an attribute."""
    stated = (patch_of(case, name, with_mine(case, name, value)) for name, value in _entered(case).items())
    return [one for one in stated if one.before != one.after]


def stated(case: Case) -> dict[str, list[Any]]:
    """The statements as attributes of a new listing."""
    return _entered(case)


def fields(stated_now: Iterable[Patch]) -> tuple[Field, ...]:
    """What a person reads of the statements."""
    return tuple(Field(one.attribute, shown(one.before), shown(one.after)) for one in stated_now)


def shown(array: Any) -> str | None:
    """The values of an attribute as a short text."""
    if not array:
        return None
    values = [one.get("value", one) if isinstance(one, dict) else one for one in array]
    return "; ".join(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values)


def _entered(case: Case) -> dict[str, list[Any]]:
    """Attribute → array. A bare value (false, "not_applicable") is put into Amazon's form; what is left empty states nothing."""
    entered = case.wishes.goods.get(case.sku, {})
    arrays = {name: value if isinstance(value, list) else [{"value": value, "marketplace_id": place(case).id}] for name, value in entered.items() if value is not None}
    return {name: array for name, array in arrays.items() if array}
