"""Feeds: the content in Amazon's limits, its way to the store, the feed, and the report on it."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.fakes import START, UNAVAILABLE, US, Amazon, World, answer, refusal

from refloat.amazon import feeds, listings_feed
from refloat.amazon.listings_feed import FeedRefusedError
from refloat.amazon.protocol import Answered, MisshapenError
from refloat.errors import AmazonDown, AnswerNotUnderstood, NotThere, Refused, TooLarge, WrongUse
from refloat.knowledge import tables
from refloat.model.cure import Change, Patch
from refloat.model.ports import FeedState, Submission

SELLER = "A1MADEUPSELLER"
URL = "https://store.example/upload-1?X-Amz-Signature=made-up"
OFFER = [{"marketplace_id": US, "our_price": [{"schedule": [{"value_with_tax": 21.5}]}]}]
PATCH = Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, OFFER),))
PUT = Change("put", "PRODUCT", (Patch("condition_type", None, [{"value": "new_new"}]),), "LISTING_OFFER_ONLY")
DELETE = Change("delete")
ROOM = answer({"feedDocumentId": "document-1", "url": URL}, 201)
KEPT, EXPIRED = Answered(200, {}, b""), Answered(403, {"content-type": "application/xml"}, b"<Error><Code>AccessDenied</Code></Error>")
FEED = answer({"feedId": "feed-1"}, 202)
STATE = {
    "feedId": "feed-1",
    "feedType": feeds.LISTINGS,
    "createdTime": "2026-03-02T09:00:00+00:00",
    "processingStatus": "DONE",
    "processingEndTime": "2026-03-02T09:05:00Z",
    "resultFeedDocumentId": "result-1",
}


def test_a_feed_says_what_the_single_calls_would() -> None:
    """PATCH, UPDATE and DELETE, numbered from 1; half a character in a SKU breaks nothing."""
    feed = json.loads(listings_feed.written(SELLER, [("A", PATCH), ("商/1", PUT), ("\ud800", DELETE)]))
    assert feed == {
        "header": {"sellerId": SELLER, "version": "2.0", "issueLocale": "en_US"},
        "messages": [
            {"messageId": 1, "sku": "A", "operationType": "PATCH", "productType": "LUGGAGE", "patches": [{"op": "replace", "path": "/attributes/purchasable_offer", "value": OFFER}]},
            {"messageId": 2, "sku": "商/1", "operationType": "UPDATE", "productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": {"condition_type": [{"value": "new_new"}]}},
            {"messageId": 3, "sku": "\ud800", "operationType": "DELETE"},
        ],
    }


@pytest.mark.parametrize("changes", [[], [("A", Change("removal"))]])
def test_a_feed_of_nothing_or_of_something_else_is_not_sent(changes: list[tuple[str, Change]]) -> None:
    """Amazon would end it as FATAL."""
    world = World(Amazon())
    with pytest.raises(WrongUse):
        world.writer.send_feed("US", changes)
    assert world.amazon.requests == []


def test_a_feed_has_at_most_25000_messages() -> None:
    """One more is said, and cut in two."""
    changes = [(f"SKU-{number}", DELETE) for number in range(25_001)]
    assert listings_feed.written(SELLER, changes[:-1])
    with pytest.raises(TooLarge, match="25001"):
        listings_feed.written(SELLER, changes)
    assert listings_feed.fitting(SELLER, changes) == [range(25_000), range(25_000, 25_001)]
    assert World(Amazon()).writer.fitting(changes[:-1]) == [range(25_000)]
    assert listings_feed.fitting(SELLER, []) == []


def test_a_feed_is_smaller_than_10_mib() -> None:
    """Eleven changes of a mebibyte need two feeds; one of eleven mebibytes cannot be sent at all, and nothing before it is."""
    large = Change("patch", patches=(Patch("a", None, [{"value": "x" * 2**20}]),))
    changes = [(f"SKU-{number}", large) for number in range(11)]
    with pytest.raises(TooLarge, match="SKU-0"):
        listings_feed.written(SELLER, changes)
    parts = [[changes[place] for place in few] for few in listings_feed.fitting(SELLER, changes)]
    assert [len(part) for part in parts] == [9, 2]
    assert all(len(listings_feed.written(SELLER, part)) < 10 * 2**20 for part in parts)
    with pytest.raises(TooLarge, match="SKU-HUGE"):
        listings_feed.fitting(SELLER, [("A", DELETE), ("SKU-HUGE", Change("patch", patches=(Patch("a", None, [{"value": "x" * 11 * 2**20}]),)))])


@given(st.lists(st.tuples(st.text(min_size=1, max_size=30), st.sampled_from([PATCH, PUT, DELETE])), max_size=40), st.integers(1, 7), st.integers(400, 1500))
def test_every_part_is_a_feed_that_amazon_takes(changes: list[tuple[str, Change]], messages: int, size: int) -> None:
    """Whatever is cut: all of it, in its order, none empty, each within both limits, and none that could be joined with the next by far."""
    limits = {**tables.table("limits"), "feed": {"messages": messages, "bytes": size}}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(listings_feed, "table", lambda _: limits)
        try:
            parts = [[changes[place] for place in few] for few in listings_feed.fitting(SELLER, changes)]
        except TooLarge:
            return
        assert [change for part in parts for change in part] == changes
        assert all(len(listings_feed.written(SELLER, part)) < size and 0 < len(part) <= messages for part in parts)


def test_a_feed_is_put_to_the_store_and_then_named() -> None:
    """Room, content, feed: for one marketplace, the type of the content the same in both; the last one writes, and waits in two buckets."""
    world = World(Amazon(createFeedDocument=ROOM, upload=KEPT, createFeed=FEED))
    assert world.writer.send_feed("US", [("A", PATCH)]) == "feed-1"
    room, put, feed = (world.amazon.asked(operation)[0] for operation in ("createFeedDocument", "upload", "createFeed"))
    assert room.body == {"contentType": "application/json; charset=UTF-8"}
    assert (put.path, put.body) == (URL, {"content": listings_feed.written(SELLER, [("A", PATCH)]), "type": "application/json; charset=UTF-8"})
    assert feed.body == {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US], "inputFeedDocumentId": "document-1"}
    assert (room.writes, feed.writes) == (False, True)
    assert [operation for _, operation, _, _ in world.gate.reserved] == ["createFeedDocument", "listingsFeed", "createFeed"]
    assert world.amazon.headers[world.amazon.requests.index(put)] == {}


def test_what_lies_in_the_store_may_be_put_again() -> None:
    """Trouble of the store passes; an address whose time is over is renewed once; only then a feed is made, once."""
    world = World(Amazon(createFeedDocument=[UNAVAILABLE, ROOM], upload=[UNAVAILABLE, Answered(500, {}, b""), EXPIRED, KEPT], createFeed=FEED))
    assert world.writer.send_feed("US", [("A", PATCH)]) == "feed-1"
    assert {name: world.line.calls[name] for name in ("createFeedDocument", "upload", "listingsFeed")} == {"createFeedDocument": 3, "upload": 4, "listingsFeed": 1}


@pytest.mark.parametrize(("store", "kind"), [(UNAVAILABLE, AmazonDown), (EXPIRED, AnswerNotUnderstood), (Answered(200, {}, b"", whole=False), AmazonDown)])
def test_without_the_content_there_is_no_feed(store: Answered, kind: type[Exception]) -> None:
    """The error says so: nothing can have been lost."""
    world = World(Amazon(createFeedDocument=ROOM, upload=store))
    with pytest.raises(kind) as failure:
        world.writer.send_feed("US", [("A", PATCH)])
    assert failure.value.sent is False
    assert "made-up" not in str(failure.value).replace("made-up-request", "")


@pytest.mark.parametrize("stage", ["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"])
def test_a_feed_says_how_far_it_is(stage: str) -> None:
    """With its moments in UTC, and its result once there is one."""
    world = World(Amazon(getFeed=answer({**STATE, "processingStatus": stage, "new": 1})))
    assert world.writer.feed("feed-1") == FeedState("feed-1", feeds.LISTINGS, stage, START, START.replace(minute=5), "result-1")
    bare = feeds.state({"feedId": "1", "feedType": "X", "processingStatus": stage, "createdTime": "2026-03-02T09:00:00"})
    assert bare == FeedState("1", "X", stage, START)


@pytest.mark.parametrize("change", [{"processingStatus": "PAUSED"}, {"createdTime": "yesterday"}, {"feedId": None}, {"resultFeedDocumentId": 7}])
def test_a_state_that_nobody_knows_is_not_understood(change: dict[str, Any]) -> None:
    """Neither done nor failed may be assumed."""
    with pytest.raises(AnswerNotUnderstood):
        World(Amazon(getFeed=answer({**STATE, **change}))).writer.feed("feed-1")


def test_recent_feeds_come_newest_first_over_pages() -> None:
    """By type and marketplace; the next page by its token alone."""

    def feed(number: int, day: int) -> dict[str, str]:
        return {"feedId": f"{number}", "feedType": feeds.REMOVAL, "processingStatus": "DONE", "createdTime": f"2026-03-{day:02}T00:00:00+00:00"}

    world = World(Amazon(getFeeds=[answer({"feeds": [feed(1, 1), feed(3, 3)], "nextToken": "made up/+="}), answer({"feeds": [feed(2, 2)]})]))
    found = world.writer.recent_feeds(feeds.REMOVAL, "US", datetime(2026, 2, 1, tzinfo=UTC))
    assert [state.feed_id for state in found] == ["3", "2", "1"]
    first, second = world.amazon.asked("getFeeds")
    assert first.query == {"feedTypes": feeds.REMOVAL, "marketplaceIds": US, "pageSize": "100", "createdSince": "2026-02-01T00:00:00Z"}
    assert second.query == {"nextToken": "made up/+="}


def issue(number: int | None, severity: str = "ERROR", **more: str) -> dict[str, Any]:
    return {"code": "90220", "severity": severity, "message": "Lacking.", **({} if number is None else {"messageId": number}), **more}


def report(*issues: dict[str, Any], invalid: int = 0) -> bytes:
    return json.dumps({"header": {}, "issues": list(issues), "summary": {"messagesInvalid": invalid}}).encode()


def test_issues_are_told_by_message() -> None:
    """Word for word; a warning refuses nothing, a severity that nobody knows does; what is not named was accepted."""
    rows = issue(2, sku="B", attributeName="x"), issue(2, "WARNING"), issue(3, "WARNING"), issue(5, "SEVERE")
    expected = {2: Submission("INVALID", (rows[0], rows[1])), 3: Submission("ACCEPTED", (rows[2],)), 5: Submission("INVALID", (rows[3],))}
    assert listings_feed.results(report(*rows, invalid=2)) == expected
    assert listings_feed.results(b"\xef\xbb\xbf" + report(issue(None, "WARNING"))) == {}


@pytest.mark.parametrize("packed", [True, False])
def test_a_result_is_read_from_its_document(packed: bool) -> None:
    """Packed or not, by the same way as a report's."""
    content = report(issue(2), invalid=1)
    sheet = answer({"feedDocumentId": "result-1", "url": URL, **({"compressionAlgorithm": "GZIP"} if packed else {})})
    world = World(Amazon(getFeedDocument=sheet, download=Answered(200, {}, gzip.compress(content) if packed else content)))
    assert world.writer.feed_issues("result-1") == {2: Submission("INVALID", (issue(2),))}
    assert world.amazon.asked("getFeedDocument")[0].path == "/feeds/2021-06-30/documents/result-1"


