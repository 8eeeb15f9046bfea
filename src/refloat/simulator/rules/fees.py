"""What Amazon charges: storage by the month, the aged-inventory surcharge on the 15th, removal by the unit.

Seller Central help GJ9NNG7RK4TU6E3Z (storage, United States, from 2024-04-01); the surcharge and removal tables are
third-party reports of 2023 to 2026. Dated, in US dollars; elsewhere at a fixed rough rate, because a
play needs an amount and not the right one.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.world import World

#: The longest standard-size parcel, 18 × 14 × 8 inches, and its weight.
_STANDARD_CUBIC_FEET, _STANDARD_POUNDS = Decimal("1.1667"), Decimal(20)
#: US dollars per cubic foot and month: (January to September, October to December).
_STORAGE = {"standard": (Decimal("0.78"), Decimal("2.40")), "bulky": (Decimal("0.56"), Decimal("1.40"))}
#: From how many days on: US dollars per cubic foot.
_AGED = ((181, "0.50"), (211, "1.00"), (241, "1.50"), (271, "3.80"), (301, "4.00"), (331, "4.20"), (366, "6.90"), (456, "7.90"))
#: At least so much per unit, from that age on.
_AGED_LEAST = ((366, "0.30"), (456, "0.35"))
#: Up to so many pounds: US dollars per unit; beyond the last, so much more per pound begun.
_REMOVAL = {
    "standard": (("0.5", "0.84"), ("1", "1.53"), ("2", "2.27"), ("2", "2.89")),
    "bulky": (("1", "3.12"), ("2", "4.30"), ("4", "6.36"), ("10", "10.04"), ("10", "14.32")),
}
_PER_POUND = Decimal("1.06")
#: Before this day the lightest units cost more to remove.
_LIGHT_CHEAPER_FROM, _LIGHT_BEFORE = date(2026, 1, 15), Decimal("1.04")
#: Units of the currency per US dollar, rough and fixed.
_RATES = {
    "USD": "1", "CAD": "1.4", "MXN": "18", "BRL": "5.5", "GBP": "0.8", "EUR": "0.9", "SEK": "10", "PLN": "4", "TRY": "40",
    "AED": "3.7", "SAR": "3.75", "EGP": "48", "ZAR": "18", "INR": "85", "JPY": "150", "AUD": "1.5", "SGD": "1.3",
}  # fmt: skip


def size(entry: CatalogueEntry) -> str:
    """``standard`` or ``bulky``."""
    return "standard" if entry.cubic_feet <= _STANDARD_CUBIC_FEET and entry.pounds <= _STANDARD_POUNDS else "bulky"


def storage_rate(entry: CatalogueEntry, on: date, currency: str = "USD") -> Decimal:
    """Per cubic foot and month, unrounded."""
    return _STORAGE[size(entry)][on.month >= 10] * Decimal(_RATES[currency])


def aged_rate(days: int, currency: str = "USD") -> Decimal:
    """The surcharge per cubic foot for stock of that age; 0 up to 180 days."""
    return _step(_AGED, days) * Decimal(_RATES[currency])


def aged_from(days: int) -> int:
    """The first day of the surcharge group that stock of that age is in; 0 up to 180 days."""
    return max((start for start, _ in _AGED if start <= days), default=0)


def aged(entry: CatalogueEntry, days: int, units: int, currency: str = "USD") -> Decimal:
    """The surcharge for units of that age, this month."""
    least = _step(_AGED_LEAST, days) * Decimal(_RATES[currency])
    return rounded(max(aged_rate(days, currency) * entry.cubic_feet, least) * units, currency)


def removal(entry: CatalogueEntry, on: date, currency: str = "USD") -> Decimal:
    """What the removal of one unit costs."""
    *steps, beyond = _REMOVAL[size(entry)]
    dollars = next((Decimal(fee) for pounds, fee in steps if entry.pounds <= Decimal(pounds)), None)
    if dollars is None:
        dollars = Decimal(beyond[1]) + _PER_POUND * ceil(entry.pounds - Decimal(beyond[0]))
    elif entry.pounds <= Decimal("0.5") and size(entry) == "standard" and on < _LIGHT_CHEAPER_FROM:
        dollars = _LIGHT_BEFORE
    return in_currency(dollars, currency)


def in_currency(dollars: Decimal, currency: str) -> Decimal:
    """US dollars at the play's fixed rate."""
    return rounded(dollars * Decimal(_RATES[currency]), currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To what the currency's smallest coin is."""
    return amount.quantize(Decimal(1) if currency == "JPY" else Decimal("0.01"), ROUND_HALF_UP)


def charge(world: World, seller_id: str, kind: str, currency: str, amount: Decimal) -> None:
    """Put an amount on the seller's account."""
    charged = world.sellers[seller_id].charged
    charged[kind, currency] = str(Decimal(charged.get((kind, currency), "0")) + amount)


def _step(table: tuple[tuple[int, str], ...], days: int) -> Decimal:
    return next((Decimal(rate) for start, rate in reversed(table) if days >= start), Decimal(0))
