"""What an action rests on: the values that it reads or overwrites, so that a plan whose ground moved is seen.

Falling units count only where units are what is written: a removal. Amazon's objections count for every change of a
listing: one that came up since the plan is a reason not to write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refloat.model.cure import Case, Change, Draft
from refloat.model.plan import Action

_EXISTS, _TYPE, _OBJECTIONS = "listing exists", "product type", "objections"
UNITS, BUYABLE, UNITS_LEFT = "units", "can be bought", "units left"
#: Names that are no attribute of the listing.
_OURS = frozenset({_EXISTS, _TYPE, _OBJECTIONS, UNITS, BUYABLE, UNITS_LEFT})
Units = tuple[int | None, int | None]


def of_draft(draft: Draft, case: Case) -> dict[str, Any]:
    """The values as they were read when the plan was made."""
    first = draft.steps[0].change
    if first.kind == "removal":
        buyable = {case.marketplace: can_be_bought(case.listing), **(case.pool or {})}
        return {UNITS: [case.row.get("units_fulfillable"), case.row.get("units_unfulfillable")], BUYABLE: buyable}
    values = _values(sorted({*draft.reads, *_written(first)}), first, case.listing)
    if first.kind == "delete" and len(draft.steps) == 1:
        # Nothing is made again after it, so it rests on that no unit is left anywhere; where Amazon names no stock there is None.
        values[UNITS_LEFT] = {case.marketplace: 0} | {place: None if row is None else 0 for place, row in (case.others or {}).items()}
    return values


def of_now(action: Action, listing: Mapping[str, Any] | None) -> dict[str, Any]:
    """The same values as Amazon shows them now."""
    return _values([name for name in action.rests_on if name not in _OURS], action.steps[0].change, listing)


def of_listing(action: Action) -> dict[str, Any]:
    """What the action rests on, as far as its listing tells."""
    return {name: value for name, value in action.rests_on.items() if name != UNITS_LEFT}


def of_removal(units: Units | None, buyable: Mapping[str, bool | None]) -> dict[str, Any]:
    """What a removal rests on, as it is now: sellable and unsellable units, and where the SKU can be bought."""
    return {UNITS: list(units) if units else None, BUYABLE: dict(buyable)}


def _written(change: Change) -> list[str]:
    return [patch.attribute for patch in change.patches] if change.kind == "patch" else []


def _values(names: list[str], first: Change, listing: Mapping[str, Any] | None) -> dict[str, Any]:
    attributes = (listing or {}).get("attributes") or {}
    kind = {} if first.kind != "patch" else {_TYPE: product_type(listing)}
    return {_EXISTS: listing is not None, **kind, _OBJECTIONS: objections(listing), **{name: attributes.get(name) for name in names}}


def objections(listing: Mapping[str, Any] | None) -> list[str]:
    """What Amazon enforces against the listing, in a fixed order: a new one moves the ground."""
    issues = [issue for issue in (listing or {}).get("issues") or () if isinstance(issue, Mapping) and issue.get("severity") == "ERROR"]
    actions = [((issue.get("enforcements") or {}).get("actions") or (), issue) for issue in issues]
    return sorted({f"{one.get('action')} {','.join(map(str, issue.get('categories') or ()))}" for found, issue in actions for one in found if isinstance(one, Mapping)})


def product_type(listing: Mapping[str, Any] | None) -> str:
    """Amazon's product type of the listing; PRODUCT, which fits all, where it does not say."""
    return str(_summary(listing).get("productType") or "PRODUCT")


def fnsku(listing: Mapping[str, Any] | None) -> str | None:
    """The label of the units that the listing sells; None where it does not say."""
    return _summary(listing).get("fnSku") or None


def created_after(listing: Mapping[str, Any], action: Action) -> bool:
    """Is it another listing than the one that the action was planned on? Its moment of creation, or its attributes, tell."""
    attributes = listing.get("attributes") or {}
    return any(attributes.get(name) != value for name, value in action.rests_on.items() if name not in _OURS)


def every_state(stock: Mapping[str, Any]) -> list[int | None]:
    """The units of Amazon's inventory summary, state by state, the total at the end; None where it does not say."""
    details = stock.get("inventoryDetails") or {}
    names = (("unfulfillableQuantity", "totalUnfulfillableQuantity"), ("reservedQuantity", "totalReservedQuantity"))
    counts = [details.get("fulfillableQuantity"), *((details.get(outer) or {}).get(inner) for outer, inner in names)]
    inbound = [details.get(f"inbound{step}Quantity") for step in ("Working", "Shipped", "Receiving")]
    return [*counts, *inbound, stock.get("totalQuantity")]


def can_be_bought(listing: Mapping[str, Any] | None) -> bool | None:
    """Does Amazon call the listing BUYABLE? None where it does not say; False where there is none."""
    shown = _summary(listing).get("status")
    return False if listing is None else "BUYABLE" in shown if isinstance(shown, list) else None


def _summary(listing: Mapping[str, Any] | None) -> Mapping[str, Any]:
    summaries = (listing or {}).get("summaries") or [{}]
    return summaries[0] if isinstance(summaries[0], Mapping) else {}
