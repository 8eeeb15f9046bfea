"""Reports of the simulator: their life by the world's clock, what is given again, and each fault by its name."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.small_world import SELLER, called, fetched, small_world

from refloat.simulator.documents import kinds
from refloat.simulator.documents.asked import Asked, Row
from refloat.simulator.documents.kinds import KINDS, Kind
from refloat.simulator.documents.stranded import UNSEEN
from refloat.simulator.faults import Faults
from refloat.simulator.wire import lwa
from refloat.simulator.wire.speech import Reply
from refloat.simulator.world import World

US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
PAGE, LISTINGS, PLANNING = "GET_STRANDED_INVENTORY_UI_DATA", "GET_MERCHANT_LISTINGS_ALL_DATA", "GET_FBA_INVENTORY_PLANNING_DATA"
REPORTS = "/reports/2021-06-30/reports"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """The rows that the stranded page and the listings report hold in this test; a test may change them."""
    rows = [{"sku": f"SAMPLE-{number}", "seller-sku": f"SAMPLE-{number}", "stranded-reason": "Listing closed", "date-stranded": "2026-11-01"} for number in range(1, 21)]
    now = {name: Kind(name, kind.freshness, kind.role, lambda _: list(rows)) if kind.rows else kind for name, kind in KINDS.items()}
    monkeypatch.setattr(kinds, "KINDS", now)
    for name in ("reports", "report_lives"):
        monkeypatch.setattr(f"refloat.simulator.wire.{name}.KINDS", now)
    return rows


def ask(world: World, name: str = PAGE, place: str = US, **more: Any) -> str:
    reply = called(world, "POST", REPORTS, body={"reportType": name, "marketplaceIds": [place], **more})
    assert reply.code == 202, reply.body
    return str(reply.body["reportId"])


def look(world: World, report_id: str) -> dict[str, Any]:
    body: dict[str, Any] = called(world, "GET", f"{REPORTS}/{report_id}").body
    return body


def ended(world: World, name: str = PAGE, place: str = US, **more: Any) -> dict[str, Any]:
    """A report that was asked for and has ended."""
    report_id = ask(world, name, place, **more)
    world.advance(timedelta(minutes=3))
    return look(world, report_id)


def document(world: World, report: dict[str, Any]) -> tuple[dict[str, Any], Reply]:
    found = called(world, "GET", f"/reports/2021-06-30/documents/{report['reportDocumentId']}").body
    return found, fetched(world, found["url"])


def lines(world: World, report: dict[str, Any]) -> list[dict[str, str]]:
    _, reply = document(world, report)
    head, *rest = reply.body.decode().splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in rest]


def faulty(world: World, **rates: float) -> World:
    world.faults = Faults({name.replace("_", "-"): rate for name, rate in rates.items()})
    return world


def test_a_report_waits_works_and_is_done(told: list[Row]) -> None:
    """IN_QUEUE, IN_PROGRESS, DONE, within 20 to 90 seconds of the world's clock, and each step says when."""
    world = small_world()
    report_id, stages = ask(world), []
    for _ in range(90):
        stages.append(look(world, report_id)["processingStatus"])
        world.advance(timedelta(seconds=1))
        world.rooms.pop("buckets", None)
    assert list(dict.fromkeys(stages)) == ["IN_QUEUE", "IN_PROGRESS", "DONE"]
    assert stages.index("DONE") >= 20
    report = look(world, report_id)
    assert report["createdTime"] < report["processingStartTime"] < report["processingEndTime"]
    assert len(lines(world, report)) == len(told)


@pytest.mark.parametrize(("name", "minutes"), [(PAGE, 30), (PLANNING, 240), (LISTINGS, 60)])
def test_the_same_document_comes_again_until_its_time_is_over(told: list[Row], name: str, minutes: int) -> None:
    """30 minutes near real time, 4 hours daily, an hour for few listings: till then nothing new is made."""
    world = small_world()
    first = ended(world, name)
    told.pop()
    world.advance(timedelta(minutes=minutes - 10))
    assert ended(world, name)["reportDocumentId"] == first["reportDocumentId"]
    world.advance(timedelta(minutes=10))
    assert len(lines(world, ended(world, name))) == len(told)


