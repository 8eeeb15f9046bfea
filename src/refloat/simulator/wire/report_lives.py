"""The life of a report: IN_QUEUE, IN_PROGRESS, then DONE, CANCELLED or FATAL; and the documents that Amazon gives again.

Reports API v2021-06-30; how often a report is made anew: developer-docs "FBA sales reports" and "Inventory reports".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from refloat.simulator.documents import spoilt
from refloat.simulator.documents.asked import Asked
from refloat.simulator.documents.drawn import Drawn, drawn
from refloat.simulator.documents.kinds import KINDS
from refloat.simulator.wire import notifications, stored
from refloat.simulator.world import World

Stage = Literal["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"]
#: Below this size a document lies there as it is, where ``small_documents_plain`` says so.
PLAIN_UP_TO = 64 * 1024
#: Countries in which the stranded reports were offered before they were offered everywhere.
_STRANDED_ONCE = frozenset({"US", "IN", "JP"})
_LOCALE = "preferredReportDocumentLocale"
_WRONG = b'{"errorDetails": "The report could not be generated because of an internal error. Request the report again later."}'


@dataclass
class Report:
    """One request for a report."""

    id: str
    seller_id: str
    type: str
    marketplace_ids: tuple[str, ...]
    created_at: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    stage: Stage = "IN_QUEUE"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    document_id: str | None = None


@dataclass(frozen=True)
class Ending:
    """How a report ends."""

    stage: Stage
    document_id: str | None = None


@dataclass(frozen=True)
class Kept:
    """What Amazon gives again until then."""

    until: datetime
    ending: Ending


@dataclass(frozen=True)
class Laid:
    """A document of a report: whose it is, and whether it is packed."""

    seller_id: str
    packed: bool


def reports_of(world: World, seller_id: str) -> dict[str, Report]:
    """The seller's reports by id, the oldest first."""
    room: dict[str, dict[str, Report]] = world.rooms.setdefault("reports", {})
    return room.setdefault(seller_id, {})


def laid(world: World) -> dict[str, Laid]:
    """Every report document by its id."""
    room: dict[str, Laid] = world.rooms.setdefault("report-documents", {})
    return room


def queue(world: World, report: Report) -> None:
    """Put the report into the queue; its life goes on by the world's clock."""
    world.happenings.setdefault("report-started", _started)
    world.happenings.setdefault("report-ended", _ended)
    reports_of(world, report.seller_id)[report.id] = report
    world.note("report-asked", report.seller_id, report.type, report.id)
    world.later(timedelta(seconds=round(world.random("report-queue", report.id).uniform(5, 25))), "report-started", report.seller_id, report.id)


def _started(world: World, seller_id: str, report_id: str) -> None:
    report = reports_of(world, seller_id)[report_id]
    if report.stage != "IN_QUEUE":
        return
    report.stage, report.started_at = "IN_PROGRESS", world.now
    ending = _ending(world, report)
    # A large account takes minutes rather than seconds.
    seconds = world.random("report-work", report_id).uniform(15, 65) + len(world.listings) / 500
    world.later(timedelta(seconds=round(seconds)), "report-ended", seller_id, report_id, ending.stage, ending.document_id)


def _ended(world: World, seller_id: str, report_id: str, stage: Stage, document_id: str | None) -> None:
    report = reports_of(world, seller_id)[report_id]
    report.stage, report.ended_at, report.document_id = stage, world.now, document_id
    world.note("report-ended", seller_id, report.type, report_id, stage)
    notifications.report_finished(world, seller_id, report_id=report_id, report_type=report.type, stage=stage, document_id=document_id)


