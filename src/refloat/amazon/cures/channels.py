"""Who ships: ``fulfillment_availability``, with a row for Amazon's channel and one (DEFAULT) for the merchant's.

Amazon keeps a DEFAULT row that is not named, and one with a quantity above 0 beside Amazon's row takes orders that the
seller would have to ship. So both rows are always sent, and DEFAULT always says 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refloat.amazon.cures.attributes import elements, is_here, place
from refloat.amazon.cures.attributes import patch as patch_of
from refloat.model.cure import Case, Field, Guard, Patch

NAME = "fulfillment_availability"
_MERCHANT = "DEFAULT"


def code(case: Case) -> str:
    """Amazon's channel here: as the listing names it, else as the table does."""
    return next((found for found, _ in _rows(case) if found.startswith("AMAZON")), place(case).channel)


def by_amazon(case: Case) -> bool:
    """Amazon ships: its row is there, and the merchant's offers nothing."""
    return any(found.startswith("AMAZON") for found, _ in _rows(case)) and not merchant_offers(case)


def merchant_offers(case: Case) -> bool:
    """The merchant's row has units to sell, or does not say how many."""
    return any(found == _MERCHANT and units != 0 for found, units in _rows(case))


def merchant_units(case: Case) -> str | None:
    """The quantity of the merchant's row as text; None without such a row, ``?`` where it is unknown."""
    return next(("?" if units is None else str(units) for found, units in _rows(case) if found == _MERCHANT), None)


def of_merchant(case: Case) -> Guard | None:
    """Opening the offer would sell units that the seller has to ship."""
    return Guard("merchant-channel", {"units": merchant_units(case) or "?"}) if merchant_offers(case) else None


def to_amazon(case: Case) -> Patch:
    """Amazon's row added, the merchant's at 0; whatever else the rows say stays."""
    return patch_of(case, NAME, _with_both(case, elements(case, NAME)))


def to_merchant(case: Case) -> Patch:
    """The merchant's row alone, with nothing to sell: the first step of the ladder for a missing SKU."""
    rows = [row for row in elements(case, NAME) if not (is_here(case, row) and _code(row).startswith("AMAZON"))]
    kept = [_emptied(case, row) for row in rows]
    return patch_of(case, NAME, kept if any(_is_merchants(case, row) for row in kept) else [*kept, merchants_row()])


def rows_of_both(case: Case) -> list[Any]:
    """Both rows for a listing that is made."""
    return _with_both(case, elements(case, NAME))


def merchants_row() -> dict[str, Any]:
    """A merchant's row with nothing to sell."""
    return {"fulfillment_channel_code": _MERCHANT, "quantity": 0}


def fields(case: Case, after: str = "fba") -> tuple[Field, ...]:
    """What a person reads: the channel, and the merchant's quantity where there is one."""
    units = merchant_units(case)
    before = "fba" if by_amazon(case) else "merchant" if any(_rows(case)) else None
    return (Field("channel", before, after), *([Field("merchant-quantity", units, "0")] if units is not None else []))


def _with_both(case: Case, rows: list[Any]) -> list[Any]:
    kept = [_emptied(case, row) for row in rows]
    amazon = [] if any(is_here(case, row) and _code(row).startswith("AMAZON") for row in kept) else [{"fulfillment_channel_code": code(case)}]
    merchant = [] if any(_is_merchants(case, row) for row in kept) else [merchants_row()]
    return [*kept, *amazon, *merchant]


def _emptied(case: Case, row: Any) -> Any:
    return {**row, "quantity": 0} if _is_merchants(case, row) else row


def _is_merchants(case: Case, row: Any) -> bool:
    return is_here(case, row) and _code(row) == _MERCHANT


def _code(row: Mapping[str, Any]) -> str:
    return str(row.get("fulfillment_channel_code") or "")


def _rows(case: Case) -> Iterator[tuple[str, int | None]]:
    """(code, quantity) of the rows that Amazon shows, from both of the places where it shows them."""
    shown = (case.listing or {}).get("fulfillmentAvailability")
    for row in elements(case, NAME):
        if is_here(case, row):
            yield _code(row), _quantity(row.get("quantity"))
    for row in shown if isinstance(shown, list) else []:
        if isinstance(row, Mapping):
            yield str(row.get("fulfillmentChannelCode") or ""), _quantity(row.get("quantity"))


def _quantity(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
