"""Where the SQLite file lies: made for its user alone, ready for several processes at once."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from refloat.store.troubles import told

#: Marks the file as ours (PRAGMA application_id); "rflt" in ASCII.
APPLICATION_ID = 0x72666C74


def made(path: Path) -> None:
    """The file is there afterwards, readable by its user alone, and can be written.

    Raises:
        StoreError: the place is read-only, full, or cannot be reached.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
    except (OSError, sqlite3.Error) as error:
        raise told(error, str(path)) from error
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise told(PermissionError("permission denied"), str(path))


def _make(path: Path) -> None:
    """Made under another name and then linked: two processes that switch one new file to WAL lock each other out."""
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    os.close(descriptor)
    try:
        with closing(sqlite3.connect(name)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        _named(Path(name), path)
    finally:
        for left in (name, f"{name}-wal", f"{name}-shm"):
            Path(left).unlink(missing_ok=True)


def _named(new: Path, path: Path) -> None:
    """Give the new file its name, unless another process was first."""
    with suppress(FileExistsError):
        try:
            os.link(new, path)
        except (PermissionError, NotImplementedError):
            # A file system without links (FAT): then the first two processes must not start in the same instant.
            if not path.exists():
                new.rename(path)
