"""A report file → what it is, its typed rows, and what a person should know about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import PurePath

import polars as pl

from refloat.errors import WrongUse
from refloat.knowledge.tables import marketplace_code
from refloat.model import answers
from refloat.model.source import Source, Warning
from refloat.reports import careful, encoding, fast, trouble, values
from refloat.reports.answers import frame_of
from refloat.reports.containers import Blob, Budget, Bytes, blobs
from refloat.reports.layout import Layout, layout_of
from refloat.reports.recognise import Field, Report, recognised
from refloat.reports.rows import Rows
from refloat.reports.typed import typed

_HEAD = 256 << 10
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Reading:
    """One file as it was read; ``frame`` is None when nothing of it could be used."""

    source: Source
    frame: pl.DataFrame | None
    warnings: tuple[Warning, ...]


def read_files(
    arguments: Sequence[str],
    *,
    marketplace: str | None = None,
    account: str | None = None,
    charset: str | None = None,
    limit: int | None = None,
) -> Iterator[Reading]:
    """Every report behind ``arguments``, in order, read by content.

    Args:
        marketplace: two-letter code for files that do not name one.
        charset: as declared with the download; used where it fits the bytes.
        limit: bytes that may be unpacked in all.

    Raises:
        WrongUse: there is no such charset.
    """
    declared = _declared(charset)
    for blob in blobs(list(arguments), Budget(limit)):
        source = Source(blob.name, "unknown", blob.marketplace or marketplace, account, whole=blob.whole)
        reading = _reading(blob, source, declared)
        yield replace(reading, warnings=(blob.trouble, *reading.warnings)) if blob.trouble else reading


@dataclass(frozen=True)
class Kept:
    """A snapshot out of the store, as the reader needs it. ``failed``: why a newer one could not be had."""

    name: str
    content: bytes
    marketplace: str
    account: str
    observed_at: datetime
    charset: str | None = None
    whole: bool = True
    failed: str | None = None


def read_kept(snapshots: Iterable[Kept]) -> Iterator[Reading]:
    """Every snapshot, read as a file with that content would be; its moment is known, not guessed."""
    for kept in snapshots:
        source = Source(kept.name, "unknown", kept.marketplace, kept.account, whole=kept.whole, failed=kept.failed)
        blob = Blob(kept.name, kept.content, kept.marketplace, kept.observed_at, kept.whole)
        reading = _reading(blob, source, _known(kept.charset))
        yield replace(reading, source=replace(reading.source, observed_at=kept.observed_at, observed_from="snapshot"))


def _known(charset: str | None) -> str | None:
    """The codec of a declared charset; a name that nobody knows counts as not declared."""
    try:
        return encoding.charset(charset) if charset else None
    except LookupError:
        return None


def _declared(charset: str | None) -> str | None:
    try:
        return encoding.charset(charset) if charset else None
    except LookupError as error:
        raise WrongUse("There is no charset {name}.", why="The name is mistyped.", todo="Give it as Amazon's download names it (cp1252, Windows-31J), or leave it out.", name=charset) from error


def _reading(blob: Blob, source: Source, declared: str | None) -> Reading:
    if not bytes(blob.data[:_HEAD]).strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return Reading(source, None, () if blob.trouble else (Warning("empty-file", blob.name),))
    if kind := answers.kind_of(bytes(blob.data[:_HEAD])):
        return _answers(kind, blob, source)
    codec = encoding.detected(blob.data, declared)
    layout = layout_of(bytes(blob.data[:_HEAD]).decode(codec, errors="ignore"))
    report = recognised(layout.header)
    if report is None:
        return Reading(replace(source, encoding=encoding.public_name(codec)), None, (trouble.unknown_report(blob.name, layout.header),))
    bound = report.bound(layout.header)
    rows, codec = _rows(blob, codec, layout, bound, values.point_of(source.marketplace))
    source = replace(source, report=report.name, encoding=encoding.public_name(codec), columns=frozenset(field.name for field in bound.values()))
    return _typed_reading(source, blob, report, rows)


def _answers(kind: str, blob: Blob, source: Source) -> Reading:
    try:
        frame = frame_of(kind, bytes(blob.data))
    except (ValueError, KeyError, TypeError, ArithmeticError, pl.exceptions.PolarsError):
        return Reading(source, None, (Warning("answers-damaged", blob.name),))
    return Reading(replace(source, report=kind, encoding="utf-8", rows=frame.height), frame, ())


def _rows(blob: Blob, codec: str, layout: Layout, bound: Mapping[int, Field], point: str | None) -> tuple[Rows, str]:
    """The rows by the fast way, or by the careful one where the file is not well-formed; and the codec that read them."""
    data, path = (blob.data, blob.path) if codec == "utf-8" else (encoding.as_utf8(blob.data, codec), None)
    try:
        return fast.frame_of(data, path, layout, bound, point=point, whole=blob.whole), codec
    except fast.NotUtf8:
        codec = encoding.of_foreign_letters(blob.data)
        recoded = replace(blob, data=encoding.as_utf8(blob.data, codec), path=None)
        return _rows(recoded, "utf-8", layout, bound, point)[0], codec
    except fast.Unfit:
        text, codec = _text(data, codec)
        return careful.frame_of(text, layout, bound, blob.name, whole=blob.whole), codec


def _text(data: Bytes, codec: str) -> tuple[str, str]:
    """The text of ``data`` in UTF-8, which the start of the file seemed to be; and its codec."""
    try:
        text = bytes(data).decode()
    except UnicodeDecodeError:
        codec = encoding.of_foreign_letters(data)
        text = encoding.as_utf8(data, codec).decode()
    return text.removeprefix("\ufeff"), codec


def _typed_reading(source: Source, blob: Blob, report: Report, rows: Rows) -> Reading:
    lost = len(rows.refused)
    warnings = [*trouble.listed(source.file, "too-many-cells", rows.refused, lost)]
    rows = rows.without_blank()
    if rows.cut and rows.height:
        warnings.append(Warning("last-line-cut", source.file, rows.line(rows.height - 1)))
        rows, lost = rows.without_last(), lost + 1
    result = typed(rows.frame, report.fields, source.marketplace)
    warnings += trouble.of_doubts(source.file, result.doubts, rows)
    frame = result.frame.with_columns(rows.numbers()) if report.name == "stranded" else result.frame
    if (bad := result.refused) is not None:
        frame, lost = frame.filter(~bad), lost + int(bad.sum())
    source = replace(_dated(source, blob, frame), rows=frame.height, refused_rows=lost, whole=source.whole and not lost, marketplace=_place(source, frame))
    return Reading(source, frame, (*warnings, *trouble.about(source, report)))


def _place(source: Source, frame: pl.DataFrame) -> str | None:
    """The marketplace that the rows themselves name, where all name the same one."""
    if source.marketplace or "row_marketplace" not in frame.columns:
        return source.marketplace
    codes = {marketplace_code(text) for text in frame["row_marketplace"].drop_nulls().unique()}
    return codes.pop() if len(codes) == 1 else None


def _dated(source: Source, blob: Blob, frame: pl.DataFrame) -> Source:
    """The moment that the file shows: by its content, by the last date in its name, else by its file time."""
    if "planning_on" in frame.columns and (shown := frame["planning_on"].max()) is not None:
        return replace(source, observed_at=datetime.combine(shown, time(), UTC), observed_from="content")  # type: ignore[arg-type]
    if found := _DATE_IN_NAME.findall(PurePath(blob.name).name):
        year, month, day = map(int, found[-1])  # of a period, its end
        try:
            return replace(source, observed_at=datetime(year, month, day, tzinfo=UTC), observed_from="name")
        except ValueError:
            return source
    return replace(source, observed_at=blob.written_at, observed_from="file-time" if blob.written_at else None)