def test_many_listings_are_kept_longer() -> None:
    """A listings report is made anew after one hour for few listings and after six for a hundred thousand."""
    kind = KINDS[LISTINGS]
    assert [kind.kept_for(listed) for listed in (0, 20_000, 100_000, 300_000)] == [timedelta(hours=hours) for hours in (1, 2, 6, 6)]


def test_asked_too_often_it_may_be_cancelled(told: list[Row]) -> None:
    """With the switch, the second request within the time is CANCELLED, and tells nothing."""
    world = small_world(asked_too_often_cancelled=True)
    assert ended(world)["processingStatus"] == "DONE"
    again = ended(world)
    assert again["processingStatus"] == "CANCELLED"
    assert "reportDocumentId" not in again


@pytest.mark.parametrize("cancelled", [True, False])
def test_no_rows_is_cancelled_or_a_header_alone(told: list[Row], cancelled: bool) -> None:
    """Both ways of the switch: CANCELLED without a document, or DONE with a header and no row."""
    told.clear()
    world = small_world(empty_report_cancelled=cancelled)
    report = ended(world)
    assert report["processingStatus"] == ("CANCELLED" if cancelled else "DONE")
    assert cancelled or lines(world, report) == []


def test_the_locale_is_no_part_of_what_is_kept(told: list[Row]) -> None:
    """Within the time, another language is answered with the old file; with the switch turned, with its own."""
    for ignored in (True, False):
        world = small_world(cache_ignores_locale=ignored)
        english = ended(world, LISTINGS, reportOptions={"preferredReportDocumentLocale": "en_US"})
        german = ended(world, LISTINGS, reportOptions={"preferredReportDocumentLocale": "de_DE"})
        assert (german["reportDocumentId"] == english["reportDocumentId"]) is ignored


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_stranded_report_may_be_missing_in_a_marketplace(told: list[Row], everywhere: bool) -> None:
    """Germany's stranded report is DONE, or never anything but CANCELLED."""
    world = small_world("DE", stranded_report_everywhere=everywhere)
    assert ended(world, place=DE)["processingStatus"] == ("DONE" if everywhere else "CANCELLED")


def test_only_a_waiting_report_can_be_cancelled(told: list[Row]) -> None:
    """From the queue it can; afterwards cancelReport is refused and the report goes on."""
    world = small_world()
    report_id = ask(world)
    assert called(world, "DELETE", f"{REPORTS}/{report_id}").code == 200
    world.advance(timedelta(minutes=3))
    assert look(world, report_id)["processingStatus"] == "CANCELLED"
    done = ended(world)
    assert called(world, "DELETE", f"{REPORTS}/{done['reportId']}").code == 400


def test_large_documents_are_packed_and_small_ones_are_not(told: list[Row]) -> None:
    """GZIP is announced exactly where the bytes are packed; with the switch turned, always."""
    small, large, always = small_world(), small_world(), small_world(small_documents_plain=False)
    announced, reply = document(small, ended(small))
    assert "compressionAlgorithm" not in announced
    assert not reply.body.startswith(b"\x1f\x8b")
    told.extend({"sku": f"SAMPLE-{number}", "product-name": "x" * 500} for number in range(200))
    for world in (large, always):
        announced, reply = document(world, ended(world))
        assert announced["compressionAlgorithm"] == "GZIP"
        assert gzip.decompress(reply.body).count(b"\n") == len(told) + 1


def test_the_url_may_say_content_encoding(told: list[Row]) -> None:
    """With enableContentEncodingUrlHeader a packed document says Content-Encoding: gzip; without it, it does not."""
    world = small_world(small_documents_plain=False)
    path = f"/reports/2021-06-30/documents/{ended(world)['reportDocumentId']}"
    for asked, said in (("true", "gzip"), ("false", None)):
        url = called(world, "GET", path, {"enableContentEncodingUrlHeader": asked}).body["url"]
        assert fetched(world, url).headers.get("content-encoding") == said


