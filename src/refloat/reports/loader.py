"""The Bulk Fix file as a person filled it in: what it asks for, row by row, and what of it cannot be meant.

Sound rows count, also beside wrong ones. Nothing is uploaded from here, so a quantity or an empty channel, which
would turn the offer merchant-fulfilled at Amazon, is only said: Amazon's own download has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from refloat.knowledge import loader as knowledge
from refloat.model.cure import Wishes
from refloat.model.source import Warning
from refloat.reports import careful, encoding, loader_cells, trouble
from refloat.reports.containers import Blob, Budget, blobs
from refloat.reports.layout import Layout, layout_of
from refloat.reports.loader_cells import Unsound
from refloat.reports.recognise import Report, reports

_HEAD = 256 << 10
#: A price goes with every remedy of the file; without one nothing is priced.
_UNPRICED = ("relist-offer", "change-to-fba", "create-listing")
Money = Decimal | None


@dataclass(frozen=True, slots=True)
class LoaderRow:
    """One sound row. ``condition`` is Amazon's number; what stands empty is None, and asks for nothing."""

    file: str
    line: int
    sku: str
    asin: str | None
    condition: str | None
    price: Decimal | None
    bounds: tuple[Money, Money]
    quantity: str | None
    channel: str | None
    action: str

    @property
    def wants(self) -> tuple[Any, ...]:
        """What it asks for, wherever it stands."""
        return self.asin, self.condition, self.price, self.bounds


@dataclass(frozen=True)
class Filled:
    """What a filled-in file asks for, and what of it is not used."""

    rows: tuple[LoaderRow, ...]
    #: Why a row, or the whole file, is not used: file, line, column, value.
    refused: tuple[Warning, ...] = ()
    #: What a person should know of rows that are used.
    warnings: tuple[Warning, ...] = ()

    @property
    def wishes(self) -> Wishes:
        """The prices and bounds that were filled in."""
        return Wishes(
            prices={row.sku: row.price for row in self.rows if row.price is not None},
            bounds={row.sku: row.bounds for row in self.rows if row.bounds != (None, None)},
        )

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The SKUs of the file, each with the remedies that its row can stand for; the diagnosis says which it is."""
        priced = knowledge.remedies()
        return {row.sku: priced if row.price is not None or row.bounds != (None, None) else _UNPRICED for row in self.rows}

    def beside(self, own: Mapping[str, tuple[str | None, str | None]]) -> Filled:
        """Without the rows that contradict the account's own: SKU → ASIN and condition as its reports say them.

        Another ASIN or condition makes a second product and strands the units for good, so such a row is refused.
        """
        found = {row.sku: _contradicted(row, own) for row in self.rows}
        rows = tuple(row for row in self.rows if not found[row.sku])
        return replace(self, rows=rows, refused=(*self.refused, *(warning for warnings in found.values() for warning in warnings)))


def _contradicted(row: LoaderRow, own: Mapping[str, tuple[str | None, str | None]]) -> list[Warning]:
    if row.sku not in own:
        return [Warning("loader-sku-unknown", row.file, row.line, "sku", row.sku)]
    asin, condition = own[row.sku]
    found = []
    if row.asin and asin and row.asin != asin:
        found.append(Warning("loader-differs", row.file, row.line, "product-id", row.asin, (("own", asin),)))
    if row.condition and (number := knowledge.condition_number(condition)) and row.condition != number:
        found.append(Warning("loader-differs", row.file, row.line, "item-condition", row.condition, (("own", str(condition)),)))
    return found


def columns() -> tuple[str, ...]:
    """Amazon's own columns of the file, in its order."""
    return tuple(known.name for known in _report().fields)


def _report() -> Report:
    return next(report for report in reports() if report.name == "stranded-loader")


def read_loader(path: Path, marketplace: str | None) -> Filled:
    """The file at ``path``: tabs as Amazon writes it, Excel's Unicode text, or CSV; an archive of one as well.

    Whatever the bytes, it ends in rows or in warnings; ``marketplace`` tells the currency and the channel.
    """
    reading = _Reading()
    for blob in blobs([str(path)], Budget()):
        _read(reading, blob, marketplace)
    return _each_once(reading)


