"""How a file's text is laid out: where its lines end, what cuts its cells, where its header stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

QUOTE = '"'
_BLANK = " \t\r\n\0\ufeff"
_LINE_END = re.compile(r"\r*\n|\r")


@dataclass(frozen=True)
class Layout:
    """A file's header, delimiter and line end, and how many lines stand before the first row."""

    header: tuple[str, ...]
    delimiter: str
    end: str
    start: int
    all_quoted: bool = False

    @property
    def width(self) -> int:
        return len(self.header)

    @property
    def named(self) -> int:
        """Cells up to the last one with a name: a nameless trailing column may be missing in the rows."""
        return next((position for position in range(self.width, 0, -1) if self.header[position - 1].strip()), 0)


def layout_of(text: str) -> Layout:
    """The layout by the file's first line that is not blank.

    The header's line end is the file's: ``str.splitlines`` would cut at U+0085, U+2028 and form feeds,
    which occur inside descriptions, and a lone LF inside a CRLF file belongs to a cell.
    """
    blank = len(text) - len(text.lstrip(_BLANK))
    start = max((match.end() for match in _LINE_END.finditer(text, 0, blank)), default=0)
    ending = _LINE_END.search(text, blank)
    line = text[start : ending.start() if ending else len(text)].strip("\0\ufeff").replace("\0", "")
    end = ending[0] if ending else "\n"
    delimiter = "\t" if "\t" in line else max(",;|", key=line.count)
    quoted = line.startswith(QUOTE)
    header = (split_quoted(line, delimiter) if QUOTE in line else None) or line.split(delimiter)
    before = text.count(end, 0, start)
    return Layout(tuple(header), delimiter, end, before + 1, quoted or delimiter != "\t")


def split_quoted(text: str, delimiter: str) -> Sequence[str] | None:
    """The cells by the rules of RFC 4180; none at all where a quote closes in mid-cell, None where one stays open."""
    cells: list[str] = []
    position = 0
    while True:
        if text.startswith(QUOTE, position):
            end = _closing(text, position + 1)
            if end < 0:
                return None
            if end + 1 < len(text) and text[end + 1] != delimiter:
                return ()
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
