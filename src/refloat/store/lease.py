"""Alone with an account, or with one marketplace of it: of all processes on this database, one at a time may order, or write, for it.

Looking at a marketplace takes that marketplace's lease, so the marketplaces of an account are looked at side by side;
what writes to Amazon, or concludes, takes the account's. A worker's name is a lease too: who holds it lives.

The lock is the operating system's, or PostgreSQL's: it ends with the process that holds it, however that ends,
so a killed pass keeps nobody waiting. PostgreSQL's ends with its session as well; ``still_alone_with`` asks for that
before anything leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

from django.db import DatabaseError, InterfaceError, connection
from filelock import FileLock, Timeout

from refloat.store import locking
from refloat.store.settings import shown
from refloat.store.troubles import AccountBusy, StoreError, told

#: So long between two tries at a lease that somebody holds.
_PAUSE_SECONDS = 0.05
#: So often a worker looks whether PostgreSQL still knows it.
_WATCH_SECONDS = 3.0


@contextmanager
def alone_with(account: str, marketplace: str | None = None, *, patience_seconds: float = 0) -> Iterator[None]:
    """Until the end of the block no other process works on ``account``; with ``marketplace``, none looks at that one.

    Raises:
        AccountBusy: another one does already, and still does when the patience is over.
        StoreError: the database, or its folder, cannot be used.
    """
    with ExitStack() as stack:
        if not stack.enter_context(held(account if marketplace is None else f"{account}|{marketplace}", patience_seconds=patience_seconds)):
            raise _busy(account)
        yield


@contextmanager
def held(name: str, *, patience_seconds: float = 0) -> Iterator[bool]:
    """Hold the lease of that name until the end of the block; False where somebody else has it and keeps it.

    Raises:
        StoreError: the database, or its folder, cannot be used.
    """
    place = shown(connection.settings_dict)
    with ExitStack() as stack:
        try:
            stack.enter_context(_on_postgresql(name, patience_seconds) if connection.vendor == "postgresql" else _on_file(Path(place), name, patience_seconds))
            got = True
        except Timeout:
            got = False
        except (OSError, DatabaseError, InterfaceError) as error:
            raise told(error, place) from error
        yield got


def still_alone_with(account: str) -> None:
    """Make sure that a lock which this process holds on the account has not ended in silence, with its session.

    Raises:
        StoreError: it has; another process may be at work on the account by now.
    """
    if not locking.still(account):
        raise StoreError(
            "The database let go of {account} in the middle of the work.",
            why="Its session broke off, and with it the lock that kept every other process out, so nothing more is sent.",
            todo="Do it again: what was sent already is looked up first.",
            account=account,
        )


@contextmanager
def working_as(worker: str, lost: Callable[[], None]) -> Iterator[None]:
    """While the block runs, ``lives(worker)`` is true, in every process; ``lost`` is called should the database have let go of us.

    PostgreSQL ends a lock with its session. Whoever has lost it counts as dead, and others begin its work anew.
    """
    with held(_worker(worker)) as got:
        assert got, "a worker's name is its own"
        if connection.vendor != "postgresql":
            yield
            return
        ended = Event()
        watch = Thread(target=_watched, args=(worker, ended, lost), name="refloat-lease", daemon=True)
        watch.start()
        try:
            yield
        finally:
            ended.set()
            watch.join()


def lives(worker: str) -> bool:
    """Does the worker of that name live, on whatever machine?"""
    with held(_worker(worker)) as got:
        return not got


def _worker(name: str) -> str:
    return f"worker|{name}"


def _watched(worker: str, ended: Event, lost: Callable[[], None]) -> None:
    """Look again and again whether the session of our lock still lives; a worker that lost it ends when the database is back, not before."""
    try:
        while not ended.wait(_WATCH_SECONDS):
            if not locking.still(_worker(worker)) and locking.reachable():
                lost()
                return
    finally:
        connection.close()


@contextmanager
def _on_file(database: Path, name: str, patience_seconds: float) -> Iterator[None]:
    """A lock on a file of its own beside the database: SQLite's own locks last only as long as a statement."""
    with FileLock(database.with_name(f"{database.name}.{_mark(name).hex()}.lock"), timeout=patience_seconds, mode=0o600):
        yield


@contextmanager
def _on_postgresql(name: str, patience_seconds: float) -> Iterator[None]:
    """An advisory lock of this process's session."""
    number, until = int.from_bytes(_mark(name), signed=True), monotonic() + patience_seconds
    while not locking.taken(name, number):
        if monotonic() >= until:
            raise Timeout(name)
        sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        locking.let_go(name, number)


def _mark(name: str) -> bytes:
    """Eight bytes for the name, which may hold what no file's name may."""
    return sha256(f"refloat|{name}".encode()).digest()[:8]


def _busy(account: str) -> AccountBusy:
    return AccountBusy(
        "Another process is working on {account} now.",
        why="Two at once would order every report twice, and Amazon gives only a few.",
        todo="Wait until it has ended; it may be a refloat observe --watch in another window.",
        account=account,
    )