def test_a_url_is_good_for_five_minutes(told: list[Row]) -> None:
    """After five minutes the store answers 403 with XML; a new URL works."""
    world = small_world()
    report = ended(world)
    found, _ = document(world, report)
    world.advance(timedelta(minutes=5))
    old = fetched(world, found["url"])
    assert (old.code, old.headers["content-type"]) == (403, "application/xml")
    assert document(world, report)[1].code == 200


def test_a_listings_report_covers_the_first_marketplace_only() -> None:
    """Two marketplaces asked: the report names and holds the first."""
    world = small_world("US", "CA")
    report = ended(world, LISTINGS, marketplaceIds=[US, "A2EUQ1WTGCTBG2"])
    assert report["marketplaceIds"] == [US]


def test_pages_of_reports(told: list[Row]) -> None:
    """The newest first, page by page by nextToken, which stands alone."""
    world = small_world()
    asked = [ask(world) for _ in range(5)]
    first = called(world, "GET", REPORTS, {"reportTypes": PAGE, "pageSize": 2}).body
    mixed = called(world, "GET", REPORTS, {"nextToken": first["nextToken"], "pageSize": 2})
    second = called(world, "GET", REPORTS, {"nextToken": first["nextToken"]}).body
    third = called(world, "GET", REPORTS, {"nextToken": second["nextToken"]}).body
    assert [one["reportId"] for page in (first, second, third) for one in page["reports"]] == asked[::-1]
    assert "nextToken" not in third
    assert mixed.code == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"marketplaceIds": [US]}, 400),
        ({"reportType": "GET_NOTHING", "marketplaceIds": [US]}, 400),
        ({"reportType": PAGE}, 400),
        ({"reportType": PAGE, "marketplaceIds": []}, 400),
        ({"reportType": PAGE, "marketplaceIds": [DE]}, 400),
        ({"reportType": PAGE, "marketplaceIds": [US], "dataStartTime": "yesterday"}, 400),
        ({"reportType": PAGE, "marketplaceIds": [US], "dataStartTime": "2027-01-01T00:00:00Z"}, 400),
        ({"reportType": PAGE, "marketplaceIds": [US], "reportOptions": {"custom": True}}, 400),
        ({"reportType": "GET_LEDGER_DETAIL_VIEW_DATA", "marketplaceIds": [US]}, 501),
    ],
)
def test_what_is_not_a_request_is_refused(body: dict[str, Any], code: int) -> None:
    """Missing, unknown or impossible parts are 400 with Amazon's error body; what is not played is 501."""
    reply = called(small_world(), "POST", REPORTS, body=body)
    assert reply.code == code
    assert {"code", "message"} <= set(reply.body["errors"][0])


def test_the_role_belongs_to_the_type_of_report() -> None:
    """Without the role of the listing reports, those are refused and the FBA ones are not."""
    world = small_world()
    world.sellers[SELLER].roles.discard("Product Listing")
    assert called(world, "POST", REPORTS, body={"reportType": LISTINGS, "marketplaceIds": [US]}).code == 403
    assert called(world, "POST", REPORTS, body={"reportType": PAGE, "marketplaceIds": [US]}).code == 202


def test_another_sellers_reports_are_not_mine(told: list[Row]) -> None:
    """Neither the report nor its document can be found by another seller."""
    world = small_world()
    report = ended(world)
    world.add_seller(replace(world.sellers[SELLER], id="A2SAMPLESELLER", refresh_token="Atzr|sample-refresh-token-2"))
    lwa.tokens(world)["Atza|other"] = lwa.Token("A2SAMPLESELLER", world.now + timedelta(hours=1))
    for path in (f"{REPORTS}/{report['reportId']}", f"/reports/2021-06-30/documents/{report['reportDocumentId']}"):
        assert called(world, "GET", path).code == 200
        assert called(world, "GET", path, token="Atza|other").code == 404


def test_cancelled_by_a_fault_is_not_remembered(told: list[Row]) -> None:
    """report-cancelled ends the one report; the next is made."""
    world = faulty(small_world(), report_cancelled=1.0)
    assert ended(world)["processingStatus"] == "CANCELLED"
    world.faults.rates.clear()
    assert ended(world)["processingStatus"] == "DONE"


