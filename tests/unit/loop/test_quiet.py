"""Quiet hours by the wall clock, over midnight and over both changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.loop.quiet import is_quiet, over_at
from refloat.model.policy import Quiet

NIGHT = Quiet(time(22), time(7), "Europe/Berlin")


@pytest.mark.parametrize(("at", "quiet"), [("2026-11-22T20:59Z", False), ("2026-11-22T21:00Z", True), ("2026-11-23T05:59Z", True), ("2026-11-23T06:00Z", False)])
def test_over_midnight(at: str, quiet: bool) -> None:
    """From ten to seven in Berlin."""
    assert is_quiet(NIGHT, datetime.fromisoformat(at), "UTC") is quiet


def test_the_night_on_which_the_clocks_change_is_longer_or_shorter() -> None:
    """Seven by the clock is seven, in summer time and in winter time."""
    assert over_at(NIGHT, datetime(2026, 3, 28, 21, tzinfo=UTC), "UTC") == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert over_at(NIGHT, datetime(2026, 10, 24, 20, tzinfo=UTC), "UTC") == datetime(2026, 10, 25, 6, tzinfo=UTC)


def test_none_and_the_account_s_own_zone() -> None:
    """Without hours nothing is quiet; without a zone the account's counts."""
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert not is_quiet(Quiet(), now, "UTC")
    assert over_at(Quiet(), now, "UTC") == now
    assert not is_quiet(Quiet(time(22), time(7)), now, "Asia/Shanghai")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Tokyo"]),
)
def test_the_end_is_not_quiet_and_no_earlier_minute_is_free(at: datetime, begins: time, ends: time, zone: str) -> None:
    """It never lasts into quiet hours; before it all is quiet, but for the hour that a change of the clocks takes out."""
    if begins == ends:
        return
    quiet = Quiet(begins, ends, zone)
    end = over_at(quiet, at, "UTC")
    assert end >= at
    assert not is_quiet(quiet, end, "UTC")
    free = [minute for minute in range(0, int((end - at).total_seconds() // 60)) if not is_quiet(quiet, at + timedelta(minutes=minute), "UTC")]
    changes = ZoneInfo(zone).utcoffset(at.replace(tzinfo=None)) != ZoneInfo(zone).utcoffset((end + timedelta(hours=2)).replace(tzinfo=None))
    assert len(free) <= (60 if changes else 0)
