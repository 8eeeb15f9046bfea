"""Units as the row tells them. Unknown is never none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from refloat.amazon.cures import times
from refloat.model.cure import Case

#: State → the columns that tell of it; of several the largest counts.
_STATES: Mapping[str, tuple[str, ...]] = {
    "fulfillable": ("units_fulfillable", "stock_units_fulfillable", "inventory_units_fulfillable"),
    "unfulfillable": ("units_unfulfillable", "stock_units_unsellable"),
    "reserved": ("units_reserved", "stock_units_reserved"),
    "inbound": ("units_inbound", "stock_units_inbound"),
    "total": ("stock_units_total", "inventory_units_total"),
    "in-removal": ("units_in_removal",),
}


#: States in which units lie somewhere, or are on their way there.
ON_HAND = ("fulfillable", "unfulfillable", "reserved", "inbound", "total")


def by_state(row: Mapping[str, Any], states: Iterable[str] = tuple(_STATES)) -> dict[str, int | None]:
    """Units in every state in which they can be; None where no source tells."""
    return {state: _most(row, _STATES[state]) for state in states}


def told(case: Case, column: str) -> int | None:
    """A count of the row; None where it is unknown."""
    return _told(case.row, column)


def _told(row: Mapping[str, Any], column: str) -> int | None:
    found = row.get(column)
    return found if isinstance(found, int) and found >= 0 else None


def never_sold_again(case: Case) -> bool:
    """Recalled or expired: by Amazon's reason, by our cause, or by the date that the seller entered."""
    named = {"product-recall", "expired-product", "expired"}
    entered = case.notes.expires.get(case.sku) or case.row.get("entered_expiry_on")
    return case.row.get("symptom") in named or case.row.get("cause") in named or (entered is not None and entered <= times.today(case))


def _most(row: Mapping[str, Any], columns: tuple[str, ...]) -> int | None:
    return max((units for column in columns if (units := _told(row, column)) is not None), default=None)
