"""From what a person names (files, folders, archives, ``-``) to the bytes of single report files."""

from __future__ import annotations

import io
import mmap
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from refloat.errors import TooLarge, WrongUse
from refloat.knowledge.tables import marketplace_code, table
from refloat.model.source import Warning

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
_STEP = 1 << 20
_DEEPEST = 3

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
        self.left -= size
        if self.left < 0:
            raise TooLarge(
                f"{name} is larger than {self.limit:,} bytes once unpacked.",
                why="A file that grows without end would fill this machine; reports are far smaller.",
                todo="Check the file. If it is a real report, raise the limit with --limit-bytes.",
            )


def blobs(arguments: list[str], budget: Budget) -> Iterator[Blob]:
    """Every report file behind the arguments: ``FILE``, ``FOLDER``, ``-``, or ``DE=`` before one of them."""
    for argument in arguments:
        place, path = _split(argument)
        if path == "-":
            yield from _unpacked(Blob("-", sys.stdin.buffer.read(budget.limit + 1), place), budget)
        else:
            for file in _files(Path(path)):
                yield from _unpacked(_opened(file, place or _place_of_folder(file)), budget)


def _split(argument: str) -> tuple[str | None, str]:
    before, equals, after = argument.partition("=")
    if equals and not Path(argument).exists() and (code := marketplace_code(before)):
        return code, after
    return None, argument


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise WrongUse(f"There is no file or folder {path}.", why="The name may be mistyped, or the download may be elsewhere.", todo="Check the name; quote it when it holds blanks.")
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
    else:
        yield path


def _place_of_folder(path: Path | PurePosixPath) -> str | None:
    """The marketplace named by the nearest folder: ``reports/DE/stranded.txt`` → DE."""
    names = (name for name in reversed(path.parent.parts) if len(name) == 2 and name.isupper())
    return next((code for name in names if (code := marketplace_code(name))), None)


def _opened(path: Path, place: str | None) -> Blob:
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            data: Bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size > _STEP else file.read()
    except OSError as error:
        trouble = Warning("cannot-open", str(path), facts=(("error", str(error.strerror or error)),))
        return Blob(str(path), b"", place, trouble=trouble, whole=False)
    return Blob(str(path), data, place, datetime.fromtimestamp(path.stat().st_mtime, UTC), path=path)


def _unpacked(blob: Blob, budget: Budget, depth: int = 0) -> Iterator[Blob]:
    start = bytes(blob.data[:4])
    if depth > _DEEPEST:
        raise TooLarge(f"{blob.name} is packed more than {_DEEPEST} times over.", why="No report comes like that.", todo="Unpack it by hand and look inside.")
    if start.startswith(GZIP):
        yield from _unpacked(_gunzipped(blob, budget), budget, depth + 1)
    elif start.startswith((ZIP, EMPTY_ZIP)):
        yield from _members(blob, budget, depth)
    else:
        if blob.path is None:
            budget.spend(len(blob.data) if depth == 0 else 0, blob.name)
        yield blob


def _gunzipped(blob: Blob, budget: Budget) -> Blob:
    """The unpacked bytes; what arrived before the cut when the stream ends early."""
    parts: list[bytes] = []
    whole = True
    rest = bytes(blob.data)
    while rest.startswith(GZIP):
        stream = zlib.decompressobj(wbits=31)
        try:
            while not stream.eof and rest:
                part = stream.decompress(rest, _STEP)
                budget.spend(len(part), blob.name)
                parts.append(part)
                rest = stream.unconsumed_tail
                if not part and not rest:
                    break
            whole = whole and stream.eof
        except zlib.error:
            whole = False
        rest = stream.unused_data
    trouble = None if whole else Warning("archive-cut", blob.name)
    return replace(blob, data=b"".join(parts), whole=whole, path=None, trouble=trouble)


def _members(blob: Blob, budget: Budget, depth: int) -> Iterator[Blob]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(bytes(blob.data)))
        names = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError):
        yield replace(blob, data=b"", path=None, whole=False, trouble=Warning("archive-cut", blob.name))
        return
    if any(member.filename == "[Content_Types].xml" for member in names):
        yield replace(blob, data=b"", path=None, trouble=Warning("excel-workbook", blob.name))
        return
    budget.spend(0 if sum(member.file_size for member in names) <= budget.left else budget.left + 1, blob.name)
    for member in names:
        if member.is_dir() or PurePosixPath(member.filename).name.startswith((".", "__MACOSX")):
            continue
        yield from _unpacked(_member(archive, member, blob, budget), budget, depth + 1)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, outer: Blob, budget: Budget) -> Blob:
    name = f"{outer.name}/{member.filename}"
    inside = replace(outer, name=name, path=None, marketplace=outer.marketplace or _place_of_folder(PurePosixPath(member.filename)))
    parts: list[bytes] = []
    try:
        with archive.open(member) as file:
            while part := file.read(_STEP):
                budget.spend(len(part), name)
                parts.append(part)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, zlib.error):
        return replace(inside, data=b"".join(parts), whole=False, trouble=Warning("archive-cut", name))
    return replace(inside, data=b"".join(parts))
