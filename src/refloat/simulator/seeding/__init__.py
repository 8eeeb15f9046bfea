"""Worlds to begin with: visibly made-up sellers with healthy, idle and stranded stock.

``seeded(seed=1, skus=100)`` gives a world in which everything has happened that led to it: strandings lie up to 25 days
back, and their dates agree everywhere. The names say that they are samples.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import cycle, islice

from refloat.simulator.nouns.places import BY_COUNTRY, PLACES, Place
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import life, strandedlist
from refloat.simulator.rules import reasons as derived
from refloat.simulator.seeding import found, shelf, situations
from refloat.simulator.seeding import seller as people
from refloat.simulator.seeding.names import sku_of
from refloat.simulator.seeding.seller import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, SELLER_ID
from refloat.simulator.switches import Switches
from refloat.simulator.world import START, World

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "SELLER_ID", "seeded", "sku_of"]

#: What strands most stock on real accounts comes first in a small world; the others follow, shuffled by the seed.
_USUAL = ("Listing closed", "Merchant fulfilled", "Potential high pricing error", "Missing price", "Deleted listing", "Restricted ASIN", "Qualification required (brand)")
_LONGEST_AGO, _LATEST = timedelta(days=25), timedelta(hours=3)
#: Everyone else than the stranded: by merchant only, sold out, closed without stock; the rest sells.
_IDLE: tuple[tuple[shelf.Kind, float], ...] = (("merchant-only", 0.03), ("sold-out", 0.05), ("closed-empty", 0.03))


def seeded(  # noqa: PLR0917 - each has a default, and a name

    seed: int = 1, skus: int = 100, stranded: float = 0.2, countries: Iterable[str] = ("US",), reasons: Iterable[str] | None = None, switches: Switches | None = None,
    *, sellers: int = 1, first: int = 1, start: datetime = START,
) -> World:  # fmt: skip
    """A world with so many ``sellers`` per region, ``skus`` SKUs each, of which the share ``stranded`` is stranded.

    ``reasons``: Amazon's words, dealt out in turn; None deals out all of them. The first seller has the fixed credentials,
    each other one an id and a refresh token of its own, by their number from ``first`` on. No two sellers of a marketplace have a product in
    common. ``start``: UTC.

    Raises:
        KeyError: a country without a marketplace, or a reason that nothing here leads to.
    """
    world = World(seed, start, switches)
    places = [BY_COUNTRY[country] for country in countries]
    dealt = list(reasons) if reasons is not None else _all_reasons(world)
    with _without_collection():
        for nth, owner in _owners(world, places, sellers, first):
            _stock_up(world, owner, range(nth * skus + 1, (nth + 1) * skus + 1), stranded, dealt)
    life.begin(world)
    world.note("seeded", seed, *world.sellers)
    return world


@contextmanager
def _without_collection() -> Iterator[None]:
    """Millions of new records that all live on: looking for garbage among them again and again would take most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _owners(world: World, places: list[Place], sellers: int, first: int) -> Iterator[tuple[int, Seller]]:
    """Each region's sellers; the how-manieth of its region each is, from 0."""
    number = first - 1
    for region in dict.fromkeys(place.region for place in places):
        for nth in range(sellers):
            yield nth, world.add_seller(people.seller(number, region, [place for place in places if place.region == region]))
            number += 1


def _all_reasons(world: World) -> list[str]:
    others = sorted(set(situations.SITUATIONS) - set(_USUAL))
    world.random("reasons").shuffle(others)
    return [reason for reason in (*_USUAL, *others) if reason in situations.SITUATIONS]


def _stock_up(world: World, owner: Seller, numbers: range, share: float, reasons: list[str]) -> None:
    chance = world.random("stranded", owner.id)
    chosen = sorted(chance.sample(numbers, round(len(numbers) * share))) if reasons else []
    dealt = dict(zip(chosen, islice(cycle(reasons), len(chosen)), strict=True))
    dice = world.random("kinds", owner.id)
    for number in numbers:
        kind = _kind(dice.random())
        if dealt.get(number) == found.REASON:
            found.arrive(world, owner, number)
        else:
            shelf.stock(world, owner, number, "selling" if number in dealt else kind)
    _strand(world, owner, dealt)


def _kind(dice: float) -> shelf.Kind:
    for kind, share in _IDLE:
        if dice < share:
            return kind
        dice -= share
    return "selling"


def _strand(world: World, owner: Seller, dealt: dict[int, str]) -> None:
    """Let each stranding happen at its own moment, in order; what has healed by today happens again, today."""
    span = (_LONGEST_AGO - _LATEST).total_seconds()
    moments = [(world.start - _LATEST - timedelta(seconds=round(span * world.random("since", owner.id, number).random())), number) for number in dealt]
    for moment, number in sorted(moments):
        world.now = moment
        _strand_one(world, owner, number, dealt[number])
    world.now = world.start - _LATEST
    for _, number in sorted(moments):
        sku, place = _where(owner, number, dealt[number])
        if derived.stranded(world, owner.id, place.id, sku) is None:
            _strand_one(world, owner, number, dealt[number])
    for _, number in sorted(moments):
        # What lies at the root of it (a date, a count) may strand it in other marketplaces of the pool too.
        for place_id in owner.places:
            strandedlist.look_at(world, owner.id, place_id, _where(owner, number, dealt[number])[0])
    world.now = world.start


def _strand_one(world: World, owner: Seller, number: int, reason: str) -> None:
    sku, place = _where(owner, number, reason)
    if reason != found.REASON:
        situations.strand(world, owner.id, place.id, sku, reason)
    strandedlist.look_at(world, owner.id, place.id, sku)


def _where(owner: Seller, number: int, reason: str) -> tuple[str, Place]:
    """The SKU, and the seller's first marketplace: there it is stranded."""
    return (found.sku_of(number) if reason == found.REASON else sku_of(number)), PLACES[next(iter(owner.places))]
