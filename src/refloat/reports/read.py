"""A report file → what it is, its typed rows, and what a person should know about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import PurePath

import polars as pl

from refloat.knowledge.tables import marketplace_code
from refloat.model.source import Source, Warning
from refloat.reports import careful, encoding, fast, trouble
from refloat.reports.containers import Blob, Budget, blobs
from refloat.reports.recognise import Field, Report, recognised
from refloat.reports.rows import Rows
from refloat.reports.typed import typed

_HEAD = 256 << 10
_TAIL = 64 << 10
_DATE_IN_NAME = re.compile(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Reading:
    """One file as it was read; ``frame`` is None when nothing of it could be used."""

    source: Source
    frame: pl.DataFrame | None
    warnings: tuple[Warning, ...]


@dataclass(frozen=True)
class Layout:
    """How a file's text is laid out: its header, the delimiter, and the lines before the first row."""

    header: tuple[str, ...]
    delimiter: str
    start: int


def read_files(arguments: Sequence[str], *, marketplace: str | None = None, account: str | None = None, charset: str | None = None, limit: int | None = None) -> Iterator[Reading]:
    """Every report behind ``arguments``, in order, read by content.

    Args:
        marketplace: two-letter code for files that do not name one.
        charset: as declared with the download; used where it fits the bytes.
        limit: bytes that may be unpacked in all.

    Raises:
        TooLarge: the files unpack to more than the limit.
        WrongUse: a named file does not exist.
    """
    for blob in blobs(list(arguments), Budget(limit)):
        source = Source(blob.name, "unknown", blob.marketplace or marketplace, account, whole=blob.whole)
        reading = _reading(blob, source, charset)
        yield replace(reading, warnings=(blob.trouble, *reading.warnings)) if blob.trouble else reading


def _reading(blob: Blob, source: Source, charset: str | None) -> Reading:
    if not bytes(blob.data[:_HEAD]).strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return Reading(source, None, () if blob.trouble else (Warning("empty-file", blob.name),))
    codec = encoding.detected(blob.data, charset)
    layout = _layout(blob, codec)
    report = recognised(layout.header)
    if report is None:
        return Reading(replace(source, encoding=encoding.public_name(codec)), None, (trouble.unknown_report(blob.name, layout.header),))
    bound = report.bound(layout.header)
    rows, codec = _rows(blob, codec, bound, layout)
    source = replace(source, report=report.name, encoding=encoding.public_name(codec), columns=frozenset(field.name for field in bound.values()))
    return _typed_reading(source, blob, report, rows, cut=_last_line_is_cut(blob, codec, layout))


def _layout(blob: Blob, codec: str) -> Layout:
    text = bytes(blob.data[:_HEAD]).decode(codec, errors="ignore").removeprefix("\ufeff")
    lines = careful.lines_of(text)
    first = next((line for line in lines if line.strip(" \t\r")), "")
    delimiter = careful.delimiter_of(first)
    header, index = careful.header_of(lines, delimiter)
    return Layout(tuple(header), delimiter, index + 1)


def _rows(blob: Blob, codec: str, bound: Mapping[int, Field], layout: Layout) -> tuple[Rows, str]:
    """The rows by the fast way, or by the careful one where the file is not well-formed."""
    try:
        if layout.delimiter != "\t":
            raise fast.Unfit("its cells are not cut by tabs")
        data, path = (blob.data, blob.path) if codec == "utf-8" else (encoding.decoded(blob.data, codec).encode(), None)
        return Rows(fast.frame_of(data, path, bound, len(layout.header), layout.start), layout.start + 1), codec
    except fast.Unfit as unfit:
        if codec == "utf-8" and "utf-8" in str(unfit):
            codec = encoding.detected_not_utf8(blob.data)
        return _careful_rows(encoding.decoded(blob.data, codec), bound, layout, blob.name), codec


def _careful_rows(text: str, bound: Mapping[int, Field], layout: Layout, file: str) -> Rows:
    wanted = {position: field.column for position, field in bound.items() if field.column}
    cells: dict[str, list[str | None]] = {column: [] for column in wanted.values()}
    lines: list[int] = []
    refused: list[Warning] = []
    for row in careful.rows_of(careful.lines_of(text), layout.header, layout.start - 1, layout.delimiter):
        if row.trouble:
            refused.append(trouble.too_many_cells(file, row.line, len(row.cells), len(layout.header)))
            continue
        lines.append(row.line)
        for position, column in wanted.items():
            cells[column].append(row.cells[position] or None if position < len(row.cells) else None)
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String()))
    return Rows(frame, lines=pl.Series(lines, dtype=pl.Int64), refused=tuple(refused))


def _last_line_is_cut(blob: Blob, codec: str, layout: Layout) -> bool:
    """The last line has no end and fewer cells than the header: the download stopped inside it."""
    step = 4 if codec.startswith("utf-16") else 1
    at = max(0, len(blob.data) - _TAIL) // step * step
    tail = bytes(blob.data[at:]).decode(codec, errors="ignore").rstrip("\0")
    last = re.split(r"[\r\n]", tail)[-1]
    return bool(last.strip()) and last.count(layout.delimiter) + 1 < len(layout.header)


def _typed_reading(source: Source, blob: Blob, report: Report, rows: Rows, *, cut: bool) -> Reading:
    refused = list(rows.refused)
    rows = rows.without_blank()
    if cut and rows.height:
        refused.append(Warning("last-line-cut", source.file, rows.line(rows.height - 1)))
        rows = rows.without_last()
    result = typed(rows.frame, report.fields, source.marketplace)
    bad = result.refused
    warnings = [*refused, *trouble.of_doubts(source.file, result.doubts, rows)]
    frame = result.frame.with_columns(rows.numbers()) if report.name == "stranded" else result.frame
    frame = frame.filter(~bad) if bad is not None else frame
    lost = len(refused) + (int(bad.sum()) if bad is not None else 0)
    source = replace(_dated(source, blob, frame), rows=frame.height, refused_rows=lost, whole=source.whole and not lost, marketplace=_place(source, frame))
    return Reading(source, frame, (*warnings, *trouble.about(source, report)))


def _place(source: Source, frame: pl.DataFrame) -> str | None:
    """The marketplace that the rows themselves name, where all name the same one."""
    if source.marketplace or "row_marketplace" not in frame.columns:
        return source.marketplace
    codes = {marketplace_code(text) for text in frame["row_marketplace"].drop_nulls().unique()}
    return codes.pop() if len(codes) == 1 else None


def _dated(source: Source, blob: Blob, frame: pl.DataFrame) -> Source:
    """The moment that the file shows: by its content, by a date in its name, else by its file time."""
    if "planning_on" in frame.columns and (shown := frame["planning_on"].max()) is not None:
        return replace(source, observed_at=datetime.combine(shown, time(), UTC), observed_from="content")  # type: ignore[arg-type]
    if match := _DATE_IN_NAME.search(PurePath(blob.name).name):
        try:
            return replace(source, observed_at=datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC), observed_from="name")
        except ValueError:
            return source
    return replace(source, observed_at=blob.written_at, observed_from="file-time" if blob.written_at else None)
