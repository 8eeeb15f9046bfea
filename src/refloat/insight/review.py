"""The weekly review and the monthly trend, in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from refloat.knowledge.tables import pool_of
from refloat.model.alarm import Stranded
from refloat.model.money import Money, totals


@dataclass(frozen=True, slots=True)
class Group:
    """Strandings with something in common. ``units`` None: nobody knows any of them; ``unknown``: of how many nobody does."""

    name: str
    skus: int
    units: int | None
    unknown: int
    worth: tuple[Money, ...]
    oldest_days: int


def counted_once(rows: Iterable[Stranded]) -> list[Stranded]:
    """The same units seen in several marketplaces of a pool, once: where most of them are seen."""
    found: dict[tuple[str, str], Stranded] = {}
    alone = []
    for row in rows:
        if row.fnsku is None:
            alone.append(row)
            continue
        key = (pool_of(row.marketplace), row.fnsku)
        old = found.get(key)
        if old is None or _units(row) > _units(old):
            found[key] = row
    return [*alone, *found.values()]


def _units(row: Stranded) -> int:
    """For comparing only: what nobody knows loses."""
    return -1 if row.units is None else row.units


def whole(rows: Sequence[Stranded], now: datetime, name: str = "") -> Group:
    """All of them as one group; SKUs count in each marketplace, units and worth once a pool."""
    once = counted_once(rows)
    units = [row.units for row in once if row.units is not None]
    oldest = max(((now - row.opened_at).days for row in rows), default=0)
    return Group(name, len(rows), sum(units) if units else None, len(once) - len(units), tuple(totals(row.worth for row in once)), oldest)


def groups(rows: Iterable[Stranded], name: Callable[[Stranded], str], now: datetime) -> list[Group]:
    """Grouped, the one with most SKUs first."""
    found: dict[str, list[Stranded]] = {}
    for row in rows:
        found.setdefault(name(row), []).append(row)
    return sorted((whole(own, now, key) for key, own in found.items()), key=lambda group: (-group.skus, group.name))


@dataclass(frozen=True, slots=True)
class Month:
    """What became of one cause in a time. ``unit_days``: units × days; ``unknown``: strandings whose units nobody knows."""

    opened: int = 0
    came_back: int = 0
    over: int = 0
    unit_days: int = 0
    unknown: int = 0


_SCHEMA: dict[str, Any] = {
    "stranding": pl.Int64, "cause": pl.String, "opened_at": pl.Datetime("us", "UTC"), "from_at": pl.Datetime("us", "UTC"), "to_at": pl.Datetime("us", "UTC"),
    "fulfillable": pl.Int64, "reserved": pl.Int64,
}  # fmt: skip


def trend(history: Iterable[tuple[Any, ...]], since: datetime, until: datetime) -> dict[str, Month]:
    """Cause → what became of it from ``since`` until ``until``. ``history``: rows of the store, in order, from well before ``since``."""
    frame = pl.DataFrame(list(history), schema=_SCHEMA, orient="row").with_columns(pl.col("cause").fill_null("unexplained"))
    before, after = pl.col("to_at").shift().over("stranding"), pl.col("from_at").shift(-1).over("stranding")
    within = frame.with_columns(
        # A gap between two intervals: it was over, and came back.
        (before.is_not_null() & (pl.col("from_at") > before) & pl.col("from_at").is_between(since, until, closed="left")).alias("back"),
        ((pl.col("from_at") == pl.col("from_at").first().over("stranding")) & pl.col("opened_at").is_between(since, until, closed="left")).alias("opened"),
        # It ended, and nothing goes on from there. The day of its end stands nowhere else once it has come back.
        (pl.col("to_at").is_between(since, until, closed="left") & (after.is_null() | (after > pl.col("to_at")))).fill_null(False).alias("over"),
        (pl.min_horizontal(pl.col("to_at").fill_null(until), pl.lit(until)) - pl.max_horizontal(pl.col("from_at"), pl.lit(since))).dt.total_seconds().clip(lower_bound=0).alias("seconds"),
        (pl.col("fulfillable") + pl.col("reserved").fill_null(0)).alias("units"),
    )
    sums = within.group_by("cause").agg(
        pl.col("opened").sum(),
        pl.col("back").sum(),
        pl.col("over").sum(),
        (pl.col("units") * pl.col("seconds")).sum().floordiv(86_400).alias("unit_days"),
        pl.col("stranding").filter(pl.col("units").is_null() & (pl.col("seconds") > 0)).n_unique().alias("unknown"),
    )
    found = {row["cause"]: Month(row["opened"], row["back"], row["over"], row["unit_days"], row["unknown"]) for row in sums.iter_rows(named=True)}
    return {cause: month for cause, month in sorted(found.items()) if month != Month()}
