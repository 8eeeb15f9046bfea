"""HTML, escaped in one place: whatever is not ``Html`` is text, and text is always escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable

from refloat.wording.whole_file import printable

_EMPTY_ELEMENTS = frozenset({"meta", "br"})


class Html(str):
    """A piece of markup that may stand in the page as it is."""

    __slots__ = ()


def escaped(value: str) -> Html:
    """``value`` as text of the page, or of an attribute."""
    return value if isinstance(value, Html) else Html(html.escape(printable(value), quote=True))


def joined(parts: Iterable[str], between: str = "") -> Html:
    """The parts one after the other, text escaped."""
    return Html(escaped(between).join(escaped(part) for part in parts))


def tag(element: str, *children: str, **attributes: str | None) -> Html:
    """One element. ``class_`` writes class, ``data_label`` data-label; an attribute of None is left out.

    >>> tag("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    written = "".join(f' {name.rstrip("_").replace("_", "-")}="{escaped(value)}"' for name, value in attributes.items() if value is not None)
    if element in _EMPTY_ELEMENTS:
        return Html(f"<{element}{written}>")
    return Html(f"<{element}{written}>{joined(children)}</{element}>")


def table(caption: str, headings: Iterable[str], rows: Iterable[Iterable[str]], *, numbers: frozenset[int] = frozenset(), class_: str | None = None) -> Html:
    """A plain table with a caption; the first cell of a row is its heading, ``numbers`` are columns set right."""
    names = list(headings)
    head = tag("tr", *(tag("th", name, scope="col", class_="number" if at in numbers else None) for at, name in enumerate(names)))
    lines = [
        tag("tr", *(tag("th", cell, scope="row") if at == 0 else tag("td", cell, class_="number" if at in numbers else None) for at, cell in enumerate(row)))
        for row in rows
    ]  # fmt: skip
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *lines), class_=class_)
    return tag("div", whole, class_="wide", role="region", aria_label=caption, tabindex="0")
