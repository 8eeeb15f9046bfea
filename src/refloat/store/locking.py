"""PostgreSQL's advisory locks: all that this process holds are held in one session of its own.

One session, so that a process takes one connection for its locks however many lanes it has. A session may take the
same lock twice, so what this process holds is also kept here. A session that broke off is never mended, because its
locks went with it: who held one is told by ``still``, and the next lock is taken in a new session.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

_book = Lock()
_held: dict[str, _Session] = {}
_newest: list[_Session] = []


class _Session:
    """A session for locks; the driver's own connection, because Django's would open itself anew without a word."""

    def __init__(self) -> None:
        self.settings = dict(connection.settings_dict)
        self.count = 0
        self._django = connection.copy()
        self._django.inc_thread_sharing()
        self._django.ensure_connection()
        self._line: Any = self._django.connection

    @property
    def usable(self) -> bool:
        """It has not broken off as far as is known, and leads to the database at which the store is now."""
        return not self._line.closed and self.settings == connection.settings_dict

    def ask(self, statement: str, *values: int) -> Any:
        """One statement's first value.

        Raises:
            DatabaseError, InterfaceError: the session has ended, and every lock with it.
        """
        with self._django.wrap_database_errors:
            return self._line.execute(statement, values).fetchone()[0]

    def close(self) -> None:
        """Its locks end with it."""
        self._django.close()


def taken(name: str, number: int) -> bool:
    """Take the lock of that number, unless anybody has it; one of this process is known by its name.

    Raises:
        DatabaseError, InterfaceError: the database cannot be asked.
    """
    with _book:
        if name in _held:
            return False
        session = _held[name] = _current()
        session.count += 1
    got = False
    try:
        got = bool(session.ask("SELECT pg_try_advisory_lock(%s)", number))
    finally:
        if not got:
            _forgotten(name)
    return got


def let_go(name: str, number: int) -> None:
    """Give the lock back; where its session has ended, so has the lock."""
    with suppress(DatabaseError, InterfaceError):
        _held[name].ask("SELECT pg_advisory_unlock(%s)", number)
    _forgotten(name)


def still(name: str) -> bool:
    """Whether the session in which this process took that lock lives; True where it took none."""
    session = _held.get(name)
    if session is None:
        return True
    try:
        session.ask("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def reachable() -> bool:
    """Whether the database can be asked at all."""
    try:
        _Session().close()
    except (DatabaseError, InterfaceError):
        return False
    return True


def _current() -> _Session:
    if not _newest or not _newest[0].usable:
        _newest[:] = [_Session()]
    return _newest[0]


def _forgotten(name: str) -> None:
    """The name is free for others of this process; a session without locks is closed."""
    with _book:
        session = _held.pop(name)
        session.count -= 1
        if not session.count:
            session.close()
            if session in _newest:
                _newest.remove(session)
