"""Answers that come in pages: searches cut into windows of time or by SKU, stock with tokens that live for seconds, lists of reports and feeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from refloat.amazon import feeds, inventory, listings, reports
from refloat.amazon.calls import Caller
from refloat.amazon.limits import setting
from refloat.amazon.protocol import Reader, Request
from refloat.errors import NotThere, Refused
from refloat.model.ports import Answer, Clock, FeedState, ReportState

#: A window is not cut below this: Amazon's moments are seconds.
_NARROWEST = timedelta(seconds=2)
#: No list has more pages; a server that gives tokens for ever is not followed.
_MOST_PAGES = 50
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def changes(caller: Caller, clock: Clock, seller_id: str, marketplace: str, since: datetime) -> list[Answer]:
    """The items that changed since, each once, the oldest change first.

    Amazon lets at most 1,000 items of one search be reached, so a window with more is halved. Only in one
    that cannot be halved any more (more than 1,000 changes within two seconds) the rest stays unreached.
    """
    found: dict[str, Answer] = {}
    windows = [(since.replace(microsecond=0), max(since, clock.now()).replace(microsecond=0) + timedelta(seconds=1))]
    while windows:
        after, before = windows.pop()
        search = listings.changed(seller_id, marketplace, after, before)
        first, answered = caller.read(search, listings.found)
        if (first.total or 0) > setting("search_reach") and before - after > _NARROWEST:
            middle = (after + (before - after) / 2).replace(microsecond=0)
            # The halves share a second: whether Amazon counts the edges is not documented.
            windows += [(middle, before), (after, middle + timedelta(seconds=1))]
            continue
        for item, request_id in _items(caller, search, first, answered.request_id):
            found.pop(item["sku"], None)
            found[item["sku"]] = Answer(item["sku"], dict(item), clock.now(), request_id)
    return list(found.values())


def _items(caller: Caller, search: Request, page: listings.Found, request_id: str | None) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """The items of every page, with the id of the call that brought them."""
    yield from ((item, request_id) for item in page.items)
    seen: set[str] = set()
    while page.token and page.token not in seen and len(seen) < _MOST_PAGES:
        seen.add(page.token)
        page, answered = caller.read(listings.following(search, page.token), listings.found)
        yield from ((item, answered.request_id) for item in page.items)


def one(caller: Caller, clock: Clock, key: str, request: Request, reader: Reader[Mapping[str, Any]]) -> Answer:
    """One answer about one SKU or ASIN; without a body where Amazon says that there is none."""
    try:
        body, answered = caller.read(request, reader)
    except NotThere as gone:
        request_id = gone.values["request_id"]
        return Answer(key, None, clock.now(), None if request_id == "unknown" else str(request_id))
    return Answer(key, body, clock.now(), answered.request_id)


def named(caller: Caller, clock: Clock, seller_id: str, skus: Sequence[str], marketplace: str) -> list[Answer]:
    """The listings items of the SKUs, each once, in the order asked.

    A search may lag behind, so of a SKU that it does not name Amazon is asked by itself: only its own word (404) is absence.
    """
    wanted = list(dict.fromkeys(skus))
    together = [sku for sku in wanted if sku and "," not in sku]
    found: dict[str, Answer] = {}
    for start in range(0, len(together), setting("search_skus")):
        search = listings.named(seller_id, together[start : start + setting("search_skus")], marketplace)
        first, answered = caller.read(search, listings.found)
        for item, request_id in _items(caller, search, first, answered.request_id):
            found[item["sku"]] = Answer(item["sku"], dict(item), clock.now(), request_id)
    return [found.get(sku) or one(caller, clock, sku, listings.look(seller_id, sku, marketplace), listings.item) for sku in wanted]


def stock(caller: Caller, clock: Clock, skus: Sequence[str], marketplace: str) -> list[Answer]:
    """One answer for each summary, in the order asked; for a SKU that Amazon answers nothing about, one without a body.

    A SKU may have several summaries: one for each FNSKU or condition.
    """
    found: dict[str, list[Answer]] = {}
    for part, look in inventory.looks(list(dict.fromkeys(skus)), marketplace):
        summaries, request_id = _summaries(caller, look)
        at = clock.now()
        for each in summaries:
            found.setdefault(each["sellerSku"], []).append(Answer(each["sellerSku"], dict(each), at, request_id))
        for sku in part:
            found.setdefault(sku, [Answer(sku, None, at, request_id)])
    # What Amazon writes otherwise than we asked (another case, for example) comes last, rather than being lost.
    return [answer for sku in dict.fromkeys([*skus, *found]) for answer in found[sku]]


def _summaries(caller: Caller, look: Request) -> tuple[list[Mapping[str, Any]], str | None]:
    """Every page of one question, and the id of the last call; a token that has died meanwhile means to begin anew, once."""
    page, answered = caller.read(look, inventory.stock)
    try:
        return _pages(caller, look, page, answered.request_id)
    except Refused:
        page, answered = caller.read(look, inventory.stock)
        return _pages(caller, look, page, answered.request_id)


def _pages(caller: Caller, look: Request, page: inventory.Stock, request_id: str | None) -> tuple[list[Mapping[str, Any]], str | None]:
    summaries, seen = [*page.summaries], set[str]()
    while page.token and page.token not in seen and len(seen) < _MOST_PAGES:
        seen.add(page.token)
        page, answered = caller.read(inventory.following(look, page.token), inventory.stock)
        summaries, request_id = summaries + page.summaries, answered.request_id
    return summaries, request_id


def recent_reports(caller: Caller, report_type: str, marketplace: str, since: datetime) -> list[ReportState]:
    """The reports of one type that were ordered since, the newest first."""
    page, _ = caller.read(reports.recent(report_type, marketplace, since), reports.page)
    rows, seen = [*page.reports], set[str]()
    while page.token and page.token not in seen and len(seen) < _MOST_PAGES:
        seen.add(page.token)
        page, _ = caller.read(reports.following(page.token), reports.page)
        rows += page.reports
    return [state for _, state in sorted(rows, key=lambda row: row[0], reverse=True)]


def recent_feeds(caller: Caller, feed_type: str, marketplace: str, since: datetime) -> list[FeedState]:
    """The feeds of one type that were created since, the newest first."""
    page, _ = caller.read(feeds.recent(feed_type, marketplace, since), feeds.page)
    rows, seen = [*page.feeds], set[str]()
    while page.token and page.token not in seen and len(seen) < _MOST_PAGES:
        seen.add(page.token)
        page, _ = caller.read(feeds.following(page.token), feeds.page)
        rows += page.feeds
    return sorted(rows, key=lambda state: state.created_at or _LONG_AGO, reverse=True)
