"""A year of a seller's life: mishaps dealt out by a seed, each SKU at most one, so that every strategy meets the same.

What happens, how often, and what the seller wants then stands in ``year.toml``. A mishap waits until the SKU has units
and sells; what never does is not dealt again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

from refloat.simulator.nouns.mishap import Kind, Mishap
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import meant, strandedlist, tallies, tending
from refloat.simulator.rules.barriers import case_of
from refloat.simulator.rules.reasons import barrier
from refloat.simulator.rules.tending import Way
from refloat.simulator.seeding import seeded, situations
from refloat.simulator.world import World

_YEAR = 365
#: A SKU without units, or off sale already, is tried again after so long, so often.
_AGAIN_AFTER, _TRIES = timedelta(days=4), 20
#: So long after it was put right another tool does it again.
_FLIPS_AFTER = timedelta(days=2)
#: Of what it does not show and nobody wrote to, Amazon's page looks at a twenty-fourth each hour: what is stranded otherwise tells itself.
_TURNS = 24
#: The kind of the SKU that is off sale all the time.
RESTS = "rests-on-purpose"


@cache
def kinds() -> tuple[Kind, ...]:
    """What can happen: the rows of ``year.toml``."""
    rows = tomllib.loads((Path(__file__).parent / "year.toml").read_text(encoding="utf-8"))
    return tuple(_kind(name, row) for name, row in rows.items())


def _kind(name: str, row: dict[str, object]) -> Kind:
    own = {one: tuple(value) if isinstance(value, list) else value for one, value in row.items() if one != "source"}
    return Kind(name, **own)  # type: ignore[arg-type]


def begun(seed: int = 1, skus: int = 1000, days: int = _YEAR, way: Way = "nobody", often: float = 1.0) -> World:
    """A healthy seller in one marketplace, with a year (or so many days of it) to come.

    ``way``: how its own people work. ``often``: so many times as often as ``year.toml`` says, so that a short play sees something.
    """
    world = seeded(seed=seed, skus=skus, stranded=0)
    strandedlist.take_turns(world, _TURNS)
    world.happenings.update({"mishap": _befalls, "flip": _flips, "meant-over": _over, "dates-pass": _dates_pass})
    tending.begin(world, way)
    for owner in world.sellers.values():
        _rest(world, owner, days)
        for at, mishap in _dealt(world, owner, skus * days / _YEAR * often, days):
            world.at(world.start + at, "mishap", mishap)
    world.at(world.start.replace(hour=11, minute=0), "dates-pass")
    tallies.begin(world)
    return world


def _rest(world: World, owner: Seller, days: int) -> None:
    """One SKU is off sale on purpose all the time. Amazon cancels a stranded report without rows, as it cancels one that it cannot make;
    on an account of some size that is rare, and in a small play it would hide how everything else ends.
    """
    place = next(iter(owner.places))
    sku = next(listing.sku for listing in world.listings_of(owner.id, place) if _fit(world, (owner.id, place, listing.sku)))
    _befalls(world, Mishap(RESTS, "Listing closed", owner.id, place, sku, "closed", days=days + 1))


def _fit(world: World, key: tuple[str, str, str]) -> bool:
    """It sells, and bears no date."""
    stock = world.stock(*key)
    return stock is not None and bool(stock.fulfillable) and stock.expires_on is None


def _dealt(world: World, owner: Seller, skus: float, days: int) -> Iterator[tuple[timedelta, Mishap]]:
    """Every mishap with its moment, from the second day on; as many as so many SKUs meet in a year."""
    place = next(iter(owner.places))
    taken = {key[2] for key in meant.room(world).mishaps}
    selling = [listing.sku for listing in world.listings_of(owner.id, place) if listing.sku not in taken and _fit(world, (owner.id, place, listing.sku))]
    dice = world.random("year", owner.id)
    dice.shuffle(selling)
    for kind in kinds():
        for moment, many in _moments(kind, skus, days, world.random("year", owner.id, kind.name)):
            for _ in range(min(many, len(selling))):
                yield moment, _mishap(kind, owner.id, place, selling.pop(), dice)


def _moments(kind: Kind, skus: float, days: int, dice: Random) -> Iterator[tuple[timedelta, int]]:
    """When it happens, and to how many SKUs at once."""
    expected = kind.per_thousand / 1000 * skus
    left = int(expected) + (dice.random() < expected % 1)
    while left > 0:
        many = min(left, dice.randint(1, kind.batch))
        left -= many
        yield timedelta(seconds=round(dice.uniform(1, days - 1) * 86400)), many


def _mishap(kind: Kind, seller_id: str, place: str, sku: str, dice: Random) -> Mishap:
    papers = dice.random() < kind.papers_share
    return Mishap(kind.name, kind.situation, seller_id, place, sku, kind.wanted if papers else "remove", papers, kind.again, dice.randint(*kind.days))


def _befalls(world: World, mishap: Mishap) -> None:
    """It happens now, or later where nothing is there that it could happen to."""
    case = case_of(world, *mishap.key)
    if case.stock is None or not case.stock.fulfillable or case.listing is None or not case.listing.exists or barrier(case) is not None:
        mishap.tries += 1
        if mishap.tries < _TRIES:
            world.later(_AGAIN_AFTER, "mishap", mishap)
        else:
            meant.room(world).dropped += 1
        return
    mishap.before, mishap.at = deepcopy(case.listing.attributes), world.now
    meant.room(world).mishaps[mishap.key] = mishap
    if mishap.wanted == "closed":
        mishap.until = world.now + timedelta(days=mishap.days)
        world.at(mishap.until, "meant-over", mishap)
    _strand(world, mishap)
    if mishap.again:
        world.later(_FLIPS_AFTER, "flip", mishap)


def _strand(world: World, mishap: Mishap) -> None:
    situations.strand(world, *mishap.key, mishap.situation)
    strandedlist.look_at(world, *mishap.key)
    world.note("mishap", mishap.kind, *mishap.key[:2], repr(mishap.sku))
    tending.noticed(world, mishap.key)


def _flips(world: World, mishap: Mishap) -> None:
    """Another tool writes its own copy back, as often as it does, or until somebody has stopped it."""
    if not mishap.again:
        return
    listing = world.listing(*mishap.key)
    if listing is not None and listing.by_amazon:
        mishap.again -= 1
        _strand(world, mishap)
    if mishap.again:
        world.later(_FLIPS_AFTER, "flip", mishap)


def _over(world: World, mishap: Mishap) -> None:
    """The day has come on which a closed offer shall be live again."""
    strandedlist.look_at(world, *mishap.key)
    tending.noticed(world, mishap.key)


def _dates_pass(world: World) -> None:
    """What expires today is stranded from today on."""
    today = world.now.date()
    for stock in list(world.stocks_by_sku.values()):
        if stock.expires_on == today and stock.on_hand:
            for place in world.sellers[stock.seller_id].places:
                strandedlist.look_at(world, stock.seller_id, place, stock.sku)
                tending.noticed(world, (stock.seller_id, place, stock.sku))
    world.later(timedelta(days=1), "dates-pass")
