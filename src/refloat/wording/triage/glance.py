"""What a seller reads in ten seconds: a few groups of rows, each in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refloat.insight.summary import worth_of
from refloat.model.money import Money, totals
from refloat.wording.labels import Say, skus_text, units_text, worth_text

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Group:
    """Some strandings in numbers. ``units`` is None when no row tells; ``skus_unpriced`` have no known worth.

    ``elsewhere``: all their units are shared with another marketplace and are counted there.
    """

    skus: int
    units: int | None
    worth: tuple[Money, ...]
    skus_unpriced: int
    remedies: tuple[tuple[str, int], ...]
    elsewhere: bool


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
        elsewhere=rows.height > 0 and counted.height == 0,
    )


@dataclass(frozen=True, slots=True)
class Storage:
    """What Amazon charges for storing some strandings; ``skus`` are those of which it is known."""

    a_day: tuple[Money, ...]
    so_far: tuple[Money, ...]
    skus: int


def storage(rows: pl.DataFrame) -> Storage:
    """Storage costs per currency, of the rows of which they are known."""
    known = rows.filter(pl.col("counted") & pl.col("cost_per_day").is_not_null())
    return Storage(_sums(known, "cost_per_day"), _sums(known, "cost_so_far"), known.height)


def _sums(rows: pl.DataFrame, column: str) -> tuple[Money, ...]:
    """One sum a currency."""
    sums = rows.filter(pl.col(column).is_not_null()).group_by("cost_currency").agg(pl.col(column).sum())
    return tuple(totals(Money(amount, currency) for currency, amount in sums.iter_rows()))


def by_safety(frame: pl.DataFrame, safety: str) -> Group:
    """All that is as safe as ``safety`` says: one click, consent, by hand, or nothing to do."""
    return group(frame.filter(pl.col("safety").cast(pl.String) == safety))


def due_this_week(frame: pl.DataFrame) -> Group:
    """All that Amazon removes within a week, and what is overdue."""
    return group(frame.filter(pl.col("days_left") <= WEEK_DAYS))


def group_text(group: Group, _: Say) -> str:
    """SKUs, units and worth of a group."""
    if group.elsewhere:
        return " · ".join((skus_text(group.skus, _), _("shared stock, counted elsewhere")))
    return " · ".join((skus_text(group.skus, _), units_text(group.units, _), worth_text(group.worth, _)))
