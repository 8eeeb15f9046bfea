"""Fees, with literal numbers from the tables; and when they are charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from refloat.simulator import seeding
from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.nouns.stock import Lot
from refloat.simulator.rules import ageing, charging, fees, tools

US = BY_COUNTRY["US"].id
ME, SKU = seeding.SELLER_ID, "SAMPLE-0001"
ENTRY = CatalogueEntry(US, "B0SAMPLE01", "A sample", "Samplebrand", "PET_SUPPLIES", "pet-supplies", Decimal(20), cubic_feet=Decimal("0.5"), pounds=Decimal("0.4"))
BULKY = replace(ENTRY, cubic_feet=Decimal(3))
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("pounds", "on", "fee"),
    [("0.4", TODAY, "0.84"), ("0.4", date(2026, 1, 14), "1.04"), ("0.5", TODAY, "0.84"), ("0.9", TODAY, "1.53"), ("2", TODAY, "2.27"), ("2.1", TODAY, "3.95"), ("4.5", TODAY, "6.07")],
)
def test_the_removal_of_a_standard_unit(pounds: str, on: date, fee: str) -> None:
    """By weight; above two pounds 2.89 and 1.06 for each pound begun; the lightest cost more before 2026-01-15."""
    assert fees.removal(replace(ENTRY, pounds=Decimal(pounds)), on) == Decimal(fee)


@pytest.mark.parametrize(("pounds", "fee"), [("0.4", "3.12"), ("1.5", "4.30"), ("4", "6.36"), ("9", "10.04"), ("12", "16.44")])
def test_the_removal_of_a_bulky_unit(pounds: str, fee: str) -> None:
    """By weight; above ten pounds 14.32 and 1.06 for each pound begun."""
    assert fees.removal(replace(BULKY, pounds=Decimal(pounds)), TODAY) == Decimal(fee)


@pytest.mark.parametrize(("entry", "on", "rate"), [(ENTRY, TODAY, "2.40"), (ENTRY, date(2026, 9, 30), "0.78"), (BULKY, TODAY, "1.40"), (BULKY, date(2026, 1, 1), "0.56")])
def test_the_storage_of_a_cubic_foot(entry: CatalogueEntry, on: date, rate: str) -> None:
    """Dearer from October to December, and for standard sizes."""
    assert fees.storage_rate(entry, on) == Decimal(rate)


@pytest.mark.parametrize(
    ("days", "surcharge"),
    [(180, "0.00"), (181, "2.50"), (210, "2.50"), (211, "5.00"), (241, "7.50"), (271, "19.00"), (301, "20.00"), (331, "21.00"), (365, "21.00"), (366, "34.50"), (456, "39.50")],
)
def test_the_surcharge_of_ten_units_of_half_a_cubic_foot(days: int, surcharge: str) -> None:
    """By age, from 181 days on."""
    assert fees.aged(ENTRY, days, 10) == Decimal(surcharge)


def test_small_old_units_cost_by_the_unit() -> None:
    """A hundredth of a cubic foot would be 0.07: it is 0.30 after a year, 0.35 after fifteen months."""
    small = replace(ENTRY, cubic_feet=Decimal("0.01"))
    assert [fees.aged(small, days, 1) for days in (366, 456)] == [Decimal("0.30"), Decimal("0.35")]


def test_other_currencies_and_their_coins() -> None:
    """A fixed rough rate; yen have no smaller coin."""
    assert fees.removal(ENTRY, TODAY, "EUR") == Decimal("0.76")
    assert fees.removal(ENTRY, TODAY, "JPY") == Decimal(126)


def test_lots_go_first_in_first_out() -> None:
    """The oldest units leave first; found ones count as the newest."""
    stock = seeding.seeded(skus=1, stranded=0).stock(ME, US, SKU)
    assert stock is not None
    stock.unfulfillable, stock.reserved = {}, {}
    stock.lots = [Lot(date(2026, 1, 1), 5), Lot(date(2026, 6, 1), 5)]
    stock.fulfillable = 4
    assert ageing.by_age(stock, date(2026, 6, 11)) == [(10, 4)]
    stock.fulfillable = 6
    assert sum(units for _, units in ageing.by_age(stock, date(2026, 6, 11))) == 6


def test_the_account_is_charged_on_its_days() -> None:
    """Nothing before the month's end; storage on the last day, the surcharge on the 15th, to the cent."""
    world = seeding.seeded(skus=1, stranded=0)
    tools.toolbox(world, ME).repricer = 0.0
    stock, seller, listing = world.stock(ME, US, SKU), world.sellers[ME], world.listing(ME, US, SKU)
    assert stock is not None
    assert listing is not None
    listing.attributes = {**listing.attributes, "purchasable_offer": [{**listing.offer, "start_at": {"value": "2027-06-01T00:00:00Z"}}]}
    stock.fulfillable, stock.unfulfillable, stock.reserved, stock.lots = 10, {}, {}, [Lot(date(2026, 5, 1), 10)]
    world.catalogue[US, stock.asin] = replace(ENTRY, asin=stock.asin)
    world.move_to(world.start + timedelta(days=7))
    assert seller.charged == {}
    world.move_to(world.start + timedelta(days=9))
    assert seller.charged == {("storage", "USD"): "12.00"}
    (stored,) = charging.storage(world, ME, US)
    assert (stored.month, stored.average_units, stored.rate, stored.amount) == (date(2026, 11, 1), Decimal(10), Decimal("2.40"), Decimal("12.00"))
    world.move_to(world.start + timedelta(days=24))
    (row,) = charging.surcharges(world, ME, US)
    assert (row.on, row.from_days, row.units, row.amount) == (date(2026, 12, 15), 211, 10, Decimal("5.00"))
    assert seller.charged["aged", "USD"] == "5.00"
