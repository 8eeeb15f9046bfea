"""The world's own life: what happens every hour and every day without anyone calling.

Hourly, Amazon's stranded page looks around. Daily, in this order: dates pass, other tools write, customers buy,
deliveries come, Amazon's automation acts, fees are counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from refloat.simulator.rules import automation, charging, expiry, removals, strandedlist, supply, tools, trade, writing
from refloat.simulator.world import World

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: Every day at this hour (UTC), Amazon's night in Seattle.
DAILY_AT = timedelta(hours=10)
_DAILY: tuple[Callable[[World], None], ...] = (expiry.daily, tools.daily, trade.daily, supply.daily, automation.daily, charging.daily)


def begin(world: World) -> None:
    """Set the world going: from now on the clock brings hours and days. Once per world."""
    world.happenings["hour"], world.happenings["day"] = _hour, _day
    for room in (writing, removals, trade, supply):
        room.begin(world)
    world.at(_full_hour(world.now) + _HOUR, "hour")
    world.at(_next_day(world.now), "day")


def _hour(world: World) -> None:
    strandedlist.patrol(world)
    world.later(_HOUR, "hour")


def _day(world: World) -> None:
    for happens in _DAILY:
        happens(world)
    world.later(_DAY, "day")


def _full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _next_day(moment: datetime) -> datetime:
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0) + DAILY_AT
    return today if today > moment else today + _DAY
