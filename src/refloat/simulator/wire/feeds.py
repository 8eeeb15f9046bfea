"""Feeds API 2021-06-30 (feeds_2021-06-30.json): a document, a feed, its life from queue to end, its result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from refloat.simulator.wire import feed_listings, feed_lives, feed_removals, stored, throttle
from refloat.simulator.wire.asked import checked_marketplaces, moment_asked, number, options, seller_of, words, wrong
from refloat.simulator.wire.item import moment
from refloat.simulator.wire.moments import turned_on
from refloat.simulator.wire.speech import Call, Refusal, Reply, Route
from refloat.simulator.world import World

Json = dict[str, Any]
_LISTING_FEEDS, _LISTING_WINDOW = 5, timedelta(minutes=5)
_STAGES = ("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE")


def create_document(world: World, call: Call) -> Reply:
    """createFeedDocument: an id, and a URL to which the content is PUT within five minutes."""
    content_type = call.json.get("contentType") if isinstance(call.json, dict) else None
    if not isinstance(content_type, str) or not content_type:
        raise wrong("Missing required parameter 'contentType'.")
    name = feed_lives.new_document(world, seller_of(call), content_type, feed_lives.INPUT_LIFETIME, b"")
    return Reply(201, {"feedDocumentId": name, "url": stored.link(world, call, name, "PUT")})


def create(world: World, call: Call) -> Reply:
    """createFeed."""
    seller, body = seller_of(call), call.json if isinstance(call.json, dict) else {}
    kind, name = body.get("feedType"), body.get("inputFeedDocumentId")
    if not isinstance(kind, str) or (kind not in feed_lives.WORK and kind not in feed_lives.DEAD):
        raise wrong(f"Invalid 'feedType' provided: {kind}.")
    # The kinds of feeds that are played have no options of their own; their form is looked at all the same.
    options(body, "feedOptions")
    if _role(kind) not in seller.roles:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", kind="AccessDeniedException")
    places = checked_marketplaces(seller, body.get("marketplaceIds"), 25)
    document = feed_lives.room(world).documents.get(str(name))
    if document is None or document.seller_id != seller.id or document.created_at + document.lifetime <= world.now:
        raise wrong(f"Invalid 'inputFeedDocumentId' provided: {name}.")
    if kind == feed_listings.TYPE and len(_recent(world, seller.id)) >= _LISTING_FEEDS:
        raise throttle.throttled()
    feed = feed_lives.Feed(world.identity("feed", 12), seller.id, kind, places, str(name), world.now)
    feed_lives.queue(world, feed)
    return Reply(202, {"feedId": feed.id})


def get(world: World, call: Call) -> Reply:
    """getFeed."""
    return Reply(200, _shown(_feed(world, call)))


def several(world: World, call: Call) -> Reply:
    """getFeeds: by type, newest first; or the next page, by nextToken alone."""
    room, token = feed_lives.room(world), call.one("nextToken")
    if token is None:
        ids, size = [feed.id for feed in _matching(world, call)], number(call, "pageSize", 10, 100)
    elif token not in room.pages or set(call.query) != {"nextToken"}:
        raise wrong("Invalid 'nextToken' provided, or it stands beside other parameters.")
    else:
        ids, size = room.pages[token]
    body: Json = {"feeds": [_shown(room.feeds[one]) for one in ids[:size]]}
    if ids[size:]:
        body["nextToken"] = world.identity("feed-page", 24)
        room.pages[body["nextToken"]] = ids[size:], size
    return Reply(200, body)


def cancel(world: World, call: Call) -> Reply:
    """cancelFeed: only from the queue."""
    feed = _feed(world, call)
    if feed.stage != "IN_QUEUE":
        raise wrong(f"The feed {feed.id} cannot be cancelled: its processing status is {feed.stage}.")
    feed_lives.end(world, feed, "CANCELLED")
    return Reply(200, b"")


def document(world: World, call: Call) -> Reply:
    """getFeedDocument: where the content lies, for five minutes; on demand behind a link that says how it is packed."""
    name = call.parts["feedDocumentId"]
    found = feed_lives.room(world).documents.get(name)
    if found is None or found.seller_id != seller_of(call).id or found.created_at + found.lifetime <= world.now:
        raise Refusal(404, "NotFound", f"The feed document {name} does not exist.")
    encoded = turned_on(call, "enableContentEncodingUrlHeader") and found.gzipped
    lying = stored.encoded(world, name) if encoded else name
    return Reply(200, {"feedDocumentId": name, "url": stored.link(world, call, lying)} | ({"compressionAlgorithm": "GZIP"} if found.gzipped else {}))


def _role(kind: str) -> str:
    return "Amazon Fulfillment" if kind == feed_removals.TYPE else "Product Listing"


def _recent(world: World, seller_id: str) -> list[feed_lives.Feed]:
    return [feed for feed in feed_lives.feeds_of(world, seller_id) if feed.type == feed_listings.TYPE and feed.created_at > world.now - _LISTING_WINDOW]


def _feed(world: World, call: Call) -> feed_lives.Feed:
    found = feed_lives.room(world).feeds.get(call.parts["feedId"])
    if found is None or found.seller_id != seller_of(call).id:
        raise Refusal(404, "NotFound", f"The feed {call.parts['feedId']} does not exist.")
    return found


def _matching(world: World, call: Call) -> list[feed_lives.Feed]:
    kinds, places = call.query.get("feedTypes", []), call.query.get("marketplaceIds", [])
    if not 1 <= len(kinds) <= 10 or len(places) > 10:
        raise wrong("'feedTypes' (1 to 10) or 'nextToken' is required; 'marketplaceIds' has at most 10.")
    stages = words(call, "processingStatuses", _STAGES, _STAGES)
    since = moment_asked(call, "createdSince") or world.now - timedelta(days=90)
    until = moment_asked(call, "createdUntil") or world.now
    found = [feed for feed in feed_lives.feeds_of(world, seller_of(call).id) if feed.type in kinds and feed.stage in stages and since <= feed.created_at <= until]
    return [feed for feed in reversed(found) if not places or set(places) & set(feed.marketplace_ids)]


def _shown(feed: feed_lives.Feed) -> Json:
    body: Json = {"feedId": feed.id, "feedType": feed.type, "marketplaceIds": feed.marketplace_ids, "createdTime": moment(feed.created_at), "processingStatus": feed.stage}
    times = {"processingStartTime": feed.started_at, "processingEndTime": feed.ended_at}
    body |= {name: moment(at) for name, at in times.items() if at is not None}
    return body | ({"resultFeedDocumentId": feed.result_id} if feed.result_id else {})


ROUTES = (
    Route("createFeedDocument", "POST", "/feeds/2021-06-30/documents", create_document, 0.5, 15, None),
    Route("createFeed", "POST", "/feeds/2021-06-30/feeds", create, 0.0083, 15, None),
    Route("getFeeds", "GET", "/feeds/2021-06-30/feeds", several, 0.0222, 10, None),
    Route("getFeed", "GET", "/feeds/2021-06-30/feeds/{feedId}", get, 2, 15, None),
    Route("cancelFeed", "DELETE", "/feeds/2021-06-30/feeds/{feedId}", cancel, 2, 15, None),
    Route("getFeedDocument", "GET", "/feeds/2021-06-30/documents/{feedDocumentId}", document, 0.0222, 10, None),
)
