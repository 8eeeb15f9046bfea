"""One cell's text → a number or a date. Nothing is guessed: what could mean two things is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from refloat.knowledge.spelling import reason_key
from refloat.knowledge.tables import marketplaces
from refloat.knowledge.vocabulary import words

_PLAIN = re.compile(r"^-?\d+(?:\.\d+)?$")
#: India groups by two above the thousands: 1,23,456.00.
_GROUPED = {".": re.compile(r"^-?[1-9]\d{0,2}(?:[,\u00a0\u202f ']\d{2,3})*[,\u00a0\u202f ']\d{3}(?:\.\d+)?$"), ",": re.compile(r"^-?[1-9]\d{0,2}(?:[.\u00a0\u202f ']\d{3})+(?:,\d+)?$")}
_COMMA_POINT = re.compile(r"^-?\d+,\d+$")
_EITHER = re.compile(r"^-?[1-9]\d{0,2}[.,]\d{3}$")
#: What only decimals look like: not three digits behind the sign, or a zero alone or four digits before it.
_PROOF = {".": re.compile(r"^-?(0|\d{4,})\.\d+$|\.(\d{1,2}|\d{4,})$"), ",": re.compile(r"^-?(0|\d{4,}),\d+$|,(\d{1,2}|\d{4,})$")}
#: More units or money than any one row has: beyond it stands an identifier, or a slip.
LARGEST = 10**9
_CURRENCY = re.compile(r"^([A-Z]{3}|[A-Z]{0,2}[$€£¥￥])\s*(?=[-\d])|(?<=\d)\s*([A-Z]{3}|[$€£¥￥]|zł|kr|TL)$")
#: Which currencies a sign may mean; a code of three letters means itself.
_SIGNS = {
    "$": {"USD", "CAD", "AUD", "SGD", "MXN"},
    **{"US$": {"USD"}, "CA$": {"CAD"}, "C$": {"CAD"}, "AU$": {"AUD"}, "A$": {"AUD"}, "SG$": {"SGD"}, "S$": {"SGD"}, "MX$": {"MXN"}, "R$": {"BRL"}},
    **{"€": {"EUR"}, "£": {"GBP"}, "¥": {"JPY", "CNY"}, "￥": {"JPY", "CNY"}, "zł": {"PLN"}, "kr": {"SEK"}, "TL": {"TRY"}},
}

#: Amazon opened in 1995. A date outside of these is a slip, or a program's zero.
EARLIEST, LATEST = date(1995, 1, 1), date(2100, 12, 31)

_ISO = re.compile(r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$")
_EAST = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日")
_THREE = re.compile(r"^(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})(?:[T ,]+(.*))?$")
_MONTH_FIRST = re.compile(r"^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_DAY_FIRST = re.compile(r"^(\d{1,2})[. ]+([A-Za-z]{3,9})\.?,? (\d{4})")
_MONTHS = {name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_ZONE_ORDER = {
    **dict.fromkeys(("BST", "GMT", "CET", "CEST", "MEZ", "MESZ", "WET", "WEST", "EET", "EEST", "IST", "AEST", "AEDT"), "dmy"),
    **dict.fromkeys(("PST", "PDT", "MST", "MDT", "CST", "CDT", "EST", "EDT"), "mdy"),
}


def is_nothing(text: str) -> bool:
    """Blank, ``--``, ``none``, ``N/A``: a cell that says that there is no value."""
    return text.strip() == "" or (reason_key(text) in words("nothing") and not any(ch.isdigit() for ch in text))


def point_of(marketplace: str | None) -> str | None:
    """The decimal point as the marketplace writes it; None where the marketplace is unknown."""
    place = marketplaces().get(marketplace or "")
    return place.decimal_point if place else None


def decimal_point(texts: Iterable[str], marketplace: str | None) -> str | None:
    """The decimal point that a column's own values prove, else the marketplace's, else None."""
    seen = {point for text in texts for point, end in _PROOF.items() if end.search(text)}
    if len(seen) == 1:
        return seen.pop()
    return None if seen else point_of(marketplace)


def number(text: str, point: str | None = ".") -> Decimal:
    """The number in ``text``, which names no currency.

    >>> number("1,499.00"), number("4,10", ",")
    (Decimal('1499.00'), Decimal('4.10'))

    Raises:
        ValueError: it is no number, or it could be two.
    """
    value = _number(_bare(text), point)
    if abs(value) > LARGEST:
        raise ValueError("not a number that can be meant")
    return value


def amount(text: str, point: str | None = ".", currency: str | None = None) -> Decimal:
    """The amount of money in ``text``; a sign or code before or behind it must be that of ``currency``.

    >>> amount("$1,499.00", ".", "USD"), amount("EUR 4,10", ",", "EUR")
    (Decimal('1499.00'), Decimal('4.10'))

    Raises:
        ValueError: it is no number, it could be two, or it is not known to be in ``currency``.
    """
    bare = _bare(text)
    sign = _CURRENCY.search(bare)
    value = number(_CURRENCY.sub("", bare), point)
    if sign and not _means(sign[1] or sign[2], currency):
        raise ValueError("in another currency")
    return value


def _bare(text: str) -> str:
    return text.strip().replace("\u2212", "-")


def _means(sign: str, currency: str | None) -> bool:
    return currency in _SIGNS.get(sign, {sign})


def _number(bare: str, point: str | None) -> Decimal:
    if _EITHER.match(bare):
        return _thousands_or_decimals(bare, point)
    if _PLAIN.match(bare):
        return Decimal(bare)
    for mark, form in _GROUPED.items():
        if form.match(bare):
            digits = "".join(ch for ch in bare if ch.isdigit() or ch in (mark, "-"))
            return Decimal(digits.replace(mark, "."))
    if _COMMA_POINT.match(bare):
        return Decimal(bare.replace(",", "."))
    raise ValueError("not a number")


def _thousands_or_decimals(text: str, point: str | None) -> Decimal:
    """``1,499`` and ``1.499``: thousands where the other sign is the decimal point."""
    mark = "," if "," in text else "."
    if point is None or (mark == "," == point):
        raise ValueError("could be thousands or decimals")
    return Decimal(text.replace(",", "").replace(".", "")) if mark != point else Decimal(text.replace(",", "."))


def count(text: str, point: str | None = ".") -> int:
    """A number of units: whole and not negative.

    Units have no decimals, so ``1.000`` says nothing certain where the dot is the decimal point: one or
    a thousand.

    Raises:
        ValueError: it is neither, or it could be two.
    """
    bare = _bare(text)
    if _EITHER.match(bare) and point is not None and point in bare:
        raise ValueError("could be thousands or decimals")
    value = number(bare, point)
    if value != value.to_integral_value() or value < 0:
        raise ValueError("not a whole number of units")
    return int(value)


def date_order(texts: Iterable[str], marketplace: str | None) -> str | None:
    """Day or month first? By rows that can only be one, then the zone's name, then the marketplace."""
    by_rows: set[str] = set()
    by_zone: set[str] = set()
    for text in texts:
        if match := _THREE.match(text.strip()):
            first, sign, second, _, rest = match.groups()
            by_rows |= {"dmy"} if int(first) > 12 or sign == "." else {"mdy"} if int(second) > 12 else set()
            by_zone |= {order for word in (rest or "").split() if (order := _ZONE_ORDER.get(word))}
    for proof in (by_rows, by_zone):
        if len(proof) == 1:
            return proof.pop()
        if proof:
            return None
    place = marketplaces().get(marketplace or "")
    return place.date_order if place and place.date_order != "ymd" else None