def test_fatal_holds_the_text_of_the_error(told: list[Row]) -> None:
    """report-fatal ends FATAL, with a document that says so."""
    world = faulty(small_world(), report_fatal=1.0)
    report = ended(world)
    assert report["processingStatus"] == "FATAL"
    assert b"errorDetails" in document(world, report)[1].body


@pytest.mark.parametrize("plain", [True, False])
def test_half_a_document_breaks_off_and_a_new_link_is_whole(told: list[Row], plain: bool) -> None:
    """A plain file announces more bytes than come; a packed one does too, or cannot be unpacked. The next link is whole."""
    for seed in range(6):
        world = faulty(small_world(small_documents_plain=plain, seed=seed), half_document=1.0)
        report = ended(world)
        reply = document(world, report)[1]
        announced = int(reply.headers.get("content-length", len(reply.body)))
        assert announced > len(reply.body) or (not plain and _broken(reply.body))
        world.faults.rates.clear()
        whole = document(world, report)[1].body
        assert len(whole) > len(reply.body)


def test_a_wrong_charset_is_declared(told: list[Row]) -> None:
    """wrong-charset: the header names other letters than the bytes hold."""
    told[0]["product-name"] = "Größe 47"
    world = faulty(small_world(), wrong_charset=1.0)
    reply = document(world, ended(world))[1]
    assert reply.headers["content-type"] == "text/plain; charset=Cp1252"
    assert "Größe" in reply.body.decode("utf-8")


def test_rows_come_twice(told: list[Row]) -> None:
    """duplicated-rows: some rows stand there twice, and none is missing."""
    world = faulty(small_world(), duplicated_rows=1.0)
    skus = [row["sku"] for row in lines(world, ended(world))]
    assert len(skus) > len(told)
    assert set(skus) == {row["sku"] for row in told}


def test_a_reason_that_nobody_has_seen(told: list[Row]) -> None:
    """unseen-reason: one row says words that stand on no page of Amazon's."""
    world = faulty(small_world(), unseen_reason=1.0)
    assert [row["stranded-reason"] for row in lines(world, ended(world))].count(UNSEEN) == 1


def test_an_old_state_comes_back(told: list[Row]) -> None:
    """stale-report: the document of two days ago; before there is one, the page without what is younger than two days."""
    world = faulty(small_world(), stale_report=1.0)
    told.append({"sku": "SAMPLE-NEW", "date-stranded": "2026-11-22"})
    assert "SAMPLE-NEW" not in {row["sku"] for row in lines(world, ended(world))}
    world.faults.rates.clear()
    world.advance(timedelta(hours=1))
    seen = ended(world)
    world.advance(timedelta(days=2))
    told.pop()
    yesterdays = ended(world)
    world.advance(timedelta(days=1))
    told.clear()
    world.faults.rates["stale-report"] = 1.0
    assert ended(world)["reportDocumentId"] == seen["reportDocumentId"] != yesterdays["reportDocumentId"]


def test_the_same_seed_and_calls_give_the_same_bytes() -> None:
    """Two worlds of one seed: the same history and the same documents, with faults on."""
    told = []
    for _ in range(2):
        world = faulty(small_world(seed=7), duplicated_rows=0.5, half_document=0.5, report_cancelled=0.3)
        bodies = [document(world, report)[1].body for name in KINDS if (report := ended(world, name)).get("reportDocumentId")]
        told.append((world.fingerprint(), bodies))
    assert told[0] == told[1]


def test_a_report_shows_what_was_when_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens while a report is being made is not in it."""
    world, seen = small_world(), []

    def rows(asked: Asked) -> Iterable[Row]:
        seen.append(asked.world.now)
        return [{"sku": "SAMPLE-1"}]

    monkeypatch.setattr("refloat.simulator.wire.report_lives.KINDS", {PAGE: Kind(PAGE, "near-real-time", "Amazon Fulfillment", rows)})
    report = ended(world)
    assert [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in seen] == [report["processingStartTime"]]


def _broken(content: bytes) -> bool:
    try:
        gzip.decompress(content)
    except EOFError:
        return True
    return False
