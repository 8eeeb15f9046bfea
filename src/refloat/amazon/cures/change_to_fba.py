"""change-to-fba: Amazon ships, and the merchant's row is left with nothing to sell."""

from __future__ import annotations

from refloat.amazon.cures import channels, dangerous_goods, offers, prices
from refloat.amazon.cures.attributes import Outcome, one_change
from refloat.model.cure import Case, Guard


def draft(case: Case) -> Outcome:
    """Both rows of the channel; with them the dangerous-goods statements without which Amazon would undo it in silence."""
    if case.listing is None:
        return Guard("listing-gone")
    guard = offers.unreadable(case) or dangerous_goods.unknown(case)
    if guard:
        return guard
    if channels.by_amazon(case):
        return Guard("nothing-to-change")
    price = prices.checked(case)
    if isinstance(price, Guard):
        return price
    goods = dangerous_goods.patches(case)
    priced = [offers.with_parts(case, part)] if (part := prices.part(case, price)) else []
    fields = (*channels.fields(case), prices.field(case, price), *dangerous_goods.fields(goods))
    return one_change(case, [*goods, *priced, channels.to_amazon(case)], fields, reads=(offers.NAME, *dangerous_goods.ASKED))
