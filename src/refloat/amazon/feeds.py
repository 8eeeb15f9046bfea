"""Feeds API 2021-06-30. Amazon's page: developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-reference.

What a feed holds is in ``listings_feed`` and ``removals``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from refloat.amazon.protocol import MisshapenError, Request, held, held_or_none, marketplace_id, moment, objects, segment
from refloat.amazon.reports import STAGES, address
from refloat.amazon.secret import Secret
from refloat.model.ports import FeedState

_PATH = "/feeds/2021-06-30"
LISTINGS, REMOVAL = "JSON_LISTINGS_FEED", "POST_FLAT_FILE_FBA_CREATE_REMOVAL"
#: Type of a feed → a second row of rates that it counts in.
_BUCKETS = {LISTINGS: "listingsFeed"}


class Room(NamedTuple):
    """Room for a feed's content: a presigned address to put it to within five minutes, and the id by which a feed names it."""

    document_id: str
    url: Secret


class Page(NamedTuple):
    """One page of feeds, with the token of the next."""

    feeds: list[FeedState]
    token: str | None


def room(content_type: str) -> Request:
    """createFeedDocument: room for content, of which nothing is done until a feed names it."""
    return Request("createFeedDocument", "POST", f"{_PATH}/documents", body={"contentType": content_type})


def given(body: Any) -> Room:
    """The room that Amazon gave."""
    return Room(held(body, "feedDocumentId", str), address(body))


def create(feed_type: str, marketplace: str, document_id: str) -> Request:
    """createFeed for one marketplace: from here on Amazon works on it."""
    body = {"feedType": feed_type, "marketplaceIds": [marketplace_id(marketplace)], "inputFeedDocumentId": document_id}
    return Request("createFeed", "POST", f"{_PATH}/feeds", body=body, writes=True, bucket=_BUCKETS.get(feed_type))


def created(body: Any) -> str:
    """The id of the feed."""
    return held(body, "feedId", str)


def look(feed_id: str) -> Request:
    """getFeed: how far it is."""
    return Request("getFeed", "GET", f"{_PATH}/feeds/{segment(feed_id)}")


def state(body: Any) -> FeedState:
    """How far the feed is; a stage that we do not know is an answer that we do not understand."""
    stage = held(body, "processingStatus", str)
    if stage not in STAGES:
        raise MisshapenError(f"“{stage[:40]}” is no stage of a feed")
    times = (_moment(body, "createdTime"), _moment(body, "processingEndTime"))
    return FeedState(held(body, "feedId", str), held(body, "feedType", str), stage, *times, held_or_none(body, "resultFeedDocumentId", str))


def recent(feed_type: str, marketplace: str, since: datetime) -> Request:
    """getFeeds: those of one type, created since."""
    query = {"feedTypes": feed_type, "marketplaceIds": marketplace_id(marketplace), "pageSize": "100", "createdSince": moment(since)}
    return Request("getFeeds", "GET", f"{_PATH}/feeds", query)


def following(token: str) -> Request:
    """getFeeds, the next page; Amazon refuses any other parameter beside the token."""
    return Request("getFeeds", "GET", f"{_PATH}/feeds", {"nextToken": token})


def page(body: Any) -> Page:
    """The feeds of one page."""
    return Page([state(row) for row in objects(body, "feeds")], held_or_none(body, "nextToken", str))


def find(document_id: str) -> Request:
    """getFeedDocument: a fresh address for what became of a feed; Amazon keeps it for 28 days."""
    return Request("getFeedDocument", "GET", f"{_PATH}/documents/{segment(document_id)}")


def _moment(body: Any, key: str) -> datetime | None:
    written = held_or_none(body, key, str)
    if written is None:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise MisshapenError(f"“{key}” is no moment") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
