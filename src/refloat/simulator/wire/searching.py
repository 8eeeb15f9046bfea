"""searchListingsItems (listingsItems_2021-08-01.json): pages of at most 20, at most 1,000 within reach.

The first page decides what is found; its token leads through that, as it was then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.rules import freshness
from refloat.simulator.wire.asked import marketplaces, moment_asked, number, seller_of, word, words, wrong
from refloat.simulator.wire.item import DATA_SETS, STANDINGS, issues, item, stands
from refloat.simulator.wire.speech import Call, Reply
from refloat.simulator.world import World

MOST_REACHABLE = 1000
MOST_A_PAGE = 20
#: Searches whose tokens are still good.
_KEPT = 64
#: A place within reach has no more; Python reads no number of thousands.
_DIGITS = 4
_TYPES = ("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC")
_RELATED = ("variationParentSku", "packageHierarchySku")
#: Ways to name listings that exclude each other.
_WAYS = ("identifiers", *_RELATED)
_SORTS = ("sku", "createdDate", "lastUpdatedDate")


@dataclass
class Search:
    """What one search found: the SKUs within reach, and how many there are in all."""

    skus: list[str]
    count: int


@dataclass
class Room:
    """Searches by their token's first part, oldest first."""

    searches: dict[str, Search] = field(default_factory=dict)


def search(world: World, call: Call) -> Reply:
    """searchListingsItems, in the first marketplace that is named."""
    seller, place = seller_of(call), marketplaces(call)[0]
    included = words(call, "includedData", DATA_SETS, ("summaries",))
    size = number(call, "pageSize", 10, MOST_A_PAGE)
    token, start = _token(call)
    room: Room = world.rooms.setdefault("searches", Room())
    found = room.searches.get(token) if token else _found(world, call, seller.id, place)
    if found is None:
        raise wrong("Invalid 'pageToken' provided.")
    page = [listing for sku in found.skus[start : start + size] if (listing := world.listing(seller.id, place, sku)) is not None]
    tokens = {}
    if start + size < len(found.skus) or start:
        token = token or _kept(world, room, found)
        if start + size < len(found.skus):
            tokens["nextToken"] = f"{token}-{start + size}"
        if start:
            tokens["previousToken"] = f"{token}-{max(0, start - size)}"
    items = [item(world, [listing], included) for listing in page]
    return Reply(200, {"numberOfResults": found.count, "items": items} | ({"pagination": tokens} if tokens else {}))


def _token(call: Call) -> tuple[str, int]:
    text = call.one("pageToken")
    if text is None:
        return "", 0
    token, _, start = text.partition("-")
    if not token or not start.isdecimal() or len(start) > _DIGITS:
        raise wrong("Invalid 'pageToken' provided.")
    return token, int(start)


def _kept(world: World, room: Room, found: Search) -> str:
    token = world.identity("page", 32)
    room.searches[token] = found
    if len(room.searches) > _KEPT:
        del room.searches[next(iter(room.searches))]
    return token


def _found(world: World, call: Call, seller_id: str, place: str) -> Search:
    index = freshness.index(world, seller_id, place)
    skus: Iterable[str] = _candidates(call, index)
    lookup: Callable[[str], Listing | None] = lambda sku: world.listing(seller_id, place, sku)  # noqa: E731
    if tests := _tests(world, call):
        skus = [sku for sku in skus if (listing := lookup(sku)) is not None and all(test(listing) for test in tests)]
    ordered = _sorted(call, index, skus)
    count = len(ordered) if world.switches.search_counts_all else min(len(ordered), MOST_REACHABLE)
    reach = ordered[:MOST_REACHABLE]
    if not _agrees(index, [listing for sku in reach[:MOST_A_PAGE] if (listing := lookup(sku)) is not None]):
        # Somebody changed a listing without a word: look at all of them once.
        freshness.forget(world, seller_id, place)
        return _found(world, call, seller_id, place)
    return Search(reach, count)


def _candidates(call: Call, index: freshness.Index) -> Iterable[str]:
    """The SKUs of the narrowest index that the question allows."""
    if sum(1 for name in _WAYS if call.query.get(name)) > 1:
        raise wrong(f"Only one of {', '.join(_WAYS)} can be given.")
    if identifiers := call.query.get("identifiers"):
        return _named(call, index, identifiers)
    if "identifiersType" in call.query:
        raise wrong("'identifiersType' needs 'identifiers'.")
    updated = moment_asked(call, "lastUpdatedAfter"), moment_asked(call, "lastUpdatedBefore")
    created = moment_asked(call, "createdAfter"), moment_asked(call, "createdBefore")
    if any(created) and not any(updated):
        return [sku for _, sku in index.between("created", *created)]
    marks = index.between("updated", *updated)
    if not any(created):
        return [sku for _, sku in marks]
    return [sku for _, sku in marks if _within(index.marks[sku][1][0], *created)]


def _named(call: Call, index: freshness.Index, identifiers: list[str]) -> list[str]:
    if len(identifiers) > MOST_A_PAGE:
        raise wrong(f"The number of identifiers must be at most {MOST_A_PAGE}.")
    kind = word(call, "identifiersType", _TYPES)
    if not kind:
        raise wrong("'identifiers' needs 'identifiersType'.")
    if kind == "SKU":
        return [sku for sku in dict.fromkeys(identifiers) if sku in index.marks]
    by = {"ASIN": index.by_asin, "FNSKU": index.by_fnsku}.get(kind, {})
    return list(dict.fromkeys(sku for one in identifiers for sku in by.get(one, []) if sku in index.marks))


def _tests(world: World, call: Call) -> list[Callable[[Listing], bool]]:
    """What must be asked of each listing by itself."""
    with_, without = words(call, "withStatus", STANDINGS), words(call, "withoutStatus", STANDINGS)
    severities = words(call, "withIssueSeverity", ("WARNING", "ERROR"))
    tests: list[Callable[[Listing], bool]] = []
    if with_ or without:
        tests.append(lambda listing: all(stands(world, listing, word) for word in with_) and not any(stands(world, listing, word) for word in without))
    if severities:
        tests.append(lambda listing: any(one["severity"] in severities for one in issues(world, listing)))
    if any(call.query.get(name) for name in _RELATED):
        # The play has no variations and no package hierarchies.
        tests.append(lambda _: False)
    return tests


def _sorted(call: Call, index: freshness.Index, skus: Iterable[str]) -> list[str]:
    by, order = word(call, "sortBy", _SORTS, "lastUpdatedDate"), word(call, "sortOrder", ("ASC", "DESC"), "DESC")
    keys: dict[str, Callable[[str], object]] = {"sku": lambda sku: sku, "createdDate": lambda sku: index.marks[sku][1], "lastUpdatedDate": lambda sku: index.marks[sku][0]}
    return sorted(skus, key=keys[by], reverse=order == "DESC")  # type: ignore[arg-type]


def _agrees(index: freshness.Index, listings: list[Listing]) -> bool:
    return all(index.marks[listing.sku] == ((listing.updated_at, listing.sku), (listing.created_at, listing.sku)) for listing in listings)


def _within(moment: datetime, after: datetime | None, before: datetime | None) -> bool:
    return (after is None or after <= moment) and (before is None or moment <= before)
