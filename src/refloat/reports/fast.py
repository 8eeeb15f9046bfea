"""The fast way to rows: Polars reads the bytes as they lie, without a copy, wanted columns only.

Only for files that need no thought: tabs, UTF-8, no NUL, rows no longer than the header, and quotes
that are plain letters of their cells. Anything else raises ``Unfit`` and goes the careful way.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from refloat.reports.careful import bare
from refloat.reports.containers import Bytes
from refloat.reports.layout import Layout
from refloat.reports.recognise import Field
from refloat.reports.rows import Rows

#: Up to this many quotes are looked at one by one; beyond it a search for cells that begin with one is cheaper.
_QUOTES_LOOKED_AT = 200_000
_TAIL = 64 << 10
_STEP = 1 << 20
_LAST = "last cell"
#: So many places behind the header's end are looked at for a row that is too long.
_BEYOND = 2


class Unfit(Exception):  # noqa: N818 - it is no error: the careful way takes over
    """The file needs the careful way; the message says why."""


class NotUtf8(Unfit):
    """Some byte of the file is no UTF-8."""


def frame_of(data: Bytes, path: Path | None, layout: Layout, bound: Mapping[int, Field], *, point: str | None = ".", whole: bool = True) -> Rows:
    """The wanted columns, numbers typed where every cell is a plain number, all else as text.

    Args:
        path: the file with just these bytes, if there is one: Polars reads it without a copy.
        bound: position → field; only fields with a column are read.
        point: the marketplace's decimal point; amounts are typed at once only where it is the dot.
        whole: False when it is known that the file was cut, so that its last line cannot be trusted.

    Raises:
        Unfit: the bytes are not well-formed.
    """
    if layout.delimiter != "\t" or layout.all_quoted or layout.end not in ("\n", "\r\n"):
        raise Unfit("it is not tabs and plain line ends")
    if data.find(b"\0") >= 0:
        raise Unfit("it has NUL bytes")
    quotes = _quotes_are_letters(data, layout)
    wanted = {position: field for position, field in bound.items() if field.column}
    types = {position: _type(field, point) for position, field in wanted.items()}
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED)  # looked at: Polars maps the file itself, and memory would count it twice
    source: Path | bytes = path if path is not None else bytes(data)
    try:
        frame = _read(source, wanted, types, layout)
    except Unfit as unfit:
        if "could not parse" not in str(unfit):
            raise
        frame = _read(source, wanted, {}, layout)
    if layout.end == "\r\n" and frame[_LAST].null_count() and _has_lone_lf(data):
        raise Unfit("its line ends are mixed")
    frame = frame.drop(_LAST)
    return Rows(_without_quotes(frame) if quotes else frame, layout.start + 1, cut=_is_cut(data, layout, whole=whole))


def _type(field: Field, point: str | None) -> pl.DataType:
    return pl.Int64() if field.type == "count" else pl.Decimal(18, 4) if field.type == "money" and point == "." else pl.String()


def _read(source: Path | bytes, wanted: Mapping[int, Field], types: Mapping[int, pl.DataType], layout: Layout) -> pl.DataFrame:
    """The wanted columns, and the last column of all: a row that lost its end shows there.

    Polars does not say that a row is too long when only some columns are read; so the places behind the
    header's end are read too.
    """
    beyond = range(layout.width, layout.width + _BEYOND)
    names = [f"column_{position + 1}" for position in range(beyond.stop)]
    last = names[layout.width - 1]
    try:
        frame = pl.read_csv(
            source,
            separator="\t",
            quote_char=None,
            has_header=False,
            skip_lines=layout.start,
            schema={name: types.get(position, pl.String()) for position, name in enumerate(names)},
            columns=[names[position] for position in sorted({*wanted, layout.width - 1, *beyond})],
            missing_columns="insert",
            glob=False,
        )
    except pl.exceptions.PolarsError as error:
        said = str(error).split("\n", 1)[0]
        raise (NotUtf8 if "utf-8" in said else Unfit)(said) from error
    if any(frame[names[position]].null_count() < frame.height for position in beyond):
        raise Unfit("a row is longer than the header")
    return frame.select(*(pl.col(names[position]).alias(field.column) for position, field in wanted.items()), pl.col(last).alias(_LAST))


def _quotes_are_letters(data: Bytes, layout: Layout) -> bool:
    """True when cells begin with a quote and it is a letter of theirs, False when none does.

    Raises:
        Unfit: such a row does not come out right when its quotes are letters.
    """
    found = False
    begin = line_end = -1
    for position in _cells_with_quote(data):
        found = True
        if begin <= position < line_end:
            continue
        begin, line_end = data.rfind(b"\n", 0, position) + 1, data.find(b"\n", position)
        line_end = len(data) if line_end < 0 else line_end
        cells = bytes(data[begin:line_end]).rstrip(b"\r").split(b"\t")
        if len(cells) != layout.width or (cells[-1].startswith(b'"') and (len(cells[-1]) < 2 or not cells[-1].endswith(b'"'))):
            raise Unfit("a quoted cell may go on in the next line")
    return found


def _cells_with_quote(data: Bytes) -> Iterator[int]:
    """Where a cell begins with a quote; not always in order."""
    position = -1
    for _ in range(_QUOTES_LOOKED_AT):
        position = data.find(b'"', position + 1)
        if position < 0:
            return
        if position == 0 or data[position - 1 : position] in (b"\t", b"\n"):
            yield position
    for sign in (b'\t"', b'\n"'):
        at = position
        while (at := data.find(sign, at)) >= 0:
            yield at + 1
            at += 2


def _without_quotes(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells that a program put in quotes, without them; as the careful way has it."""
    for name in (column.name for column in frame if column.dtype == pl.String):
        quoted = frame[name].filter(frame[name].str.starts_with('"')).unique().to_list()
        if changed := {cell: bare(cell) for cell in quoted if bare(cell) != cell}:
            frame = frame.with_columns(pl.col(name).replace(changed))
    return frame


def _has_lone_lf(data: Bytes) -> bool:
    """A CRLF file with a lone LF, which belongs to a cell."""
    ends = (bytes(data[max(0, at - 1) : at + _STEP]) for at in range(0, len(data), _STEP))
    return any(part.count(b"\n", min(1, at)) != part.count(b"\r\n") for at, part in enumerate(ends))


def _is_cut(data: Bytes, layout: Layout, *, whole: bool) -> bool:
    """The last line has no end and fewer cells than the header: the download stopped inside it."""
    last = bytes(data[max(0, len(data) - _TAIL) :]).rsplit(b"\n", 1)[-1]
    return bool(last.strip()) and (not whole or last.count(b"\t") + 1 < layout.named)
