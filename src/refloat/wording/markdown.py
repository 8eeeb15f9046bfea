"""The little Markdown that knowledge pages use, as HTML: paragraphs, lists, emphasis, code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from refloat.wording.markup import Html, escaped, joined, tag

_ITEM = re.compile(r"^\s*(?:(?P<number>\d+)[.)]|[*+-])\s+(?P<text>.*)$")
_INLINE = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s][^*]*)\*")


def rendered(text: str) -> Html:
    """The text as HTML. Anything it does not know stays visible as text; markup in it is escaped."""
    return joined(_blocks(text))


def _blocks(text: str) -> Iterator[Html]:
    for kind, lines in groupby(_unwrapped(text), key=_kind):
        if kind == "p":
            yield from (tag("p", _inline(line)) for line in lines)
        else:
            yield tag(kind, *(tag("li", _inline(_ITEM.sub(r"\g<text>", line))) for line in lines))


def _unwrapped(text: str) -> Iterator[str]:
    """One line a paragraph or item: a line that begins neither goes on with the one before."""
    held = ""
    for line in [*text.splitlines(), ""]:
        if held and (not line.strip() or _ITEM.match(line)):
            yield held
            held = ""
        held = f"{held} {line.strip()}" if held else line.strip()


def _kind(line: str) -> str:
    item = _ITEM.match(line)
    return "p" if item is None else "ol" if item["number"] else "ul"


def _inline(text: str) -> Html:
    parts: list[Html] = []
    end = 0
    for found in _INLINE.finditer(text):
        element = str(found.lastgroup)
        parts += [escaped(text[end : found.start()]), tag(element, found[element])]
        end = found.end()
    return joined([*parts, escaped(text[end:])])
