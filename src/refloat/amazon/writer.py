"""The writing line to Amazon for one account: the port ``refloat.model.ports.Writer`` over SP-API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from refloat.amazon import documents, feeds, listings_feed, paging, refusals, removals, writing
from refloat.amazon.calls import Caller
from refloat.amazon.protocol import Answered, MisshapenError
from refloat.amazon.refusals import known, seller
from refloat.errors import AmazonError, lost
from refloat.model.cure import Change
from refloat.model.ports import Answer, Clock, Download, FeedState, RemovalLine, RemovalOrder, Submission

Read = TypeVar("Read")


class AmazonWriter:
    """What changes something at Amazon goes through here, each request once. ``errors.lost`` says whether one that failed may have happened.

    A change that cannot be written down at all is a ``WrongUse`` or ``TooLarge``, before anything is sent.
    """

    def __init__(self, caller: Caller, seller_id: str | None, clock: Clock) -> None:
        self._caller, self._seller_id, self._clock = caller, seller_id, clock

    def preview(self, sku: str, marketplace: str, change: Change) -> Submission:
        """What Amazon would say to a patch or a put, without doing it. What Amazon checks later only, this does not see."""
        request = writing.preview(self._seller(change), sku, known(marketplace), change)
        try:
            said, answered = self._caller.read(request, writing.previewed)
        except AmazonError as failure:
            if lost(failure):
                # No write was on its way, so none can have been lost.
                refusals.nothing_sent(failure)
            raise
        return replace(said, request_id=answered.request_id)

    def submit(self, sku: str, marketplace: str, change: Change) -> Submission:
        """Send a patch, a put or a delete. ACCEPTED is not done."""
        request = writing.submit(self._seller(change), sku, known(marketplace), change)
        said, answered = self._caller.read(request, writing.submitted)
        return replace(said, request_id=answered.request_id)

    def send_feed(self, marketplace: str, changes: Sequence[tuple[str, Change]]) -> str:
        """Send many changes as one JSON_LISTINGS_FEED; its id. ``fitting`` cuts what is more than one."""
        return self._sent(feeds.LISTINGS, marketplace, listings_feed.written(seller(self._seller_id, "createFeed"), changes), listings_feed.CONTENT_TYPE)

    def fitting(self, changes: Sequence[tuple[str, Change]]) -> Sequence[range]:
        """The changes cut into feeds that Amazon takes: the positions of each, in their order."""
        return listings_feed.fitting(seller(self._seller_id, "createFeed"), changes)

    def send_removal(self, marketplace: str, order: RemovalOrder) -> str:
        """Send a removal order as a feed; the feed's id."""
        return self._sent(feeds.REMOVAL, marketplace, removals.written(order), removals.CONTENT_TYPE)

    def feed(self, feed_id: str) -> FeedState:
        """How far the feed is."""
        return self._caller.read(feeds.look(feed_id), feeds.state)[0]

    def recent_feeds(self, feed_type: str, marketplace: str, since: datetime) -> Sequence[FeedState]:
        """The feeds of that type that were created since, the newest first."""
        return paging.recent_feeds(self._caller, feed_type, known(marketplace), since)

    def feed_issues(self, document_id: str) -> Mapping[int, Submission]:
        """Message number → what became of it. What it does not name was accepted; a feed that Amazon could not read is ``Refused``."""
        return self._read(document_id, lambda result: listings_feed.results(result.content))

    def removal_errors(self, document_id: str) -> Sequence[RemovalLine]:
        """What was refused of a removal order; empty when nothing was."""
        return self._read(document_id, lambda result: removals.errors(result.content, result.charset))

    def listings(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        """The listings items of the SKUs as they are now, each once, in the order asked; without a body where Amazon says that there is none."""
        return paging.named(self._caller, self._clock, seller(self._seller_id, "searchListingsItems"), skus, known(marketplace))

    def _sent(self, feed_type: str, marketplace: str, content: bytes, content_type: str) -> str:
        place = known(marketplace)
        document_id = documents.upload(self._caller, content, content_type)
        return self._caller.read(feeds.create(feed_type, place, document_id), feeds.created)[0]

    def _read(self, document_id: str, reader: Callable[[Download], Read]) -> Read:
        """What the reader makes of a feed's result; of half a result it makes nothing, since what is not named counts as done."""
        find = feeds.find(document_id)
        result = documents.document(self._caller, find)
        if not result.whole:
            raise refusals.cut(find.operation)
        try:
            return reader(result)
        except listings_feed.FeedRefusedError as refused:
            failure = refusals.feed_refused(find.operation, self._caller.hide(str(refused)))
        except MisshapenError as misshapen:
            failure = refusals.not_understood(find, Answered(200, {}, result.content), str(misshapen), self._caller.hide)
        raise failure

    def _seller(self, change: Change) -> str:
        return seller(self._seller_id, f"{change.kind}ListingsItem")
