"""delete-listing: closes a case whose units have gone. While one is left, or may be, it would strand it."""

from __future__ import annotations

from refloat.amazon.cures import units
from refloat.amazon.cures.attributes import Outcome, product_type
from refloat.model.cure import Case, Change, Draft, Field, Guard, Step


def draft(case: Case) -> Outcome:
    """The deletion, where every state is known and none has a unit."""
    if case.listing is None:
        return Guard("listing-gone")
    states = units.by_state(case)
    left = {state: count for state, count in states.items() if count}
    if left:
        return Guard("units-left", {"units": ", ".join(f"{state} {count}" for state, count in left.items())})
    if None in states.values():
        return Guard("units-unknown")
    return Draft((Step(Change("delete", product_type(case))),), (Field("listing", case.sku, None),), tuple(sorted(case.attributes)))
