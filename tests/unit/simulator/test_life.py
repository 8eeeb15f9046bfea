"""Ninety days of a world: what happens by itself, and the same again for the same seed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta

import pytest

from refloat.simulator import seeding
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import ageing, expiry, reasons, strandedlist, supply, tools, trade, writing
from refloat.simulator.world import World

US = BY_COUNTRY["US"].id
ME = seeding.SELLER_ID
_NINETY = """
from datetime import timedelta
from refloat.simulator import seeding
world = seeding.seeded(5, skus=40)
world.advance(timedelta(days=90))
print(world.fingerprint())
"""


@pytest.fixture(scope="module")
def ninety() -> World:
    """A hundred SKUs, ninety days later, with every tool at work."""
    world = seeding.seeded(2)
    own = tools.toolbox(world, ME)
    own.erp, own.tidier = 0.002, 0.02
    world.advance(timedelta(days=90))
    return world


def test_a_lot_happens_by_itself(ninety: World) -> None:
    """Sales, returns, deliveries, strandings, mails, automatic actions, removals and fees: all of them occur."""
    seen = Counter(line.split()[1] for line in ninety.history)
    for what in ("sold", "returned", "delivery", "received", "stranded", "stranded-no-more", "mail", "automatic", "removal-ordered", "removal", "storage-charged", "age-charged"):
        assert seen[what] > 0, what
    assert seen["storage-charged"] == seen["age-charged"] == 3


def test_units_never_go_below_nothing(ninety: World) -> None:
    """No count is negative, and the lots add up to the units that are there."""
    for stock in ninety.stocks.values():
        ageing.settle(stock)
        assert min(stock.fulfillable, stock.in_removal, *stock.unfulfillable.values(), *stock.inbound.values(), 0) == 0
        assert sum(lot.units for lot in stock.lots) == stock.on_hand + stock.in_removal


def test_same_seed_same_history_byte_for_byte() -> None:
    """Two processes with different hash seeds write the same ninety days."""
    found = {subprocess.run([sys.executable, "-c", _NINETY], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=True).stdout for seed in ("1", "2")}
    assert len(found) == 1
    assert len(found.pop().strip()) == 64


def test_how_the_clock_is_moved_does_not_matter() -> None:
    """Ten days at once or hour by hour are the same ten days."""
    at_once, by_hours = seeding.seeded(6, skus=20), seeding.seeded(6, skus=20)
    at_once.advance(timedelta(days=10))
    for _ in range(240):
        by_hours.advance(timedelta(hours=1))
    assert at_once.history == by_hours.history


def test_what_cannot_be_bought_is_not_sold() -> None:
    """A SKU that is closed for weeks sells nothing in that time."""
    world = seeding.seeded(7, skus=30, stranded=0.5, reasons=["Future listing sell date"])
    skus = {row.sku for row in strandedlist.rows(world, ME, US)}
    world.advance(timedelta(days=20))
    sold = {sale.sku for sale in trade.sales(world, ME, US)}
    assert sold
    assert not sold & skus


def test_a_return_after_the_deletion_strands_by_itself() -> None:
    """The last unit is sold, the listing deleted, the unit comes back: stranded, and nobody stranded it."""
    world = seeding.seeded(skus=1, stranded=0)
    stock = world.stock(ME, US, "SAMPLE-0001")
    assert stock is not None
    stock.fulfillable, stock.unfulfillable, stock.reserved = 0, {}, {}
    trade.send_back(world, US, stock, "111-1111111-1111111", 1, timedelta(days=12))
    writing.delete(world, ME, US, "SAMPLE-0001", "erp", delay=timedelta(0))
    world.advance(timedelta(days=11))
    assert strandedlist.rows(world, ME, US) == []
    world.advance(timedelta(days=1, hours=2))
    (row,) = strandedlist.rows(world, ME, US)
    assert row.found.reason == "Deleted listing"
    assert trade.returns(world, ME, US)[0].order_id == "111-1111111-1111111"


def test_a_quantity_in_an_upload_strands() -> None:
    """The ERP fills a quantity in: the next day the units are stranded as merchant-fulfilled."""
    world = seeding.seeded(skus=3, stranded=0)
    tools.toolbox(world, ME).repricer, tools.toolbox(world, ME).erp = 0.0, 1.0
    world.advance(timedelta(days=1))
    assert {row.found.reason for row in strandedlist.rows(world, ME, US)} == {"Merchant fulfilled"}
    listing = world.listing(ME, US, "SAMPLE-0001")
    assert listing is not None
    assert listing.writes[-1][1] == "upload"


@pytest.mark.parametrize(("slips", "reason"), [(0.0, None), (1.0, "Pricing error")], ids=["within the bounds", "ten times too much"])
def test_a_repricer(slips: float, reason: str | None) -> None:
    """Careful, it never strands; careless, the price leaves the seller's own bounds."""
    world = seeding.seeded(skus=3, stranded=0)
    own = tools.toolbox(world, ME)
    own.repricer, own.slips = 1.0, slips
    world.advance(timedelta(days=2))
    listing = world.listing(ME, US, "SAMPLE-0001")
    assert listing is not None
    assert {write[1] for write in listing.writes} == {"repricer"}
    found = reasons.stranded(world, ME, US, "SAMPLE-0001")
    assert (found and found.reason) == reason


