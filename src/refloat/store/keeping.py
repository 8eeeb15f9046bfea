"""A backup of the whole store in one file: written while others work, read again before it takes its name."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from refloat.errors import WrongUse
from refloat.store.chains import Chain, Link, walked
from refloat.store.troubles import StoreError, told

#: Beside a backup lies its SHA-256, as sha256sum writes and checks it.
SUM = ".sha256"
_LINKS = """SELECT account_id, marketplace, number, at, kind, body, previous_hash, hash
    FROM store_journalentry ORDER BY account_id, marketplace, number"""
_COUNTED = ("account", "snapshot", "document", "stranding", "plandocument", "journalentry")


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup as it was read again: which tables it has, how many rows, how many chains hold."""

    path: Path
    sha256: str
    size_bytes: int
    version: str
    counts: dict[str, int]
    chains: int


def sum_of(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def finished(path: Path) -> Iterator[Path]:
    """A file of another name to write into, for its user alone; it gets its own name, and its sum beside it, only when the block ends well.

    Raises:
        WrongUse: there is something of that name already.
        StoreError: the place cannot be written, or is full.
    """
    refuse_taken(path)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
        os.close(descriptor)
    except OSError as error:
        raise told(error, str(path)) from error
    part = Path(name)
    try:
        yield part
        path.with_name(path.name + SUM).write_text(f"{sum_of(part)}  {path.name}\n", encoding="utf-8")
        path.with_name(path.name + SUM).chmod(0o600)
        # A link never takes the place of a file that came meanwhile.
        os.link(part, path)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise told(error, str(path)) from error
    finally:
        for left in (part, part.with_name(part.name + "-wal"), part.with_name(part.name + "-shm"), part.with_name(part.name + "-journal")):
            left.unlink(missing_ok=True)


def refuse_taken(path: Path) -> None:
    """Ask before the work is done.

    Raises:
        WrongUse: there is something of that name already.
    """
    if path.exists() or path.is_symlink() or path.with_name(path.name + SUM).exists():
        raise _taken(path)


def copied(source: Path, target: Path) -> None:
    """SQLite's own online copy: a whole state, though others write meanwhile.

    Raises:
        StoreError: the source is damaged, or the target cannot be written.
    """
    try:
        with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target, timeout=30)) as new:
            old.backup(new)
            # One file, without a second one beside it.
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise told(error, str(source)) from error


def read_again(path: Path, of: Path | None = None) -> Kept:
    """Read a SQLite backup from end to end: its pages, its foreign keys, its journal, its rows.

    Raises:
        StoreError: something of it is not as it should be, or it is no store of ours.
    """
    shown = of or path
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            if opened.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise unfit(shown, "its pages are damaged")
            versions = [name for (name,) in opened.execute("SELECT name FROM django_migrations WHERE app = 'store' ORDER BY name")]
            if not versions:
                raise unfit(shown, "it holds no store of Refloat's")
            chains = sound(walked(Link._make((*row[:3], _moment(row[3]), *row[4:])) for row in opened.execute(_LINKS)), shown)
            there = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            counts = {name: opened.execute(f"SELECT count(*) FROM store_{name}").fetchone()[0] for name in _COUNTED if f"store_{name}" in there}  # noqa: S608
    except sqlite3.Error as error:
        raise unfit(shown, str(error)) from error
    return Kept(shown, sum_of(path), path.stat().st_size, versions[-1], counts, chains)


def sound(chains: Iterator[Chain], path: Path) -> int:
    """How many chains there are; all of them hold.

    Raises:
        StoreError: one does not.
    """
    count = 0
    for chain in chains:
        count += 1
        if chain.broken is not None:
            raise unfit(path, f"its journal is broken at entry {chain.broken} of {chain.marketplace or 'the account'} ({chain.how})")
    return count


def checked_sum(path: Path) -> None:
    """The file is the one that was written, where its sum lies beside it.

    Raises:
        WrongUse: there is no such file.
        StoreError: it is another one.
    """
    if not path.is_file():
        raise WrongUse("There is no backup {path}.", why="A backup is one file, as refloat backup wrote it.", todo="Give its path.", path=path)
    beside = path.with_name(path.name + SUM)
    with suppress(FileNotFoundError):
        if beside.read_text(encoding="utf-8").split(" ", 1)[0] != sum_of(path):
            raise unfit(path, f"its SHA-256 is not the one in {beside.name}")


def unfit(path: Path, said: str) -> StoreError:
    """A backup that is not to be used."""
    return StoreError("{path} is no sound backup: {said}.", why="A store is never made from something that is not whole. Nothing was changed.", todo="Use another backup.", path=path, said=said)


def _taken(path: Path) -> WrongUse:
    return WrongUse("{path} is there already.", why="A backup never takes the place of another file.", todo="Give another name, for example with the day in it.", path=path)


def _moment(text: str) -> str:
    """A moment as SQLite keeps it (UTC, without saying so) in ISO 8601."""
    day, _, clock = text.partition(" ")
    return f"{day}T{clock}+00:00"


def copied_over(source: Path, live: Path) -> None:
    """Put the state of ``source`` into a store that others may have open: in one step, or not at all.

    Raises:
        StoreError: the store is busy, or cannot be written.
    """
    try:
        with closing(sqlite3.connect(source)) as new, closing(sqlite3.connect(live, timeout=30)) as old:
            new.backup(old)
    except sqlite3.Error as error:
        raise told(error, str(live)) from error
