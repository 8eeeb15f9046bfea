"""The reports of the simulator, driven by Amazon's own package over real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from tests.small_world import CLOSED, SELLER, official

from refloat.simulator.serve import Simulator
from refloat.simulator.world import World

US = "ATVPDKIKX0DER"
PAGE, LISTINGS = "GET_STRANDED_INVENTORY_UI_DATA", "GET_MERCHANT_LISTINGS_ALL_DATA"


@pytest.fixture
def reports(served: Simulator) -> Any:
    from spapi import ReportsApi

    return ReportsApi(official(served.url).api_client)


def wanted(name: str, **more: Any) -> Any:
    from spapi.models.reports_v2021_06_30 import CreateReportSpecification

    return CreateReportSpecification(report_type=name, marketplace_ids=[US], **more)


def refusal(act: Any, *values: Any, **named: Any) -> Any:
    from spapi.rest import ApiException

    with pytest.raises(ApiException) as met:
        act(*values, **named)
    return met.value


def test_a_report_from_request_to_rows(world: World, reports: Any) -> None:
    """createReport, getReport, getReportDocument, and the file behind the URL."""
    report_id = reports.create_report(wanted(LISTINGS, report_options={"preferredReportDocumentLocale": "en_US"})).report_id
    assert reports.get_report(report_id).processing_status == "IN_QUEUE"
    world.advance(timedelta(minutes=3))
    report = reports.get_report(report_id)
    assert (report.processing_status, report.report_type, report.marketplace_ids) == ("DONE", LISTINGS, [US])
    document = reports.get_report_document(report.report_document_id)
    with urlopen(document.url) as file:
        assert file.headers.get_content_charset() == "cp1252"
        text = file.read().decode(file.headers.get_content_charset())
    assert CLOSED in {line.split("\t")[3] for line in text.splitlines()}


def test_reports_are_listed_page_by_page(reports: Any, world: World) -> None:
    """getReports by type and status, and its next page by nextToken alone."""
    asked = [reports.create_report(wanted(PAGE)).report_id for _ in range(3)]
    first = reports.get_reports(report_types=[PAGE, LISTINGS], processing_statuses=["IN_QUEUE", "DONE"], marketplace_ids=[US], page_size=2, created_since=world.now - timedelta(days=1))
    second = reports.get_reports(next_token=first.next_token)
    assert [report.report_id for page in (first, second) for report in page.reports] == asked[::-1]
    assert second.next_token is None


def test_a_report_is_cancelled(reports: Any, world: World) -> None:
    """cancelReport takes it from the queue; a second time it is refused."""
    report_id = reports.create_report(wanted(PAGE)).report_id
    reports.cancel_report(report_id)
    world.advance(timedelta(minutes=3))
    assert reports.get_report(report_id).processing_status == "CANCELLED"
    assert refusal(reports.cancel_report, report_id).status == 400


def test_what_does_not_exist_is_not_found(reports: Any) -> None:
    """404 with Amazon's error body, and with the limit header."""
    for act in (reports.get_report, reports.cancel_report, reports.get_report_document):
        met = refusal(act, "0")
        assert met.status == 404
        assert json.loads(met.body)["errors"][0]["code"] == "NotFound"
        assert met.headers["x-amzn-RateLimit-Limit"]


def test_too_many_requests(reports: Any, world: World) -> None:
    """After the burst: 429 with Amazon's body and without the limit header; a minute later one more call goes through."""
    for _ in range(15):
        reports.create_report(wanted(PAGE))
    met = refusal(reports.create_report, wanted(PAGE))
    assert met.status == 429
    assert json.loads(met.body) == {"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota for the requested resource.", "details": ""}]}
    assert met.headers["x-amzn-ErrorType"] == "TooManyRequestsException"
    assert "x-amzn-RateLimit-Limit" not in met.headers
    world.advance(timedelta(seconds=61))
    assert reports.create_report(wanted(PAGE)).report_id


def test_the_limit_is_told_where_amazon_tells_it(reports: Any) -> None:
    """A successful answer names the rate of its operation."""
    _, code, headers = reports.create_report_with_http_info(wanted(PAGE))
    assert (code, headers["x-amzn-RateLimit-Limit"]) == (202, "0.0167")


def test_an_expired_token(reports: Any, world: World) -> None:
    """An hour later the access token is refused with 403, and without the limit header."""
    world.advance(timedelta(hours=2))
    met = refusal(reports.create_report, wanted(PAGE))
    assert met.status == 403
    assert "expired" in json.loads(met.body)["errors"][0]["details"]
    assert "x-amzn-RateLimit-Limit" not in met.headers


def test_a_missing_role(reports: Any, world: World) -> None:
    """A report whose role the application lacks is refused with 403."""
    world.sellers[SELLER].roles.discard("Amazon Fulfillment")
    assert refusal(reports.create_report, wanted(PAGE)).status == 403
    assert reports.create_report(wanted(LISTINGS)).report_id


def test_an_unknown_report_type(reports: Any) -> None:
    """400 with InvalidInput."""
    met = refusal(reports.create_report, wanted("GET_NOTHING_AT_ALL"))
    assert (met.status, json.loads(met.body)["errors"][0]["code"]) == (400, "InvalidInput")


def test_schedules_are_not_played(reports: Any) -> None:
    """Report schedules answer NotYetImplemented, as everything that the simulator leaves out."""
    met = refusal(reports.get_report_schedules, [PAGE])
    assert (met.status, json.loads(met.body)["errors"][0]["code"]) == (501, "NotYetImplemented")
