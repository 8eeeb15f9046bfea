"""Reports API 2021-06-30. Amazon's page: developer-docs.amazon.com/sp-api/docs/reports-api-v2021-06-30-reference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from refloat.amazon.protocol import MisshapenError, Request, held, held_or_none, marketplace_id, moment, objects, segment
from refloat.amazon.secret import Secret
from refloat.model.ports import ReportState

_PATH = "/reports/2021-06-30"
STAGES = frozenset({"IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"})
#: Two fields of createReport that are no options, but that a caller gives among them.
_SPAN = ("dataStartTime", "dataEndTime")


class Sheet(NamedTuple):
    """Where a report document lies: a presigned address, good for five minutes, and whether it is packed."""

    url: Secret
    packed: bool


class Page(NamedTuple):
    """One page of reports, with the token of the next."""

    reports: list[tuple[str, ReportState]]
    token: str | None


def order(report_type: str, marketplace: str, options: Mapping[str, str]) -> Request:
    """createReport for one marketplace; ``dataStartTime`` and ``dataEndTime`` among the options go to their own place."""
    span = {name: options[name] for name in _SPAN if name in options}
    rest = {name: value for name, value in options.items() if name not in span}
    body = {"reportType": report_type, "marketplaceIds": [marketplace_id(marketplace)], **span, **({"reportOptions": rest} if rest else {})}
    return Request("createReport", "POST", f"{_PATH}/reports", body=body)


def ordered(body: Any) -> str:
    """The id of the report that was ordered."""
    return held(body, "reportId", str)


def look(report_id: str) -> Request:
    """getReport: how far it is."""
    return Request("getReport", "GET", f"{_PATH}/reports/{segment(report_id)}")


def state(body: Any) -> ReportState:
    """How far the report is; a stage that we do not know is an answer that we do not understand."""
    stage = held(body, "processingStatus", str)
    if stage not in STAGES:
        raise MisshapenError(f"“{stage[:40]}” is no stage of a report")
    return ReportState(held(body, "reportId", str), stage, held_or_none(body, "reportDocumentId", str))


def recent(report_type: str, marketplace: str, since: datetime) -> Request:
    """getReports: those of one type, ordered since."""
    query = {"reportTypes": report_type, "marketplaceIds": marketplace_id(marketplace), "pageSize": "100", "createdSince": moment(since)}
    return Request("getReports", "GET", f"{_PATH}/reports", query)


def following(token: str) -> Request:
    """getReports, the next page; Amazon refuses any other parameter beside the token."""
    return Request("getReports", "GET", f"{_PATH}/reports", {"nextToken": token})


def page(body: Any) -> Page:
    """The reports with the moment at which each was ordered, as Amazon writes it."""
    rows = [(held_or_none(row, "createdTime", str) or "", state(row)) for row in objects(body, "reports")]
    return Page(rows, held_or_none(body, "nextToken", str))


def find(document_id: str) -> Request:
    """getReportDocument: a fresh address for the document."""
    return Request("getReportDocument", "GET", f"{_PATH}/documents/{segment(document_id)}")


def sheet(body: Any) -> Sheet:
    """Where the document lies."""
    return Sheet(address(body), held_or_none(body, "compressionAlgorithm", str) == "GZIP")


def address(body: Any) -> Secret:
    """The presigned address; what signs it stands in it."""
    url = held(body, "url", str)
    if not url.startswith(("https://", "http://")):
        raise MisshapenError("the document's address is none")
    return Secret(url)
