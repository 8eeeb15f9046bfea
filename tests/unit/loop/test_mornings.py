"""Digests: on the recipient's own morning, once each, also after the machine was off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from refloat.loop.mornings import Period, month_before, periods_due

ADDED = datetime(2026, 1, 1, tzinfo=UTC)
ALL = ("daily", "weekly", "monthly")


def _due(now: datetime, zone: str = "Asia/Shanghai", last: dict[str, datetime] | None = None, added: datetime = ADDED) -> dict[str, Period]:
    return {period.about: period for period in periods_due(ALL, zone, added, last or {}, now)}


def test_the_morning_is_the_recipients_own() -> None:
    """8:00 in Shanghai is midnight UTC; a minute before, it is still yesterday's."""
    eight = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
    assert "daily 2026-11-26" in _due(eight - timedelta(minutes=1))
    found = _due(eight)["daily 2026-11-27"]
    assert (found.from_at, found.until_at) == (eight - timedelta(days=1), eight)
    assert "daily 2026-11-26" in _due(eight, "Europe/Berlin")


def test_the_week_that_ended_and_the_month_that_ended() -> None:
    """Named by the time that they tell of."""
    found = _due(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    assert set(found) == {"daily 2026-12-01", "weekly 2026-W48", "monthly 2026-11"}
    month = found["monthly 2026-11"]
    assert (month.from_at, month.until_at) == (datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC))
    assert month_before(month.from_at, "Asia/Shanghai") == datetime(2026, 9, 30, 16, tzinfo=UTC)


def test_after_a_time_without_the_machine_one_digest_tells() -> None:
    """The last morning's, reaching back to where the one before ended, but not for ever."""
    now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    last = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert _due(now, last={"daily": last})["daily 2026-11-27"].from_at == last
    assert _due(now, last={"daily": last - timedelta(days=30)})["daily 2026-11-27"].from_at == datetime(2026, 11, 20, tzinfo=UTC)


def test_nobody_is_told_of_the_time_before_they_were_added() -> None:
    """The first digest is that of the next morning."""
    added = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert _due(added + timedelta(hours=1), added=added) == {}
    assert set(_due(added + timedelta(hours=16), added=added)) == {"daily 2026-11-28"}


@given(st.datetimes(datetime(2026, 1, 2), datetime(2028, 1, 1), timezones=st.just(UTC)), st.sampled_from(["UTC", "Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe"]))
def test_a_period_is_one_whenever_it_is_asked_for(now: datetime, zone: str) -> None:
    """Asked hour by hour for two days, each period has one name and one reach, and ends no later than now."""
    seen: dict[str, Period] = {}
    for hour in range(48):
        for about, period in _due(now + timedelta(hours=hour), zone).items():
            assert seen.setdefault(about, period) == period
            assert period.from_at < period.until_at <= now + timedelta(hours=hour)
    assert len({about for about in seen if about.startswith("daily")}) in {2, 3}
