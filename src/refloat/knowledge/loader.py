"""What the Bulk Fix file can do, and its codes for conditions and channels."""

from __future__ import annotations

from functools import cache

from refloat.knowledge.spelling import reason_key
from refloat.knowledge.tables import marketplaces, table


def remedies() -> tuple[str, ...]:
    """The remedies that a row of the file can carry out."""
    return tuple(table("loader")["remedies"])


def channel_of(marketplace: str | None) -> str | None:
    """The code of Amazon's own fulfilment there; None where the marketplace is unknown."""
    place = marketplaces().get(marketplace or "")
    return None if place is None else place.channel


@cache
def _conditions() -> dict[str, str]:
    return {reason_key(spelling): number for number, spellings in table("loader")["condition"].items() for spelling in spellings}


def condition_number(text: str | None) -> str | None:
    """Amazon's number for a condition; None where the text is none that we know.

    >>> condition_number("New"), condition_number("used_like_new"), condition_number("As seen")
    ('11', '1', None)
    """
    return _conditions().get(reason_key(text or ""))
