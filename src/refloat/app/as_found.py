"""What the last look found of one stranding, out of the copy that pages read: the diagnosed row as it was, and as of today."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

from refloat.app.triage import Question, triaged_columns
from refloat.store.finding_rows import FindingRow

Row = dict[str, Any]
#: Counts of days that grow with each day, and those that shrink.
_GROWING, _SHRINKING = ("stranded_days", "offer_ended_days", "stock_age_days"), ("days_left", "held_days", "opens_in_days")


@cache
def _columns() -> Mapping[str, pl.DataType]:
    return triaged_columns(Question(()), datetime(2026, 1, 1, tzinfo=UTC).date())


def diagnosed(text: str, today: date) -> Row:
    """The row of a triage that ``store.pages.one`` keeps as JSON, every column in its own type, and what the days change as of ``today``.

    A column that the text lacks is unknown: the copy may have been written by an earlier version.
    """
    said = json.loads(text)
    row: Row = {name: _typed(said.get(name), kind) for name, kind in _columns().items()}
    passed = (today - row["today"]).days if row["today"] else 0
    return row | _as_of(row, passed) | {"today": today}


def _typed(value: Any, kind: pl.DataType) -> Any:
    if value is None:
        return None
    if kind == pl.Date:
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, pl.Decimal) else value


def _as_of(row: Row, passed: int) -> Row:
    grown = {name: row[name] + passed for name in _GROWING if row.get(name) is not None}
    shrunk = {name: row[name] - passed for name in _SHRINKING if row.get(name) is not None}
    if shrunk.get("opens_in_days", 1) < 0:
        # Never below 0; null once it is open.
        shrunk["opens_in_days"] = None
    more: Row = {}
    if row["cost_so_far"] is not None and row["cost_per_day"] is not None:
        more["cost_so_far"] = row["cost_so_far"] + row["cost_per_day"] * max(0, passed)
    return grown | shrunk | more


def held_until(row: FindingRow | None, today: date) -> date | None:
    """Until when it is held; None: it is not."""
    on = None if row is None else row.held_until_on
    return on if on is not None and on > today else None


def days_between(on: date | None, today: date) -> int | None:
    """Days from ``today`` to ``on``, below 0 once it has passed; None where there is no day."""
    return None if on is None else (on - today) // timedelta(days=1)
