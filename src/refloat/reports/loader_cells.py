"""The cells of a filled-in Bulk Fix row, one by one: what each means, or why it cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from refloat.knowledge import loader as knowledge
from refloat.knowledge.tables import marketplaces, table
from refloat.knowledge.vocabulary import code_of
from refloat.model.money import DIGITS
from refloat.reports import values

#: Price, least and most, in Amazon's order.
AMOUNTS = ("price", "minimum-seller-allowed-price", "maximum-seller-allowed-price")
_ASIN = re.compile(r"[A-Z0-9]{10}")
#: What Excel makes of a long number.
SPOILT_BY_EXCEL = re.compile(r"\s*\d([.,]\d+)?[Ee]\+\d+\s*")
Cells = Mapping[str, str]


class Unsound(Exception):  # noqa: N818 - it is no error of ours: the row says what nobody can mean
    """A cell that cannot be meant: the message's code, and its column."""

    def __init__(self, code: str, column: str, *facts: tuple[str, str]) -> None:
        super().__init__(code, column)
        self.code, self.column, self.facts = code, column, facts


def sku(cells: Cells) -> str:
    """The SKU as it stands there, letter by letter."""
    text = cells["sku"]
    if not text.strip():
        raise Unsound("sku-blank", "sku")
    if SPOILT_BY_EXCEL.fullmatch(text):
        raise Unsound("sku-spoilt-by-excel", "sku")
    return text


def action(cells: Cells) -> str:
    """Add or update; a row that deletes its listing would strand the units for good."""
    text = cells.get("add-delete", "").strip().lower() or table("loader")["update"]
    if text in table("loader")["delete"]:
        raise Unsound("loader-deletes", "add-delete")
    if text != table("loader")["update"]:
        raise Unsound("loader-action", "add-delete")
    return str(text)


def asin(cells: Cells) -> str | None:
    """The ASIN, where the row names one by its kind."""
    text, kind = cells.get("product-id", "").strip(), cells.get("product-id-type", "").strip()
    if not text:
        return None
    if kind not in {"", table("loader")["asin"]} or not _ASIN.fullmatch(text):
        raise Unsound("loader-asin", "product-id")
    return text


def condition(cells: Cells) -> str | None:
    """Amazon's number of the condition."""
    text = cells.get("item-condition", "").strip()
    if not text:
        return None
    number = knowledge.condition_number(text)
    if number is None:
        raise Unsound("loader-condition", "item-condition")
    return number


def channel(cells: Cells, marketplace: str | None) -> str | None:
    """Amazon's fulfilment of the marketplace; None where the cell is empty. The merchant's is refused: it strands the units."""
    text = cells.get("fulfillment-center-id", "").strip()
    if not text:
        return None
    if code_of("listing_channel", text) == "merchant":
        raise Unsound("loader-channel-merchant", "fulfillment-center-id")
    known = knowledge.channel_of(marketplace)
    if text != known and (known is not None or text not in table("loader")["channel"].values()):
        raise Unsound("loader-channel", "fulfillment-center-id", ("own", known or "AMAZON_…"))
    return text


def point_of(texts: Iterable[str], marketplace: str | None) -> str | None:
    """The decimal point that the file's own amounts prove.

    Amazon's template wants a point, Excel writes that of its country; so the marketplace's proves nothing, but
    where money has no decimals.
    """
    place = marketplaces().get(marketplace or "")
    return values.decimal_point((text.strip() for text in texts), marketplace if place and not DIGITS.get(place.currency, 2) else None)


def amount(cells: Cells, column: str, marketplace: str | None, point: str | None) -> Decimal | None:
    """A price in the marketplace's currency, above zero and in its digits; None where the cell says nothing."""
    text = cells.get(column, "")
    if values.is_nothing(text):
        return None
    place = marketplaces().get(marketplace or "")
    currency = place.currency if place else None
    try:
        found = values.amount(text, point, currency)
    except (ValueError, ArithmeticError) as error:
        raise Unsound("loader-price", column) from error
    if found <= 0 or found != round(found, DIGITS.get(currency or "", 2)):
        raise Unsound("loader-price", column)
    return found


def check_bounds(price: Decimal | None, least: Decimal | None, most: Decimal | None) -> None:
    """Amazon takes an offer off sale whose price lies outside.

    Raises:
        Unsound: it does, or the bounds exclude every price.
    """
    if least is not None and most is not None and least > most:
        raise Unsound("loader-bounds", AMOUNTS[1])
    if price is not None and ((least is not None and price < least) or (most is not None and price > most)):
        raise Unsound("loader-bounds", "price")
