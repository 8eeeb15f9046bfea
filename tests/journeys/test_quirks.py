"""Twelve quirks that break a naive reader of Amazon's files, each from bytes on disk to what the seller is told."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.report_files import STRANDED_17, STRANDED_18, STRANDED_19, codes, column, line, read, table, text, write

from refloat.app import Question, Triage, triage
from refloat.errors import NothingReadable
from refloat.model.finding import Finding

TODAY = date(2026, 2, 1)


def triaged(*paths: Path | str, marketplace: str | None = "US") -> Triage:
    return triage(Question([str(path) for path in paths], marketplace=marketplace, as_of=TODAY))


def found(result: Triage) -> dict[str, Finding]:
    return {finding.sku: finding for finding in result.findings()}


def test_quirk_1_columns_come_and_go(tmp_path: Path) -> None:
    """My report has the columns of its year, in whatever order Amazon sends them, and is read the same."""
    shuffled = (*STRANDED_19[7:], "Deprecated column", "a new column", *STRANDED_19[:7], "Deprecated column", "")
    for number, header in enumerate((STRANDED_17, STRANDED_18, STRANDED_19, shuffled)):
        shouted = text(line(header, sku="B", Date_to_take_auto_removal="2026-03-01"), header=header).replace("Date-to-take", "DATE_TO_TAKE")
        one = found(triaged(write(tmp_path, shouted, f"{number}.txt")))["B"]
        assert (one.units_fulfillable, one.stranded_on, one.recommended) == (12, date(2026, 1, 15), "relist-offer")
        assert one.said == (None if header is STRANDED_17 else "Listing closed")
        assert one.symptom == (None if header is STRANDED_17 else "listing-closed")


def test_quirk_2_the_quantity_is_fulfillable_qty(tmp_path: Path) -> None:
    """When the quantity column is missing I am told so, and my units are unknown, not zero."""
    assert found(triaged(write(tmp_path, text(line()), "with.txt")))["A-1"].units_fulfillable == 12
    without = [name for name in STRANDED_18 if name != "fulfillable-qty"]
    result = triaged(write(tmp_path, table(without, {"sku": "A-1", "stranded-reason": "Listing closed", "your-price": "24.90"}), "without.txt"))
    one = found(result)["A-1"]
    assert (one.units_fulfillable, one.worth) == (None, None)
    assert "quantity-column-missing" in {warning.code for warning in result.warnings}


def test_quirk_3_quotes_are_letters_and_sometimes_not(tmp_path: Path) -> None:
    """A SKU that begins with an inch mark stays whole, and a name over two lines stays one row."""
    rows = [line(sku='"47'), line(sku="B", product_name='"Cup\nblue"'), line(sku='C"', product_name='15" monitor'), line(sku="D", product_name='"Best" cup')]
    reading = read(tmp_path, text(*rows, line(sku="E", fulfillable_qty="x")))
    assert column(reading, "sku") == ['"47', "B", 'C"', "D"]
    assert column(reading, "title") == ["Blue cup", "Cup\nblue", '15" monitor', '"Best" cup']
    assert [warning.line for warning in reading.warnings] == [7]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quirk_4_line_ends_and_containers(tmp_path: Path, end: str) -> None:
    """However the lines end and however the file is packed, my rows are the same."""
    short = "\t".join(line(sku="SHORT").split("\t")[:12])
    first_cells_empty = line(sku="EMPTY", primary_action="", date_stranded="")
    content = text(line(product_name="a\u0085b\u2028c\x0cd"), short, first_cells_empty, line(sku="N\0UL"), line(sku="LAST"), end=end).removesuffix(end).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("DE/report", content)
    comma = text(line(), line(sku="B", product_name='"Cup, blue"'), end=end).replace("\t", ",")
    for number, data in enumerate((content, gzip.compress(content), packed.getvalue())):
        reading = read(tmp_path, data, f"{number}.csv")
        assert column(reading, "sku") == ["A-1", "SHORT", "EMPTY", "NUL", "LAST"]
        assert column(reading, "title")[0] == "a\u0085b\u2028c\x0cd"
        assert (column(reading, "units_fulfillable")[1], codes(reading)) == (None, [])
    reading = read(tmp_path, comma, "comma.txt")
    assert (column(reading, "sku"), column(reading, "title")) == (["A-1", "B"], ["Blue cup", "Cup, blue"])


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("cp1252", "Grüner Becher – 5€"),
        ("utf-8", "Grüner Becher"),
        ("utf-8-sig", "蓝色杯子"),
        ("cp932", "青いカップ①"),
        ("utf-16", "蓝色杯子"),
        ("utf-16-le", "青いカップ"),
        ("utf-16-be", "Grün"),
        ("gb18030", "蓝色杯子商品"),
    ],
)
def test_quirk_5_encodings(tmp_path: Path, encoding: str, title: str) -> None:
    """Titles read right in whichever encoding the file comes, and lost letters stay as Amazon sent them."""
    reading = read(tmp_path, text(line(product_name=title), line(sku="B", product_name="T?ulo perdido")), encoding=encoding)
    assert column(reading, "title") == [title, "T?ulo perdido"]


def test_quirk_6_skus_are_keys(tmp_path: Path) -> None:
    """My SKUs are kept letter for letter; one that Excel has spoilt is refused by line and value."""
    skus = ["00123", "A &amp; B", "a/b", "#1", "two words", "1E5"]
    reading = read(tmp_path, text(*(line(sku=sku) for sku in skus), line(sku="7.82115E+12")))
    assert column(reading, "sku") == skus
    (warning,) = reading.warnings
    assert (warning.code, warning.file, warning.line, warning.column, warning.value) == ("sku-spoilt-by-excel", str(tmp_path / "report.txt"), 8, "sku", "7.82115E+12")


def test_quirk_7_numbers(tmp_path: Path) -> None:
    """Prices with commas or dots are read as my marketplace writes them, and a price of zero means none."""
    prices = ["1,499.00", "4,10", "--", "none", "0", "24.90"]
    result = found(triaged(write(tmp_path, text(*(line(sku=f"S{number}", your_price=price) for number, price in enumerate(prices))))))
    assert [result[f"S{number}"].price_amount for number in range(6)] == [Decimal(1499), Decimal("4.1"), None, None, None, Decimal("24.9")]
    german = read(tmp_path, text(line(your_price="1.499", fulfillable_qty="1.200")), marketplace="DE")
    assert (column(german, "price_shown"), column(german, "units_fulfillable")) == ([Decimal(1499)], [1200])
    nowhere = read(tmp_path, text(line(your_price="1.499")))
    assert (column(nowhere, "price_shown"), codes(nowhere)) == ([None], ["ambiguous-number"])
    foreign = read(tmp_path, text(line(your_price="5 €"), line(sku="B", your_price="$5.00"), line(sku="C", fulfillable_qty="1.000")), marketplace="US")
    assert (column(foreign, "price_shown"), codes(foreign)) == ([None, Decimal(5)], ["ambiguous-number", "foreign-currency"])
    flagged = found(triaged(write(tmp_path, text(line(stranded_reason="Potential high pricing error", your_price="999.00")))))["A-1"]
    assert flagged.worth is None
    listings = read(tmp_path, table(["item-name", "seller-sku", "price", "quantity", "status"], {"seller-sku": "A", "price": "1.00", "quantity": "", "status": "Active"}))
    assert column(listings, "listing_quantity") == [None]


@pytest.mark.parametrize(
    ("written", "marketplace", "expected"),
    [
        ("2026-01-15", None, date(2026, 1, 15)),
        ("2026-01-15T00:00:00Z", None, date(2026, 1, 15)),
        ("29/09/2025 16:19:39 BST", None, date(2025, 9, 29)),
        ("03/04/2025 16:19:39 BST", None, date(2025, 4, 3)),
        ("Jul 29, 2022", None, date(2022, 7, 29)),
        ("01/15/2026", None, date(2026, 1, 15)),
        ("03/04/2025", "US", date(2025, 3, 4)),
        ("03/04/2025", "DE", date(2025, 4, 3)),
        ("2026-01-15 10:00:00 -0700", None, date(2026, 1, 15)),
        ("", None, None),
    ],
)
def test_quirk_8_dates(tmp_path: Path, written: str, marketplace: str | None, expected: date | None) -> None:
    """Dates are read as they were meant: by the file's other dates, the time zone, the marketplace."""
    reading = read(tmp_path, text(line(date_stranded=written)), marketplace=marketplace)
    assert (column(reading, "stranded_on"), codes(reading)) == ([expected], [])


