"""The careful way to rows: for files with quotes, broken lines, odd line ends or commas.

Neither "always quoted" nor "never quoted" is right for all of Amazon's files: a lone ``"`` can start
a SKU (inch marks), and other files really do quote a name with a line feed inside. So each line is
first read as it stands; quotes are only believed where they make the row come out right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

QUOTE = '"'
#: A quoted cell may run over this many lines at most; beyond it the quote was a lone one.
_LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, the line it begins on (from 1), and what is wrong with it, if anything."""

    cells: list[str]
    line: int
    trouble: str = ""


def lines_of(text: str) -> list[str]:
    """Physical lines, by the file's own line end and nothing else.

    ``str.splitlines`` would cut at U+0085, U+2028 and form feeds, which occur inside descriptions.
    The header's line end is the file's: a lone LF inside a CRLF file belongs to a cell.
    """
    text = text.replace("\0", "")
    end = _line_end(text)
    return text.split(end)


def _line_end(text: str) -> str:
    first = text.find("\n")
    if first < 0:
        return "\r" if "\r" in text else "\n"
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def delimiter_of(header: str) -> str:
    """Tab when there is one; else the sign that cuts the header into most cells."""
    return "\t" if "\t" in header else max(",;|", key=header.count)


def header_of(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """The header's cells and its index: the first line that is not blank."""
    index = next((i for i, line in enumerate(lines) if line.strip(" \t\r\ufeff")), 0)
    line = lines[index].rstrip("\r").removeprefix("\ufeff")
    return (_split_quoted(line, delimiter) or line.split(delimiter) if QUOTE in line else line.split(delimiter)), index


def rows_of(lines: list[str], header: Sequence[str], start: int, delimiter: str) -> Iterator[Row]:
    """Every row after the header at ``lines[start]``; blank lines are passed over."""
    all_quoted = lines[start].lstrip("\ufeff").startswith(QUOTE) or delimiter != "\t"
    width = len(header)
    index = start + 1
    while index < len(lines):
        line = lines[index]
        if not line.strip(" \t\r\n"):
            index += 1
            continue
        cells, used = _row(lines, index, width, delimiter, all_quoted)
        yield from _pieces(cells, index + 1, width, delimiter, all_quoted)
        index += used


def _pieces(cells: list[str], line: int, width: int, delimiter: str, all_quoted: bool) -> Iterator[Row]:
    """One row; several, when a file that begins with CRLF goes on with LF alone."""
    if len(cells) > width and any("\n" in cell for cell in cells):
        for number, part in enumerate(delimiter.join(cells).split("\n")):
            if part.strip():
                yield _checked([_bare(cell, all_quoted) for cell in part.split(delimiter)], line + number, width)
    else:
        yield _checked(cells, line, width)


def _checked(cells: list[str], line: int, width: int) -> Row:
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return Row(cells, line, "too-many-cells" if len(cells) > width else "")


def _row(lines: list[str], index: int, width: int, delimiter: str, all_quoted: bool) -> tuple[list[str], int]:
    """The row that begins at ``index``, and how many physical lines it takes."""
    line = lines[index].rstrip("\r")
    literal = line.split(delimiter)
    if not (line.startswith(QUOTE) or delimiter + QUOTE in line):
        return literal, 1
    if all_quoted or len(literal) != width:
        if (spread := _spread(lines, index, width, delimiter)) is not None:
            return spread
    return [_bare(cell, all_quoted) for cell in literal], 1


def _spread(lines: list[str], index: int, width: int, delimiter: str) -> tuple[list[str], int] | None:
    """The row read with quotes, over as many lines as its quotes stay open; None if that is not a row."""
    text = lines[index].rstrip("\r")
    for used in range(1, min(_LONGEST_CELL, len(lines) - index) + 1):
        if used > 1:
            text += "\n" + lines[index + used - 1].rstrip("\r")
        cells = _split_quoted(text, delimiter)
        if cells is not None:
            return (cells, used) if len(cells) == width or used == 1 else None
    return None


def _split_quoted(text: str, delimiter: str) -> list[str] | None:
    """The cells by the rules of RFC 4180; None where a quote stays open or closes in mid-cell."""
    cells: list[str] = []
    position = 0
    while True:
        if text.startswith(QUOTE, position):
            end = _closing(text, position + 1)
            if end < 0 or (end + 1 < len(text) and text[end + 1] != delimiter):
                return None
            cells.append(text[position + 1 : end].replace(QUOTE * 2, QUOTE))
            position = end + 1
        else:
            end = text.find(delimiter, position)
            end = len(text) if end < 0 else end
            cells.append(text[position:end])
            position = end
        if position >= len(text):
            return cells
        position += 1


def _closing(text: str, position: int) -> int:
    while (end := text.find(QUOTE, position)) >= 0:
        if not text.startswith(QUOTE, end + 1):
            return end
        position = end + 2
    return -1


def _bare(cell: str, all_quoted: bool) -> str:
    """The cell without quotes that a program put there; inch marks and quoted words stay.

    A program that quotes only where it must does so for a quote, a comma or a line end inside.
    """
    if len(cell) < 2 or not (cell.startswith(QUOTE) and cell.endswith(QUOTE)):
        return cell
    inside = cell[1:-1]
    if QUOTE in inside.replace(QUOTE * 2, ""):
        return cell
    return inside.replace(QUOTE * 2, QUOTE) if all_quoted or QUOTE in inside or "," in inside else cell
