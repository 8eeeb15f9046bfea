"""Writing to a listing: put, patch, delete, and what they do some fifteen minutes later. Everyone writes here: the seller,
programs, tools and Amazon itself. What a write does when it takes effect is in ``effects``.

A write that was ACCEPTED can still fail then (a listing broken inside Amazon, an ASIN that does not exist, a fault by
seed): nothing changes, and the issue is in ``failures`` until a write works.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from refloat.simulator.nouns.listing import Attributes, Listing, Writer
from refloat.simulator.rules import effects
from refloat.simulator.rules.effects import Change, Key, dangerous_goods_missing
from refloat.simulator.rules.patching import patched
from refloat.simulator.world import World

__all__ = ["Change", "begin", "create", "dangerous_goods_missing", "delete", "failures", "patch", "patched", "pending", "put", "write"]


@dataclass
class Room:
    """What is on its way, when each SKU's last write takes effect, what failed in the end."""

    pending: dict[int, Change] = field(default_factory=dict)
    due: dict[Key, datetime] = field(default_factory=dict)
    failed: dict[Key, list[dict[str, Any]]] = field(default_factory=dict)
    count: int = 0


def begin(world: World) -> None:
    """Let writes take effect in this world (any write does that by itself)."""
    world.happenings["write-takes-effect"] = _takes_effect


def patch(world: World, seller_id: str, marketplace_id: str, sku: str, patches: Iterable[dict[str, Any]], by: Writer, delay: timedelta | None = None) -> str:  # noqa: PLR0917 - the key of a listing has three parts
    """Patch the attributes as they are when the write takes effect. Gives the submission id; without a delay, Amazon's own, some 15 minutes."""
    return _sent(world, Change("patch", seller_id, marketplace_id, sku, by, "", patches=list(deepcopy(list(patches)))), delay)


def write(world: World, seller_id: str, marketplace_id: str, sku: str, attributes: Attributes, by: Writer, delay: timedelta | None = None) -> str:  # noqa: PLR0917 - the key of a listing has three parts
    """Write the attributes that are named, leave the others; an empty list takes one away."""
    return _sent(world, Change("write", seller_id, marketplace_id, sku, by, "", attributes=deepcopy(attributes)), delay)


def put(world: World, seller_id: str, marketplace_id: str, sku: str, attributes: Attributes, by: Writer, delay: timedelta | None = None) -> str:  # noqa: PLR0917 - the key of a listing has three parts
    """Write the whole set: what is not named goes."""
    return _sent(world, Change("put", seller_id, marketplace_id, sku, by, "", attributes=deepcopy(attributes)), delay)


def create(  # noqa: PLR0917 - the key of a listing has three parts
    world: World, seller_id: str, marketplace_id: str, sku: str, asin: str | None, attributes: Attributes, by: Writer,
    *, condition: str | None = None, product_type: str = "PRODUCT", delay: timedelta | None = None,
) -> str:  # fmt: skip
    """Create the listing of a SKU that has none. ``asin`` None makes a product of its own.

    The condition is the one given, else the attributes', else that of the units.
    """
    return _sent(world, Change("create", seller_id, marketplace_id, sku, by, "", deepcopy(attributes), [], asin, product_type, condition), delay)


def delete(world: World, seller_id: str, marketplace_id: str, sku: str, by: Writer, delay: timedelta | None = None) -> str:  # noqa: PLR0917 - the key of a listing has three parts
    """Delete the listing. Its units stay where they are."""
    return _sent(world, Change("delete", seller_id, marketplace_id, sku, by, ""), delay)


def failures(world: World, listing: Listing) -> list[dict[str, Any]]:
    """What went wrong after Amazon had accepted it; gone with the next write that works. Issue objects of the Listings Items API."""
    return list(_room(world).failed.get((listing.seller_id, listing.marketplace_id, listing.sku), []))


def pending(world: World, seller_id: str, marketplace_id: str, sku: str) -> bool:
    """Is a write to the SKU on its way?"""
    return _room(world).due.get((seller_id, marketplace_id, sku), world.start) > world.now


def _room(world: World) -> Room:
    room: Room = world.rooms.setdefault("writing", Room())
    return room


def _sent(world: World, change: Change, delay: timedelta | None) -> str:
    begin(world)
    room = _room(world)
    room.count += 1
    number = room.count
    change.submission = _submission(world)
    if delay is None:
        delay = timedelta(minutes=12, seconds=world.random("effect", *change.key, number).randrange(360))
    # Writes to one SKU never overtake each other.
    moment = max(world.now + delay, room.due.get(change.key, world.now))
    room.pending[number], room.due[change.key] = change, moment
    world.note("write", change.by, change.kind, *change.key[:2], repr(change.sku), change.submission)
    if moment <= world.now:
        _takes_effect(world, number)
    else:
        world.at(moment, "write-takes-effect", number)
    return change.submission


def _submission(world: World) -> str:
    digits = world.identity("submission", 32)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _takes_effect(world: World, number: int) -> None:
    change = _room(world).pending.pop(number, None)
    if change is None:
        return
    trouble = effects.trouble(world, change)
    if trouble is not None:
        _room(world).failed[change.key] = [{**trouble, "marketplaceIds": [change.marketplace_id]}]
        world.note("write-failed", change.submission, trouble["code"])
        return
    _room(world).failed.pop(change.key, None)
    effects.take(world, change)
    world.note("write-took-effect", change.submission)
