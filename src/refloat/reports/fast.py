"""The fast way to rows: Polars reads the bytes as they lie, without a copy, wanted columns only.

Only for files that need no thought: tabs, UTF-8, no cell that begins with a quote, no NUL, and rows
no longer than the header. Anything else raises ``Unfit`` and goes the careful way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from refloat.reports.containers import Bytes
from refloat.reports.recognise import Field

#: Above this many quotes in a file a search for cells that begin with one is cheaper than a look at each.
_QUOTES_LOOKED_AT = 200_000
_TYPED: dict[str, pl.DataType] = {"count": pl.Int64(), "money": pl.Decimal(18, 4)}


class Unfit(Exception):
    """The file needs the careful way; the message says why."""


def frame_of(data: Bytes, path: Path | None, bound: Mapping[int, Field], width: int, header_line: int) -> pl.DataFrame:
    """The wanted columns, numbers typed where every cell is a plain number, all else as text.

    Args:
        bound: position → field; only fields with a column are read.
        width: cells in the header.
        header_line: how many lines stand before the first row.

    Raises:
        Unfit: the bytes are not well-formed.
    """
    if data.find(b"\0") >= 0:
        raise Unfit("it has NUL bytes")
    if _cell_begins_with_quote(data):
        raise Unfit("a cell begins with a quote")
    if _mixed_line_ends(data):
        raise Unfit("its line ends are mixed")
    wanted = {position: field for position, field in bound.items() if field.column}
    source: Path | bytes = path if path is not None else bytes(data)
    typed = {position: _TYPED.get(field.type, pl.String()) for position, field in wanted.items()}
    for types in (typed, dict.fromkeys(wanted, pl.String())):
        try:
            return _read(source, wanted, types, width, header_line)
        except pl.exceptions.ComputeError as error:
            if "could not parse" not in str(error):
                raise Unfit(str(error).split("\n", 1)[0]) from error
    raise Unfit("its cells cannot be read as text")


def _read(source: Path | bytes, wanted: Mapping[int, Field], types: Mapping[int, pl.DataType], width: int, header_line: int) -> pl.DataFrame:
    names = [f"column_{position + 1}" for position in range(width)]
    frame = pl.read_csv(
        source,
        separator="\t",
        quote_char=None,
        has_header=False,
        skip_lines=header_line,
        schema={name: types.get(position, pl.String()) for position, name in enumerate(names)},
        columns=[names[position] for position in wanted],
    )
    return frame.rename({names[position]: field.column for position, field in wanted.items()})


def _cell_begins_with_quote(data: Bytes) -> bool:
    position = -1
    for _ in range(_QUOTES_LOOKED_AT):
        position = data.find(b'"', position + 1)
        if position < 0:
            return False
        if position == 0 or data[position - 1 : position] in (b"\t", b"\n"):
            return True
    return data.find(b'\t"', position) >= 0 or data.find(b'\n"', position) >= 0


def _mixed_line_ends(data: Bytes) -> bool:
    """A CRLF file with a lone LF inside a cell, or a file of CR alone."""
    first = data.find(b"\n")
    if first < 0:
        return data.find(b"\r") >= 0
    if first == 0 or data[first - 1 : first] != b"\r":
        return False
    raw = bytes(data)
    return raw.count(b"\n") != raw.count(b"\r\n")
