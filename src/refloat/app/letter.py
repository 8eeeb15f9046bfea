"""A message as parts: headings, sentences and small tables; written once as text and once as a page, escaped in one place."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from refloat.model.message import Message, one_line


@dataclass(frozen=True, slots=True)
class Part:
    """A heading (or none), sentences, and a table whose first row is its head."""

    heading: str = ""
    lines: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def message(title: str, parts: Sequence[Part]) -> Message:
    """The same content for those who read text and those who read pages."""
    return Message(title, "\n\n".join(filter(None, map(_text, parts))), "\n".join((_tag("h1", title), *map(_page, parts))))


def _text(part: Part) -> str:
    head = [one_line(part.heading)] if part.heading else []
    rows = ["  " + " · ".join(one_line(cell) for cell in row if cell) for row in part.rows]
    return "\n".join((*head, *(one_line(line) for line in part.lines), *rows))


def _page(part: Part) -> str:
    pieces = [_tag("h2", part.heading)] if part.heading else []
    pieces += [_tag("p", line) for line in part.lines]
    if part.rows:
        head, *rest = part.rows
        cells = ["".join(_tag("th" if row is head or at == 0 else "td", cell) for at, cell in enumerate(row)) for row in (head, *rest)]
        pieces.append('<table border="1" cellpadding="4" style="border-collapse:collapse;text-align:left">' + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    return "\n".join(pieces)


def _tag(element: str, text: str) -> str:
    return f"<{element}>{html.escape(one_line(text), quote=True)}</{element}>"
