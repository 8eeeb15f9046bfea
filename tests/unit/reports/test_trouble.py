"""What has to be said about a file names the file, the line, the column and the value."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.report_files import STRANDED_18, codes, line, read, text
from tests.report_files import table as any_report

from refloat.knowledge.messages import text_of
from refloat.knowledge.tables import table


def test_a_refused_row_is_told_with_file_line_column_and_value(tmp_path: Path) -> None:
    reading = read(tmp_path, text(line(), line(sku="B", fulfillable_qty="x1"), line(sku="7.82115E+12"), line(sku="C", your_price="abc")))
    told = {warning.code + str(warning.line): warning for warning in reading.warnings}
    assert {(warning.line, warning.column, warning.value) for warning in told.values()} == {(3, "fulfillable-qty", "x1"), (4, "sku", "7.82115E+12"), (5, "your-price", "abc")}
    assert all(warning.file == str(tmp_path / "report.txt") for warning in told.values())
    assert reading.source.refused_rows == 2
    assert not reading.source.whole


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_warning_has_its_text_in_both_languages(tmp_path: Path, language: str) -> None:
    wrong = [{"sku": "7.82115E+12"}, {"sku": ""}, {"fulfillable_qty": "-1"}, {"date_stranded": "03/04/2026"}, {"date_stranded": "soon"}, {"your_price": "5 €"}]
    rows = [line(**({"sku": f"S{number}", "your_price": "1.499"} | cells)) for number, cells in enumerate(wrong)]
    content = text(*rows, line() + "\tx", "cut\t")[:-1]
    reading = read(tmp_path, content)
    assert set(codes(reading)) == {"sku-spoilt-by-excel", "sku-blank", "not-a-number", "ambiguous-number", "foreign-currency", "ambiguous-date", "not-a-date", "too-many-cells", "last-line-cut"}
    for warning in reading.warnings:
        said = text_of(warning, language)
        assert "{" not in said
        assert "None" not in said
        assert str(warning.line) in said


@pytest.mark.parametrize("code", ["archive-damaged", "archive-cut", "excel-workbook", "empty-file", "header-alone", "status-column-missing"])
def test_messages_about_whole_files_name_the_file(code: str) -> None:
    from refloat.model.source import Warning

    for language in ("en", "zh-Hans"):
        assert "a.txt" in text_of(Warning(code, "folder/a.txt"), language)


def test_very_many_refused_rows_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    shown = table("limits")["upload"]["warnings_shown"]
    reading = read(tmp_path, text(*(line(sku=f"S{number}", fulfillable_qty="x") for number in range(shown + 50))))
    assert reading.source.refused_rows == shown + 50
    assert len(reading.warnings) == shown + 1
    assert dict(reading.warnings[-1].facts)["count"] == "50"


def test_very_many_long_rows_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    shown = table("limits")["upload"]["warnings_shown"]
    reading = read(tmp_path, text(*(line(sku=f"S{number}") + "\tx" for number in range(shown + 50)), line()))
    assert reading.source.refused_rows == shown + 50
    assert codes(reading).count("too-many-cells") == shown
    assert [dict(warning.facts)["count"] for warning in reading.warnings if warning.code == "more-of-these"] == ["50"]


def test_a_header_alone_is_not_nothing_stranded(tmp_path: Path) -> None:
    reading = read(tmp_path, text())
    assert (codes(reading), reading.source.rows) == (["header-alone"], 0)


def test_rows_that_were_all_refused_are_not_a_header_alone(tmp_path: Path) -> None:
    assert codes(read(tmp_path, text(line(sku="")))) == ["sku-blank"]


def test_a_missing_quantity_column_is_told_and_units_are_unknown(tmp_path: Path) -> None:
    header = [name for name in STRANDED_18 if name != "fulfillable-qty"]
    reading = read(tmp_path, any_report(header, {"sku": "A"}, {"sku": "B"}))
    assert codes(reading) == ["quantity-column-missing"]
    assert reading.frame is not None
    assert reading.frame["units_fulfillable"].to_list() == [None, None]


def test_listings_without_a_status_are_told(tmp_path: Path) -> None:
    assert codes(read(tmp_path, any_report(["item-name", "seller-sku", "price"], {"seller-sku": "A"}))) == ["status-column-missing"]
