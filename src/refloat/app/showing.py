"""What a look found, handed to the pages: the same rows that the strandings were recorded from, whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import polars as pl

from refloat.app.triage import Triage
from refloat.knowledge.tables import marketplaces
from refloat.store import Store
from refloat.store.finding_rows import Days


def show(store: Store, account: str, marketplace: str, found: Triage | None, now: datetime) -> None:
    """Let pages see it. What is merely no longer listed keeps the row that it had, as ``clearing``."""
    rows = None if found is None else found.rows.filter((pl.col("marketplace") == marketplace) & (pl.col("stranded_listed") | (pl.col("standing") != "clearing")))
    store.show_findings(account, marketplace, rows, today_in(marketplace, now))


def days(now: datetime) -> Days:
    """What day it is in every marketplace."""
    # No zone is off by less than a minute.
    return _days(now.replace(second=0, microsecond=0))


@lru_cache(16)
def _days(now: datetime) -> Days:
    usual = now.astimezone(UTC).date()
    return Days(usual, {name: day for name in marketplaces() if (day := today_in(name, now)) != usual})


def today_in(marketplace: str, now: datetime) -> date:
    """The day there."""
    place = marketplaces().get(marketplace)
    return now.astimezone(ZoneInfo(place.timezone if place else "UTC")).date()
