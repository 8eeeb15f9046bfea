"""Text columns become typed columns; what cannot be read is a doubt with its cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from refloat.reports.recognise import Field
from refloat.reports.typed import MONEY, Typed, typed

UNITS = Field("fulfillable-qty", "count", "units")
FEE = Field("removal-fee", "money", "fee")
PRICE = Field("your-price", "money", "price", zero="missing")
BEGUN, ENDED = Field("begun", "date", "begun"), Field("ended", "date", "ended")
SKU = Field("sku", "sku", "sku")


def read(fields: list[Field], cells: dict[str, list[str | None]], marketplace: str | None = None) -> Typed:
    return typed(pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String())), fields, marketplace)


def doubts(result: Typed) -> list[tuple[str, list[int], list[str], bool]]:
    return [(doubt.code, doubt.rows.to_list(), doubt.texts.to_list(), doubt.refuses) for doubt in result.doubts]


def test_units() -> None:
    result = read([UNITS], {"units": ["5", "1,499", "12.0", "--", None, "007", " 5 "]}, "US")
    assert result.frame["units"].to_list() == [5, 1499, 12, None, None, 7, 5]
    assert doubts(result) == []


def test_units_that_are_none_refuse_the_row() -> None:
    result = read([UNITS], {"units": ["5", "-1", "1.5", "x", "9" * 30]}, "US")
    assert result.frame["units"].to_list() == [5, None, None, None, None]
    refused = {text for _, _, texts, refuses in doubts(result) for text in texts if refuses}
    assert refused == {"-1", "1.5", "x", "9" * 30}
    assert result.refused is not None
    assert result.refused.to_list() == [False, True, True, True, True]


def test_units_already_numbers_are_looked_at_too() -> None:
    result = typed(pl.DataFrame({"units": [3, -2]}), [UNITS], "US")
    assert result.frame["units"].to_list() == [3, None]
    assert doubts(result) == [("not-a-number", [1], ["-2"], True)]


def test_a_price_of_zero_is_missing() -> None:
    result = read([PRICE], {"price": ["0", "0.00", "-1", "none", "24.90", "4,10"]}, "US")
    assert result.frame["price"].to_list() == [None, None, None, None, Decimal("24.9"), Decimal("4.1")]


def test_thousands_in_germany() -> None:
    assert read([PRICE], {"price": ["1.499", "12"]}, "DE").frame["price"].to_list() == [Decimal(1499), Decimal(12)]
    assert read([PRICE], {"price": ["1.499", "24.90"]}, "DE").frame["price"].to_list() == [Decimal("1.499"), Decimal("24.9")]


def test_an_ambiguous_price_counts_as_unknown() -> None:
    result = read([PRICE], {"price": ["1.499", "12"]})
    assert result.frame["price"].to_list() == [None, Decimal(12)]
    assert doubts(result) == [("ambiguous-number", [0], ["1.499"], False)]


def test_an_amount_that_no_column_can_hold_counts_as_unknown() -> None:
    result = read([PRICE], {"price": ["9" * 40, "1,5"]}, "US")
    assert result.frame["price"].to_list() == [None, Decimal("1.5")]
    assert doubts(result) == [("not-a-number", [0], ["9" * 40], False)]


def test_a_ratio_is_finite() -> None:
    result = read([Field("item-volume", "ratio", "volume")], {"volume": ["0.5", "inf", "nan", "0,25"]}, "DE")
    assert result.frame["volume"].to_list() == [0.5, None, None, 0.25]
    assert sorted(text for _, _, texts, _ in doubts(result) for text in texts) == ["inf", "nan"]


def test_one_order_of_day_and_month_for_the_whole_file() -> None:
    """The second column proves what the first leaves open."""
    result = read([BEGUN, ENDED], {"begun": ["03/04/2026 10:00:00", "2026-01-15"], "ended": ["29/09/2026", None]})
    assert result.frame.rows() == [(date(2026, 4, 3), date(2026, 9, 29)), (date(2026, 1, 15), None)]


def test_an_ambiguous_date_counts_as_unknown_and_is_shown_as_it_stands() -> None:
    result = read([BEGUN], {"begun": ["03/04/2026 16:19:39 -0700", "none"]})
    assert result.frame["begun"].to_list() == [None, None]
    assert doubts(result) == [("ambiguous-date", [0], ["03/04/2026 16:19:39 -0700"], False)]


def test_a_cell_that_is_no_date() -> None:
    result = read([BEGUN], {"begun": ["soon", "Jul 29, 2022"]})
    assert result.frame["begun"].to_list() == [None, date(2022, 7, 29)]
    assert doubts(result) == [("not-a-date", [0], ["soon"], False)]


def test_skus_are_keys_and_stay_as_they_are() -> None:
    skus = ["00123", "A &amp; B", "a/b#c", " lead", '47"', "1E5", "3.5E+X"]
    assert read([SKU], {"sku": skus}).frame["sku"].to_list() == skus


def test_skus_that_excel_spoilt_or_that_are_blank_refuse_the_row() -> None:
    result = read([SKU], {"sku": ["7.82115E+12", "7,8E+12", "A", None, "  "]})
    assert doubts(result) == [("sku-spoilt-by-excel", [0, 1], ["7.82115E+12", "7,8E+12"], True), ("sku-blank", [3, 4], [None, "  "], True)]


def test_flags_by_word() -> None:
    flag = Field("exists", "flag", "exists")
    assert read([flag], {"exists": ["Yes", "no", "Ja", "maybe", None]}).frame["exists"].to_list() == [True, False, True, None, None]


def test_a_field_without_its_column_is_unknown() -> None:
    result = read([SKU, UNITS], {"sku": ["A"]})
    assert result.frame.rows() == [("A", None)]
    assert result.frame.schema["units"] == pl.Int64()


@pytest.mark.parametrize("cells", [[10**9, 10**9 + 1], ["1000000000", "1000000001"], ["1,000,000,000", "1000000001"]])
def test_more_units_than_any_row_has_are_refused(cells: list[int] | list[str]) -> None:
    result = typed(pl.DataFrame({"units": cells}), [UNITS], "US")
    assert result.frame["units"].to_list() == [10**9, None]
    assert doubts(result) == [("not-a-number", [1], ["1000000001"], True)]


def test_units_that_could_be_one_or_a_thousand_refuse_the_row() -> None:
    result = read([UNITS], {"units": ["1.000", "1,000", "5"]}, "US")
    assert result.frame["units"].to_list() == [None, 1000, 5]
    assert doubts(result) == [("ambiguous-number", [0], ["1.000"], True)]


@pytest.mark.parametrize("known", [FEE, PRICE])
@pytest.mark.parametrize("as_text", [True, False])
def test_more_money_than_any_row_has_counts_as_unknown(known: Field, as_text: bool) -> None:
    cells = pl.Series(known.column, ["1000000000", "1000000001", "24.9"])
    result = typed(pl.DataFrame([cells if as_text else cells.cast(MONEY)]), [known], "US")
    assert result.frame[known.column].to_list() == [Decimal(10**9), None, Decimal("24.9")]
    assert doubts(result) == [("not-a-number", [1], ["1000000001"], False)]


@pytest.mark.parametrize("as_text", [True, False])
def test_a_fee_below_zero_counts_as_unknown(as_text: bool) -> None:
    cells = pl.Series("fee", ["-0.5", "0", None])
    result = typed(pl.DataFrame([cells if as_text else cells.cast(MONEY)]), [FEE], "US")
    assert result.frame["fee"].to_list() == [None, Decimal(0), None]
    assert doubts(result) == [("not-a-number", [0], ["-0.5"], False)]


def test_money_in_another_currency_counts_as_unknown() -> None:
    cells: dict[str, list[str | None]] = {"price": ["$5.00", "5 €", "EUR 5", "7"]}
    result = read([PRICE], cells, "US")
    assert result.frame["price"].to_list() == [Decimal(5), None, None, Decimal(7)]
    assert doubts(result) == [("foreign-currency", [1, 2], ["5 €", "EUR 5"], False)]
    nowhere = read([PRICE], cells)
    assert nowhere.frame["price"].to_list() == [None, None, None, Decimal(7)]
    assert [doubt.code for doubt in nowhere.doubts] == ["foreign-currency"]


def test_a_date_that_no_report_can_mean_counts_as_unknown() -> None:
    cells: list[str | None] = ["1970-01-01", "1995-01-01", "2100-12-31", "2101-01-01", "01/13/1899", "none"]
    result = read([BEGUN], {"begun": cells})
    assert result.frame["begun"].to_list() == [None, date(1995, 1, 1), date(2100, 12, 31), None, None, None]
    assert doubts(result) == [("not-a-date", [0, 3, 4], ["1970-01-01", "2101-01-01", "01/13/1899"], False)]


def test_a_filled_cell_that_was_not_read_is_no_blank_one() -> None:
    given = Field("removal", "date", "removal", unread="removal_unread")
    cells: list[str | None] = ["2026-01-15", "soon", "03/04/2026", "9999-12-31", "--", "none", " ", None]
    assert read([given], {"removal": cells}).frame["removal_unread"].to_list() == [False, True, True, True, False, False, False, False]
    blank = read([given], {"removal": [None, None]}).frame
    assert (blank["removal_unread"].to_list(), blank.schema["removal_unread"]) == ([False, False], pl.Boolean())
    absent = read([given, UNITS], {"units": ["1", "2"]}).frame
    assert (absent["removal_unread"].to_list(), absent.schema["removal_unread"]) == ([False, False], pl.Boolean())
