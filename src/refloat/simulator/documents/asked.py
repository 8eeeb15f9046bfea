"""What a report was asked for, and the small look-ups that every report makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import PLACES, Place
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.world import World

#: One line of a report: column → cell. A column that is missing is an empty cell.
Row = dict[str, str]

#: How the offset of open-date is written, by country: Amazon's servers of that country, never their summer time here.
_ZONES = {"US": ("PST", -8.0), "CA": ("PST", -8.0), "MX": ("PST", -8.0), "BR": ("BRT", -3.0), "JP": ("JST", 9.0), "AU": ("AEST", 10.0), "IN": ("IST", 5.5), "GB": ("GMT", 0.0), "IE": ("GMT", 0.0)}
_CENTRAL_EUROPE = frozenset({"DE", "FR", "IT", "ES", "NL", "SE", "PL", "BE"})


class Condition(NamedTuple):
    """One condition, in the words of FBA reports, of listings reports and of the inventory API."""

    word: str
    number: str
    item: str


#: Attribute value of ``condition_type`` → what it is called elsewhere.
CONDITIONS: Mapping[str, Condition] = {
    "new": Condition("New", "11", "NewItem"),
    "used_like_new": Condition("Used - Like New", "1", "UsedLikeNew"),
    "used_very_good": Condition("Used - Very Good", "2", "UsedVeryGood"),
    "used_good": Condition("Used - Good", "3", "UsedGood"),
    "used_acceptable": Condition("Used - Acceptable", "4", "UsedAcceptable"),
    "refurbished": Condition("Refurbished", "10", "Refurbished"),
}


@dataclass(frozen=True)
class Asked:
    """What somebody asked for: whose report, of which marketplaces, with which options, over which days."""

    world: World
    seller_id: str
    marketplace_ids: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None

    @property
    def place(self) -> Place:
        """The first marketplace: a listings report covers no other."""
        return PLACES[self.marketplace_ids[0]]

    @property
    def locale(self) -> str:
        """The language of the headers: the one asked for, else that of the marketplace."""
        return self.options.get("preferredReportDocumentLocale") or self.place.language

    def one_per_pool(self) -> Iterator[str]:
        """The marketplaces, but one for each pool: the same units are not told twice."""
        pools: set[str] = set()
        for marketplace_id in self.marketplace_ids:
            pool = PLACES[marketplace_id].pool
            if pool not in pools:
                pools.add(pool)
                yield marketplace_id

    def covers(self, moment: datetime, days: int) -> bool:
        """Does the moment lie in the time asked for (by default the last ``days``)?"""
        until = self.until or self.world.now
        return (self.since or until - timedelta(days=days)) <= moment <= until


def title(world: World, marketplace_id: str, asin: str) -> str:
    """The product's name on its detail page; empty when the marketplace does not know the ASIN."""
    entry = world.entry(marketplace_id, asin)
    return entry.title if entry else ""


def own_title(world: World, listing: Listing) -> str:
    """The name that the seller gave, else the detail page's."""
    given = listing.attributes.get("item_name") or [{}]
    return str(given[0].get("value") or title(world, listing.marketplace_id, listing.asin))


def condition(value: str) -> Condition:
    """A condition from any spelling (``new_new``, ``New``, ``NewItem``, ``Used - Good``); what is not known keeps its word."""
    name = re.sub(r"[^a-z]+", "_", value.strip().lower())
    if name.startswith(("new", "refurbished")):
        return CONDITIONS["new" if name.startswith("new") else "refurbished"]
    return CONDITIONS.get(name, Condition(value, "", value))


def day(moment: datetime) -> str:
    """``2026-11-22T09:00:00+00:00``, as FBA's reports write a moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def local(moment: datetime, place: Place) -> str:
    """``2026-11-22 01:00:00 PST``, as listings reports write a moment."""
    name, hours = ("MET", 1.0) if place.country in _CENTRAL_EUROPE else _ZONES.get(place.country, ("UTC", 0.0))
    return moment.astimezone(timezone(timedelta(hours=hours))).strftime("%Y-%m-%d %H:%M:%S ") + name


def price(listing: Listing | None) -> str:
    """The consumer price; empty when it is missing."""
    return "" if listing is None or listing.price is None else str(listing.price)


def stocks_by_sku(world: World, seller_id: str, marketplace_id: str) -> list[Stock]:
    """Every stock that the marketplace can sell, by SKU, so that two reports of one state are the same."""
    return sorted(world.stocks_of(seller_id, marketplace_id), key=lambda one: (one.sku, one.fnsku))


def listings_by_sku(world: World, seller_id: str, marketplace_id: str) -> list[Listing]:
    """Every listing of the marketplace, by SKU."""
    return sorted(world.listings_of(seller_id, marketplace_id), key=lambda one: one.sku)
