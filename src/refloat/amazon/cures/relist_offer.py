"""relist-offer: open the closed offer again, at a checked price."""

from __future__ import annotations

from typing import Any

from refloat.amazon.cures import channels, offers, prices, times
from refloat.amazon.cures.attributes import Outcome, one_change, patches_of, undo_of
from refloat.model.cure import Case, Draft, Guard, Step

#: FBA has lost sight of the offer although it is open: writing it once more is the mildest cure.
_WRITTEN_AGAIN = frozenset({"missing-sku"})


def draft(case: Case) -> Outcome:
    """The offer without its end. A date that lies ahead is a purpose; one that has passed stays as it is."""
    if case.listing is None:
        return Guard("listing-gone")
    guard = offers.unreadable(case) or _of_start(case) or channels.of_merchant(case)
    if guard:
        return guard
    price = prices.checked(case)
    if isinstance(price, Guard):
        return price
    offer = offers.consumer(case)
    parts: dict[str, Any] = prices.part(case, price)
    ends = offers.moment_of(offer, "end_at")
    if ends is not None and ends <= case.now:
        parts["end_at"] = offers.with_moment(offer, "end_at", None)
    patch = offers.with_parts(case, parts)
    fields = (prices.field(case, price), *([times.field("end-date", ends, None)] if "end_at" in parts else []))
    if not parts and case.row.get("symptom") in _WRITTEN_AGAIN and patch.after:
        return Draft((Step(patches_of(case, [patch])),), fields, (channels.NAME,), undo_of(case, [patch]))
    return one_change(case, [patch], fields, reads=(channels.NAME,))


def _of_start(case: Case) -> Guard | None:
    starts = offers.moment_of(offers.consumer(case), "start_at")
    return Guard("future-start", {"on": starts.date().isoformat()}) if starts is not None and starts > case.now else None
