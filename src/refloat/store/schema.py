"""The tables are those of this version: made, brought up to date, or refused."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from refloat.store.troubles import StoreError
from refloat.store.turns import reading

#: Any number, as long as it stays: PostgreSQL's lock while one process migrates.
_LOCK = 7305462


def brought_up_to_date(place: str) -> None:
    """Apply the migrations that lack, all or none, even when several processes start at once or one is killed.

    Raises:
        StoreError: a newer version of Refloat made the tables, or the database cannot be used.
    """
    with reading():
        _in_wal_mode()
        if _lacking(place):
            with connection.constraint_checks_disabled(), transaction.atomic():
                _alone()
                _migrate()


def _in_wal_mode() -> None:
    """Readers never wait for a writer. A file that we made is in this mode already; a restored copy may not be."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")


def _lacking(place: str) -> bool:
    """Whether migrations lack."""
    loader = MigrationLoader(connection)
    applied, known = set(loader.applied_migrations or ()), set(loader.disk_migrations or ())
    newer = sorted(name for app, name in applied - known if app == "store")
    if newer:
        raise StoreError(
            "{place} was made by a newer version of Refloat.",
            why="It has tables that this version does not know ({name}), and writing would lose what they hold.",
            todo="Install the version of Refloat that wrote it, or a later one. Nothing was changed.",
            place=place,
            name=newer[-1],
        )
    return not known <= applied


def _alone() -> None:
    """Until the transaction ends, no other process migrates. SQLite's own transaction is that lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _migrate() -> None:
    # Looked at again inside the lock: another process may have been first.
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
