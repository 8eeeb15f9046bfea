"""Whole files, whatever is wrong with them."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report_files import STRANDED_17, STRANDED_18, STRANDED_19, codes, column, line, read, table, text, write

from refloat.app import Question, triage
from refloat.errors import RefloatError, WrongUse
from refloat.reports import read_files

ORDINARY = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    "header",
    [STRANDED_17, STRANDED_18, STRANDED_19, STRANDED_18[::-1], (*STRANDED_18[:9], "new column", "Deprecated column", *STRANDED_18[9:], "Deprecated column", "")],
    ids=["17", "18", "19", "reversed", "unknown columns"],
)
def test_columns_are_bound_by_name(tmp_path: Path, header: tuple[str, ...]) -> None:
    reading = read(tmp_path, text(line(header), line(header, sku="B"), header=header))
    assert reading.source.report == "stranded"
    assert column(reading, "sku") == ["A-1", "B"]
    assert column(reading, "units_fulfillable") == [12, 12]
    assert column(reading, "said") == ([None, None] if "stranded-reason" not in header else ["Listing closed"] * 2)
    assert (reading.source.rows, reading.source.whole, codes(reading)) == (2, True, [])


@pytest.mark.parametrize("trailing", ["", "\t", "\t\t"])
def test_rows_may_lack_the_nameless_column_or_have_more_of_them(tmp_path: Path, trailing: str) -> None:
    reading = read(tmp_path, text(line() + trailing, line(sku="B") + trailing, header=(*STRANDED_18, "")).removesuffix("\n"))
    assert (column(reading, "sku"), codes(reading)) == (["A-1", "B"], [])


@pytest.mark.parametrize("position", ["first", "middle", "last"])
@pytest.mark.parametrize("extra", ["\tx", "\tx\ty", "\t\tx", "\t1"])
def test_a_row_that_is_too_long_is_refused_wherever_it_stands(tmp_path: Path, position: str, extra: str) -> None:
    good = [line(sku=sku) for sku in "ABCD"]
    at = {"first": 0, "middle": 2, "last": 4}[position]
    reading = read(tmp_path, text(*good[:at], line(sku="LONG") + extra, *good[at:]))
    assert column(reading, "sku") == list("ABCD")
    assert [(warning.code, warning.line) for warning in reading.warnings] == [("too-many-cells", at + 2)]


@pytest.mark.parametrize("at", [0, 1])
def test_a_short_row_is_kept_and_its_missing_cells_are_unknown(tmp_path: Path, at: int) -> None:
    rows = [line(sku="B"), line(sku="C")]
    short = "\t".join(line(sku="SHORT").split("\t")[:11])
    reading = read(tmp_path, text(*rows[:at], short, *rows[at:]))
    assert (column(reading, "sku")[at], column(reading, "units_fulfillable")[at], codes(reading)) == ("SHORT", None, [])


def test_a_last_line_without_an_end_is_kept_when_it_is_whole_and_refused_when_it_is_cut(tmp_path: Path) -> None:
    whole = text(line(), line(sku="B"))[:-1]
    assert column(read(tmp_path, whole), "sku") == ["A-1", "B"]
    reading = read(tmp_path, whole[:-30])
    assert (column(reading, "sku"), codes(reading), reading.source.whole) == (["A-1"], ["last-line-cut"], False)
    assert reading.warnings[0].line == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_cut_last_line_is_found_in_every_encoding_also_in_large_files(tmp_path: Path, encoding: str, end: str) -> None:
    rows = [line(sku=f"S{number}", product_name="Größe" if encoding != "utf-8" else "杯") for number in range(600)]
    content = text(*rows, end=end)[: -20 - len(end)].encode(encoding)
    reading = read(tmp_path, content)
    assert (reading.source.rows, codes(reading)) == (599, ["last-line-cut"])
    assert reading.warnings[0].line == 601


def test_a_file_cut_inside_a_chinese_letter_is_still_read(tmp_path: Path) -> None:
    content = text(line(product_name="蓝色杯子"), line(sku="B", product_name="红色杯子")).encode()
    reading = read(tmp_path, content[: content.rindex("杯".encode()) + 1])
    assert (column(reading, "title"), reading.source.encoding, codes(reading)) == (["蓝色杯子"], "utf-8", ["last-line-cut"])


def test_the_last_line_of_a_cut_gzip_cannot_be_trusted(tmp_path: Path) -> None:
    """Here the line has all its cells; but 1 may have been 12."""
    packed = gzip.compress(text(line(), line(sku="B", inbound_shipped_qty="1"))[:-1].encode())
    reading = read(tmp_path, packed[:-8])
    assert (column(reading, "sku"), codes(reading), reading.source.whole) == (["A-1"], ["archive-cut", "last-line-cut"], False)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\0\0\0", b"\xff\xfe", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    reading = read(tmp_path, content)
    assert (reading.frame, reading.source.rows, codes(reading)) == (None, None, ["empty-file"])


def test_an_unknown_file_is_told_with_its_header(tmp_path: Path) -> None:
    reading = read(tmp_path, "date\torder-id\ttotal\n1\t2\t3\n")
    assert (reading.frame, codes(reading), dict(reading.warnings[0].facts)["header"]) == (None, ["unknown-report"], "date | order-id | total")


@pytest.mark.parametrize(
    ("name", "day"),
    [("2026-01-01_2026-01-31.txt", 31), ("20260101-20260131.txt", 31), ("stranded 2026-01-05 (made 2026-01-09).txt", 9), ("120260105.txt", None), ("order-99920260105 x.txt", None)],
)
def test_the_last_date_in_a_name_counts_and_no_part_of_a_longer_number(tmp_path: Path, name: str, day: int | None) -> None:
    found = read(tmp_path, text(line()), name=name).source
    assert (found.observed_at if day else found.observed_from) == (datetime(2026, 1, day, tzinfo=UTC) if day else "file-time")


@pytest.mark.parametrize("header", [STRANDED_17, STRANDED_18, STRANDED_19])
def test_every_stranded_frame_tells_whether_a_removal_date_was_not_read(tmp_path: Path, header: tuple[str, ...]) -> None:
    rows = (line(header), line(header, sku="B", Date_to_take_auto_removal="--"), line(header, sku="C", Date_to_take_auto_removal="soon"))
    reading = read(tmp_path, text(*rows, header=header))
    assert column(reading, "removal_date_unread") == [False, False, header is not STRANDED_17]
    alone = read(tmp_path, text(header=header), name="alone.txt")
    assert alone.frame is not None
    assert alone.frame.schema["removal_date_unread"] == pl.Boolean()


@pytest.mark.parametrize("broken", [False, True], ids=["fast", "careful"])
def test_numbers_dates_and_currencies_that_nobody_can_mean_are_told_alike_both_ways(tmp_path: Path, broken: bool) -> None:
    rows = [line(sku="A", fulfillable_qty="1000000001"), line(sku="B", your_price="1000000001"), line(sku="C", date_stranded="1899-12-30")]
    name = {"product_name": '"Cup\nblue"'} if broken else {}
    reading = read(tmp_path, text(*rows, line(sku="D", **name)), marketplace="US")
    assert (column(reading, "sku"), column(reading, "price_shown")[0], column(reading, "stranded_on")[1]) == (["B", "C", "D"], None, None)
    assert sorted((warning.code, warning.value, dict(warning.facts)["outcome"]) for warning in reading.warnings) == [
        ("not-a-date", "1899-12-30", "unknown"),
        ("not-a-number", "1000000001", "refused"),
        ("not-a-number", "1000000001", "unknown"),
    ]


@pytest.mark.parametrize(
    ("name", "observed", "source"), [("stranded_2026-03-01.txt", datetime(2026, 3, 1, tzinfo=UTC), "name"), ("20260301.txt", datetime(2026, 3, 1, tzinfo=UTC), "name"), ("x.txt", None, "file-time")]
)
def test_the_moment_that_a_file_shows(tmp_path: Path, name: str, observed: datetime | None, source: str) -> None:
    found = read(tmp_path, text(line()), name=name).source
    assert found.observed_from == source
    assert observed is None or found.observed_at == observed


def test_a_planning_file_tells_its_own_day_and_marketplace(tmp_path: Path) -> None:
    content = table(
        ["snapshot-date", "sku", "available", "units-shipped-t90", "marketplace"], {"snapshot-date": "2026-02-01", "sku": "A", "available": "5", "units-shipped-t90": "9", "marketplace": "DE"}
    )
    source = read(tmp_path, content, name="planning-2020-01-01.txt").source
    assert (source.observed_at, source.observed_from, source.marketplace) == (datetime(2026, 2, 1, tzinfo=UTC), "content", "DE")


def test_a_charset_that_does_not_exist_is_a_wrong_use(tmp_path: Path) -> None:
    path = write(tmp_path, text(line()))
    with pytest.raises(WrongUse):
        list(read_files([str(path)], charset="klingon"))


def test_a_large_file_is_plain_at_its_start_and_foreign_behind(tmp_path: Path) -> None:
    header = ["item-name", "seller-sku", "price", "quantity", "status"]
    plain = [f"cup {number} {'x' * 90}\tS{number}\t1.00\t1\tActive" for number in range(45_000)]
    content = text(*plain, "Cup\tGrün d’été – 5€\t2.00\t1\tActive", header=header).encode("cp1252")
    assert len(content) > 4 << 20
    reading = read(tmp_path, content, marketplace="US")
    assert reading.source.encoding == "cp1252"
    assert reading.frame is not None
    assert reading.frame.row(-1, named=True)["sku"] == "Grün d’été – 5€"
    assert reading.source.rows == 45_001


@pytest.mark.parametrize("name", ["report[1].txt", "report*.txt", "a b (2).txt", "报告.txt", "h\udce4ndler.txt"])
def test_the_file_that_is_named_is_read_and_no_other(tmp_path: Path, name: str) -> None:
    """Large files too, whose names look like patterns or are in another encoding."""
    write(tmp_path, text(*(line(sku=f"WRONG{number}") for number in range(12_000))), "report1.txt")
    reading = read(tmp_path, text(*(line(sku=f"S{number}") for number in range(12_000))), name)
    assert (column(reading, "sku")[0], reading.source.rows) == ("S0", 12_000)
    reading.source.file.encode()


def test_a_named_pipe_is_read_once(tmp_path: Path) -> None:
    """As with ``refloat triage <(zcat report.gz)``."""
    import os
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(text(line())))
    writer.start()
    (reading,) = read_files([str(pipe)])
    writer.join()
    assert column(reading, "sku") == ["A-1"]


# ---- whatever is written can be read back --------------------------------------------------------

LETTERS = st.characters(codec="utf-8", exclude_characters="\0\r\n\t\ufeff", exclude_categories=("Cs",))
WORD = st.text(LETTERS, max_size=12)
SKU = st.text(st.sampled_from("ABZ019-_./#&; é中"), min_size=1, max_size=10).filter(lambda sku: sku.strip() and "E+" not in sku)
NAMES = ("sku", "stranded-reason", "product-name", "error-message", "fulfillable-qty", "your-price", "date-stranded", "status-primary")
ROW = st.fixed_dictionaries(
    {
        "sku": SKU,
        "stranded-reason": st.sampled_from(["Listing closed", "商品已下架", ""]),
        "product-name": WORD.filter(lambda word: '"' not in word),
        "error-message": WORD.filter(lambda word: '"' not in word),
        "fulfillable-qty": st.integers(0, 10**6).map(str) | st.sampled_from(["", "--", "1,499"]),
        "your-price": st.decimals(0, 10**6, places=2).map(str) | st.sampled_from(["", "none", "4,10"]),
        "date-stranded": st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(str) | st.just(""),
        "status-primary": st.sampled_from(["inactive", "active"]),
    }
)
MANY = st.lists(ROW, min_size=1, max_size=8)


def _frame(content: bytes, **options: str) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        reading = read(Path(folder), content, **options)
    assert reading.frame is not None, reading.warnings
    return reading.frame


@given(MANY)
@ORDINARY
def test_both_ways_give_the_same_frame(rows: list[dict[str, str]]) -> None:
    """A NUL in the header sends the same file the careful way."""
    content = table(NAMES, *rows).encode()
    assert _frame(content, marketplace="US").equals(_frame(content.replace(b"sku", b"sk\0u", 1), marketplace="US"))


@given(MANY, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]))
@ORDINARY
def test_line_ends_and_encodings_do_not_matter(rows: list[dict[str, str]], end: str, encoding: str) -> None:
    rows = [row | {"product-name": "蓝色杯子商品", "error-message": ""} | {"sku": row["sku"].replace("é", "e")} for row in rows]
    rows = [row for row in rows if row["sku"].strip()]
    plain = table(NAMES, *rows).encode()
    assert _frame(table(NAMES, *rows, end=end).encode(encoding), marketplace="US").equals(_frame(plain, marketplace="US"))


CELL = st.text(st.sampled_from('ab "\n,é中/'), max_size=8).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from("\t,"), st.sampled_from(["\n", "\r\n"]))
@ORDINARY
def test_what_a_program_quotes_is_read_back(pairs: list[tuple[str, str]], quoting: int, delimiter: str, end: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=quoting, delimiter=delimiter, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(["sku", "product-name", "stranded-reason", "error-message", "fulfillable-qty"])
    writer.writerows((f"S{number}", name, "Listing closed", error, 5) for number, (name, error) in enumerate(pairs))
    frame = _frame(out.getvalue().encode())
    assert frame.select("sku", "title", "error_message", "units_fulfillable").rows() == [(f"S{number}", name or None, error or None, 5) for number, (name, error) in enumerate(pairs)]


JUNK = st.binary(max_size=300)
STARTS = st.sampled_from(
    [
        b"",
        b"sku\tstranded-reason\tfulfillable-qty\tyour-price\tdate-stranded\n",
        b"sku,primary-action,your-price\r\n",
        "卖家 SKU\t商品名称\t状态\n".encode("utf-16"),
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b'"sku"\t"primary-action"\r',
    ]
)
SIGNS = st.text(st.sampled_from('\t\n\r",;0123456789.-E+/: ABZé\0\u0085\u2028'), max_size=200).map(str.encode)


@given(STARTS, JUNK | SIGNS)
@settings(max_examples=250, deadline=None)
def test_no_bytes_raise_anything_but_our_own_errors(start: bytes, junk: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), start + junk)
        for marketplace in (None, "DE"):
            try:
                (*readings,) = read_files([str(path)], marketplace=marketplace)
            except RefloatError:
                continue
            assert all(reading.frame is not None or reading.warnings for reading in readings)


def _zip_bytes() -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("DE/a.txt", text(line()))
        archive.writestr("b.txt", text(line(sku="B")))
    return out.getvalue()


ZIPPED = _zip_bytes()
GZIPPED = gzip.compress(text(line(), line(sku="B")).encode(), mtime=0)


@given(st.sampled_from([ZIPPED, GZIPPED]), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6), st.integers(0, 2000))
@settings(max_examples=150, deadline=None)
def test_no_damaged_archive_raises_anything_but_our_own_errors(data: bytes, flips: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(data)
    for at, byte in flips:
        damaged[at % len(damaged)] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), bytes(damaged[: max(1, len(damaged) - cut)]) if cut < len(damaged) else bytes(damaged))
        try:
            list(read_files([str(path)]))
        except RefloatError:
            return


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    stranded = write(tmp_path, text(line(), line(sku="B", stranded_reason="Missing price", your_price="0")), "1.txt")
    listings = write(
        tmp_path,
        table(
            ["item-name", "seller-sku", "price", "quantity", "fulfillment-channel", "status"],
            {"seller-sku": "B", "price": "9.90", "quantity": "", "fulfillment-channel": "AMAZON_EU", "status": "Inactive"},
        ),
        "2.txt",
    )
    stock = write(tmp_path, table(["sku", "asin", "afn-fulfillable-quantity", "afn-listing-exists"], {"sku": "A-1", "afn-fulfillable-quantity": "12", "afn-listing-exists": "No"}), "3.txt")
    results = [triage(Question([str(path) for path in order], marketplace="DE", as_of=date(2026, 2, 1))) for order in itertools.permutations([stranded, listings, stock])]
    frames = {str([finding.as_json() for finding in result.findings()]) for result in results}
    assert len(frames) == 1
    assert results[0].frame["sku"].len() == 2


def test_amounts_are_decimals(tmp_path: Path) -> None:
    assert column(read(tmp_path, text(line(your_price="0.1"), line(sku="B", your_price="--"))), "price_shown") == [Decimal("0.1"), None]
