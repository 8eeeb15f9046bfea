"""What is asked of tasks and of the journal a page at a time, and what comes back: plain rows, as ``store.rows``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from refloat.store.rows import EntryRow, TaskRow


@dataclass(frozen=True, slots=True)
class AskedTasks:
    """Which tasks. ``accounts`` None: of all there are. ``ended``: the ended ones, not the open. ``text``: a part of the SKU."""

    accounts: tuple[str, ...] | None = None
    marketplace: str | None = None
    remedy: str | None = None
    ended: bool = False
    text: str = ""


class TaskCursor(NamedTuple):
    """Where a page ended: the day (of ended ones the moment) of its last task, and its number; ``back``: of its first, to go the other way."""

    value: date | datetime
    id: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class PlacedTask:
    """A task and whose it is."""

    account: str
    row: TaskRow


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some tasks, and where the neighbours of the page are; None: there are none."""

    tasks: tuple[PlacedTask, ...]
    next: TaskCursor | None
    before: TaskCursor | None


@dataclass(frozen=True, slots=True)
class AskedEntries:
    """Which entries of one account. ``marketplace`` None: of all its chains; empty: of the account's own. ``since`` ≤ an entry's moment < ``until``."""

    account: str
    marketplace: str | None = None
    kind: str | None = None
    sku: str | None = None
    plan: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class EntryCursor(NamedTuple):
    """Where a page ended: the moment and the id of its last entry; ``back``: of its first, to go the other way."""

    at: datetime
    id: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry and whose chain it is of."""

    id: int
    marketplace: str
    entry: EntryRow


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, and where the neighbours of the page are; None: there are none."""

    entries: tuple[PlacedEntry, ...]
    next: EntryCursor | None
    before: EntryCursor | None
