"""The year in figures, counted by the world itself: what lay stranded against the seller's will, what was lost, sold wrongly, paid, asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from refloat.simulator.rules import meant, removals, strandedlist, trade
from refloat.simulator.rules.barriers import case_of
from refloat.simulator.rules.reasons import barrier, buyable
from refloat.simulator.world import World

Key = tuple[str, str, str]
#: A sale at a price so much further from the one before the mishap than a repricer goes was no sale that the seller wanted.
WRONG_BY = Decimal("0.3")


@dataclass
class Room:
    """Unit hours by what befell the SKU; on purpose apart. ``live``: offers found live that were to be closed."""

    stranded: dict[str, int] = field(default_factory=dict)
    on_purpose: int = 0
    live: set[Key] = field(default_factory=set)


def begin(world: World) -> None:
    """Count from now on, every hour."""
    world.happenings["tally"] = _hourly
    world.at(world.now + timedelta(hours=1), "tally")


def room(world: World) -> Room:
    """What was counted so far."""
    found: Room = world.rooms.setdefault("tallies", Room())
    return found


def told(world: World) -> dict[str, object]:
    """Everything counted, in plain values: unit days, units, amounts as texts."""
    own = room(world)
    return {
        "stranded_unit_days": round(sum(own.stranded.values()) / 24, 2),
        "on_purpose_unit_days": round(own.on_purpose / 24, 2),
        "by_kind": {kind: round(hours / 24, 2) for kind, hours in sorted(own.stranded.items(), key=lambda one: -one[1])},
        "units_disposed_unasked": sum(_unasked(world, "Disposal")),
        "units_returned_unasked": sum(_unasked(world, "Return")),
        "wrong_offers": len(own.live),
        "units_sold_wrongly": sum(_sold_wrongly(world)),
        "units_sold": sum(sale.units for key in _places(world) for sale in trade.sales(world, *key)),
        "fees": {f"{kind} {currency}": amount for seller in world.sellers.values() for (kind, currency), amount in sorted(seller.charged.items())},
        "calls": world.rooms.get("calls", 0),
        "mishaps": len(meant.room(world).mishaps),
        "mishaps_dropped": meant.room(world).dropped,
        "stranded_at_the_end": sum(1 for key in _places(world) for one in strandedlist.standings(world, *key).values() if one.ended_at is None),
    }


def _hourly(world: World) -> None:
    own = room(world)
    for place in _places(world):
        for sku, standing in strandedlist.standings(world, *place).items():
            key = (*place, sku)
            stock = world.stock(*key)
            if standing.ended_at is not None or stock is None:
                continue
            units, befell = stock.fulfillable + stock.units_unfulfillable, meant.mishap(world, key)
            if befell is not None and meant.closed_now(befell, world.now):
                own.on_purpose += units
            else:
                kind = befell.kind if befell is not None and standing.found.reason != "Expired product" else standing.found.reason
                own.stranded[kind] = own.stranded.get(kind, 0) + units
    own.live.update(_live(world))
    world.later(timedelta(hours=1), "tally")


def _live(world: World) -> Iterator[Key]:
    """Offers that can be bought and were to be closed."""
    for key, befell in meant.room(world).mishaps.items():
        listing = world.listing(*key) if meant.closed_now(befell, world.now) else None
        if listing is not None and (buyable(world, listing) or barrier(case_of(world, *key)) is None):
            yield key


def _places(world: World) -> list[tuple[str, str]]:
    return [(seller.id, place) for seller in world.sellers.values() for place in seller.places]


def _unasked(world: World, disposition: str) -> Iterator[int]:
    """Units that Amazon's own orders took, or are about to take."""
    for place in _places(world):
        for order in removals.orders(world, *place):
            if order.by == "amazon" and order.disposition == disposition:
                yield from (line.requested - line.cancelled for line in order.lines)


def _sold_wrongly(world: World) -> Iterator[int]:
    """Units sold while the seller meant them to be closed, or far from the price that they had before."""
    for place in _places(world):
        for sale in trade.sales(world, *place):
            befell = meant.mishap(world, (*place, sale.sku))
            if befell is None or befell.at is None or sale.at < befell.at:
                continue
            price = _price_before(befell.before)
            far = price is not None and sale.price is not None and abs(sale.price - price) > price * WRONG_BY
            if far or meant.closed_now(befell, sale.at):
                yield sale.units


def _price_before(attributes: dict[str, list[dict[str, object]]]) -> Decimal | None:
    for offer in attributes.get("purchasable_offer", []):
        try:
            return Decimal(str(offer["our_price"][0]["schedule"][0]["value_with_tax"]))  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            continue
    return None