@dataclass
class _Reading:
    rows: list[LoaderRow] = field(default_factory=list)
    refused: list[Warning] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)


def _read(reading: _Reading, blob: Blob, marketplace: str | None) -> None:
    if blob.trouble:
        reading.refused.append(blob.trouble)
    if not bytes(blob.data[:_HEAD]).strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        if not blob.trouble:
            reading.refused.append(Warning("empty-file", blob.name))
        return
    text = encoding.as_utf8(blob.data, encoding.detected(blob.data)).decode().removeprefix("\ufeff")
    layout = layout_of(text)
    bound = {known.name: position for position, known in _report().bound(layout.header).items()}
    if "sku" not in bound or len(bound) < 2:
        reading.refused.append(Warning("loader-unknown", blob.name, 1, facts=(("header", " | ".join(cell.strip()[:24] for cell in layout.header[:6])[:120]),)))
        return
    _read_rows(reading, blob, text, layout, bound, marketplace)


def _read_rows(reading: _Reading, blob: Blob, text: str, layout: Layout, bound: Mapping[str, int], marketplace: str | None) -> None:  # noqa: PLR0917 - a file and how it is laid out
    lines = list(_cells(reading, blob.name, text, layout, bound))
    point = loader_cells.point_of((cells.get(name, "") for _, cells in lines for name in loader_cells.AMOUNTS), marketplace)
    said: list[Warning] = []
    for line, cells in lines:
        try:
            row = _row(blob.name, line, cells, marketplace, point)
        except Unsound as unsound:
            reading.refused.append(Warning(unsound.code, blob.name, line, unsound.column, cells.get(unsound.column, ""), unsound.facts))
            continue
        reading.rows.append(row)
        said += _dangers(row, "fulfillment-center-id" in bound)
    for code in dict.fromkeys(warning.code for warning in said):
        same = [warning for warning in said if warning.code == code]
        reading.warnings += trouble.listed(blob.name, code, same, len(same))


def _cells(reading: _Reading, file: str, text: str, layout: Layout, bound: Mapping[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    """The cells of every row by Amazon's name; a row that is too long is refused, one without any value passed over."""
    for row in careful.rows_of(text, layout):
        if len(row.cells) > layout.width:
            reading.refused.append(trouble.too_many_cells(file, row.line, len(row.cells), layout.width))
        elif any(cell.strip() for cell in row.cells):
            yield row.line, {name: row.cells[position] if position < len(row.cells) else "" for name, position in bound.items()}


def _row(file: str, line: int, cells: Mapping[str, str], marketplace: str | None, point: str | None) -> LoaderRow:
    """The row, where every cell of it can be meant.

    Raises:
        Unsound: one cannot.
    """
    sku = loader_cells.sku(cells)
    action = loader_cells.action(cells)
    price, least, most = (loader_cells.amount(cells, name, marketplace, point) for name in loader_cells.AMOUNTS)
    loader_cells.check_bounds(price, least, most)
    channel = loader_cells.channel(cells, marketplace)
    quantity = cells.get("quantity", "").strip() or None
    return LoaderRow(file, line, sku, loader_cells.asin(cells), loader_cells.condition(cells), price, (least, most), quantity, channel, action)


def _dangers(row: LoaderRow, has_channel: bool) -> Iterator[Warning]:
    """What would turn the offer merchant-fulfilled if somebody uploaded the file as it stands."""
    if row.quantity is not None:
        yield Warning("loader-quantity", row.file, row.line, "quantity", row.quantity)
    if row.channel is None and has_channel:
        yield Warning("loader-channel-empty", row.file, row.line, "fulfillment-center-id", "")


def _each_once(reading: _Reading) -> Filled:
    """Rows that say the same count once; where they differ about a SKU, none of them is used."""
    by_sku: dict[str, list[LoaderRow]] = {}
    for row in reading.rows:
        by_sku.setdefault(row.sku, []).append(row)
    agreed = [rows for rows in by_sku.values() if len({row.wants for row in rows}) == 1]
    twice = [Warning("loader-sku-twice", row.file, row.line, "sku", row.sku) for rows in by_sku.values() if len({row.wants for row in rows}) > 1 for row in rows]
    return Filled(tuple(rows[0] for rows in agreed), (*reading.refused, *twice), tuple(reading.warnings))