def test_a_tidier_deletes_what_is_sold_out_only() -> None:
    """A listing with units stays, one without any goes."""
    world = seeding.seeded(skus=2, stranded=0)
    own, empty = tools.toolbox(world, ME), world.stock(ME, US, "SAMPLE-0002")
    own.repricer, own.tidier = 0.0, 1.0
    assert empty is not None
    empty.fulfillable, empty.unfulfillable, empty.reserved = 0, {}, {}
    world.advance(timedelta(days=1))
    assert world.listing(ME, US, "SAMPLE-0002") is None
    assert world.listing(ME, US, "SAMPLE-0001") is not None


def test_a_date_passes() -> None:
    """On the printed date the sellable units turn unsellable and are stranded."""
    world = seeding.seeded(skus=1, stranded=0)
    stock = world.stock(ME, US, "SAMPLE-0001")
    assert stock is not None
    units, stock.expires_on = stock.on_hand, date(2026, 11, 25)
    stock.reserved = {}
    expiry.daily(world)
    assert stock.fulfillable > 0
    world.now += timedelta(days=3)
    expiry.daily(world)
    assert (stock.fulfillable, stock.on_hand <= units) == (0, True)
    assert stock.unfulfillable["expired"] > 0
    found = reasons.stranded(world, ME, US, "SAMPLE-0001")
    assert found is not None
    assert found.reason == "Expired product"


def test_units_sold_counts_the_last_days() -> None:
    """Seven days hold what was sold in them, and no more."""
    world = seeding.seeded(skus=1, stranded=0)
    listing, stock = world.listing(ME, US, "SAMPLE-0001"), world.stock(ME, US, "SAMPLE-0001")
    assert listing is not None
    assert stock is not None
    stock.fulfillable = 10
    trade.sell(world, listing, stock, 2)
    world.now += timedelta(days=8)
    trade.sell(world, listing, stock, 3)
    assert [trade.units_sold(world, ME, US, "SAMPLE-0001", days) for days in (7, 30)] == [3, 5]
    assert stock.fulfillable == 5


def test_one_delivery_at_a_time_through_three_stages() -> None:
    """What runs low is sent once, is Working, Shipped and Receiving, and lies on the shelf after eleven days."""
    world = seeding.seeded(skus=1, stranded=0)
    stock = world.stock(ME, US, "SAMPLE-0001")
    assert stock is not None
    stock.fulfillable, stock.unfulfillable, stock.reserved, stock.lots = 0, {}, {}, []
    before = len(world.history)
    for _ in range(60):
        supply.daily(world)
        world.now += timedelta(days=1)
    sent = [line for line in world.history[before:] if " delivery " in line]
    assert len(sent) == 1
    units = int(sent[0].rsplit(" ", 1)[1])
    assert stock.inbound == {"Working": units}
    world.advance(timedelta(days=11))
    assert stock.units_inbound == 0
    assert f" received {ME} NA {stock.fnsku} {units}" in "\n".join(world.history)


def test_nobody_sends_more_of_what_is_closed() -> None:
    """A closed listing without units gets none."""
    world = seeding.seeded(skus=1, stranded=0)
    listing, stock = world.listing(ME, US, "SAMPLE-0001"), world.stock(ME, US, "SAMPLE-0001")
    assert listing is not None
    assert stock is not None
    stock.fulfillable, stock.unfulfillable, stock.reserved = 0, {}, {}
    listing.attributes = {**listing.attributes, "purchasable_offer": [{**listing.offer, "end_at": {"value": "2026-11-20T00:00:00Z"}}]}
    for _ in range(60):
        supply.daily(world)
        world.now += timedelta(days=1)
    assert stock.units_inbound == 0
