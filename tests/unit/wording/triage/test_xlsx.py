"""The spreadsheet: a summary, then one sheet a remedy to work through."""

from __future__ import annotations

import errno
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from refloat.app import Triage
from refloat.wording.triage.xlsx import write_xlsx
from refloat.wording.xlsx_sheets import sheet_name

HEADINGS = 3


@pytest.fixture
def book(account: Triage, tmp_path: Path) -> openpyxl.Workbook:
    write_xlsx(account, tmp_path / "out.xlsx", "en")
    return openpyxl.load_workbook(tmp_path / "out.xlsx")


def headings(sheet: Worksheet) -> list[Any]:
    return [cell.value for cell in sheet[HEADINGS]]


def row_of(book: openpyxl.Workbook, sku: str) -> dict[str, Any]:
    """Heading → cell of the one row with this SKU."""
    for sheet in book.worksheets[1:]:
        for cells in sheet.iter_rows(min_row=HEADINGS + 1):
            row = dict(zip(headings(sheet), cells, strict=True))
            if row["SKU"].value == sku:
                return row
    raise LookupError(sku)


def test_one_sheet_a_remedy_the_most_urgent_first(book: openpyxl.Workbook) -> None:
    """The overdue removal comes before the relisting of Wednesday."""
    assert book.sheetnames[:3] == ["Summary", "Create a removal order", "Relist the offer"]
    assert [sheet["A1"].value for sheet in book.worksheets[1:3]] == ["Create a removal order", "Relist the offer"]


def test_days_are_dates_and_money_is_numbers(book: openpyxl.Workbook) -> None:
    """With two decimals, and the currency in a column of its own."""
    row = row_of(book, "LAMP-01")
    assert row["Deadline"].value == datetime(2026, 11, 25)
    assert (row["Worth"].value, row["Worth"].number_format, row["Currency"].value) == (50, "#,##0.00", "USD")
    assert (row["Days left"].value, row["Units"].value) == (3, 4)
    assert row["Deadline is"].value == "Amazon's date"


def test_an_estimate_is_marked_by_sign_and_word(book: openpyxl.Workbook) -> None:
    """Not by colour alone."""
    row = row_of(book, "'=cmd|'x'!A1")
    assert "≈" in row["Deadline"].number_format
    assert row["Deadline is"].value == "our estimate"


def test_text_is_made_harmless(book: openpyxl.Workbook) -> None:
    """A SKU or a title that looks like a formula is text, and stays so when saved as CSV."""
    row = row_of(book, "'-LATERNE")
    assert (row["SKU"].data_type, row["Title"].value, row["Days left"].value) == ("s", "'+49 Laterne", -2)


def test_unknown_is_called_unknown(book: openpyxl.Workbook) -> None:
    """A quantity that no report tells is neither 0 nor empty."""
    row = row_of(book, "MUG-UNKNOWN")
    assert (row["Units"].value, row["Worth"].value, row["Currency"].value) == ("unknown", "unknown", None)


def test_what_a_person_fills_in_is_empty_and_marked(book: openpyxl.Workbook) -> None:
    """The fields come from the remedy's page; they have another background than the rest."""
    row = row_of(book, "LAMP-01")
    assert list(row)[-3:] == ["Fill in: Price", "Done on", "Note"]
    assert row["Fill in: Price"].value is None
    assert row["Fill in: Price"].fill.fgColor.rgb != row["SKU"].fill.fgColor.rgb
    assert "Fill in: Return or dispose" in headings(book["Create a removal order"])
    assert book["Create a removal order"].data_validations.count == 1


def test_headings_stay_in_sight_and_can_be_filtered(book: openpyxl.Workbook) -> None:
    """Panes are frozen below the headings and after the SKU; the filter spans all rows."""
    sheet = book["Relist the offer"]
    assert sheet.freeze_panes == "D4"
    assert sheet.auto_filter.ref.startswith("A3:")
    assert sheet.auto_filter.ref.endswith(str(sheet.max_row))


def test_the_summary_keeps_currencies_apart(book: openpyxl.Workbook) -> None:
    """No cell holds the sum of dollars and euros."""
    rows = [[cell for cell in row if cell is not None] for row in book["Summary"].iter_rows(values_only=True)]
    assert ["EUR", 4988] in rows
    assert ["USD", 100] in rows
    assert not any(5088 in row for row in rows)


def test_the_summary_leads_to_the_sheets(book: openpyxl.Workbook) -> None:
    """Each remedy is a link within the workbook; none leads outside."""
    links = [cell.hyperlink for row in book["Summary"].iter_rows() for cell in row if cell.hyperlink]
    assert links
    assert all(link.location and not link.target for link in links)


def test_filters_narrow_the_sheets_and_not_the_summary(triaged: Any, tmp_path: Path) -> None:
    """The summary counts all strandings and says that the sheets do not."""
    narrowed = triaged({"US": [{"sku": "A"}, {"sku": "B", "stranded-reason": "Expired product"}]}, remedies=["relist-offer"])
    write_xlsx(narrowed, tmp_path / "out.xlsx", "en")
    narrow = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert narrow.sheetnames == ["Summary", "Relist the offer"]
    texts = [cell for row in narrow["Summary"].iter_rows(values_only=True) for cell in row]
    assert "The sheets show 1 of 2 SKUs, as asked; this summary counts all." in texts
    assert "Create a removal order" in texts


def test_chinese_names_of_remedies(account: Triage, tmp_path: Path) -> None:
    """The sheets carry Amazon's own Chinese words."""
    write_xlsx(account, tmp_path / "out.xlsx", "zh-Hans")
    assert {"重新发布", "创建移除订单"} <= set(openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames)


def test_a_sheet_longer_than_excel_allows_goes_on_in_another(account: Triage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is dropped silently."""
    monkeypatch.setattr("refloat.wording.xlsx_sheets._SHEET_ROWS", HEADINGS + 1)
    write_xlsx(account, tmp_path / "out.xlsx", "en")
    split = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert {"Relist the offer", "Relist the offer (2)"} <= set(split.sheetnames)
    assert sum(sheet.max_row - HEADINGS for sheet in split.worksheets[1:]) == account.shown.height


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Submit the documents that Amazon asks for", "Submit the documents that…"),
        ("Leave it: it is off sale", "Leave it, it is off sale"),
        ("a/b\\c[d]e*f?", "a b c d e f"),
        ("History", "History (2)"),
        ("SUMMARY", "SUMMARY (2)"),
        ("创建移除订单创建移除订单创建移除订单创建移除订单创建移除订单创建", "创建移除订单创建移除订单创建移除订单创建移除订单创建移除订单…"),
        ("''", "-"),
    ],
)
def test_sheet_names_are_valid_and_unlike(title: str, name: str) -> None:
    """Excel refuses a book with a name that is long, has its signs, or stands twice in any case."""
    assert sheet_name(title, {"Summary"}) == name
    assert len(name) <= 31


def test_a_full_disk_is_an_error_of_the_system(account: Triage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller sees OSError, not an exception of the library, and no file."""

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = set(tmp_path.iterdir())
    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full)
    with pytest.raises(OSError, match="No space") as raised:
        write_xlsx(account, tmp_path / "out.xlsx", "en")
    assert raised.value.errno == errno.ENOSPC
    assert set(tmp_path.iterdir()) == before
