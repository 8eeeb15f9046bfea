"""Removal orders: accepted or refused at once, then on their way for days.

developer-docs "FBA removals reports" for what is told of an order; the feed POST_FLAT_FILE_FBA_CREATE_REMOVAL for what
is asked. Nothing of an order is done when one of its lines is wrong. Seller Central: 14 business days and more; here
some 4 to 20 days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import fees, ordering
from refloat.simulator.rules.ordering import Item
from refloat.simulator.world import World

__all__ = ["Item", "Line", "Order", "Shipment", "begin", "cancel", "order", "orders", "ordered", "shipments"]

Progress = Literal["Pending", "Planning", "Processing", "Completed", "Cancelled"]
_CARRIERS = ("Sample Parcel", "Example Freight")


@dataclass
class Line:
    """One SKU and disposition of an order: what was asked, and what became of it. Units everywhere."""

    sku: str
    fnsku: str
    sellable: bool
    requested: int
    #: Unsellable units by the kind that they were taken from; empty for sellable ones.
    kinds: dict[str, int] = field(default_factory=dict)
    cancelled: int = 0
    disposed: int = 0
    shipped: int = 0
    fee: Decimal = Decimal(0)

    @property
    def in_process(self) -> int:
        """What is neither cancelled nor gone."""
        return self.requested - self.cancelled - self.disposed - self.shipped


@dataclass
class Order:
    """One removal order. ``number`` is Amazon's, ``order_id`` the seller's own, which may stand on two of them."""

    number: str
    order_id: str
    seller_id: str
    marketplace_id: str
    disposition: ordering.Disposition
    by: str
    requested_at: datetime
    updated_at: datetime
    lines: list[Line]
    progress: Progress = "Pending"
    currency: str = "USD"

    @property
    def open(self) -> bool:
        """Something may still happen to it."""
        return self.progress not in {"Completed", "Cancelled"}


@dataclass(frozen=True)
class Shipment:
    """Units that left together."""

    order_id: str
    requested_at: datetime
    shipped_at: datetime
    sku: str
    fnsku: str
    sellable: bool
    units: int
    carrier: str
    tracking: str
    disposition: str


@dataclass
class Room:
    """Every order by its number, every parcel; which orders are open for a SKU."""

    orders: dict[str, Order] = field(default_factory=dict)
    shipments: list[tuple[str, str, Shipment]] = field(default_factory=list)
    open_for: dict[tuple[str, str, str], int] = field(default_factory=dict)
    used_ids: set[tuple[str, str]] = field(default_factory=set)


def begin(world: World) -> None:
    """Let orders move in this world (any order does that by itself)."""
    world.happenings["removal-moves"] = _moves


def order(world: World, seller_id: str, marketplace_id: str, order_id: str, disposition: str, address: dict[str, str], items: list[Item], by: str) -> list[str]:  # noqa: PLR0917 - as the feed names them
    """Order a removal. Gives what is wrong with it, in Amazon's manner; nothing wrong: it is accepted.

    ``address``: by the feed's own names (AddressName, AddressFieldOne …), for returns only. ``by``: seller, api, amazon.
    """
    begin(world)
    wrong = ordering.wrong(world, seller_id, marketplace_id, disposition, address, items)
    wrong += _used_before(world, seller_id, order_id)
    if wrong:
        world.note("removal-refused", by, seller_id, marketplace_id, repr(order_id), "|".join(wrong))
        return wrong
    _accept(world, seller_id, marketplace_id, order_id, ordering.disposition_of(disposition), items, by)
    return []


def orders(world: World, seller_id: str, marketplace_id: str) -> list[Order]:
    """The seller's removal orders in the marketplace, oldest first."""
    return [one for one in _room(world).orders.values() if (one.seller_id, one.marketplace_id) == (seller_id, marketplace_id)]


def shipments(world: World, seller_id: str, marketplace_id: str) -> list[Shipment]:
    """What has left on removal orders, oldest first."""
    return [parcel for seller, place, parcel in _room(world).shipments if (seller, place) == (seller_id, marketplace_id)]


def ordered(world: World, seller_id: str, marketplace_id: str, sku: str) -> bool:
    """A removal of the SKU's units is on its way."""
    return _room(world).open_for.get((seller_id, PLACES[marketplace_id].pool, sku), 0) > 0


def cancel(world: World, seller_id: str, order_id: str) -> bool:
    """Cancel the seller's open orders of that id; Amazon lets it, until it has picked the units."""
    found = [one for one in _room(world).orders.values() if (one.seller_id, one.order_id) == (seller_id, order_id) and one.progress in {"Pending", "Planning"}]
    for one in found:
        for line in one.lines:
            _put_back(world, one, line, line.in_process)
        _close(world, one, "Cancelled")
    return bool(found)


