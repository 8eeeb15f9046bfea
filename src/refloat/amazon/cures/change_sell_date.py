"""change-sell-date: the offer begins on the day that the seller enters, else now."""

from __future__ import annotations

from refloat.amazon.cures import channels, offers, prices, times
from refloat.amazon.cures.attributes import Outcome, one_change
from refloat.model.cure import Case, Guard


def draft(case: Case) -> Outcome:
    """The offer with another start; without a day of the seller's only one that lies ahead is moved, to now."""
    if case.listing is None:
        return Guard("listing-gone")
    guard = offers.unreadable(case) or channels.of_merchant(case)
    if guard:
        return guard
    price = prices.checked(case)
    if isinstance(price, Guard):
        return price
    offer, day = offers.consumer(case), case.wishes.dates.get(case.sku)
    starts = offers.moment_of(offer, "start_at")
    later = day is not None and day > times.today(case)
    begins = times.start_of(case, day) if later and day is not None else case.now
    if starts is None or (starts <= case.now and not later):
        # It has begun, or never waited: the date is not what keeps it off sale.
        return Guard("nothing-to-change")
    patch = offers.with_parts(case, {**prices.part(case, price), "start_at": offers.with_moment(offer, "start_at", begins)})
    return one_change(case, [patch], (times.field("start-date", starts, begins), prices.field(case, price)), reads=(channels.NAME,))
