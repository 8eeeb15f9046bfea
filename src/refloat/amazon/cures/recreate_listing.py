"""recreate-listing: delete, wait, and make it again exactly as it was read. The last step of all, for one SKU at a time."""

from __future__ import annotations

from typing import Any

from refloat.amazon.cures import channels, conditions, dangerous_goods, offers, prices
from refloat.amazon.cures.attributes import Outcome, elements, is_here, place, product_type
from refloat.amazon.cures.create_listing import OFFER_ONLY
from refloat.knowledge.tables import table
from refloat.model.cure import Case, Change, Draft, Field, Guard, Patch, Step


def draft(case: Case) -> Outcome:
    """Everything that is needed to make it again is known before it goes; afterwards the offer is saved only where the label stayed the same."""
    if case.listing is None:
        return Guard("listing-gone")
    if not case.fnsku:
        return Guard("fnsku-unknown")
    guard = conditions.unknown(case) or offers.unreadable(case) or dangerous_goods.unknown(case)
    if guard:
        return guard
    price = prices.checked(case)
    if isinstance(price, Guard):
        return price
    attributes = _attributes(case, prices.part(case, price))
    hours = table("curing")["recreate"]["wait_hours"]
    again = Patch(offers.NAME, attributes[offers.NAME], attributes[offers.NAME])
    fields = (
        Field("listing", case.sku, None), Field("listing", None, case.sku), Field("fnsku", case.fnsku, case.fnsku),
        prices.field(case, price), *channels.fields(case),
    )  # fmt: skip
    steps = (
        Step(Change("delete", product_type(case))),
        Step(_put(case, attributes), wait_hours=hours, after="gone"),
        # A new label would leave the units behind for good: nothing more is written then, and a person is told.
        Step(Change("patch", product_type(case), (again,)), after="same-fnsku"),
    )
    return Draft(steps, fields, tuple(sorted(attributes)))


def _attributes(case: Case, priced: dict[str, Any]) -> dict[str, list[Any]]:
    """All that the listing says here, with the units' own ASIN and condition, what the seller states, and Amazon's channel."""
    said = {name: [one for one in elements(case, name) if is_here(case, one)] for name in case.attributes}
    mark = {"marketplace_id": place(case).id}
    said |= {
        "merchant_suggested_asin": said.get("merchant_suggested_asin") or [{"value": conditions.asin(case), **mark}],
        "condition_type": said.get("condition_type") or [{"value": conditions.condition(case), **mark}],
        offers.NAME: [one for one in offers.with_parts(case, priced).after or [] if is_here(case, one)],
        channels.NAME: [one for one in channels.rows_of_both(case) if is_here(case, one)],
        **dangerous_goods.stated(case),
    }
    return {name: value for name, value in said.items() if value}


def _put(case: Case, attributes: dict[str, list[Any]]) -> Change:
    """A listing that described its product does so again; one that was an offer alone is one again."""
    described = bool(attributes.get("item_name")) and product_type(case) != "PRODUCT"
    patches = tuple(Patch(name, None, value) for name, value in attributes.items())
    return Change("put", product_type(case) if described else "PRODUCT", patches, "LISTING" if described else OFFER_ONLY)
