"""Pools and order: what counts once, and who comes first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from refloat.insight import worth

ORDERED = {"due_bucket": pl.Int8(), "removal_due_on": pl.Date(), "price_currency": pl.String(), "worth_amount": worth.AMOUNT, "units_stranded": pl.Int64(), "sku": pl.String()}
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "removal_due_on": st.sampled_from([None, date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 30)]),
            "price_currency": st.sampled_from([None, "EUR", "USD"]),
            "worth_amount": st.sampled_from([None, Decimal(0), Decimal("9.99"), Decimal("10.00")]),
            "units_stranded": st.sampled_from([None, 0, 9, 10]),
            "sku": st.sampled_from(["A-1", "a-1", "A-10", "Ä", "样品", '"47', "0011"]),
        }
    ),
    max_size=40,
)
POOLED = {"account": pl.String(), "marketplace": pl.String(), "sku": pl.String(), "fnsku": pl.String(), "units_stranded": pl.Int64(), "worth_amount": worth.AMOUNT}


#: The bucket of each of the days above, as of 22 November 2026: overdue, within 7 days, within 14, none.
BUCKETS = {date(2026, 11, 21): 0, date(2026, 11, 22): 1, date(2026, 11, 30): 2, None: 5}


def first(row: dict[str, Any]) -> tuple[Any, ...]:
    """The order of DESIGN, section 8, for Python's own sort; what is unknown comes last."""
    due, currency, amount, units = row["removal_due_on"], row["price_currency"], row["worth_amount"], row["units_stranded"]
    return (BUCKETS[due], due is None, due or date.max, currency is None, currency or "", amount is None, -(amount or 0), units is None, -(units or 0), row["sku"])


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_the_order_is_that_of_one_plain_sort_and_equal_rows_keep_theirs(rows: list[dict[str, Any]]) -> None:
    order = worth.ordered(pl.DataFrame([row | {"due_bucket": BUCKETS[row["removal_due_on"]]} for row in rows], schema=ORDERED))
    assert order.to_list() == sorted(range(len(rows)), key=lambda number: first(rows[number]))


def test_nothing_is_in_order_too() -> None:
    assert worth.ordered(pl.DataFrame(schema=ORDERED)).to_list() == []


def counted(*rows: tuple[str | None, str | None, str, str | None, int | None, int | None]) -> list[bool]:
    frame = pl.DataFrame(rows, schema=POOLED, orient="row")
    return worth.with_pools(frame)["counted"].to_list()


def test_the_row_with_the_most_units_counts_in_any_order_of_the_rows() -> None:
    rows = [(None, "DE", "A", "X1", 3, 30), (None, "FR", "A", "X1", 9, 90), (None, "IT", "A", "X1", None, None)]
    assert counted(*rows) == [False, True, False]
    assert counted(*reversed(rows)) == [False, True, False]


def test_exactly_one_row_counts_even_when_none_tells_its_units() -> None:
    assert counted((None, "DE", "A", "X1", None, None), (None, "FR", "A", "X1", None, None)) == [True, False]


def test_no_units_at_all_are_more_than_unknown_ones() -> None:
    assert counted((None, "DE", "A", "X1", None, None), (None, "FR", "A", "X1", 0, 0)) == [False, True]


def test_accounts_pools_and_labels_keep_units_apart() -> None:
    assert counted(("one", "DE", "A", "X1", 3, 30), ("two", "DE", "A", "X1", 3, 30), ("one", "US", "A", "X1", 3, 30), ("one", "FR", "B", "X2", 3, 30)) == [True] * 4


def test_without_label_or_marketplace_each_row_stands_for_itself() -> None:
    assert counted(
        (None, "DE", "A", None, 3, 30), (None, "FR", "A", None, 3, 30), (None, None, "A", "X1", 3, 30), (None, None, "B", "X1", 3, 30), (None, "DE", "C", "X9", 1, 1), (None, "FR", "C", "X9", 1, 1)
    ) == [True] * 5 + [False]


def test_every_marketplace_names_its_pool() -> None:
    frame = worth.with_pools(pl.DataFrame([(None, place, "A", place, 1, 1) for place in ("DE", "FR", "UK", "US", "CA", "JP")], schema=POOLED, orient="row"))
    assert frame["pool"].to_list() == ["EU", "EU", "UK", "NA", "NA", "JP"]
