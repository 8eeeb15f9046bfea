"""One cell's text as a number or a date; nothing is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from refloat.reports import values


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("1499", ".", "1499"),
        ("1,499.00", ".", "1499.00"),
        ("1.499,00", ",", "1499.00"),
        ("1,499.00", None, "1499.00"),
        ("4,10", ",", "4.10"),
        ("4,10", ".", "4.10"),
        ("1.499", ",", "1499"),
        ("1.499", ".", "1.499"),
        ("1,499", ".", "1499"),
        ("0.123", ",", "0.123"),
        ("0,123", ",", "0.123"),
        ("12345.678", None, "12345.678"),
        ("1,499,000", None, "1499000"),
        ("1 499,00", ",", "1499.00"),
        ("1\u00a0499,00", ",", "1499.00"),
        ("1'499.00", ".", "1499.00"),
        ("1,23,456.00", ".", "123456.00"),
        ("-3.50", ".", "-3.50"),
        ("\u22123.50", ".", "-3.50"),
        ("1000000000", ".", "1000000000"),
        (" 7 ", ".", "7"),
    ],
)
def test_numbers_as_people_write_them(text: str, point: str | None, expected: str) -> None:
    assert values.number(text, point) == Decimal(expected)


@pytest.mark.parametrize(("text", "point"), [("1.499", None), ("1,499", None), ("1,499", ",")])
def test_a_number_that_could_be_two_is_not_guessed(text: str, point: str | None) -> None:
    with pytest.raises(ValueError, match="could be"):
        values.number(text, point)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "12-3", "--", "1e5x", "$", "1000000001", "-1000000001", "$5", "5 €", "EUR 5", "1,2,3", "７,x", "NaN", "inf", "1,49.00"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        values.number(text)


@pytest.mark.parametrize(
    ("text", "point", "currency", "expected"),
    [
        ("$1,499.00", ".", "USD", "1499.00"),
        ("$5", ".", "MXN", "5"),
        ("4,10 €", ",", "EUR", "4.10"),
        ("EUR 4,10", ",", "EUR", "4.10"),
        ("£5", ".", "GBP", "5"),
        ("￥1200", ".", "JPY", "1200"),
        ("CA$5", ".", "CAD", "5"),
        ("49,00 zł", ",", "PLN", "49.00"),
        ("-$5", ".", None, None),
        ("5", ".", None, "5"),
    ],
)
def test_an_amount_in_the_marketplaces_own_currency(text: str, point: str, currency: str | None, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="not a number"):
            values.amount(text, point, currency)
    else:
        assert values.amount(text, point, currency) == Decimal(expected)


@pytest.mark.parametrize(("text", "currency"), [("5 €", "USD"), ("EUR 5", "GBP"), ("$5", "EUR"), ("CA$5", "USD"), ("￥5", "USD"), ("$5", None), ("ABC 5", "USD"), ("ZZ$5", "USD")])
def test_an_amount_that_may_be_in_another_currency_is_not_taken(text: str, currency: str | None) -> None:
    with pytest.raises(ValueError, match="currency"):
        values.amount(text, ".", currency)


@pytest.mark.parametrize(("text", "point"), [("1.000", "."), ("1,000", ","), ("12.500", "."), ("1.000", None)])
def test_units_that_could_be_one_or_a_thousand_are_not_guessed(text: str, point: str | None) -> None:
    with pytest.raises(ValueError, match="could be"):
        values.count(text, point)


@pytest.mark.parametrize(("text", "point", "expected"), [("1,000", ".", 1000), ("1.000", ",", 1000), ("12.0", ".", 12), ("0.000", ".", 0), ("1000000000", ".", 10**9)])
def test_units_as_people_write_them(text: str, point: str, expected: int) -> None:
    assert values.count(text, point) == expected


@pytest.mark.parametrize("text", ["-1", "1.5", "1,5", "x", "1000000001", "5 €"])
def test_units_are_whole_and_not_negative(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        values.count(text)


@pytest.mark.parametrize("text", ["", " ", "--", "-", "none", "NONE", "N/A", "#N/A", "null", "\u3000"])
def test_words_for_no_value(text: str) -> None:
    assert values.is_nothing(text)


@pytest.mark.parametrize("text", ["0", "-1", "x", "none yet"])
def test_what_is_a_value(text: str) -> None:
    assert not values.is_nothing(text)


@pytest.mark.parametrize(
    ("texts", "marketplace", "expected"),
    [
        (["4,10", "1.499"], None, ","),
        (["24.90", "1,499"], None, "."),
        (["1.499"], "DE", ","),
        (["1.499"], "US", "."),
        (["1.499"], None, None),
        (["0.123", "1.499"], "DE", "."),
        (["4,10", "24.90"], "DE", None),
    ],
)
def test_the_decimal_point_is_what_the_column_proves(texts: list[str], marketplace: str | None, expected: str | None) -> None:
    assert values.decimal_point(texts, marketplace) == expected


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-01-15", None, date(2026, 1, 15)),
        ("2026-01-15T00:00:00Z", None, date(2026, 1, 15)),
        ("2026/1/5", None, date(2026, 1, 5)),
        ("2026-01-15T23:00:00-0700", None, date(2026, 1, 15)),
        ("29/09/2025 16:19:39 BST", None, date(2025, 9, 29)),
        ("09/29/2025", None, date(2025, 9, 29)),
        ("03/04/2026", "dmy", date(2026, 4, 3)),
        ("03/04/2026", "mdy", date(2026, 3, 4)),
        ("04/04/2026", None, date(2026, 4, 4)),
        ("03.04.2026", "mdy", date(2026, 4, 3)),
        ("Jul 29, 2022", None, date(2022, 7, 29)),
        ("Jul 29 2022", None, date(2022, 7, 29)),
        ("July 29, 2022", None, date(2022, 7, 29)),
        ("29 Jul 2022", None, date(2022, 7, 29)),
        ("2022年7月9日", None, date(2022, 7, 9)),
        ("1995-01-01", None, date(1995, 1, 1)),
        ("2100-12-31", None, date(2100, 12, 31)),
    ],
)
def test_dates_as_amazon_writes_them(text: str, order: str | None, expected: date) -> None:
    assert values.day(text, order) == expected


def test_a_date_that_could_be_two_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="could be"):
        values.day("03/04/2026", None)


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2026", "2026-13-01", "13/13/2026", "2026-01-32", "Foo 1, 2026", "1994-12-31", "2101-01-01", "0001-01-01", "01/01/1970", "Jan 1, 9999", "20260115", "1/2/26"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.day(text, "dmy")


@pytest.mark.parametrize(
    ("texts", "marketplace", "expected"),
    [
        (["03/04/2026", "29/09/2025"], "US", "dmy"),
        (["03/04/2026", "09/29/2025"], "UK", "mdy"),
        (["03/04/2026 16:19:39 BST"], "US", "dmy"),
        (["03/04/2026  PDT"], None, "mdy"),
        (["03/04/2026"], "US", "mdy"),
        (["03/04/2026"], "DE", "dmy"),
        (["03/04/2026"], "JP", None),
        (["03/04/2026"], None, None),
        (["29/09/2025", "09/29/2025"], "DE", None),
        (["03/04/2026 -0700"], None, None),
    ],
)
def test_day_or_month_first(texts: list[str], marketplace: str | None, expected: str | None) -> None:
    assert values.date_order(texts, marketplace) == expected
