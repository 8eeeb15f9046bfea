"""The world: everything there is, one clock, one seed. The same seed and the same calls give the same history."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from refloat.simulator.faults import Faults
from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.switches import Switches

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

#: What happens at a moment: the world, then the event's own values (names and plain values only).
Happening = Callable[..., None]


@dataclass(order=True)
class Event:
    """Something that will happen: a moment, its number, a name in ``World.happenings``, plain values."""

    at: datetime
    number: int
    name: str = field(compare=False)
    values: tuple[Any, ...] = field(compare=False, default=())


class World:
    """The state of everything, and the clock. One thread at a time may touch it (the wire holds the lock)."""

    def __init__(self, seed: int = 1, start: datetime = START, switches: Switches | None = None) -> None:
        self.seed, self.start, self.now = seed, start, start
        self.switches = switches or Switches()
        self.faults = Faults()
        self.sellers: dict[str, Seller] = {}
        #: (marketplace id, ASIN)
        self.catalogue: dict[tuple[str, str], CatalogueEntry] = {}
        #: (seller id, marketplace id, SKU)
        self.listings: dict[tuple[str, str, str], Listing] = {}
        #: (seller id, pool, FNSKU)
        self.stocks: dict[tuple[str, str, str], Stock] = {}
        #: The same by (seller id, pool, SKU): a SKU has one FNSKU at a time.
        self.stocks_by_sku: dict[tuple[str, str, str], Stock] = {}
        #: What each room of the wire and of the rules keeps for itself, by its own name: reports, feeds, stranded lists, orders …
        self.rooms: dict[str, Any] = {}
        self.history: list[str] = []
        self.happenings: dict[str, Happening] = {}
        self._events: list[Event] = []
        self._count = 0

    # Chance

    def random(self, *key: object) -> Random:
        """A stream of chance of its own for each key, so that one more call elsewhere changes nothing here."""
        text = ":".join(map(str, (self.seed, *key)))
        return Random(int.from_bytes(sha256(text.encode()).digest()[:8]))  # noqa: S311 - a play, not a secret

    def identity(self, kind: str, length: int = 12) -> str:
        """A new identity: the next number of its kind, in a form that no one takes for a counter."""
        numbers: dict[str, int] = self.rooms.setdefault("identities", {})
        numbers[kind] = numbers.get(kind, 0) + 1
        return "".join(self.random("identity", kind, numbers[kind]).choices("0123456789", k=length))

    # Time

    def later(self, delay: timedelta, name: str, *values: Any) -> None:
        """Let ``name`` happen after ``delay``."""
        self.at(self.now + delay, name, *values)

    def at(self, moment: datetime, name: str, *values: Any) -> None:
        """Let ``name`` happen at ``moment`` (now, if that has passed)."""
        self._count += 1
        heapq.heappush(self._events, Event(max(moment, self.now), self._count, name, values))

    def advance(self, by: timedelta) -> None:
        """Move the clock; all that is due happens in order, at its own moment."""
        self.move_to(self.now + by)

    def move_to(self, moment: datetime) -> None:
        """Move the clock to ``moment``; it never moves back."""
        while self._events and self._events[0].at <= moment:
            event = heapq.heappop(self._events)
            self.now = max(self.now, event.at)
            self.happenings[event.name](self, *event.values)
        self.now = max(self.now, moment)

    # What was

    def note(self, what: str, *facts: object) -> None:
        """Write a line of history."""
        self.history.append(" ".join([self.now.isoformat(), what, *map(str, facts)]))

    def fingerprint(self) -> str:
        """The hash of the whole history: equal seeds and calls give equal ones."""
        return sha256("\n".join(self.history).encode()).hexdigest()

    # Putting things in

    def add_seller(self, seller: Seller) -> Seller:
        self.sellers[seller.id] = seller
        return seller

    def add_entry(self, entry: CatalogueEntry) -> CatalogueEntry:
        self.catalogue[entry.marketplace_id, entry.asin] = entry
        return entry

    def add_listing(self, listing: Listing) -> Listing:
        self.listings[listing.seller_id, listing.marketplace_id, listing.sku] = listing
        return listing

    def add_stock(self, stock: Stock) -> Stock:
        self.stocks[stock.seller_id, stock.pool, stock.fnsku] = stock
        self.stocks_by_sku[stock.seller_id, stock.pool, stock.sku] = stock
        return stock

    # Looking things up

    def entry(self, marketplace_id: str, asin: str) -> CatalogueEntry | None:
        return self.catalogue.get((marketplace_id, asin))

    def listing(self, seller_id: str, marketplace_id: str, sku: str) -> Listing | None:
        """The listing if it exists to the outside; a tombstone does not."""
        found = self.listings.get((seller_id, marketplace_id, sku))
        return found if found is not None and found.exists else None

    def listings_of(self, seller_id: str, marketplace_id: str) -> Iterator[Listing]:
        """Every listing that can be seen from outside. Looks at all: for whole reports, not for one SKU."""
        return (one for (seller, place, _), one in self.listings.items() if (seller, place) == (seller_id, marketplace_id) and one.exists)

    def stocks_of(self, seller_id: str, marketplace_id: str) -> Iterator[Stock]:
        """Every stock that the marketplace can sell. Looks at all: for whole reports, not for one SKU."""
        pool = PLACES[marketplace_id].pool
        return (one for (seller, where, _), one in self.stocks.items() if (seller, where) == (seller_id, pool))

    def stock(self, seller_id: str, marketplace_id: str, sku: str) -> Stock | None:
        """The seller's units of the SKU that this marketplace can sell."""
        return self.stocks_by_sku.get((seller_id, PLACES[marketplace_id].pool, sku))
