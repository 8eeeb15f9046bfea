"""How a file's text is laid out."""

from __future__ import annotations

import pytest

from refloat.reports.layout import layout_of, split_quoted


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_the_header_tells_the_line_end(end: str) -> None:
    layout = layout_of(f"sku\tasin{end}A\tB\nC{end}")
    assert (layout.header, layout.end, layout.start) == (("sku", "asin"), end, 1)


@pytest.mark.parametrize(("before", "start"), [("", 1), ("\n", 2), ("\n\n", 3), (" \t\n", 2), ("\ufeff", 1), ("\ufeff\n", 2), ("\0\0", 1)])
def test_blank_lines_before_the_header_are_passed_over(before: str, start: int) -> None:
    layout = layout_of(f"{before}sku\tasin\nA\tB\n")
    assert (layout.header, layout.start) == (("sku", "asin"), start)


@pytest.mark.parametrize(("header", "delimiter"), [("sku\tasin", "\t"), ("sku,asin", ","), ("sku;asin;x,y", ";"), ('"sku","a;b;c"', ";"), ("sku", ",")])
def test_tabs_cut_cells_where_there_are_any(header: str, delimiter: str) -> None:
    assert layout_of(header).delimiter == delimiter


def test_a_header_that_is_quoted_is_read_without_its_quotes() -> None:
    layout = layout_of('"sku","product, name"\r\n')
    assert (layout.header, layout.all_quoted) == (("sku", "product, name"), True)


def test_a_nameless_trailing_column_is_not_counted_as_named() -> None:
    layout = layout_of("sku\tasin\t\n")
    assert (layout.width, layout.named) == (3, 2)


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a\tb", ["a", "b"]),
        ('"a\tb"\tc', ["a\tb", "c"]),
        ('"a""b"\t', ['a"b', ""]),
        ('""\t""', ["", ""]),
        ('a"b\tc', ['a"b', "c"]),
        ('"a"b\tc', ()),
        ('"a\tb', None),
        ("", [""]),
    ],
)
def test_quotes_are_read_by_the_rules_or_not_at_all(line: str, cells: object) -> None:
    assert split_quoted(line, "\t") == cells
