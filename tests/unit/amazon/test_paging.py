"""Answers in pages: windows of changes, pages of stock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from tests.unit.amazon.fakes import START, US, Amazon, World, answer, refusal

from refloat.amazon.protocol import Answered, Request
from refloat.errors import AnswerNotUnderstood, Refused


class Shop:
    """Answers searches over items with a moment of change, as Amazon does: 20 a page, 1,000 reachable."""

    def __init__(self, changes: dict[str, datetime], edge: timedelta = timedelta(0)) -> None:
        self.changes, self.edge = sorted(changes.items(), key=lambda change: change[1]), edge

    def __call__(self, request: Request) -> Answered:
        query = {name: values[0] for name, values in parse_qs(request.target.partition("?")[2]).items()}
        assert int(query["pageSize"]) == 20
        after, before = (datetime.fromisoformat(query[name]) for name in ("lastUpdatedAfter", "lastUpdatedBefore"))
        hits = [sku for sku, at in self.changes if after + self.edge <= at < before]
        start = int(query.get("pageToken", "0"))
        page = hits[:1000][start : start + 20]
        more = {"nextToken": str(start + 20)} if start + 20 < min(len(hits), 1000) else {}
        return answer({"numberOfResults": len(hits), "pagination": more, "items": [{"sku": sku} for sku in page]})


def shop(count: int, span: timedelta) -> dict[str, datetime]:
    return {f"SKU-{number}": START - span * (number / count) for number in range(1, count + 1)}


@pytest.mark.parametrize(
    ("count", "span"), [(0, timedelta(hours=1)), (1, timedelta(hours=1)), (45, timedelta(minutes=5)), (1000, timedelta(hours=1)), (1001, timedelta(hours=1)), (3456, timedelta(hours=9))]
)
def test_every_change_is_found_once(count: int, span: timedelta) -> None:
    """However many there are: a window with more than 1,000 is halved."""
    changes = shop(count, span)
    world = World(Amazon(searchListingsItems=Shop(changes)))
    found = [answer.key for answer in world.line.changed_listings("US", START - span)]
    assert sorted(found) == sorted(changes)
    assert found == sorted(found, key=changes.__getitem__)


def test_no_change_falls_between_two_windows() -> None:
    """Whether Amazon counts the first second of a window is not documented; here it does not."""
    changes = {f"SKU-{number}": START - timedelta(seconds=number // 3) for number in range(3000)}
    world = World(Amazon(searchListingsItems=Shop(changes, edge=timedelta(microseconds=1))))
    assert {answer.key for answer in world.line.changed_listings("US", START - timedelta(hours=1))} == set(changes)


def test_halving_costs_few_calls() -> None:
    """One call for each window that is too full, and one for each page."""
    world = World(Amazon(searchListingsItems=Shop(shop(4000, timedelta(hours=8)))))
    world.line.changed_listings("US", START - timedelta(hours=8))
    assert world.line.calls["searchListingsItems"] <= 4000 / 20 + 16


def test_changes_within_one_second_are_read_as_far_as_amazon_lets_one() -> None:
    """A window cannot be narrower than Amazon's seconds; the first 1,000 are read, and it ends."""
    moment = START - timedelta(minutes=3)
    world = World(Amazon(searchListingsItems=Shop({f"SKU-{number}": moment for number in range(2500)})))
    assert len(world.line.changed_listings("US", START - timedelta(hours=1))) == 1000


def test_an_item_that_changes_while_we_read_comes_once() -> None:
    """The later page has the newer state."""
    pages = [answer({"numberOfResults": 3, "pagination": {"nextToken": "2"}, "items": [{"sku": "A", "v": 1}, {"sku": "B"}]}), answer({"numberOfResults": 3, "items": [{"sku": "A", "v": 2}]})]
    found = World(Amazon(searchListingsItems=pages)).line.changed_listings("US", START - timedelta(hours=1))
    assert [answer.body for answer in found] == [{"sku": "B"}, {"sku": "A", "v": 2}]


def test_the_search_is_asked_as_documented() -> None:
    """The window in UTC with its end after now, everything included, 20 a page, the oldest first."""
    world = World(Amazon(searchListingsItems=Shop({})))
    world.line.changed_listings("US", datetime(2026, 3, 2, 8, 55, 30, 999, tzinfo=UTC))
    request = world.amazon.asked("searchListingsItems")[0]
    assert request.path == "/listings/2021-08-01/items/A1MADEUPSELLER"
    assert request.query == {
        "marketplaceIds": US,
        "includedData": ("summaries", "attributes", "issues", "offers", "fulfillmentAvailability"),
        "lastUpdatedAfter": "2026-03-02T08:55:30Z",
        "lastUpdatedBefore": "2026-03-02T09:00:01Z",
        "sortBy": "lastUpdatedDate",
        "sortOrder": "ASC",
        "pageSize": "20",
    }