def _room(world: World) -> Room:
    room: Room = world.rooms.setdefault("removals", Room())
    return room


def _used_before(world: World, seller_id: str, order_id: str) -> list[str]:
    """An id that was used before is refused, unless the switch or a fault lets it pass: then the goods go twice."""
    if not order_id.strip():
        return ["MerchantRemovalOrderID is required. No removal order was created."]
    if (seller_id, order_id) not in _room(world).used_ids or not world.switches.removal_id_unique:
        return []
    if world.faults.strikes(world, "repeated-removal", "createRemoval"):
        return []
    return [f"MerchantRemovalOrderID {order_id} has already been used. No removal order was created."]


def _accept(world: World, seller_id: str, marketplace_id: str, order_id: str, disposition: ordering.Disposition, items: list[Item], by: str) -> None:  # noqa: PLR0917 - as the feed names them
    lines = [line for item in items for line in _taken(world, seller_id, marketplace_id, item)]
    number = world.identity("removal", 10)
    currency = PLACES[marketplace_id].currency
    made = Order(number, order_id, seller_id, marketplace_id, disposition, by, world.now, world.now, lines, currency=currency)
    room = _room(world)
    room.orders[number] = made
    room.used_ids.add((seller_id, order_id))
    _count_open(world, made, 1)
    world.note("removal-ordered", by, seller_id, marketplace_id, repr(order_id), number, disposition, sum(line.requested for line in lines))
    world.later(_wait(world, made, "planning", 4, 30), "removal-moves", number)


def _taken(world: World, seller_id: str, marketplace_id: str, item: Item) -> list[Line]:
    """The units leave what can be sold or is damaged, and wait for their removal."""
    stock = world.stock(seller_id, marketplace_id, item.sku)
    assert stock is not None
    stock.fulfillable -= item.sellable
    kinds = _of_kinds(stock, item.unsellable)
    for kind, units in kinds.items():
        stock.unfulfillable[kind] -= units
    stock.in_removal += item.sellable + item.unsellable
    wanted = ((True, item.sellable, {}), (False, item.unsellable, kinds))
    return [Line(item.sku, stock.fnsku, sellable, units, taken) for sellable, units, taken in wanted if units]


def _of_kinds(stock: Stock, units: int) -> dict[str, int]:
    taken: dict[str, int] = {}
    for kind in sorted(stock.unfulfillable):
        taken[kind] = min(stock.unfulfillable[kind], units - sum(taken.values()))
    return {kind: number for kind, number in taken.items() if number}


# On its way


def _moves(world: World, number: str) -> None:
    one = _room(world).orders[number]
    if one.open:
        _STEPS[one.progress](world, one)


def _plan(world: World, one: Order) -> None:
    _progress(world, one, "Planning")
    world.later(_wait(world, one, "processing", 12, 60), "removal-moves", one.number)


def _pick(world: World, one: Order) -> None:
    """Units that cannot be found or were sold meanwhile are cancelled; the rest goes in one or two parcels."""
    _progress(world, one, "Processing")
    for line in one.lines:
        chance = world.random("removal-short", one.number, line.sku, line.sellable)
        if chance.random() < _SHORT:
            _put_back(world, one, line, chance.randint(1, line.requested))
    world.later(_wait(world, one, "first", 24, 120), "removal-moves", one.number)


#: How often a line of an order comes out short.
_SHORT = 0.1


def _ship(world: World, one: Order) -> None:
    """The first parcel takes half of what is left, the second the rest."""
    last = any(line.shipped or line.disposed for line in one.lines) or sum(line.in_process for line in one.lines) < 4
    for line in one.lines:
        _leave(world, one, line, line.in_process if last else line.in_process // 2)
    one.updated_at = world.now
    if any(line.in_process for line in one.lines):
        world.later(_wait(world, one, "second", 24, 192), "removal-moves", one.number)
    else:
        _close(world, one, "Completed" if any(line.shipped or line.disposed for line in one.lines) else "Cancelled")


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
    _room(world).shipments.append((one.seller_id, one.marketplace_id, parcel))


def _put_back(world: World, one: Order, line: Line, units: int) -> None:
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


def _close(world: World, one: Order, progress: Progress) -> None:
    _progress(world, one, progress)
    _count_open(world, one, -1)


def _count_open(world: World, one: Order, step: int) -> None:
    open_for = _room(world).open_for
    for sku in sorted({line.sku for line in one.lines}):
        key = (one.seller_id, PLACES[one.marketplace_id].pool, sku)
        open_for[key] = open_for.get(key, 0) + step


def _wait(world: World, one: Order, step: str, least: int, most: int) -> timedelta:
    return timedelta(hours=world.random("removal", one.number, step).randint(least, most))
