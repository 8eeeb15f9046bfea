"""The life of a feed: from the queue through its work to its end, by the world's clock."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message

from refloat.simulator.nouns.seller import Seller
from refloat.simulator.wire import feed_listings, feed_removals, notifications, stored
from refloat.simulator.wire.feed_results import Outcome
from refloat.simulator.world import World

#: The input document can be used that long; results are kept that long.
INPUT_LIFETIME, RESULT_LIFETIME = timedelta(days=2), timedelta(days=28)
#: Results larger than this come compressed.
_GZIP_FROM = 65536

#: Since 31 July 2025 these end FATAL (developer-docs, listings feed type values).
DEAD = (
    "POST_PRODUCT_DATA", "POST_INVENTORY_AVAILABILITY_DATA", "POST_PRODUCT_OVERRIDES_DATA", "POST_PRODUCT_PRICING_DATA", "POST_PRODUCT_IMAGE_DATA",
    "POST_PRODUCT_RELATIONSHIP_DATA", "POST_FLAT_FILE_INVLOADER_DATA", "POST_FLAT_FILE_BOOKLOADER_DATA", "POST_FLAT_FILE_CONVERGENCE_LISTINGS_DATA",
    "POST_FLAT_FILE_LISTINGS_DATA", "POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA", "POST_UIEE_BOOKLOADER_DATA",
)  # fmt: skip
Work = Callable[[World, "Feed", bytes, bool], Outcome]


@dataclass
class Feed:
    """One feed and how far it is."""

    id: str
    seller_id: str
    type: str
    marketplace_ids: list[str]
    document_id: str
    created_at: datetime
    stage: str = "IN_QUEUE"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result_id: str | None = None


@dataclass
class Document:
    """Whose document it is, since when, of which type."""

    seller_id: str
    created_at: datetime
    content_type: str
    lifetime: timedelta = INPUT_LIFETIME
    gzipped: bool = False


@dataclass
class Room:
    """Every feed, every document of a feed, and the pages of lists that are still to come."""

    feeds: dict[str, Feed] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    pages: dict[str, tuple[list[str], int]] = field(default_factory=dict)


def feeds_of(world: World, seller_id: str) -> list[Feed]:
    """The seller's feeds, in the order in which they were made."""
    return [feed for feed in room(world).feeds.values() if feed.seller_id == seller_id]


def room(world: World) -> Room:
    """The feeds of this world."""
    own: Room = world.rooms.setdefault("feeds", Room())
    return own


def new_document(world: World, seller: Seller, content_type: str, lifetime: timedelta, content: bytes) -> str:
    """Store a document of the seller's; gives its id."""
    name = f"amzn1.tortuga.4.{seller.region.lower()}.{world.identity('feed-document', 24)}"
    gzipped = len(content) > _GZIP_FROM
    room(world).documents[name] = Document(seller.id, world.now, content_type, lifetime, gzipped)
    stored.documents(world)[name] = stored.Stored(gzip.compress(content, mtime=0) if gzipped else content, {"content-type": content_type})
    return name


def queue(world: World, feed: Feed) -> None:
    """Put a new feed into the queue."""
    world.happenings.setdefault("feed-begins", _begins)
    world.happenings.setdefault("feed-ends", _ends)
    room(world).feeds[feed.id] = feed
    world.note("feed-queued", feed.seller_id, feed.type, feed.id)
    world.later(timedelta(seconds=world.random("feed-queue", feed.id).randrange(20, 90)), "feed-begins", feed.id)


def _begins(world: World, feed_id: str) -> None:
    feed = room(world).feeds[feed_id]
    if feed.stage != "IN_QUEUE":
        return
    feed.stage, feed.started_at = "IN_PROGRESS", world.now
    size = len(stored.documents(world)[feed.document_id].content)
    # Minutes, and longer for larger ones: 10 MiB take some twenty minutes more.
    world.later(timedelta(seconds=world.random("feed-work", feed.id).randrange(60, 420) + size // 8192), "feed-ends", feed_id)


def _ends(world: World, feed_id: str) -> None:
    feed = room(world).feeds[feed_id]
    content = stored.documents(world)[feed.document_id].content
    if feed.type in DEAD:
        end(world, feed, "FATAL")
        return
    half = world.faults.strikes(world, "half-feed", "createFeed")
    outcome = WORK[feed.type](world, feed, content, half)
    if not half:
        feed.result_id = new_document(world, world.sellers[feed.seller_id], outcome.content_type, RESULT_LIFETIME, outcome.content)
    end(world, feed, "FATAL" if half or outcome.fatal else "DONE")


def end(world: World, feed: Feed, stage: str) -> None:
    """The feed ends, and whoever listens is told."""
    feed.stage, feed.ended_at = stage, world.now
    world.note("feed-ended", feed.seller_id, feed.type, feed.id, stage)
    notifications.feed_finished(world, feed.seller_id, feed.id, feed.type, stage, feed.result_id)


def _of_listings(world: World, feed: Feed, content: bytes, half: bool) -> Outcome:
    return feed_listings.work(world, world.sellers[feed.seller_id], feed.marketplace_ids, feed.id, content, half=half)


def _of_removals(world: World, feed: Feed, content: bytes, half: bool) -> Outcome:
    header = Message()
    header["content-type"] = room(world).documents[feed.document_id].content_type
    charset = header.get_content_charset() or "utf-8"
    return feed_removals.work(world, world.sellers[feed.seller_id], feed.marketplace_ids[0], content, charset, half=half)


WORK: Mapping[str, Work] = {feed_listings.TYPE: _of_listings, feed_removals.TYPE: _of_removals}