@pytest.mark.parametrize("token", ["same", None])
def test_tokens_without_end_are_not_followed_for_ever(token: str | None) -> None:
    """Neither the same one again and again, nor always another."""

    def endless(request: Request) -> Answered:
        next_token = token or f"token-{len(world.amazon.requests)}"
        return answer({"pagination": {"nextToken": next_token}, "items": [], "numberOfResults": 1, "inventorySummaries": [], "reports": [], "nextToken": next_token})

    world = World(Amazon(searchListingsItems=endless, getInventorySummaries=endless, getReports=endless))
    world.line.changed_listings("US", START - timedelta(hours=1))
    world.line.inventory(["A"], "US")
    world.line.recent_reports("GET_X", "US", START)
    assert max(world.line.calls.values()) <= 51


def stocked(*skus: str, token: str | None = None) -> Answered:
    rows = [{"sellerSku": sku, "fnSku": f"X-{sku}", "totalQuantity": 3, "inventoryDetails": {"fulfillableQuantity": 3}} for sku in skus]
    return answer({"payload": {"granularity": {}, "inventorySummaries": rows}, **({"pagination": {"nextToken": token}} if token else {})})


def test_stock_comes_in_the_order_asked() -> None:
    """One answer for each summary; a SKU that Amazon is silent about has no body, which is not zero."""
    world = World(Amazon(getInventorySummaries=stocked("C", "A", "A")))
    answers = world.line.inventory(["A", "B", "C", "A"], "US")
    assert [(answer.key, None if answer.body is None else answer.body["fnSku"]) for answer in answers] == [("A", "X-A"), ("A", "X-A"), ("B", None), ("C", "X-C")]
    assert {answer.request_id for answer in answers} == {"made-up-request"}


def test_stock_is_asked_for_fifty_at_a_time() -> None:
    """With details, for one marketplace."""
    world = World(Amazon(getInventorySummaries=stocked()))
    assert len(world.line.inventory([f"SKU-{number}" for number in range(120)], "US")) == 120
    requests = world.amazon.asked("getInventorySummaries")
    assert [len(request.query["sellerSkus"]) for request in requests] == [50, 50, 20]
    assert {name: value for name, value in requests[0].query.items() if name != "sellerSkus"} == {"details": "true", "granularityType": "Marketplace", "granularityId": US, "marketplaceIds": US}
    assert world.line.inventory([], "US") == []


def test_pages_of_stock_are_followed_at_once() -> None:
    """The token lives for 30 seconds; the question stays the same beside it."""
    world = World(Amazon(getInventorySummaries=[stocked("A", token="next"), stocked("B")]))
    assert [answer.key for answer in world.line.inventory(["A", "B"], "US") if answer.body] == ["A", "B"]
    first, second = world.amazon.asked("getInventorySummaries")
    assert second.query == {**first.query, "nextToken": "next"}


def test_a_token_that_died_meanwhile_begins_the_question_anew() -> None:
    """Once; a question that is wrong in itself stays refused."""
    died = refusal(400, "InvalidInput", "nextToken is expired")
    world = World(Amazon(getInventorySummaries=[stocked("A", token="next"), died, stocked("A", token="next"), stocked("B")]))
    assert [answer.key for answer in world.line.inventory(["A", "B"], "US") if answer.body] == ["A", "B"]
    world = World(Amazon(getInventorySummaries=died))
    with pytest.raises(Refused):
        world.line.inventory(["A"], "US")
    assert world.line.calls["getInventorySummaries"] == 1


def test_stock_that_nobody_asked_for_is_not_lost() -> None:
    """Amazon may write a SKU in another case than we do."""
    world = World(Amazon(getInventorySummaries=stocked("ab-1")))
    assert [(answer.key, answer.body is None) for answer in world.line.inventory(["AB-1"], "US")] == [("AB-1", True), ("ab-1", False)]


def test_a_summary_without_a_sku_is_not_understood() -> None:
    """Units that belong to nobody would be lost."""
    with pytest.raises(AnswerNotUnderstood):
        World(Amazon(getInventorySummaries=answer({"payload": {"inventorySummaries": [{"fnSku": "X"}]}}))).line.inventory(["A"], "US")
