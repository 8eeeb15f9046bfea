"""A report drawn up: from rows to the text of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from refloat.simulator.documents import languages
from refloat.simulator.documents.asked import Asked, Row
from refloat.simulator.documents.headers import HEADERS
from refloat.simulator.documents.kinds import Kind

#: Between two cells until what would break a line is taken out of them.
_GAP = "\0"
_BREAKS = str.maketrans({"\t": " ", "\r": " ", "\n": " ", _GAP: "\t"})


@dataclass(frozen=True)
class Drawn:
    """A document before it is packed: its bytes, the charset in which they are written, how many rows it has."""

    content: bytes
    charset: str
    rows: int


def drawn(kind: Kind, asked: Asked, spoilt: Callable[[Iterable[Row]], Iterable[Row]] = lambda rows: rows) -> Drawn:
    """The report as it stands at this moment. ``spoilt`` may change the rows on their way (the faults do)."""
    if kind.rows is None:
        assert kind.text is not None
        return Drawn(kind.text(asked).encode(), "UTF-8", 1)
    columns = _columns(kind, asked)
    head = "\t".join(languages.header(columns, asked.locale) if kind.of_listings else columns)
    lines = [_GAP.join([row.get(name, "") for name in columns]).translate(_BREAKS) for row in spoilt(kind.rows(asked))]
    charset = languages.fitting(languages.charset(asked.place, asked.world.switches, kind.of_listings), head)
    return Drawn(languages.encoded("\r\n".join([head, *lines, ""]), charset), charset, len(lines))


def _columns(kind: Kind, asked: Asked) -> tuple[str, ...]:
    columns = HEADERS[kind.name]
    return (*columns, "program") if kind.name == "GET_STRANDED_INVENTORY_UI_DATA" and asked.world.switches.program_column else columns
