"""From what a person names (files, folders, archives, ``-``) to the bytes of single report files."""

from __future__ import annotations

import io
import lzma
import mmap
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from refloat.errors import TooLarge
from refloat.knowledge.tables import marketplace_code, table
from refloat.model.source import Warning

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_STEP = 1 << 20
#: A step of packed bytes: it unpacks to 16 MiB at most.
_PACKED_STEP = 1 << 14
_DEEPEST = 3
#: Reports shrink to a tenth or a thirtieth. What unpacks to more than 32 MiB at 100 times its size is a bomb.
_BOMB_BYTES, _BOMB_TIMES = 32 << 20, 100

Bytes = bytes | mmap.mmap


@dataclass(frozen=True)
class Blob:
    """One file's bytes, and what its place tells: a marketplace, a moment, whether it arrived whole."""

    name: str
    data: Bytes
    marketplace: str | None = None
    written_at: datetime | None = None
    whole: bool = True
    path: Path | None = None
    trouble: Warning | None = None


class Budget:
    """How many bytes may still be unpacked, over all files of one call."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit: int = limit if limit is not None else table("limits")["upload"]["bytes"]
        self.left = self.limit

    def spend(self, size: int, name: str) -> None:
        """Count ``size`` unpacked bytes.

        Raises:
            TooLarge: there are more than the limit allows.
        """
        self.expect(size, name)
        self.left -= size

    def expect(self, size: int, name: str) -> None:
        """Look whether ``size`` bytes may be unpacked, before a byte of them is.

        Raises:
            TooLarge: they are more than the limit allows.
        """
        if size > self.left:
            raise TooLarge(
                "{name} is larger than {limit} bytes once unpacked.",
                why="A file that grows without end would fill this machine; reports are far smaller.",
                todo="Check the file. If it is a real report, raise the limit with --limit-bytes.",
                name=name,
                limit=f"{self.limit:,}",
            )


def blobs(arguments: list[str], budget: Budget) -> Iterator[Blob]:
    """Every report file behind the arguments: ``FILE``, ``FOLDER``, ``-``, or ``DE=`` before one of them.

    What is not there, or grows beyond the budget, comes as an empty blob with its trouble: the rest goes on.
    """
    for argument in arguments:
        place, path = _split(argument)
        if path == "-":
            yield from _within(Blob("-", sys.stdin.buffer.read(budget.left + 1), place), budget)
        else:
            for file in _files(Path(path)):
                yield from _within(_opened(file, place or _place_of_folder(file, below=Path(path))), budget)


def _within(blob: Blob, budget: Budget) -> Iterator[Blob]:
    """What is in the blob, as long as it stays within the budget; what a refused one took is given back."""
    left = budget.left
    try:
        if blob.name == "-":
            budget.spend(len(blob.data), blob.name)
        yield from _unpacked(blob, budget)
    except TooLarge:
        budget.left = left
        yield Blob(blob.name, b"", blob.marketplace, whole=False, trouble=Warning("too-large", blob.name))


def _split(argument: str) -> tuple[str | None, str]:
    before, equals, after = argument.partition("=")
    if equals and not Path(argument).exists() and (code := marketplace_code(before)):
        return code, after
    return None, argument


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
    else:
        yield path


def _place_of_folder(path: Path | PurePosixPath, below: Path | PurePosixPath | None = None) -> str | None:
    """The marketplace named by the nearest folder: ``reports/DE/stranded.txt`` → DE.

    Only folders at or below the one that was named count: an ``IT`` department further up is no marketplace.
    """
    folders = path.parent.parts if below is None else path.parent.parts[max(0, len(below.parts) - 1) :] if below != path else path.parent.parts[-1:]
    names = (name for name in reversed(folders) if len(name) == 2 and name.isupper())
    return next((code for name in names if (code := marketplace_code(name))), None)


def _opened(path: Path, place: str | None) -> Blob:
    """A large file is mapped, not read; ``Blob.path`` then says where Polars finds the same bytes."""
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        with path.open("rb") as file:
            seen = path.stat()
            mapped = seen.st_size > _STEP
            data: Bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if mapped else file.read()
    except OSError as error:
        trouble = Warning("cannot-open", name, facts=(("error", str(error.strerror or error)),))
        return Blob(name, b"", place, trouble=trouble, whole=False)
    return Blob(name, data, place, datetime.fromtimestamp(seen.st_mtime, UTC), path=path if mapped and name == str(path) else None)


def _unpacked(blob: Blob, budget: Budget, depth: int = 0) -> Iterator[Blob]:
    start = bytes(blob.data[:4])
    if depth > _DEEPEST:
        raise TooLarge("{name} is packed more than {times} times over.", why="No report comes like that.", todo="Unpack it by hand and look inside.", name=blob.name, times=_DEEPEST)
    if start.startswith(GZIP):
        yield from _unpacked(_gunzipped(blob, budget), budget, depth + 1)
    elif start.startswith((ZIP, EMPTY_ZIP)):
        yield from _members(blob, budget, depth)
    elif start == OLD_EXCEL:
        yield replace(blob, data=b"", path=None, trouble=Warning("excel-workbook", blob.name))
    else:
        yield blob


class _Unpacking:
    """The unpacked bytes of one packed file, watched while they grow."""

    def __init__(self, name: str, packed: int, budget: Budget) -> None:
        self.name, self.packed, self.budget = name, packed, budget
        self.out = io.BytesIO()

    def add(self, part: bytes) -> None:
        self.budget.spend(len(part), self.name)
        self.out.write(part)
        if self.out.tell() > max(_BOMB_BYTES, _BOMB_TIMES * self.packed):
            raise TooLarge(
                "{name} unpacks to more than {times} times its size.",
                why="A file that grows without end would fill this machine; reports shrink to a tenth, not to nothing.",
                todo="Check where the file comes from. If it is a real report, unpack it by hand and give the text file.",
                name=self.name,
                times=_BOMB_TIMES,
            )


def _gunzipped(blob: Blob, budget: Budget) -> Blob:
    """The unpacked bytes; what arrived before the cut when the stream ends early."""
    unpacking = _Unpacking(blob.name, len(blob.data), budget)
    trouble = None
    try:
        for part in _inflated(blob.data):
            unpacking.add(part)
    except (zlib.error, EOFError):
        trouble = Warning("archive-cut", blob.name)
    return replace(blob, data=unpacking.out.getvalue(), whole=blob.whole and trouble is None, path=None, trouble=blob.trouble or trouble)


def _inflated(data: Bytes) -> Iterator[bytes]:
    """Every gzip stream in ``data``, one after the other; what follows them and is none is passed over.

    Raises:
        EOFError, zlib.error: a stream ends early or is damaged.
    """
    stream = zlib.decompressobj(wbits=31)
    for at in range(0, len(data), _PACKED_STEP):
        rest = bytes(data[at : at + _PACKED_STEP])
        while rest:
            if stream.eof:
                if not GZIP.startswith(rest[:2]):
                    return
                stream = zlib.decompressobj(wbits=31)
            yield stream.decompress(rest)
            rest = stream.unused_data
    if not stream.eof:
        raise EOFError


def _members(blob: Blob, budget: Budget, depth: int) -> Iterator[Blob]:
    try:
        archive = zipfile.ZipFile(blob.path or io.BytesIO(bytes(blob.data)))
        names = archive.infolist()
    except _ZIP_TROUBLE:
        yield replace(blob, data=b"", path=None, whole=False, trouble=Warning("archive-damaged", blob.name))
        return
    if any(member.filename == "[Content_Types].xml" for member in names):
        yield replace(blob, data=b"", path=None, trouble=Warning("excel-workbook", blob.name))
        return
    budget.expect(sum(member.file_size for member in names), blob.name)
    for member in names:
        # Not member.is_dir(): it fails on a member without a name.
        if member.filename.endswith("/") or PurePosixPath(member.filename).name.startswith("."):
            continue
        yield from _unpacked(_member(archive, member, blob, budget), budget, depth + 1)


#: What a damaged, encrypted or unusual archive makes ``zipfile`` and the packers below it raise.
_ZIP_TROUBLE = (zipfile.BadZipFile, EOFError, RuntimeError, OSError, ValueError, OverflowError, zlib.error, lzma.LZMAError, struct.error)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, outer: Blob, budget: Budget) -> Blob:
    name = f"{outer.name}/{member.filename}"
    inside = replace(outer, name=name, path=None, marketplace=outer.marketplace or _place_of_folder(PurePosixPath(member.filename)))
    unpacking = _Unpacking(name, member.compress_size, budget)
    trouble = None
    try:
        with archive.open(member) as file:
            while part := file.read(_STEP):
                unpacking.add(part)
    except _ZIP_TROUBLE:
        trouble = Warning("archive-cut", name)
    return replace(inside, data=unpacking.out.getvalue(), whole=trouble is None, trouble=trouble)
