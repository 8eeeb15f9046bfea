"""Quiet hours: by the wall clock of a time zone, over midnight and over the change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from refloat.model.policy import Quiet


def is_quiet(quiet: Quiet, at: datetime, zone: str) -> bool:
    """Nothing starts by itself at this moment."""
    if quiet.begins is None or quiet.ends is None or quiet.begins == quiet.ends:
        return False
    shown = at.astimezone(ZoneInfo(quiet.timezone or zone)).time()
    if quiet.begins < quiet.ends:
        return quiet.begins <= shown < quiet.ends
    return shown >= quiet.begins or shown < quiet.ends


def over_at(quiet: Quiet, at: datetime, zone: str) -> datetime:
    """The next moment that is not quiet, in UTC; ``at`` itself where it is not.

    On the night on which the clocks go back the hour comes twice, and what is quiet by the clock is quiet twice.
    """
    if quiet.ends is None or not is_quiet(quiet, at, zone):
        return at
    clock = ZoneInfo(quiet.timezone or zone)
    day = at.astimezone(clock).date()
    ends = (datetime.combine(day + timedelta(days=more), quiet.ends, clock).replace(fold=fold).astimezone(UTC) for more in range(3) for fold in (0, 1))
    return min(end for end in ends if end > at and not is_quiet(quiet, end, zone))
