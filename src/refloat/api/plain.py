"""Our own rows as plain JSON: money with its currency, days and moments as ISO, unknown as null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from refloat.model.money import Money


def json_of(value: Any) -> Any:
    """The value; what is no JSON of itself by its own rule."""
    if isinstance(value, Money):
        return value.as_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: json_of(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): json_of(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_of(one) for one in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
