"""create-listing: an offer on the ASIN that the units already are, under the SKU and in the condition that they already have."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from refloat.amazon.cures import channels, conditions, dangerous_goods, offers, prices
from refloat.amazon.cures.attributes import Outcome, patches_of, place, undo_of
from refloat.knowledge.tables import table
from refloat.model.cure import Case, Change, Draft, Field, Guard, Patch, Step

OFFER_ONLY = "LISTING_OFFER_ONLY"


def draft(case: Case) -> Outcome:
    """One put; for a missing SKU Amazon's ladder: as the merchant's with nothing to sell, then Fulfilled by Amazon."""
    ladder = case.row.get("symptom") == "missing-sku"
    if case.listing is not None and not ladder:
        return Guard("listing-there")
    guard = conditions.unknown(case) or offers.unreadable(case) or dangerous_goods.unknown(case)
    if guard:
        return guard
    price = prices.checked(case)
    if isinstance(price, Guard):
        return price
    if case.listing is not None:
        return _through_the_merchant(case, price)
    offer = _offer(case, price)
    made = _put(case, offer, [channels.merchants_row()] if ladder else [{"fulfillment_channel_code": channels.code(case)}])
    steps = (Step(made), Step(_to_amazon(case), after="there")) if ladder else (Step(made),)
    return Draft(steps, _fields(case, price), (), _closed_again(case, offer))


def _put(case: Case, offer: dict[str, Any], rows: list[Any]) -> Change:
    mark = {"marketplace_id": place(case).id}
    attributes = {
        "merchant_suggested_asin": [{"value": conditions.asin(case), **mark}],
        "condition_type": [{"value": conditions.condition(case), **mark}],
        offers.NAME: [offer],
        channels.NAME: rows,
        **dangerous_goods.stated(case),
    }
    return Change("put", "PRODUCT", tuple(Patch(name, None, value) for name, value in attributes.items()), OFFER_ONLY)


def _offer(case: Case, price: Decimal) -> dict[str, Any]:
    bounds = zip((offers.LEAST, offers.MOST), case.wishes.bounds.get(case.sku, (None, None)), strict=True)
    return {**offers.new(case), offers.PRICE: prices.schedule(price), **{name: prices.schedule(bound) for name, bound in bounds if bound is not None}}


def _to_amazon(case: Case) -> Change:
    after = [channels.merchants_row(), {"fulfillment_channel_code": channels.code(case)}]
    return Change("patch", "PRODUCT", (Patch(channels.NAME, [channels.merchants_row()], after),))


def _closed_again(case: Case, offer: dict[str, Any]) -> Change:
    """Deleting it would strand the units again, so the undo closes the offer."""
    return Change("patch", "PRODUCT", (Patch(offers.NAME, [offer], [{**offer, "end_at": offers.with_moment(offer, "end_at", case.now)}]),))


def _through_the_merchant(case: Case, price: Decimal) -> Outcome:
    """The listing is there and FBA does not see it: a put would drop what it says, so its channel alone goes there and back."""
    away = channels.to_merchant(case)
    back = Patch(channels.NAME, away.after, channels.to_amazon(case).after)
    hours = table("curing")["canary"]["read_back_minutes"] / 60
    priced = [offers.with_parts(case, part)] if (part := prices.part(case, price)) else []
    steps = (Step(patches_of(case, [*priced, away])), Step(patches_of(case, [back]), wait_hours=hours, after="there"))
    touched = [*priced, Patch(channels.NAME, away.before, back.after)]
    return Draft(
        steps, (Field("channel", "fba" if channels.by_amazon(case) else "merchant", "merchant"), Field("channel", "merchant", "fba"), prices.field(case, price)), (offers.NAME,), undo_of(case, touched)
    )


def _fields(case: Case, price: Decimal) -> tuple[Field, ...]:
    return (
        Field("listing", None, case.sku), Field("asin", None, conditions.asin(case)), Field("condition", None, conditions.condition(case)),
        prices.field(case, price), Field("channel", None, "fba"), *(Field(name, None, dangerous_goods.shown(value)) for name, value in dangerous_goods.stated(case).items()),
    )  # fmt: skip
