"""Amazon's page "Fix stranded inventory": what it shows, which is not what is.

The world's facts say whether a SKU is stranded now (``reasons.stranded``). The page sees a new stranding about an hour
late, and keeps showing a mended one for 3 hours, 24 hours or days (``clocks``). As long as a SKU stands on it, the day
it was stranded stays. It looks at everything once an hour, and at one marketplace again whenever it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zlib import crc32

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import clocks, freshness, reasons
from refloat.simulator.world import World

#: From so many SKUs on, one hour does not suffice for all of them: they take turns.
_MANY, _TURNS = 10_000, 6
_TAKES_TURNS = "stranded-turns"


@dataclass
class Standing:
    """One SKU on the page, seen or not yet seen."""

    since: datetime
    found: reasons.Stranded
    #: Since when for this reason: Amazon's clock for the removal starts anew with a new reason.
    found_at: datetime
    shown_at: datetime
    #: The page's next words and when it will say them: the reason has changed.
    coming: tuple[reasons.Stranded, datetime] | None = None
    ended_at: datetime | None = None

    @property
    def gone_at(self) -> datetime | None:
        """When the page stops showing it; None as long as it is stranded."""
        return self.ended_at and self.ended_at + clocks.shows_after(self.found.reason)

    def seen(self, now: datetime) -> bool:
        """The page shows it."""
        return self.shown_at <= now and (self.gone_at is None or now < self.gone_at)


@dataclass(frozen=True)
class Row:
    """One row of the page. ``removal_on``: the day of Amazon's own removal; None where the reason is exempt or the row opted out."""

    sku: str
    asin: str
    fnsku: str
    title: str
    condition: str
    since: datetime
    removal_on: date | None
    found: reasons.Stranded


@dataclass
class Turns:
    """Which SKUs are looked at in which hour; dealt anew every day."""

    many: int
    dealt: dict[tuple[str, str], tuple[datetime, list[list[str]]]] = field(default_factory=dict)

    def of(self, world: World, seller_id: str, marketplace_id: str, hour: int) -> list[str]:
        """The SKUs whose hour it is."""
        made_at, hands = self.dealt.get((seller_id, marketplace_id), (world.start, []))
        if not hands or world.now - made_at >= timedelta(days=1):
            hands = [[] for _ in range(self.many)]
            for _, _, sku in _stocked(world, seller_id, marketplace_id, empty_too=True):
                hands[crc32(sku.encode()) % self.many].append(sku)
            self.dealt[seller_id, marketplace_id] = (world.now, hands)
        return hands[hour % self.many]


def standings(world: World, seller_id: str, marketplace_id: str) -> dict[str, Standing]:
    """SKU → what Amazon's page knows of it, in the order in which they were stranded."""
    room: dict[tuple[str, str], dict[str, Standing]] = world.rooms.setdefault("stranded", {})
    return room.setdefault((seller_id, marketplace_id), {})


def rows(world: World, seller_id: str, marketplace_id: str) -> list[Row]:
    """What the page shows now, in the order in which the SKUs were stranded."""
    look(world, seller_id, marketplace_id)
    known = standings(world, seller_id, marketplace_id)
    return [row for sku, one in known.items() if one.seen(world.now) and (row := _row(world, seller_id, marketplace_id, sku, one))]


def removal_on(world: World, seller_id: str, marketplace_id: str, sku: str) -> date | None:
    """The day on which Amazon removes the units: by its clocks, or by the seller's if that is faster; None when it will not."""
    standing = standings(world, seller_id, marketplace_id).get(sku)
    seller = world.sellers[seller_id]
    own = seller.places[marketplace_id]
    if standing is None or sku in own.opted_out:
        return None
    suspended = own.suspended_listings or seller.account_status == "DEACTIVATED"
    longest = clocks.days(standing.found.reason, suspended=suspended)
    if longest is None:
        return None
    return (standing.found_at + timedelta(days=min(longest, own.settings.removal_days or longest))).date()


def look(world: World, seller_id: str | None = None, marketplace_id: str | None = None) -> None:
    """Let the page look at everything, or at one seller's stock in one marketplace; where it takes turns, at what it takes in this hour."""
    if _TAKES_TURNS in world.rooms:
        _look_in_turn(world, seller_id, marketplace_id)
        return
    for owner, place, sku in list(_stocked(world, seller_id, marketplace_id)):
        look_at(world, owner, place, sku)


def patrol(world: World) -> None:
    """The page's hourly look around. Of very many SKUs it takes what it shows, what was just written to, and each other one every sixth hour."""
    many = len(world.stocks_by_sku) > _MANY
    if many and _TAKES_TURNS not in world.rooms:
        take_turns(world, _TURNS)
    look(world)


def take_turns(world: World, turns: int) -> None:
    """Let the page look at each SKU that it does not show, and to which nobody wrote, in one of so many hours, however few there are."""
    world.rooms[_TAKES_TURNS] = Turns(turns)


