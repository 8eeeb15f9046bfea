"""The Bulk Fix file as a person filled it in: sound rows count, wrong ones are named by line and column, nothing crashes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.knowledge.messages import text_of
from refloat.reports.loader import Filled, columns, read_loader

HEADER = [
    "sku", "product-id", "product-id-type", "price", "minimum-seller-allowed-price", "maximum-seller-allowed-price", "item-condition", "quantity", "add-delete",
    "will-ship-internationally", "expedited-shipping", "standard-plus", "item-note", "fulfillment-center-id", "product-tax-code", "leadtime-to-ship", "merchant_shipping_group_name",
]  # fmt: skip
USUAL = {"sku": "A-1", "product-id": "B000TEST01", "product-id-type": "1", "price": "24.90", "item-condition": "11", "add-delete": "a", "fulfillment-center-id": "AMAZON_NA"}


def line(delimiter: str = "\t", **cells: str) -> str:
    row = USUAL | {name.replace("_", "-"): cell for name, cell in cells.items()}
    return delimiter.join(row.get(name, "") for name in HEADER)


def text(*lines: str, delimiter: str = "\t", end: str = "\n") -> str:
    return end.join((delimiter.join(HEADER), *lines, ""))


def read(folder: Path, content: str | bytes, marketplace: str | None = "US", encoding: str = "utf-8") -> Filled:
    path = folder / "filled.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_loader(path, marketplace)


def why(filled: Filled) -> list[tuple[str, int | None, str | None]]:
    return [(warning.code, warning.line, warning.column) for warning in filled.refused]


def test_the_columns_are_amazons_in_its_order() -> None:
    assert list(columns()) == HEADER


def test_a_filled_row_is_a_wish(tmp_path: Path) -> None:
    filled = read(tmp_path, text(line(), line(sku="0047", price="", **{"minimum_seller_allowed_price": "10.00"}), line(sku='FRAME-12"', price="")))
    assert (filled.refused, filled.warnings) == ((), ())
    assert filled.wishes.prices == {"A-1": Decimal("24.90")}
    assert filled.wishes.bounds == {"0047": (Decimal("10.00"), None)}
    assert [(row.line, row.sku, row.asin, row.condition, row.quantity, row.channel, row.action) for row in filled.rows] == [
        (2, "A-1", "B000TEST01", "11", None, "AMAZON_NA", "a"),
        (3, "0047", "B000TEST01", "11", None, "AMAZON_NA", "a"),
        (4, 'FRAME-12"', "B000TEST01", "11", None, "AMAZON_NA", "a"),
    ]
    assert "set-price" in filled.chosen["A-1"]
    assert "set-price" not in filled.chosen['FRAME-12"']


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_as_excel_saves_it(tmp_path: Path, delimiter: str, end: str, encoding: str) -> None:
    """Unicode text, CSV with semicolons or commas: the same rows, and a comma in a quoted cell stays one."""
    price = '"24,90"' if delimiter == "," else "24,90"
    content = text(line(delimiter, sku="BÜCHER-1", price=price, fulfillment_center_id="AMAZON_EU"), delimiter=delimiter, end=end)
    filled = read(tmp_path, content, "DE", encoding)
    assert filled.refused == ()
    assert dict(filled.wishes.prices) == {"BÜCHER-1": Decimal("24.90")}


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"sku": " "}, "sku-blank", "sku"),
        ({"sku": "7.82115E+12"}, "sku-spoilt-by-excel", "sku"),
        ({"price": "soon"}, "loader-price", "price"),
        ({"price": "0"}, "loader-price", "price"),
        ({"price": "-3"}, "loader-price", "price"),
        ({"price": "€ 5.00"}, "loader-price", "price"),
        ({"price": "1.499"}, "loader-price", "price"),
        ({"price": "4.999"}, "loader-price", "price"),
        ({"maximum_seller_allowed_price": "delete"}, "loader-price", "maximum-seller-allowed-price"),
        ({"minimum_seller_allowed_price": "30.00"}, "loader-bounds", "price"),
        ({"minimum_seller_allowed_price": "30.00", "maximum_seller_allowed_price": "20.00"}, "loader-bounds", "minimum-seller-allowed-price"),
        ({"item_condition": "As seen"}, "loader-condition", "item-condition"),
        ({"product_id": "123"}, "loader-asin", "product-id"),
        ({"product_id_type": "3"}, "loader-asin", "product-id"),
        ({"add_delete": "x"}, "loader-deletes", "add-delete"),
        ({"add_delete": "D"}, "loader-deletes", "add-delete"),
        ({"add_delete": "q"}, "loader-action", "add-delete"),
        ({"fulfillment_center_id": "DEFAULT"}, "loader-channel-merchant", "fulfillment-center-id"),
        ({"fulfillment_center_id": "AMAZON_EU"}, "loader-channel", "fulfillment-center-id"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_the_rest_is_used(tmp_path: Path, cells: dict[str, str], code: str, column: str) -> None:
    filled = read(tmp_path, text(line(sku="GOOD"), line(**cells)))
    assert why(filled) == [(code, 3, column)]
    assert [row.sku for row in filled.rows] == ["GOOD"]
    for language in ("en", "zh-Hans"):
        assert "3" in text_of(filled.refused[0], language)


@pytest.mark.parametrize(("price", "place", "amount"), [("1,499.00", "US", "1499.00"), ("1.499,00", "DE", "1499.00"), ("$5.00", "US", "5.00"), ("1,499", "JP", "1499"), ("N/A", "US", None)])
def test_a_price_that_means_one_thing_is_read(tmp_path: Path, price: str, place: str, amount: str | None) -> None:
    filled = read(tmp_path, text(line(price=price, fulfillment_center_id="")), place)
    assert filled.refused == ()
    assert list(filled.wishes.prices.values()) == ([Decimal(amount)] if amount else [])


@pytest.mark.parametrize(("other", "prices"), [("24", []), ("24.90", ["1499"]), ("24,90", [])])
def test_a_price_that_could_be_two_is_read_only_where_the_file_itself_proves_it(tmp_path: Path, other: str, prices: list[str]) -> None:
    """1,499 is a thousand beside 24.90, and one and a half beside 24,90: that is no price. Alone it may be either."""
    filled = read(tmp_path, text(line(sku="OTHER", price=other), line(price="1,499")))
    assert [str(filled.wishes.prices[sku]) for sku in filled.wishes.prices if sku == "A-1"] == prices


def test_a_price_that_the_currency_cannot_hold_is_refused(tmp_path: Path) -> None:
    assert [warning.code for warning in read(tmp_path, text(line(price="19.90", fulfillment_center_id="AMAZON_JP")), "JP").refused] == ["loader-price"]


def test_amazons_own_download_is_used_with_a_warning(tmp_path: Path) -> None:
    """It has a quantity and no channel: uploaded as it is it would turn the offer, here it only says so."""
    filled = read(tmp_path, text(line(quantity="12", fulfillment_center_id="")))
    assert [(warning.code, warning.line, warning.column) for warning in filled.warnings] == [("loader-quantity", 2, "quantity"), ("loader-channel-empty", 2, "fulfillment-center-id")]
    assert [row.sku for row in filled.rows] == ["A-1"]


def test_rows_that_differ_about_a_sku_are_not_used(tmp_path: Path) -> None:
    """The same row twice is one."""
    filled = read(tmp_path, text(line(), line(price="20.00"), line(sku="B"), line(sku="B")))
    assert why(filled) == [("loader-sku-twice", 2, "sku"), ("loader-sku-twice", 3, "sku")]
    assert [row.sku for row in filled.rows] == ["B"]


def test_rows_that_contradict_the_account_are_refused(tmp_path: Path) -> None:
    """Another ASIN or condition would make a second product; a SKU that the account does not have may have lost its zeros."""
    filled = read(tmp_path, text(line(sku="A"), line(sku="B"), line(sku="C"), line(sku="47"), line(sku="D")))
    kept = filled.beside({"A": ("B000TEST01", "New"), "B": ("B000OTHER1", "New"), "C": ("B000TEST01", "Used - Good"), "0047": ("B000TEST01", "New"), "D": (None, None)})
    assert why(kept) == [("loader-differs", 3, "product-id"), ("loader-differs", 4, "item-condition"), ("loader-sku-unknown", 5, "sku")]
    assert [row.sku for row in kept.rows] == ["A", "D"]
    assert set(kept.wishes.prices) == {"A", "D"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"PK\x03\x04 broken", "archive-damaged"),
        (b"\xd0\xcf\x11\xe0 old Excel", "excel-workbook"),
        (b"name\tvalue\na\tb\n", "loader-unknown"),
        (b"\xff\xfe\x00", "empty-file"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(tmp_path: Path, content: bytes, code: str) -> None:
    filled = read(tmp_path, content)
    assert [warning.code for warning in filled.refused] == [code]
    assert filled.rows == ()
    assert text_of(filled.refused[0], "zh-Hans")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert [warning.code for warning in read_loader(tmp_path / "none.txt", "US").refused] == ["cannot-open"]


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    assert why(read(tmp_path, text(line() + "\tx", line(sku="B")))) == [("too-many-cells", 2, None)]


@given(st.binary(max_size=400), st.sampled_from(["US", "JP", None]))
def test_no_bytes_crash_it(tmp_path_factory: pytest.TempPathFactory, content: bytes, place: str | None) -> None:
    read(tmp_path_factory.mktemp("any"), content, place)


@given(st.lists(st.text(max_size=12), max_size=20), st.sampled_from(["\t", ";", ","]), st.sampled_from(["utf-8", "utf-16"]))
def test_no_cells_crash_it(tmp_path_factory: pytest.TempPathFactory, cells: list[str], delimiter: str, encoding: str) -> None:
    """Every warning can be told, whatever stands in the cell."""
    content = text(delimiter.join(cells), line(delimiter), delimiter=delimiter).encode(encoding, "replace")
    filled = read(tmp_path_factory.mktemp("any"), content)
    assert all(text_of(warning, language) for warning in (*filled.refused, *filled.warnings) for language in ("en", "zh-Hans"))
