"""What an action rests on: the values that it reads or overwrites, so that a plan whose ground moved is seen.

Falling units count only where units are what is written: a removal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refloat.model.cure import Case, Change, Draft
from refloat.model.plan import Action

_EXISTS, _TYPE, _UNITS = "listing exists", "product type", "units"


def of_draft(draft: Draft, case: Case) -> dict[str, Any]:
    """The values as they were read when the plan was made."""
    first = draft.steps[0].change
    names = sorted({*draft.reads, *_written(first)})
    return _values(names, first, case.listing, _units(case.row))


def of_now(action: Action, listing: Mapping[str, Any] | None, units: tuple[int | None, int | None] | None = None) -> dict[str, Any]:
    """The same values as Amazon shows them now. ``units``: sellable, unsellable."""
    names = [name for name in action.rests_on if name not in {_EXISTS, _TYPE, _UNITS}]
    return _values(names, action.steps[0].change, listing, units)


def _written(change: Change) -> list[str]:
    return [patch.attribute for patch in change.patches] if change.kind == "patch" else []


def _values(names: list[str], first: Change, listing: Mapping[str, Any] | None, units: tuple[int | None, int | None] | None) -> dict[str, Any]:
    if first.kind == "removal":
        return {_UNITS: list(units) if units else None}
    attributes = (listing or {}).get("attributes") or {}
    kind = {} if first.kind != "patch" else {_TYPE: product_type(listing)}
    return {_EXISTS: listing is not None, **kind, **{name: attributes.get(name) for name in names}}


def product_type(listing: Mapping[str, Any] | None) -> str:
    """Amazon's product type of the listing; PRODUCT, which fits all, where it does not say."""
    summaries = (listing or {}).get("summaries") or [{}]
    return str(summaries[0].get("productType") or "PRODUCT")


def _units(row: Mapping[str, Any]) -> tuple[int | None, int | None]:
    return row.get("units_fulfillable"), row.get("units_unfulfillable")


def shows(change: Change, listing: Mapping[str, Any] | None) -> bool:
    """Does the listing, as Amazon shows it now, say what the change wrote? Amazon may add to it, not take away."""
    if change.kind == "delete":
        return listing is None
    if listing is None:
        return False
    attributes = listing.get("attributes") or {}
    return all(_holds(attributes.get(patch.attribute), patch.after, patch.before) for patch in change.patches)


def _holds(shown: Any, wanted: Any, before: Any) -> bool:
    """Everything that was written stands there, and what was taken out is gone. An empty value and a missing one are the same."""
    if _empty(wanted):
        return _empty(shown)
    if isinstance(wanted, Mapping):
        old = before if isinstance(before, Mapping) else {}
        names = {*wanted, *(name for name in old if not _empty(old[name]))}
        return isinstance(shown, Mapping) and all(_holds(shown.get(name), wanted.get(name), old.get(name)) for name in names)
    if isinstance(wanted, list):
        earlier = before if isinstance(before, list) and len(before) == len(wanted) else [None] * len(wanted)
        return isinstance(shown, list) and len(shown) == len(wanted) and all(map(_holds, shown, wanted, earlier))
    return bool(shown == wanted)


def _empty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_empty(one) for one in value.values())
    if isinstance(value, list):
        return all(_empty(one) for one in value)
    return value is None
