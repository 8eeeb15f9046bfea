"""pause-offer: off sale from now on, or until a day. The SKU and everything that its offer says stay."""

from __future__ import annotations

from refloat.amazon.cures import offers, times
from refloat.amazon.cures.attributes import Outcome, one_change
from refloat.model.cure import Case, Guard


def draft(case: Case) -> Outcome:
    """Without a day the offer ends now. With one it begins then: it comes back by itself, and Amazon's automation leaves it alone."""
    if case.listing is None:
        return Guard("listing-gone")
    guard = offers.unreadable(case)
    if guard:
        return guard
    offer, day = offers.consumer(case), case.wishes.dates.get(case.sku)
    ends, starts = offers.moment_of(offer, "end_at"), offers.moment_of(offer, "start_at")
    if not offer or (ends is not None and ends <= case.now):
        # It is off sale already.
        return Guard("nothing-to-change")
    if day is None:
        return one_change(case, [offers.with_parts(case, {"end_at": offers.with_moment(offer, "end_at", case.now)})], [times.field("end-date", ends, case.now)])
    back = times.start_of(case, day)
    if back <= case.now:
        return Guard("nothing-entered", {"wanted": f"date > {times.today(case)}"})
    return one_change(case, [offers.with_parts(case, {"start_at": offers.with_moment(offer, "start_at", back)})], [times.field("start-date", starts, back)])
