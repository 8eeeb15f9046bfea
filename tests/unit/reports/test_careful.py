"""Rows of damaged files."""

from __future__ import annotations

import pytest

from refloat.reports.careful import bare, frame_of, rows_of
from refloat.reports.layout import layout_of
from refloat.reports.recognise import Field

HEADER = "sku\tname\tunits"


def rows(text: str) -> list[tuple[int, list[str]]]:
    return [(row.line, row.cells) for row in rows_of(text, layout_of(text))]


def test_an_inch_mark_is_a_letter() -> None:
    assert rows(f'{HEADER}\n"47\tmonitor\t1\n12"\t"x\t2\n') == [(2, ['"47', "monitor", "1"]), (3, ['12"', '"x', "2"])]


def test_a_quoted_name_may_run_over_lines_and_the_next_line_number_is_right() -> None:
    text = f'{HEADER}\nA\t"two\nlines"\t1\nB\tone\t2\n'
    assert rows(text) == [(2, ["A", "two\nlines", "1"]), (4, ["B", "one", "2"])]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_quoted_name_may_stand_in_any_column(place: int) -> None:
    cells = ["A", "B", "C"]
    cells[place] = "x\ny"
    quoted = "\t".join(f'"{cell}"' if "\n" in cell else cell for cell in cells)
    assert rows(f"{HEADER}\n{quoted}\nD\tE\tF\n") == [(2, cells), (4, ["D", "E", "F"])]


def test_a_lone_quote_does_not_swallow_the_rows_after_it() -> None:
    text = f'{HEADER}\nA\t"47\nB\t12" pipe\t2\nC\tc\t3\n'
    assert [cells[0] for _, cells in rows(text)] == ["A", "B", "C"]


def test_a_lone_quote_in_the_last_cell_does_not_swallow_the_rows_after_it() -> None:
    text = f'{HEADER}\nA\ta\t"47\nB\t12" pipe\t2\n'
    assert rows(text) == [(2, ["A", "a", '"47']), (3, ["B", '12" pipe', "2"])]


def test_a_lone_lf_in_a_crlf_file_belongs_to_its_cell_and_counts_as_a_line() -> None:
    text = f"{HEADER}\r\nA\ttwo\nlines\t1\r\nB\tb\t2\r\n"
    assert rows(text) == [(2, ["A", "two\nlines", "1"]), (4, ["B", "b", "2"])]


def test_a_crlf_header_over_lf_rows() -> None:
    text = f"{HEADER}\r\nA\ta\t1\nB\tb\t2\nC\tc\t3\n"
    assert rows(text) == [(2, ["A", "a", "1"]), (3, ["B", "b", "2"]), (4, ["C", "c", "3"])]


def test_an_lf_header_over_crlf_rows() -> None:
    assert rows(f"{HEADER}\nA\ta\t1\r\nB\tb\t2\r\n") == [(2, ["A", "a", "1"]), (3, ["B", "b", "2"])]


def test_carriage_returns_alone() -> None:
    assert rows(f"{HEADER}\rA\ta\t1\rB\tb\t2") == [(2, ["A", "a", "1"]), (3, ["B", "b", "2"])]


def test_nul_bytes_are_dropped_and_blank_lines_are_counted() -> None:
    assert rows(f"{HEADER}\nA\0\ta\t1\n\n\0\0\n \t \nB\tb\t2\n") == [(2, ["A", "a", "1"]), (6, ["B", "b", "2"])]


def test_exotic_line_ends_inside_a_cell_are_letters() -> None:
    assert rows(f"{HEADER}\nA\ta\u0085b\u2028c\x0bd\x0ce\t1\n") == [(2, ["A", "a\u0085b\u2028c\x0bd\x0ce", "1"])]


def test_a_comma_file_with_quotes() -> None:
    text = 'sku,name,units\r\n"A, 1","x ""y""\nz",1\r\nB,,\r\n'
    assert rows(text) == [(2, ["A, 1", 'x "y"\nz', "1"]), (4, ["B", "", ""])]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [('"47', '"47'), ('47"', '47"'), ('"good" cup', '"good" cup'), ('"good"', '"good"'), ('"a, b"', "a, b"), ('"47"""', '47"'), ('"', '"'), ('""', '""'), ('"a"b"', '"a"b"')],
)
def test_only_quotes_that_a_program_put_there_are_taken_off(cell: str, expected: str) -> None:
    assert bare(cell) == expected


def test_long_rows_are_refused_and_short_ones_filled_up() -> None:
    text = f"{HEADER}\nA\ta\t1\t\t\nB\tb\t2\tx\nC\n"
    frame = frame_of(text, layout_of(text), {0: Field("sku", "sku", "sku"), 2: Field("units", "count", "units")}, "f.txt")
    assert frame.frame.rows() == [("A", "1"), ("C", None)]
    assert [(warning.code, warning.line, dict(warning.facts)) for warning in frame.refused] == [("too-many-cells", 3, {"found": "4", "expected": "3"})]
    assert [frame.line(0), frame.line(1)] == [2, 4]


@pytest.mark.parametrize(("last", "cut"), [("C\tc", True), ("C\tc\n", False), ("C\tc\t3", False), ('C\t"c\nd"\t3', False), ('C\t"c\nd', True)])
def test_only_a_short_last_line_without_an_end_is_cut(last: str, cut: bool) -> None:
    text = f"{HEADER}\nA\ta\t1\n{last}"
    assert frame_of(text, layout_of(text), {0: Field("sku", "sku", "sku")}, "f.txt").cut is cut


def test_the_last_line_of_a_file_known_to_be_cut_is_cut_even_when_it_has_all_cells() -> None:
    text = f"{HEADER}\nA\ta\t12"
    assert frame_of(text, layout_of(text), {0: Field("sku", "sku", "sku")}, "f.txt", whole=False).cut


def test_lone_quotes_all_over_a_comma_file_cost_no_time_and_no_rows() -> None:
    text = "sku,name,units\n" + "".join(f'S{number},"47 {number},1\nT{number},plain,1\n' for number in range(20_000))
    assert sum(1 for _ in rows_of(text, layout_of(text))) == 40_000
