"""A source: one file as it was read, and what had to be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Warning:
    """Something in the seller's files that a person should know; never an exception.

    ``code`` names the text in ``knowledge/messages.toml``; ``facts`` fill its placeholders.
    ``line`` counts from 1 in the file; ``column`` and ``value`` name the cell where there is one.
    """

    code: str
    file: str | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One report file: what it is, whose, how much of it could be used.

    ``rows`` is None when the file could not be read. ``whole`` is False when it was cut or damaged,
    so that what it does *not* list means nothing. ``observed_at`` is the moment it shows, where known;
    ``observed_from`` says how we know: "content", "name", "file-time", or "snapshot" for what we asked
    Amazon ourselves. ``failed`` says why a newer one could not be had, where one was tried.
    """

    file: str
    report: str
    marketplace: str | None = None
    account: str | None = None
    rows: int | None = None
    encoding: str | None = None
    refused_rows: int = 0
    whole: bool = True
    observed_at: datetime | None = None
    observed_from: str | None = None
    columns: frozenset[str] = frozenset()
    failed: str | None = None
