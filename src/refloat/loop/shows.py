"""Does a listing show what was written? And what puts back our part of it alone.

Amazon adds fields of its own, leaves out what is empty, writes moments in another form and elements in another order;
it does not take away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from refloat.model.cure import Change, Json

#: What tells the elements of an attribute apart, where they have it.
_SELECTORS = ("marketplace_id", "audience", "language_tag", "fulfillment_channel_code", "currency")


def shows(change: Change, listing: Mapping[str, Any] | None) -> bool:
    """Does the listing, as Amazon shows it now, say what the change wrote?"""
    if change.kind == "delete":
        return listing is None
    if listing is None:
        return False
    attributes = listing.get("attributes") or {}
    return all(_holds(attributes.get(patch.attribute), patch.after, patch.before) for patch in change.patches)


def _holds(shown: Json, wanted: Json, before: Json) -> bool:
    """Everything that was written stands there, and what was taken out is gone. An empty value and a missing one are the same."""
    if _empty(wanted):
        return _empty(shown)
    if isinstance(wanted, Mapping):
        old = before if isinstance(before, Mapping) else {}
        names = {*wanted, *(name for name in old if not _empty(old[name]))}
        return isinstance(shown, Mapping) and all(_holds(shown.get(name), wanted.get(name), old.get(name)) for name in names)
    if isinstance(wanted, list):
        if not isinstance(shown, list) or len(shown) != len(wanted):
            return False
        return all(_holds(_like(one, shown, number), one, _like(one, before, number)) for number, one in enumerate(wanted))
    return bool(shown == wanted) or _same_moment(shown, wanted)


def _like(element: Json, others: Json, number: int) -> Json:
    """The element of ``others`` for the same marketplace, audience and so on; without such a mark the one at the same place."""
    if not isinstance(others, list):
        return None
    mark = _mark(element)
    if mark and any(map(_mark, others)):
        alike = [one for one in others if _mark(one) == mark]
        return alike[0] if len(alike) == 1 else None
    return others[number] if number < len(others) else None


def _mark(element: Json) -> tuple[tuple[str, Any], ...]:
    return tuple((name, element[name]) for name in _SELECTORS if name in element) if isinstance(element, Mapping) else ()


def _same_moment(shown: Json, wanted: Json) -> bool:
    if not isinstance(shown, str) or not isinstance(wanted, str):
        return False
    try:
        return datetime.fromisoformat(shown.replace("Z", "+00:00")) == datetime.fromisoformat(wanted.replace("Z", "+00:00"))
    except (ValueError, TypeError):
        return False


def _empty(value: Json) -> bool:
    if isinstance(value, Mapping):
        return all(map(_empty, value.values()))
    if isinstance(value, list):
        return all(map(_empty, value))
    return value is None


def reverted(shown: Json, wrote: Json, before: Json) -> bool:
    """Does our part of it stand there as it was before, whatever else has changed since?

    >>> reverted([{"price": 3, "end_at": "x"}], [{"price": 2}], [{"price": 2, "end_at": "x"}])
    True
    """
    if isinstance(wrote, Mapping) and isinstance(before, Mapping):
        names = [name for name in {*wrote, *before} if wrote.get(name) != before.get(name)]
        return isinstance(shown, Mapping) and bool(names) and all(reverted(shown.get(name), wrote.get(name), before.get(name)) for name in names)
    if isinstance(wrote, list) and isinstance(before, list) and _paired(wrote, before) and isinstance(shown, list):
        changed = [(number, one) for number, one in enumerate(wrote) if one != _like(one, before, number)]
        return bool(changed) and all(reverted(_like(one, shown, number), one, _like(one, before, number)) for number, one in changed)
    return _holds(shown, before, None) and _holds(before, shown, None)


def put_back(shown: Json, wrote: Json, before: Json) -> Json:
    """``shown`` with our part of it as it was ``before``: what somebody else changed since stays.

    >>> put_back([{"price": 2, "discount": 1}], [{"price": 2}], [{"price": 1}])
    [{'price': 1, 'discount': 1}]
    """
    if isinstance(shown, Mapping) and isinstance(wrote, Mapping) and isinstance(before, Mapping):
        names = dict.fromkeys([*shown, *(name for name in before if name not in shown)])
        parts = {name: put_back(shown.get(name), wrote.get(name), before.get(name)) for name in names}
        return {name: part for name, part in parts.items() if part is not None or (name in before and before[name] is None)}
    if isinstance(shown, list) and isinstance(wrote, list) and isinstance(before, list) and _paired(wrote, before):
        return [put_back(one, _like(one, wrote, number), _like(one, before, number)) if _like(one, wrote, number) is not None else one for number, one in enumerate(shown)]
    # Ours, and untouched since: as it was. Changed since by somebody else: theirs.
    return before if _holds(shown, wrote, None) and _holds(wrote, shown, None) else shown


def _paired(wrote: Sequence[Json], before: Sequence[Json]) -> bool:
    return len(wrote) == len(before)
