"""delete-listing: closes a case whose units have gone. While one is left, or may be, it would strand it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refloat.amazon.cures import units
from refloat.amazon.cures.attributes import Outcome, product_type
from refloat.amazon.cures.enforcement import unless_lifted
from refloat.model.cure import Case, Change, Draft, Field, Guard, Step


def draft(case: Case) -> Outcome:
    """The deletion, where every state is known in every marketplace of the pool, and none has a unit."""
    if case.listing is None:
        return Guard("listing-gone")
    states = dict(_states(case))
    left = {state: count for state, count in states.items() if count}
    if left:
        return Guard("units-left", {"units": ", ".join(f"{state} {count}" for state, count in left.items())})
    if case.others is None:
        return Guard("removal-not-finished")
    if unknown := [state for state, count in states.items() if count is None]:
        return Guard("units-left-unknown", {"units": ", ".join(unknown)})
    return unless_lifted(case, _returns(case)) or Draft((Step(Change("delete", product_type(case))),), (Field("listing", case.sku, None),), tuple(sorted(case.attributes)))


def _returns(case: Case) -> Guard | None:
    """A return may still come where some came lately, some were sold lately, or neither is known."""
    returned, sold = (units.told(case, name) for name in ("units_returned_90_days", "units_shipped_90_days"))
    if returned or sold or (returned is None and sold is None):
        return Guard("returns-possible", {"returned": "?" if returned is None else str(returned), "sold": "?" if sold is None else str(sold)})
    return None


def _states(case: Case) -> Iterator[tuple[str, int | None]]:
    """Each state by its name, elsewhere with the marketplace; where Amazon has neither a listing nor units there is none."""
    yield from _answered(case.row, units.by_state(case.row)).items()
    for place, row in (case.others or {}).items():
        for state, count in _answered(row, units.by_state(row, units.ON_HAND)).items() if row is not None else ():
            yield f"{state} ({place})", count


def _answered(row: Mapping[str, Any], counts: dict[str, int | None]) -> dict[str, int | None]:
    """The counts; where Amazon did not answer of late, no 0 among them: a report of stock may be days old, and units may be on their way since."""
    return counts if row.get("inventory_units_total") is not None else {state: count or None for state, count in counts.items()}
