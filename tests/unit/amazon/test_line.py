"""The line as the loop sees it: every read, with whatever Amazon answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.fakes import START, US, Amazon, World, answer, refusal

from refloat.amazon import AmazonLine
from refloat.amazon.protocol import Answered
from refloat.errors import AmazonError, AnswerNotUnderstood, NotThere
from refloat.model.ports import Answer, Line, Place, ReportState

PLACE = {"marketplace": {"id": US, "name": "Amazon.com", "countryCode": "US"}, "participation": {"isParticipating": True, "hasSuspendedListings": False}, "storeName": "Made-up store"}
OTHER = {"marketplace": {"id": "A1MADEUPPLACE"}, "participation": {"isParticipating": False, "hasSuspendedListings": True, "new": 1}}


def test_the_line_is_the_port() -> None:
    """mypy checks the types, this checks that nothing lacks."""
    line: Line = World(Amazon()).line
    assert isinstance(line, AmazonLine)


@pytest.mark.parametrize("body", [{"payload": [PLACE, OTHER]}, [PLACE, OTHER]])
def test_places_come_by_code(body: object) -> None:
    """With the wrapper and without; a marketplace that we do not know keeps its id."""
    assert World(Amazon(getMarketplaceParticipations=answer(body))).line.places() == [Place("US", True, False, "Made-up store"), Place("A1MADEUPPLACE", False, True, None)]


@pytest.mark.parametrize("broken", [{**PLACE, "participation": {"isParticipating": True}}, {**PLACE, "participation": {}}, {**PLACE, "marketplace": {}}])
def test_a_place_that_does_not_say_is_not_understood(broken: object) -> None:
    """Whether the seller takes part and is suspended is never assumed."""
    with pytest.raises(AnswerNotUnderstood):
        World(Amazon(getMarketplaceParticipations=answer({"payload": [broken]}))).line.places()


def test_a_report_is_ordered_for_one_marketplace() -> None:
    """Options go to reportOptions, the span of time to its own fields."""
    world = World(Amazon(createReport=answer({"reportId": "report-1"}, 202)))
    assert world.line.ask_report("GET_STRANDED_INVENTORY_UI_DATA", "US", {}) == "report-1"
    options = {"dataStartTime": "2026-01-01T00:00:00Z", "aggregateByLocation": "FC"}
    world.line.ask_report("GET_LEDGER_SUMMARY_VIEW_DATA", US, options)
    first, second = (request.body for request in world.amazon.asked("createReport"))
    assert first == {"reportType": "GET_STRANDED_INVENTORY_UI_DATA", "marketplaceIds": [US]}
    assert second == {"reportType": "GET_LEDGER_SUMMARY_VIEW_DATA", "marketplaceIds": [US], "dataStartTime": "2026-01-01T00:00:00Z", "reportOptions": {"aggregateByLocation": "FC"}}


@pytest.mark.parametrize("stage", ["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"])
def test_a_report_says_how_far_it_is(stage: str) -> None:
    """Unknown keys do not matter; a FATAL report too may have a document, with the error's text."""
    body = {"reportId": "report-1", "reportType": "X", "processingStatus": stage, "reportDocumentId": "document-1", "createdTime": "2026-03-01T00:00:00Z", "something": "new"}
    assert World(Amazon(getReport=answer(body))).line.report("report-1") == ReportState("report-1", stage, "document-1")


def test_a_stage_that_nobody_knows_is_not_understood() -> None:
    """Neither done nor failed may be assumed."""
    with pytest.raises(AnswerNotUnderstood, match="PAUSED"):
        World(Amazon(getReport=answer({"reportId": "1", "processingStatus": "PAUSED"}))).line.report("1")


def test_a_report_that_is_not_there_is_said_so() -> None:
    """A report's id that Amazon does not know is an error, not an answer."""
    with pytest.raises(NotThere):
        World(Amazon(getReport=refusal(404, "NotFound", "Report 1 not found"))).line.report("1")


def test_recent_reports_come_newest_first_over_pages() -> None:
    """The next page is asked for with its token alone: Amazon refuses anything beside it."""

    def report(number: int, day: int) -> dict[str, str]:
        return {"reportId": f"{number}", "processingStatus": "DONE", "createdTime": f"2026-03-{day:02}T00:00:00+00:00"}

    pages = [answer({"reports": [report(1, 1), report(3, 3)], "nextToken": "made up/+="}), answer({"reports": [report(2, 2)]})]
    world = World(Amazon(getReports=pages))
    since = datetime(2026, 2, 1, tzinfo=UTC)
    assert [state.report_id for state in world.line.recent_reports("GET_X", "US", since)] == ["3", "2", "1"]
    first, second = world.amazon.asked("getReports")
    assert first.query == {"reportTypes": "GET_X", "marketplaceIds": US, "pageSize": "100", "createdSince": "2026-02-01T00:00:00Z"}
    assert second.query == {"nextToken": "made up/+="}