def test_quirk_8_a_date_that_nobody_can_decide(tmp_path: Path) -> None:
    """A date that could be day/month or month/day is unknown, and I am told where it stands."""
    reading = read(tmp_path, text(line(date_stranded="03/04/2025")))
    assert column(reading, "stranded_on") == [None]
    assert [(warning.code, warning.line, warning.column, warning.value) for warning in reading.warnings] == [("ambiguous-date", 2, "date-stranded", "03/04/2025")]
    decided = read(tmp_path, text(line(date_stranded="03/04/2025"), line(sku="B", Date_to_take_auto_removal="29/09/2025")))
    assert column(decided, "stranded_on")[0] == date(2025, 4, 3)


def test_quirk_8_a_removal_date_in_the_past(tmp_path: Path) -> None:
    """A removal date that has passed is shown as overdue."""
    result = found(triaged(write(tmp_path, text(line(**{"Date_to_take_auto_removal": "2026-01-20"})))))
    assert result["A-1"].days_left == -12


@pytest.mark.parametrize(
    ("header", "status", "encoding"),
    [
        ("Artikelbezeichnung	Händler-SKU	Preis	Menge	Versender	Status", "Inaktiv", "cp1252"),
        ("Artikelbezeichnung	H舅dler-SKU	Preis	Menge	Versender	Status", "Inaktiv", "utf-8"),
        ("nom-produit	sku-vendeur	prix	quantité	canal-traitement	état", "Inactif", "cp1252"),
        ("Nome dell'articolo	SKU venditore	Prezzo	Quantità	Canale di gestione	stato", "Non attivo", "cp1252"),
        ("Título del producto	SKU del vendedor	Precio	cantidad	Canal de gestión logística	estado", "Inactivo", "utf-8"),
        ("商品名	出品者SKU	価格	数量	フルフィルメント・チャンネル	ステータス", "停止中", "cp932"),
        ("商品名称	卖家 SKU	价格	数量	配送渠道	状态", "非在售", "gb18030"),
        ("item-name (ürün adı)	seller-sku (satıcı sku)	price	quantity	fulfillment-channel	status", "Etkin değil", "utf-8"),
    ],
)
def test_quirk_9_headers_in_my_language(tmp_path: Path, header: str, status: str, encoding: str) -> None:
    """My listings report is understood in the language in which Seller Central gave it to me."""
    listings = text(f"Cup\tA-1\t24.90\t\tAMAZON_EU\t{status}", header=header.split("\t")).encode(encoding)
    result = triaged(write(tmp_path, text(line()), "stranded.txt"), write(tmp_path, listings, "listings.txt"), marketplace="DE")
    assert [source.report for source in result.sources] == ["stranded", "listings-all"]
    (row,) = result.frame.rows(named=True)
    assert (row["listing_exists"], row["listing_status"], row["listing_channel"]) == (True, "inactive", "fba")


