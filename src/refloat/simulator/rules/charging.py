"""When the fees of ``fees`` are counted: storage by the day and charged at the month's end, the aged surcharge on the 15th."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import ageing, fees
from refloat.simulator.world import World

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Stored:
    """One FNSKU's storage in one month."""

    month: date
    fnsku: str
    sku: str
    asin: str
    average_units: Decimal
    cubic_feet: Decimal
    rate: Decimal
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Surcharged:
    """One FNSKU's aged-inventory surcharge on one 15th, for the units of one age group."""

    on: date
    fnsku: str
    sku: str
    asin: str
    from_days: int
    units: int
    rate: Decimal
    amount: Decimal
    currency: str


@dataclass
class Room:
    """Unit days of this month by stock, the days counted, and what was charged, by (seller, pool)."""

    unit_days: dict[Key, int] = field(default_factory=dict)
    days: int = 0
    stored: dict[tuple[str, str], list[Stored]] = field(default_factory=dict)
    surcharged: dict[tuple[str, str], list[Surcharged]] = field(default_factory=dict)


def daily(world: World) -> None:
    """Count the units; on the 15th and on the month's last day, charge."""
    room, today = _room(world), world.now.date()
    room.days += 1
    for key, stock in world.stocks.items():
        if units := stock.on_hand + stock.in_removal:
            room.unit_days[key] = room.unit_days.get(key, 0) + units
    if today.day == 15:
        _charge_age(world, today)
    if (today + timedelta(days=1)).day == 1:
        _charge_storage(world, today)


def storage(world: World, seller_id: str, marketplace_id: str) -> list[Stored]:
    """What was charged for storage in the marketplace's pool, oldest month first."""
    return list(_room(world).stored.get((seller_id, PLACES[marketplace_id].pool), ()))


def surcharges(world: World, seller_id: str, marketplace_id: str) -> list[Surcharged]:
    """What was charged for age in the marketplace's pool, oldest first."""
    return list(_room(world).surcharged.get((seller_id, PLACES[marketplace_id].pool), ()))


def home(world: World, stock: Stock) -> str:
    """The marketplace whose catalogue and currency count for a stock: the first of its pool in which the seller takes part."""
    places = world.sellers[stock.seller_id].places
    return next(place for place in places if PLACES[place].pool == stock.pool)


def _room(world: World) -> Room:
    room: Room = world.rooms.setdefault("charging", Room())
    return room


def _charge_storage(world: World, today: date) -> None:
    room = _room(world)
    for key, unit_days in room.unit_days.items():
        stock = world.stocks[key]
        place = home(world, stock)
        entry, currency = world.entry(place, stock.asin), PLACES[place].currency
        if entry is None:
            continue
        average, rate = Decimal(unit_days) / room.days, fees.storage_rate(entry, today, currency)
        amount = fees.rounded(average * entry.cubic_feet * rate, currency)
        stored = Stored(today.replace(day=1), stock.fnsku, stock.sku, stock.asin, fees.rounded(average, "USD"), entry.cubic_feet, rate, amount, currency)
        room.stored.setdefault(key[:2], []).append(stored)
        fees.charge(world, stock.seller_id, "storage", currency, amount)
    room.unit_days, room.days = {}, 0
    world.note("storage-charged", today)


def _charge_age(world: World, today: date) -> None:
    for stock in world.stocks.values():
        place = home(world, stock)
        entry, currency = world.entry(place, stock.asin), PLACES[place].currency
        if entry is None:
            continue
        for days, units in ageing.by_age(stock, today):
            if rate := fees.aged_rate(days, currency):
                amount = fees.aged(entry, days, units, currency)
                row = Surcharged(today, stock.fnsku, stock.sku, stock.asin, fees.aged_from(days), units, rate, amount, currency)
                _room(world).surcharged.setdefault((stock.seller_id, stock.pool), []).append(row)
                fees.charge(world, stock.seller_id, "aged", currency, amount)
    world.note("age-charged", today)
