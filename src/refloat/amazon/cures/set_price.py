"""set-price: the seller's price, or the seller's bounds around a price that was right."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from refloat.amazon.cures import offers, prices
from refloat.amazon.cures.attributes import Outcome, one_change
from refloat.amazon.cures.prices import Bounds
from refloat.model.cure import Case, Draft, Guard


def draft(case: Case) -> Outcome:
    """The price and the bounds as entered; nothing is ever made up."""
    if case.listing is None:
        return Guard("listing-gone")
    guard = offers.unreadable(case)
    if guard:
        return guard
    present, entered = prices.own_bounds(case), case.wishes.bounds.get(case.sku, (None, None))
    bounds = (entered[0] or present[0], entered[1] or present[1])
    price = _price(case, present, bounds)
    if isinstance(price, Guard):
        return price
    offer = offers.consumer(case)
    parts: dict[str, Any] = prices.part(case, price)
    fields = [prices.field(case, price)]
    for name, words, now, then in ((offers.LEAST, "minimum-price", present[0], entered[0]), (offers.MOST, "maximum-price", present[1], entered[1])):
        if then is not None and then != offers.amount_of(offer, name):
            parts[name] = offers.with_amount(offer, name, then)
            fields.append(prices.changed(case, words, now, then))
    drafted = one_change(case, [offers.with_parts(case, parts)], fields)
    # A price that Amazon called wrong is not put back on sale, not even by an undo.
    return replace(drafted, undo=None) if isinstance(drafted, Draft) and prices.flagged(case) else drafted


def _price(case: Case, present: Bounds, bounds: Bounds) -> Decimal | Guard:
    """The entered price; without one the standing price, where the entered bounds are what makes it right."""
    standing = prices.last(case)
    if standing is not None and prices.wish(case) in {None, standing} and not prices.inside(standing, present):
        if not prices.inside(standing, bounds):
            return prices.of_bounds(case, standing, bounds)
        if not _doubted(case):
            # It stood outside the seller's own bounds, and the seller has moved those: that is standing behind it.
            return standing
    return prices.checked(case, bounds=bounds)


def _doubted(case: Case) -> bool:
    """Amazon doubts the amount itself, whatever the seller's bounds are."""
    return case.row.get("symptom") in {"potential-high-pricing-error", "potential-low-pricing-error"}
