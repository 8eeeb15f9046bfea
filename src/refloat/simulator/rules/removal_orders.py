"""Removal orders as records: what was asked for, what became of it, what has left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.rules.ordering import Disposition
from refloat.simulator.world import World

Progress = Literal["Pending", "Planning", "Processing", "Completed", "Cancelled"]


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
    def under_way(self) -> int:
        """What is neither cancelled nor gone."""
        return self.requested - self.cancelled - self.disposed - self.shipped


@dataclass
class Order:
    """One removal order. ``number`` is Amazon's, ``order_id`` the seller's own, which may stand on two of them."""

    number: str
    order_id: str
    seller_id: str
    marketplace_id: str
    disposition: Disposition
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


def room(world: World) -> Room:
    """The world's removal orders."""
    found: Room = world.rooms.setdefault("removals", Room())
    return found


def count_open(world: World, order: Order, step: int) -> None:
    """Count the order in (1) or out (-1) among those that are open for its SKUs."""
    open_for = room(world).open_for
    for sku in sorted({line.sku for line in order.lines}):
        key = (order.seller_id, PLACES[order.marketplace_id].pool, sku)
        open_for[key] = open_for.get(key, 0) + step