def _look_in_turn(world: World, seller_id: str | None, marketplace_id: str | None) -> None:
    """Only at what stands on the page, at what was written to within the hour, and at those whose hour it is."""
    own: Turns = world.rooms[_TAKES_TURNS]
    hour = int(world.now.timestamp()) // 3600
    for owner in list(world.sellers.values()):
        for place in owner.places:
            if seller_id in {None, owner.id} and marketplace_id in {None, place}:
                written = freshness.index(world, owner.id, place).between("updated", world.now - timedelta(hours=1), None)
                for sku in {**dict.fromkeys(standings(world, owner.id, place)), **dict.fromkeys(sku for _, sku in written), **dict.fromkeys(own.of(world, owner.id, place, hour))}:
                    look_at(world, owner.id, place, sku)


def look_at(world: World, seller_id: str, marketplace_id: str, sku: str) -> None:
    """Let the page look at one SKU."""
    known = standings(world, seller_id, marketplace_id)
    standing, found = known.get(sku), reasons.stranded(world, seller_id, marketplace_id, sku)
    if standing is not None and standing.gone_at is not None and standing.gone_at <= world.now:
        del known[sku]
        standing = None
    if found is None and standing is not None:
        _ended(world, known, (seller_id, marketplace_id, sku), standing)
    elif found is not None and standing is None:
        known[sku] = Standing(world.now, found, world.now, world.now + clocks.SEEN_AFTER)
        world.note("stranded", seller_id, marketplace_id, repr(sku), found.reason)
    elif found is not None and standing is not None:
        _still(world, (seller_id, marketplace_id, sku), standing, found)


def _ended(world: World, known: dict[str, Standing], key: tuple[str, str, str], standing: Standing) -> None:
    if standing.ended_at is not None:
        return
    world.note("stranded-no-more", *key[:2], repr(key[2]), standing.found.reason)
    standing.ended_at, standing.coming = _moment_of_the_end(world, key, standing), None
    if world.now < standing.shown_at:
        del known[key[2]]


def _moment_of_the_end(world: World, key: tuple[str, str, str], standing: Standing) -> datetime:
    """When the last write ended it, that moment rather than the one of this look: three hours are three hours."""
    listing = world.listings.get(key)
    hour_ago = world.now - timedelta(hours=1)
    return listing.updated_at if listing is not None and max(hour_ago, standing.found_at) < listing.updated_at <= world.now else world.now


def _still(world: World, key: tuple[str, str, str], standing: Standing, found: reasons.Stranded) -> None:
    """It is stranded still, or again before the page had noticed; perhaps for another reason."""
    standing.ended_at = None
    if found == standing.found:
        standing.coming = None
    elif standing.coming is None or standing.coming[0] != found:
        standing.coming = (found, world.now + clocks.shows_after(standing.found.reason))
        world.note("stranded-otherwise", *key[:2], repr(key[2]), found.reason)
    if standing.coming is not None and standing.coming[1] <= world.now:
        standing.found, standing.found_at, standing.coming = standing.coming[0], standing.coming[1], None


def _row(world: World, seller_id: str, marketplace_id: str, sku: str, standing: Standing) -> Row | None:
    stock = world.stock(seller_id, marketplace_id, sku)
    if stock is None:
        return None
    entry = world.entry(marketplace_id, stock.asin)
    on = removal_on(world, seller_id, marketplace_id, sku)
    return Row(sku, stock.asin, stock.fnsku, entry.title if entry else "", stock.condition, standing.since, on, standing.found)


def _stocked(world: World, seller_id: str | None, marketplace_id: str | None, *, empty_too: bool = False) -> Iterator[tuple[str, str, str]]:
    """(seller, marketplace, SKU) of all stock, where Amazon could sell it: where it was ever listed, and at its pool's home.

    What has no unit left is passed over, unless it stands on the page still, or it is asked for too.
    """
    homes = {(owner.id, pool): places for owner in world.sellers.values() if seller_id in {None, owner.id} for pool, places in _pools(owner).items()}
    for stock in world.stocks_by_sku.values():
        for number, place in enumerate(homes.get((stock.seller_id, stock.pool), ())):
            if marketplace_id not in {None, place} or (number and (stock.seller_id, place, stock.sku) not in world.listings):
                continue
            if empty_too or stock.on_hand or stock.sku in standings(world, stock.seller_id, place):
                yield stock.seller_id, place, stock.sku


def _pools(seller: Seller) -> dict[str, list[str]]:
    """Pool → the marketplaces in which the seller sells from it; the first is its home."""
    pools: dict[str, list[str]] = {}
    for own in seller.places.values():
        if own.participating:
            pools.setdefault(PLACES[own.marketplace_id].pool, []).append(own.marketplace_id)
    return pools
