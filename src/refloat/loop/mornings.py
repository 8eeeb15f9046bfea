"""When a digest is due: on the recipient's own morning, once for each period, also after a time without the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from refloat.knowledge.tables import table

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """One digest: ``daily 2026-11-27``, ``weekly 2026-W48``, ``monthly 2026-10``; what it reaches over, in UTC."""

    about: str
    from_at: datetime
    until_at: datetime


def periods_due(kinds: Iterable[str], zone: str, added_at: datetime, last: Mapping[str, datetime], now: datetime) -> Iterator[Period]:
    """The newest period of each kind whose morning has come; ``last``: kind → where the one before ended.

    Nobody is told of the time before they were added. Of several mornings that were missed, the last one tells, and a
    daily one then reaches back to where the one before ended.
    """
    local = now.astimezone(ZoneInfo(zone))
    for kind in kinds:
        morning = _morning(kind, local)
        if morning > added_at and last.get(kind, added_at) < morning:
            yield _PERIODS[kind](morning, last.get(kind))


def _morning(kind: str, local: datetime) -> datetime:
    """The last morning of that kind that is not to come."""
    day = local.date() if local.hour >= table("alarms")["digest"]["morning_hour"] else local.date() - timedelta(days=1)
    if kind == "weekly":
        day -= timedelta(days=day.weekday())
    if kind == "monthly":
        day = day.replace(day=1)
    return datetime.combine(day, time(table("alarms")["digest"]["morning_hour"]), local.tzinfo)


def _daily(morning: datetime, last: datetime | None) -> Period:
    longest = timedelta(days=table("alarms")["digest"]["longest_days"])
    start = max(min(last or morning, morning - timedelta(days=1)), morning - longest)
    return Period(f"daily {morning.date()}", start.astimezone(UTC), morning.astimezone(UTC))


def _weekly(morning: datetime, _: datetime | None) -> Period:
    year, week, _day = (morning.date() - timedelta(days=1)).isocalendar()
    return Period(f"weekly {year}-W{week:02}", (morning - _WEEK).astimezone(UTC), morning.astimezone(UTC))


def _monthly(morning: datetime, _: datetime | None) -> Period:
    until = morning.replace(hour=0)
    start = (until - timedelta(days=1)).replace(day=1)
    return Period(f"monthly {start:%Y-%m}", start.astimezone(UTC), until.astimezone(UTC))


def month_before(period_from: datetime, zone: str) -> datetime:
    """Where the month before the one that begins at ``period_from`` begins, in UTC."""
    local = period_from.astimezone(ZoneInfo(zone))
    return (local - timedelta(days=1)).replace(day=1).astimezone(UTC)


_PERIODS = {"daily": _daily, "weekly": _weekly, "monthly": _monthly}
