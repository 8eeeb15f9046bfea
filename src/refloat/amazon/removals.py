"""Removal orders: a feed of text, since SP-API has no operation for them, and what its result file says.

Amazon's page: developer-docs.amazon.com/sp-api/docs/feed-type-values, POST_FLAT_FILE_FBA_CREATE_REMOVAL. Lines of
a key and a value, an empty line, a table: so write the programs that are known to work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from refloat.amazon.protocol import MisshapenError
from refloat.errors import TooLarge, WrongUse
from refloat.knowledge.tables import table
from refloat.model.ports import RemovalLine, RemovalOrder

CONTENT_TYPE = "text/tab-separated-values; charset=UTF-8"
DISPOSITIONS = ("Return", "Disposal", "Liquidations")
#: Where the units go; only of a return.
ADDRESS = (
    "AddressName", "AddressFieldOne", "AddressFieldTwo", "AddressFieldThree", "AddressCity", "AddressCountryCode", "AddressStateOrRegion",
    "AddressPostalCode", "ContactPhoneNumber", "ShippingNotes",
)  # fmt: skip
_TABLE = ("MerchantSKU", "SellableQuantity", "UnsellableQuantity")
_RESULT = "original-record-number"
#: What would end a cell or a line for some reader or other; and half a character, which no file can hold.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PROCESSED, _SUCCESSFUL = (re.compile(rf"records {word}\D*(\d+)", re.IGNORECASE) for word in ("processed", "successful"))


def written(order: RemovalOrder) -> bytes:
    """The feed's text for one order.

    Raises:
        WrongUse: the file cannot carry what the order says.
        TooLarge: it has more SKUs than Amazon takes.
    """
    return "".join(f"{line}\n" for line in _lines(order)).encode()


def errors(content: bytes, charset: str | None) -> list[RemovalLine]:
    """What was refused, from the result file; empty when nothing was.

    Raises:
        MisshapenError: it is no result file, or it counts refused records and names none. Silence of what we cannot read proves nothing.
    """
    lines = _decoded(content, charset).splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith(_RESULT)), len(lines))
    missing = _uncounted(lines[:start])
    if start == len(lines) and missing is None:
        raise MisshapenError("it is no result of a removal feed")
    header, rows = lines[start].split("\t") if start < len(lines) else [], [line.split("\t") for line in lines[start + 1 :] if line.strip()]
    cells = [dict(zip((name.strip() for name in header), (cell.strip() for cell in row), strict=False)) for row in rows]
    found = [RemovalLine(row.get("sku") or None, row.get("error-code", ""), row.get("error-message", "")) for row in cells if row.get("error-type", "").casefold() != "warning"]
    if missing and not found:
        raise MisshapenError(f"it counts {missing} refused records and names none")
    return found


def _lines(order: RemovalOrder) -> Iterator[str]:
    _checked(order)
    yield _line("MerchantRemovalOrderID", order.order_id)
    yield _line("RemovalDisposition", order.disposition)
    if order.disposition == "Return":
        yield from (_line(name, order.address[name]) for name in ADDRESS if order.address.get(name))
    yield ""
    yield _line(*_TABLE)
    yield from (_line(sku, str(sellable), str(unsellable)) for sku, (sellable, unsellable) in order.units.items())


def _checked(order: RemovalOrder) -> None:
    most, longest = table("limits")["feed"]["removal_skus"], table("limits")["feed"]["removal_id_letters"]
    if len(order.units) > most:
        raise TooLarge("The removal order has {count} SKUs.", why="Amazon takes at most {most} in one.", todo="Order the removal in several orders.", count=len(order.units), most=most)
    if not order.order_id or len(order.order_id) > longest:
        raise _unwritable("MerchantRemovalOrderID", order.order_id)
    if order.disposition not in DISPOSITIONS:
        raise _unwritable("RemovalDisposition", order.disposition)
    if strange := sorted(set(order.address) - set(ADDRESS)):
        raise _unwritable("Address", strange[0])
    if not order.units:
        raise _unwritable("MerchantSKU", "")
    for sku, units in order.units.items():
        if not sku or min(units) < 0 or not any(units):
            raise _unwritable("MerchantSKU", f"{sku}: {units[0]}, {units[1]}")


def _line(*cells: str) -> str:
    """One line; a break within a cell would make another order of it, and blanks around one are cut off by whoever reads it."""
    for cell in cells:
        if _BREAKS.search(cell) or cell != cell.strip():
            raise _unwritable(cells[0], cell)
    return "\t".join(cells)


def _unwritable(name: str, value: str) -> WrongUse:
    return WrongUse(
        "The removal order cannot be written: {name} is {value}.",
        why="A cell of the file is one line without tabs, and without blanks around it; an order has an id of at most 50 letters, a disposition that Amazon knows, and units of at least one SKU.",
        todo="Correct the value. Nothing was sent.",
        name=name,
        value=repr(value),
    )


def _uncounted(summary: Sequence[str]) -> int | None:
    """How many records were refused, as the summary before the table counts; None where there is none."""
    text = "\n".join(summary)
    processed, successful = _PROCESSED.search(text), _SUCCESSFUL.search(text)
    return int(processed[1]) - int(successful[1]) if processed and successful else None


def _decoded(content: bytes, charset: str | None) -> str:
    """The text, as declared if that is true; a letter that is wrong in a message is better than no message."""
    for name in filter(None, (charset, "utf-8-sig")):
        try:
            return content.decode(name).removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")
