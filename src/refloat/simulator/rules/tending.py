"""The seller's own people, in four ways: nobody; once a week, as the sellers' guide has it; at once; at once, but only what needs no person.

A person works in one sitting a working day, at 17:00 UTC, and does then whatever has been asked for since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from refloat.simulator.rules import meant, righting, strandedlist
from refloat.simulator.rules.barriers import case_of
from refloat.simulator.rules.reasons import barrier
from refloat.simulator.world import World

Way = Literal["nobody", "weekly", "at-once", "at-once-with-people"]
Key = tuple[str, str, str]
SITTING_AT = timedelta(hours=17)
#: What a program may do without asking: see the reasons' page, safe remedies.
SAFE = frozenset({"Listing closed", "Listing closed and inventory error", "Merchant fulfilled"})
_MONDAY, _SATURDAY = 0, 5


@dataclass
class Room:
    """The way, what the weekly person has taken up, and how often somebody did something."""

    way: Way = "nobody"
    taken_up: dict[Key, None] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    people_acts: int = 0


def begin(world: World, way: Way) -> None:
    """Let the seller's people work that way from now on."""
    room(world).way = way
    world.happenings["sitting"], world.happenings["tend"] = _sitting, _tend
    if way != "nobody":
        world.at(next_sitting(world.now), "sitting")
    if way.startswith("at-once"):
        world.at(world.now + timedelta(hours=1), "tend")


def room(world: World) -> Room:
    """How they work, and what they did."""
    found: Room = world.rooms.setdefault("tending", Room())
    return found


def next_sitting(now: datetime) -> datetime:
    """The next working day's sitting after that moment."""
    moment = now.replace(hour=0, minute=0, second=0, microsecond=0) + SITTING_AT
    while moment <= now or moment.weekday() >= _SATURDAY:
        moment += timedelta(days=1)
    return moment


def noticed(world: World, key: Key) -> None:
    """Something befell the SKU: who acts at once does so."""
    if room(world).way.startswith("at-once"):
        _right(world, key, by_people=room(world).way == "at-once")


def _sitting(world: World) -> None:
    way = room(world).way
    if way == "weekly":
        _weekly(world)
    for key in list(_open(world) if way != "weekly" else room(world).taken_up):
        _right(world, key, by_people=True)
    world.at(next_sitting(world.now), "sitting")


def _weekly(world: World) -> None:
    """On Mondays the page is looked through: what is closed on purpose is opted out, the rest is taken up; what is over is dropped."""
    own = room(world)
    own.taken_up = {key: None for key in own.taken_up if barrier(case_of(world, *key)) is not None}
    if world.now.weekday() != _MONDAY:
        return
    for seller in world.sellers.values():
        for place in seller.places.values():
            for row in strandedlist.rows(world, seller.id, place.marketplace_id):
                key = (seller.id, place.marketplace_id, row.sku)
                opt_out(world, key, row.found.reason)
                own.taken_up[key] = None


def opt_out(world: World, key: Key, reason: str) -> None:
    """Amazon's own automation leaves alone what is closed on purpose, as long as it is."""
    opted_out = world.sellers[key[0]].places[key[1]].opted_out
    (opted_out.add if meant.wanted(world, key, reason) == "closed" else opted_out.discard)(key[2])


def _tend(world: World) -> None:
    """Every hour: what is stranded still, or again, or because a case was decided."""
    for key in list(_open(world)):
        _right(world, key, by_people=room(world).way == "at-once")
    world.later(timedelta(hours=1), "tend")


def _open(world: World) -> Iterator[Key]:
    for seller in world.sellers.values():
        for place in seller.places:
            yield from ((seller.id, place, sku) for sku in strandedlist.standings(world, seller.id, place))


def _right(world: World, key: Key, *, by_people: bool) -> None:
    reason = barrier(case_of(world, *key))
    if reason is not None and room(world).way != "weekly":
        opt_out(world, key, reason)
    if reason is None or not (by_people or reason in SAFE):
        return
    act = righting.put_right(world, key)
    if act is not None:
        own = room(world)
        own.acts[act] = own.acts.get(act, 0) + 1
        own.people_acts += reason not in SAFE or room(world).way == "weekly"
        world.note("tended", act, *key[:2], repr(key[2]), reason)