def test_quirk_10_active_elsewhere_is_no_contradiction(tmp_path: Path) -> None:
    """Stock that shows as Active elsewhere is still stranded, a SKU listed twice is counted once, Amazon's own SKUs are told apart."""
    stranded = write(tmp_path, text(line(), line(sku="FBA15ABCmissing1"), line(sku="amzn.gr.A-1-x"), line(sku="Amazon.Found.B00X")), "s.txt")
    listed = {"seller-sku": "A-1", "price": "24.90", "fulfillment-channel": "AMAZON_NA", "status": "Active"}
    listings = write(tmp_path, table(["item-name", "seller-sku", "price", "quantity", "fulfillment-channel", "status"], listed, listed | {"price": "25.90"}), "l.txt")
    result = found(triaged(stranded, listings))
    assert result["A-1"].standing == "confirmed"
    assert len(result) == 4
    assert [result[sku].cause == "artefact-sku" for sku in ("FBA15ABCmissing1", "amzn.gr.A-1-x", "Amazon.Found.B00X")] == [True, True, False]


def test_quirk_11_no_rows_or_half_a_file_is_not_nothing_stranded(tmp_path: Path) -> None:
    """A report that is empty, cut or a header alone never tells me that nothing is stranded."""
    with pytest.raises(NothingReadable):
        triaged(write(tmp_path, b"", "empty.txt"))
    alone = triaged(write(tmp_path, text(), "alone.txt"))
    assert "header-alone" in {warning.code for warning in alone.warnings}
    cut = triaged(write(tmp_path, text(line(), line(sku="B"))[:-40], "cut.txt"))
    assert (set(found(cut)), cut.sources[0].whole) == ({"A-1"}, False)
    assert "last-line-cut" in {warning.code for warning in cut.warnings}
    packed = gzip.compress(text(*(line(sku=f"S{number * 7919}") for number in range(500))).encode())
    half = triaged(write(tmp_path, packed[: len(packed) // 2], "half.txt"))
    assert not half.sources[0].whole
    assert "archive-cut" in {warning.code for warning in half.warnings}


def test_quirk_12_amazons_own_loader_file(tmp_path: Path) -> None:
    """Amazon's bulk-fix file has a quantity and no fulfilment centre: that is no offer of mine, and stock is not merchant-fulfilled for it."""
    header = [
        "sku",
        "product-id",
        "product-id-type",
        "price",
        "minimum-seller-allowed-price",
        "maximum-seller-allowed-price",
        "item-condition",
        "quantity",
        "add-delete",
        "fulfillment-center-id",
        "leadtime-to-ship",
    ]
    loader = write(
        tmp_path, table(header, {"sku": "A-1", "price": "24.90", "minimum-seller-allowed-price": "20", "maximum-seller-allowed-price": "30", "quantity": "12", "add-delete": "a"}), "loader.txt"
    )
    result = triaged(write(tmp_path, text(line()), "s.txt"), loader)
    assert [source.report for source in result.sources] == ["stranded", "stranded-loader"]
    one = found(result)["A-1"]
    assert (one.cause, one.remedy, one.units_fulfillable) == ("listing-closed", "relist-offer", 12)
    (row,) = result.frame.rows(named=True)
    assert (row["bound_min"], row["bound_max"], row["listing_channel"]) == (20, 30, None)


def test_all_quirks_at_once(tmp_path: Path) -> None:
    """Everything that can be odd about my file is odd at the same time, and each good row still comes out right."""
    header = ["Deprecated column", *STRANDED_19[::-1], "a new column", "Deprecated column", ""]
    rows = [
        line(header, sku='"47', your_price="1.499,00"),
        line(header, sku="00123", your_price="4,10", product_name='"Becher\nblau, groß"'),
        line(header, sku="A &amp; B/#1", your_price="--", product_name="a\u2028b\x0cc\0", date_stranded="03/04/2025 10:00:00"),
        "",
        line(header, sku="7.82115E+12"),
        line(header, sku="NEG", fulfillable_qty="-3"),
        line(header, sku="LONG") + "\tx\ty",
        line(header, sku="LF", product_name="zwei\nZeilen", Date_to_take_auto_removal="29/09/2025 16:19:39", your_price="0"),
        line(header, sku="Größe", stranded_reason="商品已下架", your_price="none"),
        line(header, sku="CUT")[:60],
    ]
    content = text(*rows, header=header, end="\r\n").removesuffix("\r\n").encode("utf-16")
    result = triaged(write(tmp_path, gzip.compress(content), "DE/report.csv"), marketplace=None)
    seen = found(result)
    assert set(seen) == {'"47', "00123", "A &amp; B/#1", "LF", "Größe"}
    assert [seen[sku].price_amount for sku in ('"47', "00123", "A &amp; B/#1", "LF", "Größe")] == [Decimal(1499), Decimal("4.1"), None, None, None]
    assert (seen["00123"].title, seen["LF"].title, seen["A &amp; B/#1"].title) == ("Becher\nblau, groß", "zwei\nZeilen", "a\u2028b\x0cc")
    assert (seen["A &amp; B/#1"].stranded_on, seen["LF"].removal_due_on) == (date(2025, 4, 3), date(2025, 9, 29))
    assert {finding.symptom for finding in seen.values()} == {"listing-closed"}
    assert {finding.marketplace for finding in seen.values()} == {"DE"}
    refused = [(warning.code, warning.line, warning.value) for warning in result.warnings if warning.line]
    assert sorted(refused, key=lambda one: one[1] or 0) == [("sku-spoilt-by-excel", 7, "7.82115E+12"), ("not-a-number", 8, "-3"), ("too-many-cells", 9, None), ("last-line-cut", 13, None)]
    assert (result.sources[0].encoding, result.sources[0].refused_rows, result.sources[0].whole) == ("utf-16", 4, False)