def result(content: bytes, whole: bool = True) -> World:
    return World(Amazon(getFeedDocument=answer({"feedDocumentId": "result-1", "url": URL}), download=Answered(200, {}, content, whole)))


def test_half_a_result_is_none() -> None:
    """What is not named counts as accepted, so what lies in the lost half would."""
    with pytest.raises(AmazonDown):
        result(report(), whole=False).writer.feed_issues("result-1")
    with pytest.raises(AmazonDown):
        result(b"original-record-number\tsku\n", whole=False).writer.removal_errors("result-1")


def test_a_feed_that_could_not_be_read_is_refused_as_a_whole() -> None:
    """An error without a message's number: none of them was looked at."""
    with pytest.raises(FeedRefusedError):
        listings_feed.results(report(issue(None)))
    with pytest.raises(Refused, match="90220: Lacking"):
        result(report(issue(None))).writer.feed_issues("result-1")


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"{}", report(issue(2), invalid=2), json.dumps({"issues": [{"messageId": "2"}], "summary": {"messagesInvalid": 0}}).encode(), b'{"issues": []}']
)
def test_a_result_that_does_not_add_up_is_not_understood(content: bytes) -> None:
    """More refused messages than names: which of the others were accepted nobody knows."""
    with pytest.raises(MisshapenError):
        listings_feed.results(content)
    with pytest.raises(AnswerNotUnderstood):
        result(content).writer.feed_issues("result-1")
    with pytest.raises(AnswerNotUnderstood):
        result(content).writer.removal_errors("result-1")


def test_a_result_whose_time_is_over_is_not_there() -> None:
    """Amazon keeps it for 28 days."""
    with pytest.raises(NotThere):
        World(Amazon(getFeedDocument=refusal(404, "NotFound", "The feed document does not exist."))).writer.feed_issues("result-1")
