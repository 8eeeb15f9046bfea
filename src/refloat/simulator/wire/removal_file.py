"""Reading a removal feed, in the two layouts that are in use.

Layout 1, as several connectors write it: lines ``Key<TAB>Value``, an empty line, a table ``MerchantSKU, SellableQuantity,
UnsellableQuantity``. Layout 2, Seller Central's workbook: one table with a column for each key, a row for each item,
sorted by order. Lines end in LF, CRLF or a lone CR, also mixed; trailing blanks and TABs (Excel) say nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

ORDER_KEYS = (
    "MerchantRemovalOrderID", "RemovalDisposition", "AddressName", "AddressFieldOne", "AddressFieldTwo", "AddressFieldThree", "AddressCity",
    "AddressCountryCode", "AddressStateOrRegion", "AddressPostalCode", "ContactPhoneNumber", "ShippingNotes",
)  # fmt: skip
ITEM_KEYS = ("MerchantSKU", "SellableQuantity", "UnsellableQuantity")
MOST_ITEMS = 10_000


@dataclass(frozen=True)
class Line:
    """One item as it is written: its number among the items, from 1, and its cells."""

    number: int
    sku: str
    sellable: str
    unsellable: str


@dataclass(frozen=True)
class Wanted:
    """One order as it is written."""

    keys: dict[str, str]
    lines: list[Line] = field(default_factory=list)


def read(text: str, *, tables: bool = True) -> list[Wanted]:
    """The orders of a file. ``tables``: the layout of one table is understood.

    Raises:
        ValueError: it is in no layout that is understood; the text is for the result.
    """
    rows = [[cell.strip() for cell in line.rstrip().split("\t")] for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))]
    while rows and rows[0] == [""]:
        rows.pop(0)
    if not rows:
        raise ValueError("The feed is empty.")
    if "MerchantSKU" in rows[0] and "MerchantRemovalOrderID" in rows[0]:
        if not tables:
            raise ValueError("The feed is not in a layout that is understood.")
        return _from_table(rows[0], [row for row in rows[1:] if row != [""]])
    return [_from_block(rows)]


def _from_block(rows: list[list[str]]) -> Wanted:
    start = next((number for number, row in enumerate(rows) if row[0] == ITEM_KEYS[0]), None)
    if start is None or rows[0][0] not in ORDER_KEYS:
        raise ValueError("The feed is not in a layout that is understood.")
    keys = {row[0]: row[1] if len(row) > 1 else "" for row in rows[:start] if row != [""]}
    if unknown := sorted(set(keys) - set(ORDER_KEYS)):
        raise ValueError(f"The feed has a line {unknown[0]} that is not understood.")
    return Wanted(keys, _lines(rows[start], [row for row in rows[start + 1 :] if row != [""]], 1))


def _from_table(header: list[str], rows: list[list[str]]) -> list[Wanted]:
    if len(rows) > MOST_ITEMS:
        raise ValueError(f"The feed has more than {MOST_ITEMS} items.")
    cells = [dict(zip(header, row, strict=False)) for row in rows]
    orders, number, seen = list[Wanted](), 1, set[str]()
    for name, group in groupby(zip(rows, cells, strict=True), key=lambda pair: pair[1].get("MerchantRemovalOrderID", "")):
        if name in seen:
            raise ValueError(f"The rows of the order {name} do not stand together. Sort the table by MerchantRemovalOrderID.")
        seen.add(name)
        members = list(group)
        keys = {key: members[0][1][key] for key in ORDER_KEYS if key in members[0][1]}
        orders.append(Wanted(keys, _lines(header, [row for row, _ in members], number)))
        number += len(members)
    return orders


def _lines(header: list[str], rows: list[list[str]], first: int) -> list[Line]:
    cells = [dict(zip(header, row, strict=False)) for row in rows]
    return [Line(first + number, *(row.get(name, "") for name in ITEM_KEYS)) for number, row in enumerate(cells)]
