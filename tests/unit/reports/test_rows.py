"""Rows keep the lines on which they stand."""

from __future__ import annotations

import polars as pl

from refloat.reports.rows import Rows


def test_blank_rows_go_and_the_lines_of_the_others_stay() -> None:
    rows = Rows(pl.DataFrame({"sku": ["A", None, "  ", None], "units": [1, None, None, 4]}), first_line=2).without_blank()
    assert rows.frame.rows() == [("A", 1), (None, 4)]
    assert rows.numbers().to_list() == [2, 5]
    assert rows.line(1) == 5


def test_without_the_last_row() -> None:
    for lines in (None, pl.Series([2, 5])):
        rows = Rows(pl.DataFrame({"sku": ["A", "B"]}), lines=lines).without_last()
        assert rows.frame.rows() == [("A",)]
        assert rows.numbers().to_list() == [2]


def test_a_frame_without_columns() -> None:
    assert Rows(pl.DataFrame()).without_blank().height == 0
