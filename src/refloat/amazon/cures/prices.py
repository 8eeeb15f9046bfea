"""A price that somebody stands behind: known, inside the seller's bounds, near the last one known, not flagged by Amazon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from refloat.amazon.cures import offers
from refloat.amazon.cures.attributes import issues, place, strings
from refloat.amazon.cures.enforcement import unless_lifted
from refloat.knowledge.tables import table
from refloat.model.cure import Case, Field, Guard
from refloat.model.money import Money

Bounds = tuple[Decimal | None, Decimal | None]
_OPEN = "–"


def checked(case: Case, *, bounds: Bounds | None = None) -> Decimal | Guard:
    """The price at which the offer may go live: as entered, else as it stands. ``bounds``: in place of the seller's present ones."""
    wished, standing = wish(case), last(case)
    price = wished or standing
    if price is None:
        return Guard("price-unknown", {"sku": case.sku, "marketplace": case.marketplace})
    if flagged(case) and price in flagged_prices(case):
        return Guard("price-error", {"price": text(case, price)})
    if foreign := _foreign(case, wished):
        return foreign
    limits = [bounds] if bounds else [own_bounds(case), case.wishes.bounds.get(case.sku, (None, None))]
    for one in (price, *_further(offers.consumer(case), case.now)):
        outside = next((limit for limit in limits if not inside(one, limit)), None)
        if outside:
            return of_bounds(case, one, outside)
    return far_off(case, price) or _unvouched(case, wished, limits) or price


def _foreign(case: Case, wished: Decimal | None) -> Guard | None:
    """The standing offer, or what a report shows of it, is in another currency than people pay in here."""
    wanted, offer = place(case).currency, offers.consumer(case)
    said = offer.get("currency") if case.listing is not None and offer else None if wished is not None else case.row.get("price_currency")
    return None if said in {None, wanted} else Guard("foreign-currency", {"currency": str(said), "wanted": wanted})


def _unvouched(case: Case, wished: Decimal | None, limits: Sequence[Bounds]) -> Guard | None:
    """The standing price, with no bounds of the seller's around it and no report that shows it: it may be anything."""
    if wished is not None or _reference(case) is not None or any(bound is not None for limit in limits for bound in limit):
        return None
    return unless_lifted(case, Guard("price-unchecked", {"price": text(case, last(case) or Decimal(0))}))


def _reference(case: Case) -> Decimal | None:
    """The price that Amazon's reports last showed, where it is of this marketplace."""
    if case.row.get("price_currency") not in {None, place(case).currency}:
        return None
    shown = case.row.get("price_shown") or case.row.get("listing_price")
    return shown if isinstance(shown, Decimal) and shown > 0 else None


def _further(offer: Mapping[str, Any], now: datetime) -> list[Decimal]:
    """Amounts that go live beside the first: further schedules and discounts that are not over."""
    live, first = offers.amounts_of(offer, offers.PRICE, now), offers.amount_of(offer, offers.PRICE)
    if first in live:
        live.remove(first)
    return [*live, *offers.amounts_of(offer, "discounted_price", now)]


def far_off(case: Case, price: Decimal) -> Guard | None:
    """The price lies far from the last one known: a slip of the pen, or news that a person should confirm."""
    share = Decimal(str(table("curing")["plan"]["price_far_share"]))
    known = None if flagged(case) else _reference(case) or offers.amount_of(offers.consumer(case), offers.PRICE)
    if known is None or abs(price - known) <= share * known:
        return None
    facts = {"price": text(case, price), "percent": format((share * 100).normalize(), "f"), "reference": text(case, known)}
    return unless_lifted(case, Guard("price-far-off", facts))


def wish(case: Case) -> Decimal | None:
    """The price that the seller entered."""
    entered = case.wishes.prices.get(case.sku)
    return entered if entered is not None and entered > 0 else None


def last(case: Case) -> Decimal | None:
    """The price that stands: the offer's, or the one that Amazon last showed where there is no listing."""
    if case.listing is not None:
        return offers.amount_of(offers.consumer(case), offers.PRICE)
    shown = case.row.get("price_shown") or case.row.get("listing_price")
    return shown if isinstance(shown, Decimal) and shown > 0 else None


def flagged(case: Case) -> bool:
    """Amazon itself calls the price wrong."""
    return case.row.get("symptom") in table("curing")["price"]["flagged_by"] or any(
        issue.get("severity") == "ERROR" and "INVALID_PRICE" in strings(issue, "categories") for issue in issues(case)
    )  # fmt: skip


def flagged_prices(case: Case) -> set[Decimal]:
    """The prices that are meant by it: on such a row the report shows the flagged one."""
    shown = (offers.amount_of(offers.consumer(case), offers.PRICE), case.row.get("price_shown"), case.row.get("live_price"))
    return {price for price in shown if price is not None}


def own_bounds(case: Case) -> Bounds:
    """The seller's least and most as the offer has them, else as the reports do."""
    offer, row = offers.consumer(case), case.row
    return offers.amount_of(offer, offers.LEAST) or row.get("bound_min"), offers.amount_of(offer, offers.MOST) or row.get("bound_max")


def inside(price: Decimal, bounds: Bounds) -> bool:
    """The price lies within the bounds; one that is open bounds nothing."""
    least, most = bounds
    return (least is None or price >= least) and (most is None or price <= most)


def of_bounds(case: Case, price: Decimal, bounds: Bounds) -> Guard:
    """The guard for a price outside its bounds."""
    least, most = (_OPEN if bound is None else text(case, bound) for bound in bounds)
    return Guard("price-outside-bounds", {"price": text(case, price), "least": least, "most": most})


def part(case: Case, price: Decimal) -> dict[str, Any]:
    """The offer's price as a part to write; nothing where it says so already."""
    offer = offers.consumer(case)
    return {} if offers.amount_of(offer, offers.PRICE) == price else {offers.PRICE: offers.with_amount(offer, offers.PRICE, price)}


def field(case: Case, price: Decimal) -> Field:
    """What a person reads of the price."""
    return changed(case, "price", last(case), price)


def changed(case: Case, name: str, before: Decimal | None, after: Decimal | None) -> Field:
    """An amount now and then, as texts."""
    return Field(name, None if before is None else text(case, before), None if after is None else text(case, after))


def text(case: Case, amount: Decimal) -> str:
    """``15.08 USD``."""
    money = Money(amount, place(case).currency)
    # A third digit would be hidden by rounding, and the person would consent to another price.
    shown = money.rounded() if money.rounded() == amount else amount
    return f"{shown:f} {money.currency}"


def schedule(price: Decimal) -> list[Mapping[str, Any]]:
    """A price of a new offer."""
    return offers.with_amount({}, offers.PRICE, price)
