"""Removal orders: accepted or refused at once, then on their way for days.

developer-docs "FBA removals reports" for what is told of an order; the feed POST_FLAT_FILE_FBA_CREATE_REMOVAL for what
is asked. Nothing of an order is done when one of its lines is wrong. Seller Central: 14 business days and more; here
some 4 to 20 days.
"""

from __future__ import annotations

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import ordering, removing
from refloat.simulator.rules.ordering import Item
from refloat.simulator.rules.removal_orders import Line, Order, Shipment, count_open, room
from refloat.simulator.world import World

__all__ = ["Item", "Line", "Order", "Shipment", "begin", "cancel", "order", "ordered", "orders", "shipments"]


def begin(world: World) -> None:
    """Let orders move in this world (any order does that by itself)."""
    removing.begin(world)


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
    return [one for one in room(world).orders.values() if (one.seller_id, one.marketplace_id) == (seller_id, marketplace_id)]


def shipments(world: World, seller_id: str, marketplace_id: str) -> list[Shipment]:
    """What has left on removal orders, oldest first."""
    return [parcel for seller, place, parcel in room(world).shipments if (seller, place) == (seller_id, marketplace_id)]


def ordered(world: World, seller_id: str, marketplace_id: str, sku: str) -> bool:
    """A removal of the SKU's units is on its way."""
    return room(world).open_for.get((seller_id, PLACES[marketplace_id].pool, sku), 0) > 0


def cancel(world: World, seller_id: str, order_id: str) -> bool:
    """Cancel the seller's open orders of that id; Amazon lets it, until it has picked the units."""
    found = [one for one in room(world).orders.values() if (one.seller_id, one.order_id) == (seller_id, order_id) and one.progress in {"Pending", "Planning"}]
    for one in found:
        for line in one.lines:
            removing.put_back(world, one, line, line.under_way)
        removing.close(world, one, "Cancelled")
    return bool(found)


def _used_before(world: World, seller_id: str, order_id: str) -> list[str]:
    """An id that was used before is refused, unless the switch or a fault lets it pass: then the goods go twice."""
    if not order_id.strip():
        return ["MerchantRemovalOrderID is required. No removal order was created."]
    if (seller_id, order_id) not in room(world).used_ids or not world.switches.removal_id_unique:
        return []
    if world.faults.strikes(world, "repeated-removal", "createRemoval"):
        return []
    return [f"MerchantRemovalOrderID {order_id} has already been used. No removal order was created."]


def _accept(world: World, seller_id: str, marketplace_id: str, order_id: str, disposition: ordering.Disposition, items: list[Item], by: str) -> None:  # noqa: PLR0917 - as the feed names them
    lines = [line for item in items for line in _taken(world, seller_id, marketplace_id, item)]
    number = world.identity("removal", 10)
    currency = PLACES[marketplace_id].currency
    made = Order(number, order_id, seller_id, marketplace_id, disposition, by, world.now, world.now, lines, currency=currency)
    known = room(world)
    known.orders[number] = made
    known.used_ids.add((seller_id, order_id))
    count_open(world, made, 1)
    world.note("removal-ordered", by, seller_id, marketplace_id, repr(order_id), number, disposition, sum(line.requested for line in lines))
    world.later(removing.wait(world, made, "planning", 4, 30), "removal-moves", number)


def _taken(world: World, seller_id: str, marketplace_id: str, item: Item) -> list[Line]:
    """The units leave what can be sold or is damaged, and wait for their removal."""
    stock = world.stock(seller_id, marketplace_id, item.sku)
    assert stock is not None
    stock.fulfillable -= item.sellable
    kinds = _of_kinds(stock, item.unsellable)
    for kind, units in kinds.items():
        stock.unfulfillable[kind] -= units
    stock.in_removal += item.sellable + item.unsellable
    nothing: dict[str, int] = {}
    wanted = ((True, item.sellable, nothing), (False, item.unsellable, kinds))
    return [Line(item.sku, stock.fnsku, sellable, units, taken) for sellable, units, taken in wanted if units]


def _of_kinds(stock: Stock, units: int) -> dict[str, int]:
    taken: dict[str, int] = {}
    for kind in sorted(stock.unfulfillable):
        taken[kind] = min(stock.unfulfillable[kind], units - sum(taken.values()))
    return {kind: number for kind, number in taken.items() if number}