def test_a_listing_comes_as_it_is() -> None:
    """Its JSON untouched, the moment, and Amazon's id of the call."""
    body = {"sku": "A/B", "summaries": [], "somethingNew": {"a": [1, None]}}
    world = World(Amazon(getListingsItem=answer(body)))
    assert world.line.listing("A/B", "US") == Answer("A/B", body, START, "made-up-request")
    request = world.amazon.asked("getListingsItem")[0]
    assert request.path == "/listings/2021-08-01/items/A1MADEUPSELLER/A%2FB"
    assert request.query == {"marketplaceIds": US, "includedData": ("summaries", "attributes", "issues", "offers", "fulfillmentAvailability")}


def test_a_listing_that_is_gone_is_an_answer_too() -> None:
    """404 is how Amazon says deleted."""
    world = World(Amazon(getListingsItem=refusal(404, "NOT_FOUND", "SKU 'A' not found")))
    assert world.line.listing("A", "US") == Answer("A", None, START, "made-up-request")


@pytest.mark.parametrize(
    ("condition", "asked"),
    [("New", "new_new"), ("NewItem", "new_new"), ("11", "new_new"), ("Used - Very Good", "used_very_good"), ("new_open_box", "new_open_box"), ("1", None), ("As seen", None), ("", None), (None, None)],
)
def test_restrictions_are_asked_for_the_condition_if_it_is_known(condition: str | None, asked: str | None) -> None:
    """A condition that cannot be translated is left out: then Amazon answers for all."""
    world = World(Amazon(getListingsRestrictions=answer({"restrictions": []})))
    assert world.line.restrictions("B0MADEUP00", "US", condition).body == {"restrictions": []}
    query = world.amazon.asked("getListingsRestrictions")[0].query
    assert query == {"asin": "B0MADEUP00", "sellerId": "A1MADEUPSELLER", "marketplaceIds": US, **({"conditionType": asked} if asked else {})}


@pytest.mark.parametrize("wrapped", [True, False])
def test_eligibility_is_unwrapped(wrapped: bool) -> None:
    """Reason codes are kept, documented or not."""
    body = {"asin": "B0MADEUP00", "program": "INBOUND", "isEligibleForProgram": False, "ineligibilityReasonList": ["FBA_INB_0096"]}
    world = World(Amazon(getItemEligibilityPreview=answer({"payload": body} if wrapped else body)))
    assert world.line.eligibility("B0MADEUP00", "US").body == body
    assert world.amazon.asked("getItemEligibilityPreview")[0].query == {"marketplaceIds": US, "asin": "B0MADEUP00", "program": "INBOUND"}


CALLS: list[Callable[[AmazonLine], object]] = [
    lambda line: line.places(),
    lambda line: line.ask_report("GET_X", "US", {}),
    lambda line: line.report("1"),
    lambda line: line.recent_reports("GET_X", "US", START),
    lambda line: line.document("1"),
    lambda line: line.listing("A", "US"),
    lambda line: line.changed_listings("US", START - timedelta(minutes=5)),
    lambda line: line.restrictions("B0MADEUP00", "US", "New"),
    lambda line: line.inventory(["A", "B,C"], "US"),
    lambda line: line.eligibility("B0MADEUP00", "US"),
]
OPERATIONS = [
    "getMarketplaceParticipations", "createReport", "getReport", "getReports", "getReportDocument", "download", "getListingsItem", "searchListingsItems",
    "getListingsRestrictions", "getInventorySummaries", "getItemEligibilityPreview",
]  # fmt: skip
KEYS = [
    "payload", "errors", "reports", "nextToken", "reportId", "processingStatus", "url", "compressionAlgorithm", "items", "pagination", "numberOfResults", "sku", "restrictions",
    "inventorySummaries", "sellerSku", "marketplace", "participation", "id", "isParticipating", "isEligibleForProgram", "x",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "DONE", "A", "https://x.example", "GZIP"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


def only_amazon_errors(answered: Answered) -> None:
    """Every read either gives something or raises an AmazonError."""
    for call in CALLS:
        try:
            call(World(Amazon(**dict.fromkeys(OPERATIONS, answered))).line)
        except AmazonError as error:
            assert str(error)


@given(st.sampled_from([200, 202, 204, 302, 400, 401, 403, 404, 429, 500, 503]), st.binary(max_size=100))
def test_any_bytes_are_an_answer_or_an_amazon_error(code: int, content: bytes) -> None:
    """Nothing else than AmazonError leaves the line, whatever comes."""
    only_amazon_errors(Answered(code, {}, content))


@given(st.sampled_from([200, 400, 404]), JSON)
def test_any_json_is_an_answer_or_an_amazon_error(code: int, body: object) -> None:
    """Lists where objects belong, numbers for texts, payloads within payloads."""
    only_amazon_errors(answer(body, code))


@pytest.mark.parametrize(("date", "ahead"), [("Mon, 02 Mar 2026 08:00:00 GMT", timedelta(hours=1)), ("Mon, 02 Mar 2026 09:00:10 GMT", timedelta(seconds=-10)), ("soon", None), ("", None)])
def test_amazons_clock_is_read_off_each_answer(date: str, ahead: timedelta | None) -> None:
    """Its Date tells how far ours is ahead; before an answer, or without a date, that is unknown."""
    world = World(Amazon(getListingsItem=answer({"sku": "A"}, **({"date": date} if date else {}))))
    assert world.line.clock_ahead() is None
    world.line.listing("A", "US")
    assert world.line.clock_ahead() == ahead
