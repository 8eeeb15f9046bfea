"""The careful way to rows: for files with quotes, broken lines, odd line ends or commas.

Neither "always quoted" nor "never quoted" is right for all of Amazon's files: a lone ``"`` can start
a SKU (inch marks), and other files really do quote a name with a line feed inside. So each line is
first read as it stands; quotes are only believed where they make the row come out right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

import polars as pl

from refloat.model.source import Warning
from refloat.reports import trouble
from refloat.reports.layout import QUOTE, Layout, split_quoted
from refloat.reports.recognise import Field
from refloat.reports.rows import Rows

#: A quoted cell may run over this many lines at most; beyond it the quote was a lone one.
_LONGEST_CELL = 200
_TAIL = 4096


@dataclass(slots=True)
class Row:
    """The cells of one row, and the line of the file on which it begins (from 1)."""

    cells: list[str]
    line: int


def frame_of(text: str, layout: Layout, bound: Mapping[int, Field], file: str, *, whole: bool = True) -> Rows:
    """The wanted columns as text; rows that are too long are refused, short ones are filled up.

    Args:
        bound: position → field; only fields with a column are read.
        whole: False when it is known that the file was cut, so that its last line cannot be trusted.
    """
    wanted = {position: field.column for position, field in bound.items() if field.column}
    pick = itemgetter(*wanted, layout.width - 1)
    picked: list[tuple[str, ...]] = []
    lines: list[int] = []
    refused: list[Warning] = []
    found = layout.width
    for row in rows_of(text, layout):
        found = len(row.cells)
        if found < layout.width:
            row.cells.extend([""] * (layout.width - found))
        elif found > layout.width:
            refused.append(trouble.too_many_cells(file, row.line, found, layout.width))
            continue
        lines.append(row.line)
        picked.append(pick(row.cells))
    columns = zip(*picked, strict=True) if picked else ((),) * (len(wanted) + 1)
    frame = pl.DataFrame({name: pl.Series(cells, dtype=pl.String) for name, cells in zip(wanted.values(), columns, strict=False)})
    frame = frame.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))
    ended = text[-_TAIL:].rstrip(" \t\0").endswith(("\n", layout.end))
    cut = not ended and (found < layout.named or (not whole and found <= layout.width))
    return Rows(frame, lines=pl.Series(lines, dtype=pl.Int64), refused=tuple(refused), cut=cut)


def rows_of(text: str, layout: Layout) -> Iterator[Row]:
    """Every row after the header, each with its line in the file; blank lines are passed over."""
    lines = _lines_of(text, layout)
    delimiter = layout.delimiter
    index, number = layout.start, layout.start + 1
    while index < len(lines):
        line = lines[index].rstrip("\r")
        used = 1
        if QUOTE in line and (line.startswith(QUOTE) or delimiter + QUOTE in line):
            cells, used = _quoted_row(lines, index, layout)
        else:
            cells = line.split(delimiter)
        while len(cells) > layout.width and not cells[-1].strip():
            cells.pop()
        if not line.isspace() and line:
            yield Row(cells, number)
        number += used if layout.end == "\n" else sum(1 + taken.count("\n") for taken in lines[index : index + used])
        index += used


def _lines_of(text: str, layout: Layout) -> list[str]:
    """Lines by the file's own line end and nothing else, but where a CRLF file goes on with LF alone."""
    lines = text.replace("\0", "").split(layout.end)
    if layout.end == "\n":
        return lines
    full = layout.width - 1
    parts = ((line, line.split("\n") if "\n" in line else []) for line in lines)
    several = (pieces if sum(piece.count(layout.delimiter) == full for piece in pieces) > 1 else [line] for line, pieces in parts)
    return [piece for pieces in several for piece in pieces]


def _quoted_row(lines: list[str], index: int, layout: Layout) -> tuple[list[str], int]:
    """The row that begins at ``index`` with quotes in it, and how many lines it takes."""
    literal = lines[index].rstrip("\r").split(layout.delimiter)
    open_at_end = split_quoted(literal[-1], layout.delimiter) is None
    doubtful = layout.all_quoted or len(literal) != layout.width or open_at_end
    if doubtful and (spread := _spread(lines, index, layout)) is not None:
        return spread
    return [bare(cell, all_quoted=layout.all_quoted) for cell in literal], 1


def _spread(lines: list[str], index: int, layout: Layout) -> tuple[list[str], int] | None:
    """The row read with quotes, over as many lines as its quotes stay open; None if that is not a row.

    A line that is a full row by itself is not swallowed by a lone quote before it; it may only be the
    end of a name that stands first in its row.
    """
    text = lines[index].rstrip("\r")
    first_column = layout.delimiter not in text
    for used in range(1, min(_LONGEST_CELL, len(lines) - index) + 1):
        full = False
        if used > 1:
            more = lines[index + used - 1].rstrip("\r")
            text += "\n" + more
            full = not layout.all_quoted and more.count(layout.delimiter) == layout.width - 1
            if QUOTE not in more and not full:
                continue
        cells = split_quoted(text, layout.delimiter)
        if full and (cells is None or not first_column):
            return None
        if cells is not None:
            return (list(cells), used) if len(cells) == layout.width or (cells and used == 1) else None
    return None


def bare(cell: str, *, all_quoted: bool = False) -> str:
    """The cell without quotes that a program put there; inch marks and quoted words stay.

    A program that quotes only where it must does so for a quote, a comma or a line end inside.
    """
    if len(cell) < 2 or not (cell.startswith(QUOTE) and cell.endswith(QUOTE)):
        return cell
    inside = cell[1:-1]
    if QUOTE in inside.replace(QUOTE * 2, ""):
        return cell
    return inside.replace(QUOTE * 2, QUOTE) if all_quoted or any(sign in inside for sign in '",\r\n') else cell
