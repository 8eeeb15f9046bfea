"""What the units are: ASIN, condition and label. A listing with another one is a second product beside the stranded units."""

from __future__ import annotations

from refloat.amazon.cures.attributes import elements, is_here, summary
from refloat.amazon.restrictions import condition_type
from refloat.model.cure import Case, Guard


def unknown(case: Case) -> Guard | None:
    """ASIN or condition of the units are not known, or the listing says others."""
    if asin(case) is None:
        return Guard("asin-unknown")
    return Guard("condition-unknown") if condition(case) is None else None


def asin(case: Case) -> str | None:
    """The units' ASIN; None where the listing stands on another one."""
    listed = summary(case).get("asin")
    if case.asin and listed and listed != case.asin:
        return None
    return case.asin or (str(listed) if listed else None)


def condition(case: Case) -> str | None:
    """The units' condition in Amazon's words; None where report and listing differ, or neither says it."""
    written = case.row.get("condition")
    stated = condition_type(str(written) if written else None)
    listed = next((row.get("value") for row in elements(case, "condition_type") if is_here(case, row)), None) or summary(case).get("conditionType")
    if written and stated is None:
        return None
    known = {str(one) for one in (stated, listed) if one}
    return known.pop() if len(known) == 1 else None