def day(text: str, order: str | None) -> date:
    """The date in ``text``, as it is written there: a zone does not shift it.

    >>> day("29/09/2025 16:19:39 BST", "dmy"), day("Jul 29, 2022", None)
    (datetime.date(2025, 9, 29), datetime.date(2022, 7, 29))

    Raises:
        ValueError: it is no date, it could be two, or no report can mean it.
    """
    found = _day(text.strip(), order)
    if not EARLIEST <= found <= LATEST:
        raise ValueError("not a date that can be meant")
    return found


def _day(bare: str, order: str | None) -> date:
    if match := _ISO.match(bare) or _EAST.match(bare):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_FIRST.match(bare):
        return date(int(match[3]), _month(match[1]), int(match[2]))
    if match := _DAY_FIRST.match(bare):
        return date(int(match[3]), _month(match[2]), int(match[1]))
    if match := _THREE.match(bare):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        order = "dmy" if first > 12 or match[2] == "." else "mdy" if second > 12 else order
        if first == second or order == "dmy":
            return date(year, second, first)
        if order == "mdy":
            return date(year, first, second)
        raise ValueError("could be day/month or month/day")
    raise ValueError("not a date")


def _month(name: str) -> int:
    number_ = _MONTHS.get(name[:3].casefold())
    if number_ is None:
        raise ValueError("not a month")
    return number_
