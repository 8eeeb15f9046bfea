"""POST_FLAT_FILE_FBA_CREATE_REMOVAL: orders to send units back, to dispose of them, to liquidate them.

The only way there is: SP-API has no removal operation. The feed ends DONE whether an order was created or not; what was
refused stands in the result: original-record-number, sku, error-code, error-type, error-message (models#4740).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import removals
from refloat.simulator.wire.feed_results import Outcome
from refloat.simulator.wire.removal_file import Line, Wanted, read
from refloat.simulator.world import World

TYPE = "POST_FLAT_FILE_FBA_CREATE_REMOVAL"
_CONTENT_TYPE = "text/tab-separated-values; charset=UTF-8"
_HEADER = ("original-record-number", "sku", "error-code", "error-type", "error-message")
_DISPOSITIONS = {"return": "Return", "disposal": "Disposal", "liquidations": "Liquidations"}
#: Cells that say nothing about the address.
_NOT_ADDRESS = ("MerchantRemovalOrderID", "RemovalDisposition")


@dataclass(frozen=True)
class Refused:
    """A line of the result."""

    number: int
    sku: str
    message: str
    code: str = "5000"


def work(world: World, seller: Seller, place: str, content: bytes, charset: str, *, half: bool = False) -> Outcome:
    """Order what the file asks for (``half``: of the items only the first half) and report what was refused."""
    try:
        wanted = read(content.decode(charset), tables=world.switches.removal_table_layout)
    except (ValueError, LookupError) as error:
        return _reported(world, 0, [Refused(0, "", str(error))], fatal=True)
    if half:
        wanted = _first_half(wanted)
    refused = [line for one in wanted for line in _ordered(world, seller, place, one)]
    return _reported(world, sum(len(one.lines) for one in wanted), refused)


def _ordered(world: World, seller: Seller, place: str, wanted: Wanted) -> list[Refused]:
    """Order one order; what is wrong with it, else nothing."""
    order_id, asked = wanted.keys.get("MerchantRemovalOrderID", ""), wanted.keys.get("RemovalDisposition", "")
    disposition = _DISPOSITIONS.get(asked.casefold())
    if not order_id or not wanted.lines:
        return [Refused(0, "", "MerchantRemovalOrderID and at least one item are required. No removal order was created.")]
    if disposition is None:
        return [Refused(1, "", f"RemovalDisposition {asked} is ineligible in your marketplace. No removal order was created.")]
    if wrong := [refused for line in wanted.lines if (refused := _unreadable(line)) is not None]:
        return wrong
    items = [removals.Item(line.sku, int(line.sellable or 0), int(line.unsellable or 0)) for line in wanted.lines]
    address = {name: value for name, value in wanted.keys.items() if name not in _NOT_ADDRESS and value}
    errors = removals.order(world, seller.id, place, order_id, disposition, address, items, "api")
    return [_located(wanted.lines, error) for error in errors]


def _unreadable(line: Line) -> Refused | None:
    """A line without a SKU, without units, or with something that is no number of units."""
    cells = (line.sellable or "0", line.unsellable or "0")
    if line.sku and all(cell.isdecimal() for cell in cells) and any(int(cell) for cell in cells):
        return None
    return Refused(line.number, line.sku, "A MerchantSKU and whole numbers of units, together at least 1, are required. No removal order was created.")


def _located(lines: list[Line], error: str) -> Refused:
    """The line of the SKU that the error names; else the first."""
    line = next((one for one in lines if one.sku in error), lines[0])
    return Refused(line.number, line.sku, error)


def _first_half(wanted: list[Wanted]) -> list[Wanted]:
    """The first half of all items, in their orders; at least one."""
    left = (sum(len(one.lines) for one in wanted) + 1) // 2
    halves = []
    for one in wanted:
        halves.append(replace(one, lines=one.lines[:left]))
        left = max(0, left - len(one.lines))
    return [one for one in halves if one.lines]


def _reported(world: World, records: int, refused: list[Refused], *, fatal: bool = False) -> Outcome:
    lines = ["\t".join(_HEADER), *("\t".join((str(one.number), one.sku, one.code, "Error", one.message)) for one in refused)]
    if world.switches.removal_result_summary:
        worked = max(0, records - len({one.number for one in refused}))
        lines = ["Feed Processing Summary:", f"\tNumber of records processed\t\t{records}", f"\tNumber of records successful\t\t{worked}", "", *lines]
    return Outcome(("\r\n".join(lines) + "\r\n").encode(), _CONTENT_TYPE, fatal)
