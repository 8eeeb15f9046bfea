"""The layouts of a removal feed, as programs in use write them."""

from __future__ import annotations

import pytest

from refloat.simulator.wire.removal_file import Line, read

KEYS = {"MerchantRemovalOrderID": "R-1", "RemovalDisposition": "Return", "AddressName": "Sample Goods", "AddressCity": "Sampletown"}
LINES = [Line(1, "SKU-A", "3", "0"), Line(2, "SKU-B", "", "2")]
BLOCK = [*("\t".join(pair) for pair in KEYS.items()), "", "MerchantSKU\tSellableQuantity\tUnsellableQuantity", "SKU-A\t3\t0", "SKU-B\t\t2"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(BLOCK),
        "\r\n".join(BLOCK) + "\r\n",
        "\r".join(BLOCK) + "\r",
        "\ufeff" + "\n".join(BLOCK),
        "\n\n" + "\n".join(BLOCK) + "\n\n",
        BLOCK[0] + "\r\n" + "\r".join(f"{line}  " + "\t" * 12 for line in BLOCK[1:5]) + "\r" + "\r\n".join(BLOCK[5:]) + "\r\n",
        "\n".join([*BLOCK[:5], BLOCK[5] + "\t\t\t", *BLOCK[6:]]),
    ],
    ids=["lf", "crlf", "cr", "bom", "empty lines", "excel", "table with tabs"],
)
def test_the_block_layout_is_read_whatever_ends_its_lines(text: str) -> None:
    """LF, CRLF, a lone CR, all of them mixed with Excel's trailing TABs: the same order."""
    (order,) = read(text)
    assert order.keys == KEYS
    assert order.lines == LINES


def test_the_table_layout_groups_rows_into_orders() -> None:
    """One row for each item; the items are numbered through the whole file."""
    header = "MerchantRemovalOrderID\tRemovalDisposition\tMerchantSKU\tSellableQuantity\tUnsellableQuantity"
    first, second = read(f"{header}\nR-1\tDisposal\tA\t1\t0\nR-1\tDisposal\tB\t2\t0\nR-2\tReturn\tC\t0\t4\n")
    assert (first.keys, first.lines) == ({"MerchantRemovalOrderID": "R-1", "RemovalDisposition": "Disposal"}, [Line(1, "A", "1", "0"), Line(2, "B", "2", "0")])
    assert (second.keys["MerchantRemovalOrderID"], second.lines) == ("R-2", [Line(3, "C", "0", "4")])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("\n\t\n", "empty"),
        ("sku\tquantity\nA\t1\n", "layout"),
        ("\n".join(BLOCK[:4]), "layout"),
        ("MerchantRemovalOrderId\tR-1\n" + "\n".join(BLOCK[1:]), "layout"),
        ("\n".join([BLOCK[0], "Disposition\tReturn", *BLOCK[4:]]), "Disposition"),
        ("MerchantRemovalOrderID\tMerchantSKU\nR-1\tA\nR-2\tB\nR-1\tC\n", "stand together"),
        ("MerchantRemovalOrderID\tMerchantSKU\n" + "R-1\tA\n" * 10_001, "10000"),
    ],
)
def test_what_is_in_no_layout_is_refused(text: str, says: str) -> None:
    """Nothing is guessed: the reason is said instead."""
    with pytest.raises(ValueError, match=says):
        read(text)


def test_the_table_can_be_switched_off() -> None:
    """Where only the block is understood, a table is no removal feed."""
    with pytest.raises(ValueError, match="layout"):
        read("MerchantRemovalOrderID\tMerchantSKU\nR-1\tA\n", tables=False)
