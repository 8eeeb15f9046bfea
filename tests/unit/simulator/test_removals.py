"""Removal orders: refused, carried out, cut short, cancelled, sent twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from refloat.simulator import seeding
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import fees, reasons, removals
from refloat.simulator.rules.removals import Item
from refloat.simulator.seeding import situations
from refloat.simulator.world import World

US, JP = BY_COUNTRY["US"].id, BY_COUNTRY["JP"].id
ME, SKU = seeding.SELLER_ID, "SAMPLE-0001"
ADDRESS = {"AddressName": "Sample Seller", "AddressFieldOne": "1 Sample Street", "AddressCity": "Sampletown", "AddressCountryCode": "US", "AddressPostalCode": "00000"}


def _world(seed: int = 1, reason: str = "Listing closed") -> tuple[World, Stock]:
    """One stranded SKU with ten sellable and three unsellable units of two kinds."""
    world = seeding.seeded(seed, skus=1, stranded=0)
    stock = world.stock(ME, US, SKU)
    assert stock is not None
    stock.fulfillable, stock.unfulfillable, stock.reserved = 10, {"customerDamaged": 2, "defective": 1}, {}
    situations.strand(world, ME, US, SKU, reason)
    return world, stock


def _order(world: World, items: list[Item], order_id: str = "ORDER-1", disposition: str = "Disposal", address: dict[str, str] | None = None) -> list[str]:
    return removals.order(world, ME, US, order_id, disposition, address or {}, items, "seller")


@pytest.mark.parametrize(
    ("items", "disposition", "address", "says"),
    [
        ([Item(SKU, 11, 0)], "Disposal", {}, "SellableQuantity 11"),
        ([Item(SKU, 0, 4)], "Disposal", {}, "UnsellableQuantity 4"),
        ([Item(SKU, 0, 0)], "Disposal", {}, "above 0"),
        ([Item(SKU, -1, 2)], "Disposal", {}, "above 0"),
        ([Item("NOBODY-1", 1, 0)], "Disposal", {}, "not in your inventory"),
        ([Item(SKU, 1, 0), Item(SKU, 2, 0)], "Disposal", {}, "only once"),
        ([], "Disposal", {}, "no item"),
        ([Item(SKU, 1, 0)], "Burning", {}, "Burning is not valid"),
        ([Item(SKU, 1, 0)], "Return", {}, "AddressName"),
        ([Item(SKU, 1, 0)], "Return", {**ADDRESS, "AddressCountryCode": "DE"}, "outside the region"),
    ],
    ids=["too many", "too many damaged", "none", "negative", "unknown", "twice", "empty", "disposition", "no address", "far away"],
)
def test_refused(items: list[Item], disposition: str, address: dict[str, str], says: str) -> None:
    """Amazon says what is wrong, makes no order and touches no unit."""
    world, stock = _world()
    before = replace(stock)
    (answer,) = _order(world, items, disposition=disposition, address=address)
    assert says in answer
    assert answer.endswith("No removal order was created.")
    assert (removals.orders(world, ME, US), stock) == ([], before)


def test_one_wrong_line_refuses_the_whole_order() -> None:
    """Nothing of the right line is done."""
    world, stock = _world()
    assert _order(world, [Item(SKU, 1, 0), Item("NOBODY-1", 1, 0)])
    assert (stock.fulfillable, stock.in_removal) == (10, 0)


def test_units_under_dangerous_goods_review_stay() -> None:
    """They cannot be removed until the review is over."""
    world, _ = _world(reason="Under hazmat review")
    (answer,) = _order(world, [Item(SKU, 1, 0)])
    assert "dangerous goods review" in answer


def test_reserved_units_are_named() -> None:
    """What is reserved is not available, and the answer says how much that is."""
    world, stock = _world()
    stock.reserved = {"pendingCustomerOrder": 4}
    (answer,) = _order(world, [Item(SKU, 12, 0)])
    assert "4 more are reserved" in answer


def test_liquidation_is_not_offered_everywhere() -> None:
    """In the US it is, in Japan it is not."""
    world = seeding.seeded(skus=1, stranded=0, countries=("US", "JP"))
    assert _order(world, [Item(SKU, 1, 0)], disposition="Liquidations") == []
    (answer,) = removals.order(world, "A2SAMPLESELLER", JP, "ORDER-1", "Liquidations", {}, [Item(SKU, 1, 0)], "seller")
    assert answer == "RemovalDisposition Liquidations is ineligible in your marketplace. No removal order was created."


def test_it_runs_for_days() -> None:
    """Pending, planning, processing, completed: all in order, none on the first hour; the units are off the shelf at once."""
    world, stock = _world()
    assert _order(world, [Item(SKU, 10, 3)], disposition="RETURN", address=ADDRESS) == []
    (order,) = removals.orders(world, ME, US)
    assert (stock.on_hand, stock.in_removal, order.progress, order.disposition) == (0, 13, "Pending", "Return")
    assert reasons.stranded(world, ME, US, SKU) is None
    world.advance(timedelta(hours=3))
    assert order.progress == "Pending"
    world.advance(timedelta(days=30))
    assert [line.rsplit(" ", 1)[1] for line in world.history if f" removal {order.number} " in line] == ["Planning", "Processing", "Completed"]
    assert sum(parcel.units for parcel in removals.shipments(world, ME, US)) == sum(line.shipped for line in order.lines) > 0
    assert all(line.under_way == 0 for line in order.lines)
    assert stock.in_removal == 0


def test_many_lines_of_one_unit_come_to_an_end() -> None:
    """Lines too small to be halved leave with the first parcel."""
    world = seeding.seeded(skus=6, stranded=0)
    assert _order(world, [Item(seeding.sku_of(number), 1, 0) for number in range(1, 7) if _there(world, number)]) == []
    world.advance(timedelta(days=30))
    assert removals.orders(world, ME, US)[0].progress == "Completed"


def _there(world: World, number: int) -> bool:
    stock = world.stock(ME, US, seeding.sku_of(number))
    return stock is not None and stock.fulfillable > 0


def test_disposal_sends_no_parcel() -> None:
    """Units disposed of are counted as that."""
    world, _ = _world()
    _order(world, [Item(SKU, 10, 0)])
    world.advance(timedelta(days=30))
    (line,) = removals.orders(world, ME, US)[0].lines
    assert (line.disposed + line.cancelled, line.shipped, removals.shipments(world, ME, US)) == (10, 0, [])


def test_an_order_comes_out_short() -> None:
    """Some orders are cut short: what is cancelled lies on the shelf again, of its own kind, and strands again."""
    for seed in range(1, 60):
        world, stock = _world(seed)
        _order(world, [Item(SKU, 10, 3)])
        world.advance(timedelta(days=30))
        sellable, unsellable = removals.orders(world, ME, US)[0].lines
        assert (stock.fulfillable, stock.units_unfulfillable) == (sellable.cancelled, unsellable.cancelled)
        if sellable.cancelled:
            assert reasons.stranded(world, ME, US, SKU) is not None
            return
    pytest.fail("no order in sixty came out short")


def test_a_seller_cancels_in_time() -> None:
    """Before the units are picked everything comes back, and nothing is charged; afterwards it is too late."""
    world, stock = _world()
    _order(world, [Item(SKU, 10, 3)])
    assert removals.cancel(world, ME, "ORDER-1")
    assert (stock.fulfillable, stock.unfulfillable, stock.in_removal) == (10, {"customerDamaged": 2, "defective": 1}, 0)
    assert removals.orders(world, ME, US)[0].progress == "Cancelled"
    assert not removals.cancel(world, ME, "ORDER-1")
    world.advance(timedelta(days=30))
    assert removals.orders(world, ME, US)[0].progress == "Cancelled"
    assert ("removal", "USD") not in world.sellers[ME].charged


@pytest.mark.parametrize("how", ["refused", "switch", "fault"])
def test_an_id_that_was_used(how: str) -> None:
    """Refused; unless Amazon does not look (a switch) or slips (a fault): then the goods are removed twice."""
    world, stock = _world()
    assert _order(world, [Item(SKU, 4, 0)]) == []
    if how == "switch":
        world.switches = world.switches.turned(removal_id_unique=False)
    if how == "fault":
        world.faults.rates["repeated-removal"] = 1.0
    answers = _order(world, [Item(SKU, 4, 0)])
    assert [("already been used" in answer) for answer in answers] == ([True] if how == "refused" else [])
    assert (len(removals.orders(world, ME, US)), stock.fulfillable) == ((1, 6) if how == "refused" else (2, 2))


def test_an_id_is_needed() -> None:
    """An order without an id is none."""
    world, _ = _world()
    assert _order(world, [Item(SKU, 1, 0)], order_id=" ") == ["MerchantRemovalOrderID is required. No removal order was created."]


def test_every_unit_that_leaves_is_charged() -> None:
    """The fee of the order is the units that left times the fee of one, and stands on the account."""
    world, _ = _world()
    entry = world.entry(US, "B0SAMPLE01")
    assert entry is not None
    _order(world, [Item(SKU, 10, 3)])
    world.advance(timedelta(days=30))
    lines = removals.orders(world, ME, US)[0].lines
    one = fees.removal(entry, world.now.date())
    assert sum((line.fee for line in lines), Decimal(0)) == one * sum(line.disposed for line in lines) == Decimal(world.sellers[ME].charged["removal", "USD"])