def _ending(world: World, report: Report) -> Ending:
    """How the report will end: the faults first, then what is kept, then the state at this moment."""
    if world.faults.strikes(world, "report-cancelled", report.type):
        return Ending("CANCELLED")
    if world.faults.strikes(world, "report-fatal", report.type):
        return Ending("FATAL", _lay(world, report, stored.Stored(_WRONG, {"content-type": "application/json"}), packed=False))
    kept: dict[object, Kept] = world.rooms.setdefault("reports-kept", {})
    before = kept.get(_key(world, report))
    if before is not None and before.until > world.now:
        return Ending("CANCELLED") if world.switches.asked_too_often_cancelled else before.ending
    ending = _made(world, report)
    kept[_key(world, report)] = Kept(world.now + KINDS[report.type].kept_for(len(world.listings)), ending)
    return ending


def _key(world: World, report: Report) -> object:
    """What makes two requests the same to Amazon."""
    ignored = {_LOCALE} if world.switches.cache_ignores_locale else set()
    options = tuple(sorted((name, value) for name, value in report.options.items() if name not in ignored))
    return report.seller_id, report.type, report.marketplace_ids, options, report.since, report.until


def _made(world: World, report: Report) -> Ending:
    kind = KINDS[report.type]
    asked = Asked(world, report.seller_id, report.marketplace_ids, report.options, report.since, report.until)
    if report.type.startswith("GET_STRANDED_") and not world.switches.stranded_report_everywhere and asked.place.country not in _STRANDED_ONCE:
        return Ending("CANCELLED")
    past: list[tuple[datetime, str]] = world.rooms.setdefault("reports-past", {}).setdefault(_key(world, report), [])
    old = next((document for at, document in reversed(past) if at <= world.now - spoilt.STALE), None)
    stale = (old is not None or report.type == "GET_STRANDED_INVENTORY_UI_DATA") and world.faults.strikes(world, "stale-report", report.type)
    if stale and old is not None:
        return Ending("DONE", old)
    made = drawn(kind, asked, lambda rows: spoilt.rows(world, report.id, kind.name, rows, stale))
    if not made.rows and world.switches.empty_report_cancelled:
        return Ending("CANCELLED")
    document_id = _store(world, report, made)
    _remember(past, world.now, document_id)
    return Ending("DONE", document_id)


def _remember(past: list[tuple[datetime, str]], now: datetime, document_id: str) -> None:
    """Keep the last document of each of the last few days, for the fault that shows an old state."""
    if past and past[-1][0].date() == now.date():
        past.pop()
    past.append((now, document_id))
    del past[:-5]


def _store(world: World, report: Report, made: Drawn) -> str:
    plain = world.switches.small_documents_plain and len(made.content) <= PLAIN_UP_TO
    charset = spoilt.other_charset(made.charset) if world.faults.strikes(world, "wrong-charset", report.type) else made.charset
    content = made.content if plain else spoilt.packed(made.content)
    return _lay(world, report, stored.Stored(content, {"content-type": f"text/plain; charset={charset}"}), packed=not plain)


def _lay(world: World, report: Report, document: stored.Stored, packed: bool) -> str:
    region = world.sellers[report.seller_id].region.lower()
    document_id = f"amzn1.spdoc.1.4.{region}.{world.identity('report-document', 20)}"
    stored.documents(world)[document_id] = document
    laid(world)[document_id] = Laid(report.seller_id, packed)
    return document_id


def variant(world: World, document_id: str, encoded: bool) -> str:
    """The document that one link leads to: itself, one that says ``Content-Encoding: gzip``, or one that breaks off.

    The break belongs to the link, as it does on the line: who asks for a new link gets the whole document.
    """
    document = stored.documents(world)[document_id]
    headers = {**document.headers, "content-encoding": "gzip"} if encoded and laid(world)[document_id].packed else document.headers
    content = document.content
    if world.faults.strikes(world, "half-document", "getReportDocument"):
        content, headers = spoilt.halved(world, document_id, content, headers)
    if content is document.content and headers is document.headers:
        return document_id
    other = f"{document_id}.{world.identity('document-variant', 6)}"
    stored.documents(world)[other] = replace(document, content=content, headers=dict(headers))
    return other
