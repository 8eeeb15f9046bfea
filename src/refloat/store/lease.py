"""Alone with an account: of all processes on this database, one at a time may order, or write, for it.

The lock is the operating system's, or PostgreSQL's: it ends with the process that holds it, however that ends,
so a killed pass keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from django.db import DatabaseError, connection
from filelock import FileLock, Timeout

from refloat.store.settings import shown
from refloat.store.troubles import AccountBusy, told


@contextmanager
def alone_with(account: str) -> Iterator[None]:
    """Until the end of the block no other process works on ``account``.

    Raises:
        AccountBusy: another one does already.
        StoreError: the database, or its folder, cannot be used.
    """
    place = shown(connection.settings_dict)
    with ExitStack() as held:
        try:
            held.enter_context(_on_postgresql(account) if connection.vendor == "postgresql" else _on_file(Path(place), account))
        except Timeout:
            raise _busy(account) from None
        except (OSError, DatabaseError) as error:
            raise told(error, place) from error
        yield


@contextmanager
def _on_file(database: Path, account: str) -> Iterator[None]:
    """A lock on a file of its own beside the database: SQLite's own locks last only as long as a statement."""
    with FileLock(database.with_name(f"{database.name}.{_mark(account).hex()}.lock"), timeout=0, mode=0o600):
        yield


@contextmanager
def _on_postgresql(account: str) -> Iterator[None]:
    """An advisory lock of a session of its own; it ends with the session."""
    session = connection.copy()
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [int.from_bytes(_mark(account), signed=True)])
            if not cursor.fetchone()[0]:
                raise Timeout(account)
        yield
    finally:
        session.close()


def _mark(account: str) -> bytes:
    """Eight bytes for the account: a name may hold what no file's name may."""
    return sha256(f"refloat|{account}".encode()).digest()[:8]


def _busy(account: str) -> AccountBusy:
    return AccountBusy(
        "Another process is working on {account} now.",
        why="Two at once would order every report twice, and Amazon gives only a few.",
        todo="Wait until it has ended; it may be a refloat observe --watch in another window.",
        account=account,
    )
