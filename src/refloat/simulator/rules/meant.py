"""What the seller means with each SKU: live, closed for a while, or back home. Nobody outside the world can read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from refloat.simulator.nouns.mishap import Mishap, Wanted
from refloat.simulator.world import World

Key = tuple[str, str, str]
#: Whatever else: what has expired is not sold any more.
_NEVER_SOLD = frozenset({"Expired product"})


@dataclass
class Room:
    """By (seller, marketplace, SKU): what befell it so far, the latest alone; and how many could not happen for want of units."""

    mishaps: dict[Key, Mishap] = field(default_factory=dict)
    dropped: int = 0


def room(world: World) -> Room:
    """What has happened in this world so far."""
    found: Room = world.rooms.setdefault("meant", Room())
    return found


def mishap(world: World, key: Key) -> Mishap | None:
    """What befell the SKU; None: nothing did."""
    return room(world).mishaps.get(key)


def wanted(world: World, key: Key, barrier: str | None) -> Wanted:
    """What the seller wants now, given what keeps the units from sale."""
    own = mishap(world, key)
    if barrier in _NEVER_SOLD:
        return "remove"
    if own is None:
        return "sell"
    return own.wanted if own.wanted != "closed" or closed_now(own, world.now) else "sell"


def closed_now(own: Mishap, now: datetime) -> bool:
    """Off sale on purpose at that moment."""
    return own.wanted == "closed" and own.at is not None and own.until is not None and own.at <= now < own.until
