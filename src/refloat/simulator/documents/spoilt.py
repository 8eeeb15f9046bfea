"""What the faults of a document do to it: rows twice, a reason nobody knows, an earlier state, another charset, a broken end."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import timedelta
from random import Random

from refloat.simulator.documents.asked import Row
from refloat.simulator.documents.stranded import UNSEEN
from refloat.simulator.world import World

STALE = timedelta(days=2)
_STRANDED = "GET_STRANDED_INVENTORY_UI_DATA"


def rows(world: World, report_id: str, name: str, drawn: Iterable[Row], stale: bool) -> Iterable[Row]:
    """The rows, with the faults of this report in them. ``stale``: without what was stranded in the last two days."""
    if not stale and not any(world.faults.rates.get(fault) for fault in ("duplicated-rows", "unseen-reason")):
        return drawn
    written, chance = list(drawn), world.random("spoilt", report_id)
    if stale:
        then = (world.now - STALE).date().isoformat()
        written = [row for row in written if row.get("date-stranded", "") <= then]
    if written and world.faults.strikes(world, "duplicated-rows", "createReport"):
        written = _doubled(written, chance)
    if written and name == _STRANDED and world.faults.strikes(world, "unseen-reason", "createReport"):
        met = chance.randrange(len(written))
        written = [{**row, "stranded-reason": UNSEEN} if number == met else row for number, row in enumerate(written)]
    return written


def other_charset(charset: str) -> str:
    """A charset that is not the document's own."""
    return "Cp1252" if charset == "UTF-8" else "UTF-8"


def halved(world: World, document_id: str, content: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """The first part of the bytes. A plain file announces its whole length; a packed one sometimes only ends too early."""
    chance = world.random("halved", document_id, len(content))
    cut = content[: int(len(content) * chance.uniform(0.2, 0.9))]
    if content.startswith(b"\x1f\x8b") and chance.random() < 0.5:
        return cut, dict(headers)
    return cut, {**headers, "content-length": str(len(content))}


def packed(content: bytes) -> bytes:
    """GZIP without the moment of packing: the same content gives the same bytes."""
    return gzip.compress(content, mtime=0)


def _doubled(written: list[Row], chance: Random) -> list[Row]:
    again = set(chance.sample(range(len(written)), max(1, len(written) // 10)))
    return [row for number, row in enumerate(written) for row in ([row, row] if number in again else [row])]
