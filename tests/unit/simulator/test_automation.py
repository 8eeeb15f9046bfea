"""What Amazon does by itself, each both ways: the seller's setting, the row's opt-out, a start date ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from refloat.simulator import seeding
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.nouns.seller import Participation
from refloat.simulator.rules import automation, reasons, removals, tools
from refloat.simulator.seeding import situations
from refloat.simulator.switches import Switches
from refloat.simulator.world import World

US = BY_COUNTRY["US"].id
ME, SKU = seeding.SELLER_ID, "SAMPLE-0001"
ADDRESS = {"AddressName": "Sample Seller", "AddressFieldOne": "1 Sample Street", "AddressCity": "Sampletown", "AddressCountryCode": "US", "AddressPostalCode": "00000"}


def _world(reason: str, switches: Switches | None = None) -> tuple[World, Participation]:
    world = seeding.seeded(skus=1, stranded=0, switches=switches)
    tools.toolbox(world, ME).repricer = 0.0
    situations.strand(world, ME, US, SKU, reason)
    return world, world.sellers[ME].places[US]


def _stranded(world: World) -> bool:
    return reasons.stranded(world, ME, US, SKU) is not None


def _acts(world: World, what: str) -> int:
    return sum(f" automatic {what} " in line for line in world.history)


@pytest.mark.parametrize(("setting", "too_early", "late_enough"), [(30, 29, 32), (10, 9, 12), (0, 2, 4)], ids=["by default 30", "10", "at least 2"])
def test_a_closed_listing_is_relisted(setting: int, too_early: int, late_enough: int) -> None:
    """After as many days as the seller says, but never before two."""
    world, own = _world("Listing closed")
    own.settings.relist_days = setting
    world.advance(timedelta(days=too_early))
    assert _stranded(world)
    world.advance(timedelta(days=late_enough - too_early))
    assert _acts(world, "relist") == 1
    listing = world.listing(ME, US, SKU)
    assert listing is not None
    assert (listing.ends_at, listing.writes[-1][1]) == (None, "amazon")
    assert not _stranded(world)


def test_the_seller_switches_relisting_off() -> None:
    """Without the setting a closed listing stays closed."""
    world, own = _world("Listing closed")
    own.settings.relist_days = None
    world.advance(timedelta(days=60))
    assert _stranded(world)
    assert _acts(world, "relist") == 0


def test_a_row_opts_out() -> None:
    """The same for one row."""
    world, own = _world("Listing closed")
    own.opted_out.add(SKU)
    world.advance(timedelta(days=60))
    assert _stranded(world)
    assert _acts(world, "relist") == 0


@pytest.mark.parametrize("reason", ["Listing closed", "Merchant fulfilled"])
def test_a_start_date_ahead_is_left_alone(reason: str) -> None:
    """The seller wants it off sale until then, closed or not."""
    world, own = _world(reason)
    own.settings.relist_days, own.settings.change_to_fba_days = 2, 0
    listing = world.listing(ME, US, SKU)
    assert listing is not None
    offer = {**listing.offer, "start_at": {"value": "2027-06-01T00:00:00Z"}}
    listing.attributes = {**listing.attributes, "purchasable_offer": [offer]}
    world.advance(timedelta(days=40))
    assert _acts(world, "relist") + _acts(world, "change-to-fba") == 0
    assert _stranded(world)


@pytest.mark.parametrize("relists", [False, True], ids=["removal only", "relisted after all"])
def test_a_discontinued_item(relists: bool) -> None:
    """Amazon's page contradicts itself: with the switch it is relisted, without it is not."""
    world, own = _world("Item discontinued", Switches(discontinued_item_relists=relists))
    own.settings.relist_days = 5
    world.advance(timedelta(days=8))
    assert _acts(world, "relist") == int(relists)
    assert _stranded(world) is not relists


@pytest.mark.parametrize(("setting", "days"), [(30, 32), (0, 2)], ids=["by default 30", "0 is within a day of its showing"])
def test_a_merchants_offer_is_changed_to_fba(setting: int, days: int) -> None:
    """After as many days as the seller says."""
    world, own = _world("Merchant fulfilled")
    own.settings.change_to_fba_days = setting
    world.advance(timedelta(days=days))
    assert _acts(world, "change-to-fba") == 1
    listing = world.listing(ME, US, SKU)
    assert listing is not None
    assert listing.by_amazon


def test_the_seller_switches_the_change_off() -> None:
    """Then a merchant's offer stays one."""
    world, own = _world("Merchant fulfilled")
    own.settings.change_to_fba_days = None
    world.advance(timedelta(days=60))
    assert _acts(world, "change-to-fba") == 0


def test_missing_dangerous_goods_information_is_no_case_for_it() -> None:
    """Amazon does not change what it could not ship."""
    world, own = _world("Merchant fulfilled (DG info required)")
    own.settings.change_to_fba_days = 0
    world.advance(timedelta(days=40))
    assert _acts(world, "change-to-fba") == 0
    assert _stranded(world)


def test_a_mail_and_thirty_days_later_the_removal() -> None:
    """A restricted product: the mail after 30 days, the removal after 60, by the seller's disposition."""
    world, own = _world("Restricted ASIN")
    own.settings.removal_disposition, own.settings.removal_address = "Return", ADDRESS
    world.advance(timedelta(days=29))
    assert automation.mailed_on(world, (ME, US, SKU)) is None
    world.advance(timedelta(days=2))
    assert automation.mailed_on(world, (ME, US, SKU)) is not None
    world.advance(timedelta(days=28))
    assert removals.orders(world, ME, US) == []
    world.advance(timedelta(days=2))
    (order,) = removals.orders(world, ME, US)
    assert (order.disposition, order.by) == ("Return", "amazon")
    assert not _stranded(world)


@pytest.mark.parametrize(("wanted", "country", "given"), [("Disposal", "US", "Disposal"), ("Return", "US", "Disposal"), ("Liquidations", "US", "Liquidations")])
def test_the_disposition(wanted: str, country: str, given: str) -> None:
    """As the seller set it; a return without an address on file becomes a disposal."""
    world, own = _world("Deleted listing")
    own.settings.removal_disposition = wanted  # type: ignore[assignment]
    own.settings.removal_days = 3
    world.advance(timedelta(days=5))
    assert [order.disposition for order in removals.orders(world, ME, BY_COUNTRY[country].id)] == [given]


@pytest.mark.parametrize("how", ["opted out", "ordered before", "exempt"])
def test_no_removal(how: str) -> None:
    """Not for a row that opted out, not beside a removal that the seller ordered, not for an exempt reason."""
    world, own = _world("Future listing sell date" if how == "exempt" else "Deleted listing")
    own.settings.removal_days = 3
    stock = world.stock(ME, US, SKU)
    assert stock is not None
    if how == "opted out":
        own.opted_out.add(SKU)
    if how == "ordered before":
        assert removals.order(world, ME, US, "MINE-1", "Disposal", {}, [removals.Item(SKU, 1, 0)], "seller") == []
    world.advance(timedelta(days=3, hours=12))
    assert [order.by for order in removals.orders(world, ME, US)] == (["seller"] if how == "ordered before" else [])
