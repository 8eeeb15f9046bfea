"""The text of a removal order, and what its result file says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.amazon import removals
from refloat.amazon.protocol import MisshapenError
from refloat.errors import TooLarge, WrongUse
from refloat.model.ports import RemovalLine, RemovalOrder

ADDRESS = {"AddressName": "Sample Goods", "AddressFieldOne": "1 Sample Street", "AddressCity": "München", "AddressCountryCode": "DE", "AddressPostalCode": "00000", "AddressFieldTwo": ""}
ORDER = RemovalOrder("refloat-1", "Return", ADDRESS, {"A-1": (3, 1), "B 2": (0, 2)})
HEADER = "original-record-number\tsku\terror-code\terror-type\terror-message"
SUMMARY = "Feed Processing Summary:\n\tNumber of records processed\t\t2\n\tNumber of records successful\t\t{done}\n\n"


def test_an_order_is_lines_and_a_table() -> None:
    """Keys in Amazon's order, empty ones left out, an empty line, the units; UTF-8."""
    assert removals.written(ORDER).decode() == (
        "MerchantRemovalOrderID\trefloat-1\nRemovalDisposition\tReturn\nAddressName\tSample Goods\nAddressFieldOne\t1 Sample Street\nAddressCity\tMünchen\n"
        "AddressCountryCode\tDE\nAddressPostalCode\t00000\n\nMerchantSKU\tSellableQuantity\tUnsellableQuantity\nA-1\t3\t1\nB 2\t0\t2\n"
    )


@pytest.mark.parametrize("disposition", ["Disposal", "Liquidations"])
def test_only_a_return_has_an_address(disposition: str) -> None:
    """What is disposed of goes nowhere."""
    assert "Address" not in removals.written(replace(ORDER, disposition=disposition)).decode()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"order_id": ""}, "MerchantRemovalOrderID"),
        ({"order_id": "x" * 51}, "MerchantRemovalOrderID"),
        ({"order_id": "a\tb"}, "MerchantRemovalOrderID"),
        ({"disposition": "liquidate"}, "RemovalDisposition"),
        ({"address": {"AddressName": "Sample\nMerchantSKU\tSellableQuantity"}}, "AddressName"),
        ({"address": {"AddressName": "Sample\r"}}, "AddressName"),
        ({"address": {"Name": "Sample"}}, "Address"),
        ({"units": {}}, "MerchantSKU"),
        ({"units": {"": (1, 0)}}, "MerchantSKU"),
        ({"units": {"A": (0, 0)}}, "MerchantSKU"),
        ({"units": {"A": (2, -1)}}, "MerchantSKU"),
        ({"units": {"A\t9": (1, 0)}}, "A"),
        ({"units": {"A\u2028B": (1, 0)}}, "A"),
        ({"units": {" A": (1, 0)}}, "A"),
        ({"units": {"\ud800": (1, 0)}}, "ud800"),
    ],
)
def test_what_the_file_cannot_carry_is_refused(change: dict[str, object], name: str) -> None:
    """A tab or a line end within a cell would order something else; nothing is sent."""
    with pytest.raises(WrongUse, match=name):
        removals.written(replace(ORDER, **change))


def test_an_order_has_at_most_10000_skus() -> None:
    """One more is said, not cut off."""
    units = {f"SKU-{number}": (1, 0) for number in range(10_000)}
    assert removals.written(replace(ORDER, units=units)).count(b"\n") == 10_000 + 9
    with pytest.raises(TooLarge, match="10001"):
        removals.written(replace(ORDER, units={**units, "ONE-MORE": (1, 0)}))


@given(st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_no_text_makes_another_order(sku: str, name: str) -> None:
    """Whatever a SKU or a name holds: the file has the cells that were meant, or there is no file."""
    try:
        text = removals.written(RemovalOrder("R-1", "Return", {"AddressName": name}, {sku: (1, 0)})).decode()
    except WrongUse:
        return
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows[-1] == [sku, "1", "0"]
    assert rows[2] == (["AddressName", name] if name else [""])


def test_nothing_refused_is_an_empty_result() -> None:
    """The header alone, or a summary in which all records were successful."""
    assert removals.errors(f"{HEADER}\r\n".encode(), "UTF-8") == []
    assert removals.errors(SUMMARY.format(done=2).encode(), None) == []


@pytest.mark.parametrize("before", ["", SUMMARY.format(done=0)])
def test_each_refusal_is_a_line(before: str) -> None:
    """With a summary before the table or without; a warning is no refusal; a line may name no SKU."""
    rows = ["1\t\t5000\tError\tRemovalDisposition liquidate is ineligible", "2\tA-1\t5001\tWarning\tSlow", "3\tB\t5002\tError\tGrün"]
    content = before + "\r\n".join([HEADER, *rows, ""])
    assert removals.errors(content.encode(), "UTF-8") == [RemovalLine(None, "5000", "RemovalDisposition liquidate is ineligible"), RemovalLine("B", "5002", "Grün")]
    assert removals.errors(content.encode("cp1252"), "UTF-8")[1].said == "Grün"
    assert removals.errors(b"\xef\xbb\xbf" + content.encode(), "no-such-charset")[1].said == "Grün"


@pytest.mark.parametrize("content", [b"", b"<html>Sorry</html>", b"something\telse\n", SUMMARY.format(done=1).encode(), (SUMMARY.format(done=1) + HEADER).encode()])
def test_what_is_no_result_is_not_silence(content: bytes) -> None:
    """An empty file, a page, or a count of refusals that names none proves nothing."""
    with pytest.raises(MisshapenError):
        removals.errors(content, None)


@given(st.binary(max_size=200), st.sampled_from([None, "UTF-8", "cp1252", "utf-16", "x"]))
def test_any_bytes_are_a_result_or_misshapen(content: bytes, charset: str | None) -> None:
    """Nothing else is raised."""
    for whole in (content, HEADER.encode() + b"\n" + content):
        try:
            removals.errors(whole, charset)
        except MisshapenError as misshapen:
            assert str(misshapen)
