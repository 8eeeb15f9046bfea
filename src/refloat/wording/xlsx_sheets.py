"""Sheets that a person can work through, one a remedy; what the command line and the pages hand out alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.locale import translator
from refloat.model.finding import Finding
from refloat.wording.labels import fill_in_label
from refloat.wording.xlsx_cells import Formats, put
from refloat.wording.xlsx_columns import Column, columns

#: Excel's own limits: rows of a sheet, characters of its name.
_SHEET_ROWS, NAME_LENGTH = 1_048_576, 31
_FORBIDDEN = str.maketrans({**dict.fromkeys("[]*?/\\", " "), ":": ","})
#: Title, a line on how to use the sheet, headings.
_TOP_ROWS = 3
_FROZEN_COLUMNS = 3


def let_go(book: Any) -> None:
    """Rows wait in open temporary files; after a failure or Ctrl-C the library forgets to close them."""
    for sheet in book.worksheets():
        if sheet.row_data_fh is not None:
            sheet.row_data_fh.close()


@dataclass
class _Sheet:
    """One sheet and the row that comes next."""

    page: Any
    columns: list[Column]
    row: int = _TOP_ROWS


class Sheets:
    """The sheets of the remedies; one that grows beyond Excel's limit goes on in the next."""

    def __init__(self, book: Any, catalogue: Catalogue, language: str, as_of: date) -> None:
        self.book, self.catalogue, self.language, self.as_of, self._ = book, catalogue, language, as_of, translator(language)
        self.formats = Formats(book)
        self.columns = columns(catalogue, language)
        self.first_sheets: dict[str, str] = {}
        self.open: dict[str, list[_Sheet]] = {}

    def make_room(self, remedy: str, rows: int) -> None:
        """Open the sheets for so many rows of a remedy, so that they stand side by side."""
        self.open[remedy] = [self._sheet(remedy, part) for part in range(-(-rows // (_SHEET_ROWS - _TOP_ROWS)))]

    def add(self, finding: Finding) -> None:
        """The finding as the next row of its remedy's sheet; a remedy that has none yet gets one."""
        own = self.open.setdefault(finding.remedy, [])
        sheet = next((sheet for sheet in own if sheet.row < _SHEET_ROWS), None)
        if sheet is None:
            own.append(sheet := self._sheet(finding.remedy, len(own)))
        for at, column in enumerate(sheet.columns):
            put(sheet.page, (sheet.row, at), column.value(finding), self.formats, column.kind)
        sheet.row += 1

    def finish(self) -> None:
        """What can be said only when the number of rows is known."""
        for sheet in (sheet for sheets in self.open.values() for sheet in sheets):
            sheet.page.autofilter(_TOP_ROWS - 1, 0, sheet.row - 1, len(sheet.columns) - 1)
            for at, column in enumerate(sheet.columns):
                if column.choices:
                    sheet.page.data_validation(_TOP_ROWS, at, sheet.row - 1, at, {"validate": "list", "source": list(column.choices), "ignore_blank": True})

    def _sheet(self, remedy: str, part: int) -> _Sheet:
        page = self.catalogue.remedies[remedy].page
        title = label(page, self.language)
        name = sheet_name(title, {sheet.name for sheet in self.book.worksheets()}, part)
        self.first_sheets.setdefault(remedy, name)
        sheet = _Sheet(self.book.add_worksheet(name), [*self.columns, *self._to_fill_in(remedy)])
        self._top(sheet, title)
        return sheet

    def _to_fill_in(self, remedy: str) -> Iterator[Column]:
        for name in self.catalogue.remedies[remedy].fill_in:
            choices = (self._("return"), self._("dispose")) if name == "return_or_dispose" else ()
            yield Column(self._("Fill in: {name}").format(name=fill_in_label(name, self._)), 20, "fill", choices=choices)
        yield Column(self._("Done on"), 12, "fill")
        yield Column(self._("Note"), 30, "fill")

    def _top(self, sheet: _Sheet, title: str) -> None:
        """Title, how to use it, headings; they stay in sight and are printed on every page."""
        page, formats, _ = sheet.page, self.formats, self._
        page.set_row(0, 24)
        put(page, (0, 0), title, formats, "title")
        hint = _("As of {day}. Columns marked “Fill in” are yours; ≈ marks an estimate; “unknown” is not zero.")
        put(page, (1, 0), hint.format(day=self.as_of.isoformat()), formats, "quiet")
        page.set_row(_TOP_ROWS - 1, 32)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width)
            put(page, (_TOP_ROWS - 1, at), column.heading, formats, "fill_heading" if column.kind == "fill" else "heading")
        page.freeze_panes(_TOP_ROWS, _FROZEN_COLUMNS)
        page.repeat_rows(_TOP_ROWS - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)


def sheet_name(title: str, taken: set[str], part: int = 0) -> str:
    """A name that Excel accepts: at most 31 characters, none of its forbidden ones, not used before.

    >>> sheet_name("Submit the documents that Amazon asks for", set())
    'Submit the documents that…'
    """
    plain = " ".join(title.translate(_FORBIDDEN).split()).strip("'") or "-"
    lower = {name.casefold() for name in taken} | {"history"}
    number = part + 1
    while True:
        ending = f" ({number})" if number > 1 else ""
        name = _cut(plain, NAME_LENGTH - len(ending)) + ending
        if name.casefold() not in lower:
            return name
        number += 1


def _cut(text: str, length: int) -> str:
    """The text within ``length`` characters, cut between words where there are any."""
    if len(text) <= length:
        return text
    short = text[: length - 1]
    whole_words = short.rsplit(" ", 1)[0] if " " in short and text[length - 1] != " " else short
    return whole_words.rstrip() + "…"
