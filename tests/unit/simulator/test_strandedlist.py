"""Amazon's stranded page: what it shows, how late, and when it removes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from refloat.simulator import seeding
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import clocks, strandedlist, tools, writing
from refloat.simulator.seeding import situations
from refloat.simulator.world import World

US, CA = BY_COUNTRY["US"].id, BY_COUNTRY["CA"].id
ME, SKU = seeding.SELLER_ID, "SAMPLE-0001"
HOUR = timedelta(hours=1)


def _world(reason: str) -> World:
    """One SKU, stranded now, and two hours later."""
    world = seeding.seeded(skus=1, stranded=0)
    situations.strand(world, ME, US, SKU, reason)
    world.advance(2 * HOUR)
    return world


def _row(world: World) -> strandedlist.Row | None:
    return next(iter(strandedlist.rows(world, ME, US)), None)


def _relist(world: World) -> None:
    listing = world.listing(ME, US, SKU)
    assert listing is not None
    offer: dict[str, Any] = {**listing.offer, "end_at": {"value": None}}
    writing.write(world, ME, US, SKU, {"purchasable_offer": [offer]}, "seller", delay=timedelta(0))


def _to_amazon(world: World) -> None:
    writing.write(world, ME, US, SKU, {"fulfillment_availability": [{"fulfillment_channel_code": "AMAZON_NA"}]}, "seller", delay=timedelta(0))


def test_a_new_stranding_shows_within_two_hours_and_not_at_once() -> None:
    """The page looks once an hour, and shows an hour later."""
    world = seeding.seeded(skus=1, stranded=0)
    situations.strand(world, ME, US, SKU, "Listing closed")
    assert _row(world) is None
    world.advance(timedelta(minutes=59))
    assert _row(world) is None
    world.advance(timedelta(minutes=61))
    row = _row(world)
    assert row is not None
    assert (row.sku, row.asin, row.fnsku, row.found.reason) == (SKU, "B0SAMPLE01", "X0SAMPLE01", "Listing closed")


@pytest.mark.parametrize(("reason", "cure", "hours"), [("Listing closed", _relist, 3), ("Merchant fulfilled", _to_amazon, 24)], ids=["closed", "merchant-fulfilled"])
def test_a_cure_shows_late(reason: str, cure: Callable[[World], None], hours: int) -> None:
    """A closed listing leaves the page after exactly 3 hours, a merchant-fulfilled one after 24, counted from the write."""
    world = _world(reason)
    world.advance(timedelta(minutes=17))
    cure(world)
    world.advance(hours * HOUR - timedelta(minutes=1))
    assert _row(world) is not None
    world.advance(timedelta(minutes=1))
    assert _row(world) is None


def test_what_is_over_before_it_showed_never_shows() -> None:
    """A listing closed and opened again within the hour is on no page."""
    world = seeding.seeded(skus=1, stranded=0)
    situations.strand(world, ME, US, SKU, "Listing closed")
    assert _row(world) is None
    _relist(world)
    seen = []
    for _ in range(40):
        world.advance(timedelta(minutes=6))
        seen.append(_row(world))
    assert seen == [None] * 40


def test_the_day_stays_while_it_stands_there() -> None:
    """Cured and stranded again before the page had noticed: the same row with the same day; after it was gone, a new one."""
    world = _world("Listing closed")
    first = _row(world)
    assert first is not None
    _relist(world)
    world.advance(HOUR)
    situations.strand(world, ME, US, SKU, "Listing closed")
    world.advance(4 * HOUR)
    again = _row(world)
    assert again is not None
    assert again.since == first.since
    _relist(world)
    world.advance(4 * HOUR)
    situations.strand(world, ME, US, SKU, "Listing closed")
    world.advance(2 * HOUR)
    new = _row(world)
    assert new is not None
    assert new.since > first.since


def test_another_reason_comes_late_and_keeps_the_day() -> None:
    """The block is lifted, the listing is closed: for a day the page says Blocked listing still, then Listing closed."""
    world = _world("Blocked listing")
    first, entry = _row(world), world.entry(US, "B0SAMPLE01")
    assert first is not None
    assert entry is not None
    entry.enforcements[0].lifted_at = world.now
    situations.strand(world, ME, US, SKU, "Listing closed")
    world.advance(3 * HOUR)
    between = _row(world)
    assert between is not None
    assert between.found.reason == "Blocked listing"
    world.advance(24 * HOUR)
    after = _row(world)
    assert after is not None
    assert (after.found.reason, after.since) == ("Listing closed", first.since)


@pytest.mark.parametrize(
    ("reason", "days"),
    [("Listing closed", 180), ("Merchant fulfilled", 180), ("Deleted listing", 30), ("Product recall", 30), ("Restricted ASIN", 60), ("Future listing sell date", None), ("Under hazmat review", None)],
)
def test_the_day_of_the_removal(reason: str, days: int | None) -> None:
    """Amazon's clocks: policy 60 days, severe 30, closed and merchant-fulfilled 180, deleted 30; two reasons are exempt."""
    row = _row(_world(reason))
    assert row is not None
    assert row.removal_on == (None if days is None else (row.since + timedelta(days=days)).date())


def test_a_suspended_account_has_a_clock_of_its_own() -> None:
    """Sixty days, whatever the reason is."""
    assert [clocks.days(reason, suspended=True) for reason in ("Listing closed", "Product recall", "Future listing sell date")] == [60, 60, None]


def test_the_sellers_own_clock_may_only_be_faster() -> None:
    """Ten days instead of 180 are heeded, 90 instead of 30 are not; a row that opted out is not removed."""
    world = _world("Deleted listing")
    own = world.sellers[ME].places[US]
    days: list[int | None] = []
    for own.settings.removal_days in (10, 90, None):
        row = _row(world)
        assert row is not None
        days.append(row.removal_on and (row.removal_on - row.since.date()).days)
    assert days == [10, 30, 30]
    own.opted_out.add(SKU)
    row = _row(world)
    assert row is not None
    assert row.removal_on is None


def test_units_without_a_listing_show_in_their_pools_home_only() -> None:
    """Deleted in the US, never listed in Canada: stranded in the US, and Canada's page is silent."""
    world = seeding.seeded(skus=1, stranded=0, countries=("US", "CA"))
    world.listings.pop((ME, CA, SKU), None)
    situations.strand(world, ME, US, SKU, "Deleted listing")
    world.advance(2 * HOUR)
    assert [len(strandedlist.rows(world, ME, place)) for place in (US, CA)] == [1, 0]


def test_rows_stand_in_the_order_of_their_days() -> None:
    """The oldest stranding first."""
    since: list[datetime] = [row.since for row in strandedlist.rows(seeding.seeded(), ME, US)]
    assert since == sorted(since)


def test_of_very_many_skus_each_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account too large for one hour: what was written to is seen in the next hour, what changed unseen within six."""
    monkeypatch.setattr(strandedlist, "_MANY", 5)
    world = seeding.seeded(skus=12, stranded=0)
    tools.toolbox(world, ME).repricer = 0.0
    situations.strand(world, ME, US, SKU, "Listing closed")
    skus = [stock.sku for stock in world.stocks.values() if stock.fulfillable and stock.sku != SKU]
    for sku in skus:
        stock = world.stock(ME, US, sku)
        assert stock is not None
        stock.link_lost_at = world.now
    world.advance(HOUR)
    known = strandedlist.standings(world, ME, US)
    assert SKU in known
    assert 0 < len(known) < len(skus)
    world.advance(5 * HOUR)
    assert set(known) == {SKU, *skus}
