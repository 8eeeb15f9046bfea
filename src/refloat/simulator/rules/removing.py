"""A removal order on its way: planned, picked (perhaps short), shipped or disposed of in one or two parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import fees
from refloat.simulator.rules.removal_orders import Line, Order, Progress, Shipment, count_open, room
from refloat.simulator.world import World

_CARRIERS = ("Sample Parcel", "Example Freight")
#: How often a line of an order comes out short.
_SHORT = 0.1


def begin(world: World) -> None:
    """Let orders move in this world."""
    world.happenings["removal-moves"] = _moves


def _moves(world: World, number: str) -> None:
    one = room(world).orders[number]
    if one.open:
        _STEPS[one.progress](world, one)


def _plan(world: World, one: Order) -> None:
    _progress(world, one, "Planning")
    world.later(wait(world, one, "processing", 12, 60), "removal-moves", one.number)


def _pick(world: World, one: Order) -> None:
    """Units that cannot be found or were sold meanwhile are cancelled; the rest goes in one or two parcels."""
    _progress(world, one, "Processing")
    for line in one.lines:
        chance = world.random("removal-short", one.number, line.sku, line.sellable)
        if chance.random() < _SHORT:
            put_back(world, one, line, chance.randint(1, line.requested))
    world.later(wait(world, one, "first", 24, 120), "removal-moves", one.number)


def _ship(world: World, one: Order) -> None:
    """The first parcel takes half of what is left, the second the rest."""
    last = any(line.shipped or line.disposed for line in one.lines) or sum(line.under_way for line in one.lines) < 4
    for line in one.lines:
        _leave(world, one, line, line.under_way if last else (line.under_way + 1) // 2)
    one.updated_at = world.now
    if any(line.under_way for line in one.lines):
        world.later(wait(world, one, "second", 24, 192), "removal-moves", one.number)
    else:
        close(world, one, "Completed" if any(line.shipped or line.disposed for line in one.lines) else "Cancelled")


_STEPS: dict[str, Callable[[World, Order], None]] = {"Pending": _plan, "Planning": _pick, "Processing": _ship}


def _leave(world: World, one: Order, line: Line, units: int) -> None:
    stock = _stock(world, one, line)
    if not units:
        return
    stock.in_removal -= units
    entry = world.entry(one.marketplace_id, stock.asin)
    fee = fees.removal(entry, world.now.date(), one.currency) * units if entry else Decimal(0)
    line.fee += fee
    fees.charge(world, one.seller_id, "removal", one.currency, fee)
    if one.disposition == "Disposal":
        line.disposed += units
        return
    line.shipped += units
    chance = world.random("parcel", one.number, line.sku, line.sellable, line.shipped)
    tracking = "SAMPLE" + "".join(chance.choices("0123456789", k=10))
    parcel = Shipment(one.order_id, one.requested_at, world.now, line.sku, line.fnsku, line.sellable, units, chance.choice(_CARRIERS), tracking, one.disposition)
    room(world).shipments.append((one.seller_id, one.marketplace_id, parcel))


def put_back(world: World, one: Order, line: Line, units: int) -> None:
    """Cancelled units lie again where they were taken from."""
    stock = _stock(world, one, line)
    line.cancelled += units
    stock.in_removal -= units
    if line.sellable:
        stock.fulfillable += units
        return
    for kind in sorted(line.kinds):
        back = min(units, line.kinds[kind])
        line.kinds[kind] -= back
        stock.unfulfillable[kind] = stock.unfulfillable.get(kind, 0) + back
        units -= back


def _stock(world: World, one: Order, line: Line) -> Stock:
    return world.stocks[one.seller_id, PLACES[one.marketplace_id].pool, line.fnsku]


def _progress(world: World, one: Order, progress: Progress) -> None:
    one.progress, one.updated_at = progress, world.now
    world.note("removal", one.number, progress)


def close(world: World, one: Order, progress: Progress) -> None:
    """Nothing will happen to the order any more."""
    _progress(world, one, progress)
    count_open(world, one, -1)


def wait(world: World, one: Order, step: str, least: int, most: int) -> timedelta:
    """The time until the order's next step: so many hours, by its own chance."""
    return timedelta(hours=world.random("removal", one.number, step).randint(least, most))
