"""Which listings changed, and when: an index by moment, so that a search need not look at every listing.

Whoever changes ``updated_at`` of a listing says so with ``touched``. An index that has missed something notices it
when it is read, and is made anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.world import World

#: Older than that, it is made anew anyway.
LIFETIME = timedelta(hours=6)
Mark = tuple[datetime, str]


@dataclass
class Index:
    """(moment, SKU) of one seller in one marketplace, ascending, by update and by creation; and SKUs by ASIN and FNSKU."""

    made_at: datetime
    updated: list[Mark] = field(default_factory=list)
    created: list[Mark] = field(default_factory=list)
    #: SKU → where it stands in the two lists.
    marks: dict[str, tuple[Mark, Mark]] = field(default_factory=dict)
    by_asin: dict[str, list[str]] = field(default_factory=dict)
    by_fnsku: dict[str, list[str]] = field(default_factory=dict)

    def put(self, listing: Listing) -> None:
        """Move the listing to where it belongs now; a deleted one goes."""
        old = self.marks.pop(listing.sku, None)
        if old is not None:
            _drop(self.updated, old[0])
            _drop(self.created, old[1])
        if not listing.exists:
            return
        updated, created = self.marks[listing.sku] = (listing.updated_at, listing.sku), (listing.created_at, listing.sku)
        insort(self.updated, updated)
        insort(self.created, created)
        for skus in (self.by_asin.setdefault(listing.asin, []), self.by_fnsku.setdefault(listing.fnsku, [])):
            if listing.sku not in skus:
                skus.append(listing.sku)

    def between(self, kind: Literal["updated", "created"], after: datetime | None, before: datetime | None) -> list[Mark]:
        """The marks in [after, before], ascending."""
        marks = self.updated if kind == "updated" else self.created
        low = bisect_left(marks, (after, "")) if after else 0
        # No SKU stands behind the last sign of all; a moment behind the last moment does not exist.
        high = bisect_right(marks, (before, "\U0010ffff")) if before else len(marks)
        return marks[low:high]


def touched(world: World, listing: Listing) -> None:
    """The listing changed: move it in the index, if there is one."""
    index = _indices(world).get((listing.seller_id, listing.marketplace_id))
    if index is not None:
        index.put(listing)


def index(world: World, seller_id: str, marketplace_id: str) -> Index:
    """The index of the seller's listings in the marketplace."""
    found = _indices(world).get((seller_id, marketplace_id))
    if found is None or found.made_at + LIFETIME < world.now:
        found = _made(world, seller_id, marketplace_id)
    return found


def forget(world: World, seller_id: str, marketplace_id: str) -> None:
    """Throw the index away: something was found that does not fit it."""
    _indices(world).pop((seller_id, marketplace_id), None)


def _indices(world: World) -> dict[tuple[str, str], Index]:
    room: dict[tuple[str, str], Index] = world.rooms.setdefault("freshness", {})
    return room


def _made(world: World, seller_id: str, marketplace_id: str) -> Index:
    made = Index(world.now)
    for listing in world.listings_of(seller_id, marketplace_id):
        made.marks[listing.sku] = (listing.updated_at, listing.sku), (listing.created_at, listing.sku)
        made.by_asin.setdefault(listing.asin, []).append(listing.sku)
        made.by_fnsku.setdefault(listing.fnsku, []).append(listing.sku)
    made.updated = sorted(updated for updated, _ in made.marks.values())
    made.created = sorted(created for _, created in made.marks.values())
    _indices(world)[seller_id, marketplace_id] = made
    return made


def _drop(marks: list[Mark], mark: Mark) -> None:
    place = bisect_left(marks, mark)
    if marks[place : place + 1] == [mark]:
        del marks[place]
