"""Files that are there whole or not at all, and cells that a spreadsheet cannot run."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from refloat.errors import WrongUse

#: A cell that begins so may be run as a formula; the wide forms count in Chinese and Japanese editions.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # fmt: skip


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; it becomes ``path`` only when the block ends well, so no half file is ever left.

    A link stays a link, an existing file keeps its permissions. A pipe or a device cannot be
    replaced: it gets a copy at the end.

    Raises:
        OSError: the folder is missing, full or protected, or ``path`` is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        with TemporaryDirectory() as folder:
            part = Path(folder) / "part"
            yield part
            with part.open("rb") as whole, path.open("wb") as out:
                shutil.copyfileobj(whole, out)
        return
    target = path.resolve()
    part = target.with_name(f".{secrets.token_hex(6)}.part")
    try:
        yield part
        _reaches_the_disk(part)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def told_where(path: Path) -> Iterator[None]:
    """What could not be written is told as such, with its place.

    Raises:
        WrongUse: the block raised an OSError.
    """
    try:
        yield
    except OSError as error:
        raise WrongUse(
            "{path} could not be written: {error}.",
            why="The folder may be missing, full or protected.",
            todo="Give another place, or make room; nothing else was lost.",
            path=path,
            error=error.strerror or error,
        ) from error


def _reaches_the_disk(part: Path) -> None:
    """A full disk may tell only now, and must tell before the old file is replaced."""
    with part.open("rb+") as written:
        os.fsync(written.fileno())


def harmless(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would run it as a formula.

    >>> harmless("=1+1"), harmless("A-1")
    ("'=1+1", 'A-1')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def printable(text: str) -> str:
    """The text without what no file of text may hold: control characters and halves of characters."""
    if text.isprintable():
        return text
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(ch if (ch >= " " and ch != "\x7f") or ch in "\t\n" else "\N{REPLACEMENT CHARACTER}" for ch in whole)
