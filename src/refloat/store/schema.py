"""The tables are those of this version: made, brought up to date, or refused.

A SQLite file has one machine, so opening it brings it up to date. A PostgreSQL may have many, some of which run the
version before: opening makes its tables where there are none, and else leaves the change to ``refloat migrate``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from refloat.store.troubles import StoreError
from refloat.store.turns import reading

#: Any number, as long as it stays: PostgreSQL's lock while one process migrates.
_LOCK = 7305462
_APP = "store"


@dataclass(frozen=True, slots=True)
class Brought:
    """From which state of the tables to which; ``before`` None: there were none. Equal where nothing had to be done."""

    before: str | None
    after: str


def brought_up_to_date(place: str, *, asked: bool = False) -> Brought:
    """Apply the migrations that lack, all or none, even when several processes start at once or one is killed.

    ``asked``: somebody wants the tables changed, on PostgreSQL as well.

    Raises:
        StoreError: a newer version of Refloat made the tables, an older one did on PostgreSQL, or the database cannot be used.
    """
    with reading():
        _in_wal_mode()
        before, after = _versions(place)
        if before != after:
            with connection.constraint_checks_disabled(), transaction.atomic():
                _alone()
                # Looked at again inside the lock: another process may have been first.
                now, _ = _versions(place)
                if now is not None and now != after and not asked and connection.vendor == "postgresql":
                    raise _older(place, now, after)
                _migrate()
        return Brought(before, after)


def newest() -> str:
    """The newest state of the tables that this version of Refloat knows."""
    return max(name for app, name in MigrationLoader(None).disk_migrations or () if app == _APP)


def _in_wal_mode() -> None:
    """Readers never wait for a writer. A file that we made is in this mode already; a restored copy may not be."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")


def _versions(place: str) -> tuple[str | None, str]:
    """(the state of the tables, the newest that we know), each by the name of its migration."""
    loader = MigrationLoader(connection)
    applied = {name for app, name in loader.applied_migrations or () if app == _APP}
    known = {name for app, name in loader.disk_migrations or () if app == _APP}
    if newer := sorted(applied - known):
        raise StoreError(
            "{place} was made by a newer version of Refloat.",
            why="It has tables that this version does not know ({name}), and writing would lose what they hold.",
            todo="Install the version of Refloat that wrote it, or a later one. Nothing was changed.",
            place=place,
            name=newer[-1],
        )
    return max(applied, default=None), max(known)


def _older(place: str, before: str, after: str) -> StoreError:
    return StoreError(
        "{place} was made by an older version of Refloat.",
        why="Its tables are those of {before}, and this version needs {after}. Other machines may still be working with the old ones, so they are changed only when you say so.",
        todo="Stop every refloat on every machine, make a backup (refloat backup FILE), then run: refloat migrate",
        place=place,
        before=before,
        after=after,
    )


def _alone() -> None:
    """Until the transaction ends, no other process migrates. SQLite's own transaction is that lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _migrate() -> None:
    """The store's own: sign-in and sessions, where a process has them, see to theirs (``web.tables``)."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes(_APP))
