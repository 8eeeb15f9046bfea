"""What a seller reads in ten seconds: a few groups of rows, each in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refloat.insight.summary import worth_of
from refloat.model.money import Money

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Group:
    """Some strandings in numbers. ``units`` is None when no row tells; ``skus_unpriced`` have no known worth."""

    skus: int
    units: int | None
    worth: tuple[Money, ...]
    skus_unpriced: int
    remedies: tuple[tuple[str, int], ...]


def group(rows: pl.DataFrame) -> Group:
    """The rows as a group; units that several marketplaces share count once."""
    counted = rows.filter("counted")
    units = counted["units_stranded"]
    remedies = rows.group_by(pl.col("remedy").cast(pl.String)).len().sort(["len", "remedy"], descending=[True, False])
    return Group(
        skus=rows.height,
        units=int(units.sum()) if units.is_not_null().any() else None,
        worth=tuple(worth_of(counted)),
        skus_unpriced=counted["worth_amount"].null_count(),
        remedies=tuple(remedies.iter_rows()),
    )


def by_safety(frame: pl.DataFrame, safety: str) -> Group:
    """All that is as safe as ``safety`` says: one click, consent, by hand, or nothing to do."""
    return group(frame.filter(pl.col("safety").cast(pl.String) == safety))


def due_this_week(frame: pl.DataFrame) -> Group:
    """All that Amazon removes within a week, and what is overdue."""
    return group(frame.filter(pl.col("days_left") <= WEEK_DAYS))
