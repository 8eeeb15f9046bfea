"""Reports API v2021-06-30 (reports_2021-06-30.json): ask for a report, follow it, cancel it, find its document. Schedules are not played."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from refloat.simulator.documents.kinds import KINDS, NOT_PLAYED, Kind
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.wire import report_lives, stored
from refloat.simulator.wire.asked import checked_marketplaces, moment_asked, number, options, seller_of, words, wrong
from refloat.simulator.wire.moments import moment_in, spoken, turned_on
from refloat.simulator.wire.report_lives import Report, reports_of
from refloat.simulator.wire.speech import Call, Refusal, Reply, Route
from refloat.simulator.world import World

RETENTION = timedelta(days=90)
_STAGES = frozenset({"CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"})


def create(world: World, call: Call) -> Reply:
    """createReport."""
    body = call.json
    if not isinstance(body, dict) or not isinstance(body.get("reportType"), str):
        raise wrong("reportType is required")
    seller = seller_of(call)
    kind = _kind(seller, body["reportType"])
    named = _marketplaces(seller, body)
    since, until = moment_in(body, "dataStartTime"), moment_in(body, "dataEndTime")
    if any(one is not None and one > world.now for one in (since, until)) or (since and until and since > until):
        raise wrong("dataStartTime and dataEndTime must lie in the past, in this order")
    report = Report(
        id=world.identity("report", 11),
        seller_id=seller.id,
        type=kind.name,
        marketplace_ids=named[:1] if kind.of_listings else named,
        created_at=world.now,
        options=options(body, "reportOptions"),
        since=since,
        until=until,
    )
    report_lives.queue(world, report)
    return Reply(202, {"reportId": report.id})


def one(world: World, call: Call) -> Reply:
    """getReport."""
    return Reply(200, _shown(_report(world, call)))


def several(world: World, call: Call) -> Reply:
    """getReports: by type, newest first; or the next page, by nextToken alone."""
    pages: dict[str, tuple[tuple[str, ...], int]] = world.rooms.setdefault("report-pages", {})
    token = call.one("nextToken")
    if token is None:
        wanted, size = tuple(report.id for report in _matching(world, call)), number(call, "pageSize", 10, 100)
    elif token not in pages or set(call.query) != {"nextToken"}:
        raise wrong("nextToken is unknown, or stands beside other parameters")
    else:
        wanted, size = pages[token]
    known = reports_of(world, seller_of(call).id)
    body: dict[str, Any] = {"reports": [_shown(known[report_id]) for report_id in wanted[:size]]}
    if wanted[size:]:
        body["nextToken"] = world.identity("report-page", 24)
        pages[body["nextToken"]] = wanted[size:], size
    return Reply(200, body)


def cancel(world: World, call: Call) -> Reply:
    """cancelReport: only from the queue."""
    report = _report(world, call)
    if report.stage != "IN_QUEUE":
        raise wrong(f"Report {report.id} cannot be cancelled: its processing status is {report.stage}")
    report.stage, report.ended_at = "CANCELLED", world.now
    world.note("report-cancelled", report.seller_id, report.type, report.id)
    return Reply(200, b"")


def document(world: World, call: Call) -> Reply:
    """getReportDocument: a URL that is good for five minutes."""
    document_id = call.parts["reportDocumentId"]
    found = report_lives.laid(world).get(document_id)
    if found is None or found.seller_id != seller_of(call).id:
        raise Refusal(404, "NotFound", "The requested resource doesn't exist.", f"Report document {document_id} was not found.")
    lying = report_lives.variant(world, document_id, encoded=turned_on(call, "enableContentEncodingUrlHeader"))
    body = {"reportDocumentId": document_id, "url": stored.link(world, call, lying)}
    return Reply(200, body | {"compressionAlgorithm": "GZIP"} if found.packed else body)


def _kind(seller: Seller, name: str) -> Kind:
    if name in NOT_PLAYED:
        raise Refusal(501, "NotYetImplemented", f"The simulator does not play the report {name}. COVERAGE.md lists what it plays.")
    if name not in KINDS:
        raise wrong(f"Invalid report type: {name}")
    if KINDS[name].role not in seller.roles:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", kind="AccessDeniedException")
    return KINDS[name]


def _marketplaces(seller: Seller, body: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(checked_marketplaces(seller, body.get("marketplaceIds"), most=25)))


def _report(world: World, call: Call) -> Report:
    report_id = call.parts["reportId"]
    found = reports_of(world, seller_of(call).id).get(report_id)
    if found is None:
        raise Refusal(404, "NotFound", "The requested resource doesn't exist.", f"Report {report_id} was not found.")
    return found


def _matching(world: World, call: Call) -> Iterator[Report]:
    types, places = call.query.get("reportTypes", []), call.query.get("marketplaceIds", [])
    if not 1 <= len(types) <= 10 or len(places) > 10:
        raise wrong("Either reportTypes (1 to 10) or nextToken is required; marketplaceIds has at most 10.")
    stages = words(call, "processingStatuses", _STAGES)
    since = max(moment_asked(call, "createdSince") or world.now - RETENTION, world.now - RETENTION)
    until = moment_asked(call, "createdUntil") or world.now
    for report in reversed(reports_of(world, seller_of(call).id).values()):
        fits = report.type in types and (not stages or report.stage in stages) and (not places or bool(set(places) & set(report.marketplace_ids)))
        if fits and since <= report.created_at <= until:
            yield report


def _shown(report: Report) -> dict[str, Any]:
    """A report in the model's own words; what is not known yet is left out."""
    times: dict[str, datetime | None] = {
        "dataStartTime": report.since or report.created_at,
        "dataEndTime": report.until or report.created_at,
        "createdTime": report.created_at,
        "processingStartTime": report.started_at,
        "processingEndTime": report.ended_at,
    }
    shown = {"reportId": report.id, "reportType": report.type, "marketplaceIds": list(report.marketplace_ids), "processingStatus": report.stage}
    shown |= {name: spoken(at) for name, at in times.items() if at is not None}
    return shown | ({"reportDocumentId": report.document_id} if report.document_id else {})


_RATED = (0.0222, 10)
ROUTES = (
    Route("createReport", "POST", "/reports/2021-06-30/reports", create, 0.0167, 15, None),
    Route("getReports", "GET", "/reports/2021-06-30/reports", several, *_RATED, None),
    Route("getReport", "GET", "/reports/2021-06-30/reports/{reportId}", one, 2, 15, None),
    Route("cancelReport", "DELETE", "/reports/2021-06-30/reports/{reportId}", cancel, *_RATED, None),
    Route("getReportDocument", "GET", "/reports/2021-06-30/documents/{reportDocumentId}", document, 0.0167, 15, None),
)
