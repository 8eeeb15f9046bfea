"""One cell of the spreadsheet: the right type, the right look, nothing that runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from refloat.model.money import DIGITS, Money
from refloat.wording.whole_file import harmless, printable

Kind = Literal["text", "wrapped", "count", "money", "date", "estimate", "fill", "heading", "fill_heading", "title", "section", "quiet", "link"]
_GREY, _LINE, _AMBER, _PALE = "#5C646D", "#C9CFD4", "#F2D28B", "#FFF8E6"


class Formats:
    """Every look of a cell, made once for a workbook."""

    def __init__(self, book: Any) -> None:
        top = {"valign": "top"}
        heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bottom_color": _GREY, "bg_color": "#E8ECEF"}
        self._by_kind = {
            "text": book.add_format(top),
            "wrapped": book.add_format({**top, "text_wrap": True}),
            "count": book.add_format({**top, "num_format": "#,##0"}),
            "money": book.add_format({**top, "num_format": "#,##0.00"}),
            "whole_money": book.add_format({**top, "num_format": "#,##0"}),
            "date": book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"}),
            "estimate": book.add_format({**top, "num_format": '"≈ "yyyy-mm-dd', "align": "left"}),
            "fill": book.add_format({**top, "bg_color": _PALE, "border": 1, "border_color": _LINE, "text_wrap": True}),
            "heading": book.add_format(heading),
            "fill_heading": book.add_format({**heading, "bg_color": _AMBER}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "section": book.add_format({"bold": True, "font_size": 12, "bottom": 1, "bottom_color": _LINE}),
            "quiet": book.add_format({"font_color": _GREY}),
            "unknown": book.add_format({**top, "font_color": _GREY, "italic": True, "align": "left"}),
            "link": book.add_format({**top, "font_color": "#1F5F99", "underline": 1}),
        }

    def of(self, kind: str) -> Any:
        return self._by_kind[kind]


class Unknown(str):
    """The word for a value that nobody knows, so that it looks unlike one that somebody does."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A day that is ours, not Amazon's."""

    day: date


def put(page: Any, at: tuple[int, int], value: object, formats: Formats, kind: Kind) -> None:
    """Write one cell, ``at`` (row, column) from 0. Text never becomes a formula, a link or a number; None leaves it empty."""
    row, column = at
    look = formats.of(kind)
    if value is None:
        page.write_blank(row, column, None, look)
    elif isinstance(value, Unknown):
        page.write_string(row, column, value, formats.of("unknown"))
    elif isinstance(value, str):
        page.write_string(row, column, harmless(printable(value)), look)
    elif isinstance(value, Money):
        page.write_number(row, column, float(value.rounded()), formats.of("whole_money" if DIGITS.get(value.currency or "") == 0 else "money"))
    elif isinstance(value, Estimate):
        page.write_datetime(row, column, value.day, formats.of("estimate"))
    elif isinstance(value, date):
        page.write_datetime(row, column, value, look)
    else:
        page.write_number(row, column, value, look)
