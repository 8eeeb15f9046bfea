"""The whole in a few numbers, and incidents: strandings that share a cause and a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from refloat.knowledge.tables import table
from refloat.model.money import Money, totals


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing to mend instead of many: the same cause on the same day."""

    marketplace: str | None
    cause: str
    began_on: date
    skus: int
    units: int | None
    worth: tuple[Money, ...]

    def as_json(self) -> dict[str, Any]:
        return {"marketplace": self.marketplace, "cause": self.cause, "began_on": self.began_on.isoformat(), "skus": self.skus, "units": self.units, "worth": [money.as_json() for money in self.worth]}


@dataclass(frozen=True, slots=True)
class Summary:
    """All strandings, before any filter. ``units`` is None when no row tells; pools count once."""

    skus: int
    units: int | None
    worth: tuple[Money, ...]
    due_within_7_days: int
    by_cause: dict[str, int]
    by_remedy: dict[str, int]
    unknown: int

    def as_json(self) -> dict[str, Any]:
        return {
            "skus": self.skus,
            "units": self.units,
            "worth": [money.as_json() for money in self.worth],
            "due_within_7_days": self.due_within_7_days,
            "by_cause": self.by_cause,
            "by_remedy": self.by_remedy,
            "unknown": self.unknown,
        }


def summary(frame: pl.DataFrame, unknown_sources: int) -> Summary:
    """The summary of a diagnosed frame. ``unknown_sources``: marketplaces of which nothing can be said."""
    counted = frame.select("units_stranded", "worth_amount", "price_currency")
    if not frame["counted"].all():
        counted = counted.filter(frame["counted"])
    return Summary(
        skus=frame.height,
        units=_units(counted),
        worth=tuple(worth_of(counted)),
        due_within_7_days=int((frame["days_left"] <= 7).sum()),
        by_cause=_counts(frame["cause"]),
        by_remedy=_counts(frame["remedy"]),
        unknown=int((frame["standing"] == "unknown").sum()) + unknown_sources,
    )


def worth_of(frame: pl.DataFrame) -> list[Money]:
    """The worth of the rows, one sum per currency."""
    amount = pl.col("worth_amount")
    sums = frame.group_by("price_currency").agg(amount.sum(), amount.count().alias("known")).filter(pl.col("known") > 0)
    return totals(Money(Decimal(total), currency) for currency, total, _ in sums.iter_rows())


def _units(frame: pl.DataFrame) -> int | None:
    units = frame["units_stranded"]
    return int(units.sum()) if units.is_not_null().any() else None


def _counts(names: pl.Series) -> dict[str, int]:
    """How often each name stands, the most frequent first."""
    counted = names.value_counts().with_columns(pl.col(names.name).cast(pl.String)).sort(["count", names.name], descending=[True, False])
    return dict(counted.iter_rows())


def incidents(frame: pl.DataFrame) -> list[Incident]:
    """Strandings with one cause on one day in one marketplace, the most worthy of attention first."""
    least: int = table("limits")["incident"]["least_skus"]
    keys = ["account", "marketplace", "cause", "stranded_on"]
    known = frame.select(*keys, "price_currency", *(pl.when("counted").then(name).alias(name) for name in ("units_stranded", "worth_amount")))
    # Grouping by texts is slow, and most often there is one account and one marketplace.
    apart = [key for key in keys if known[key].n_unique() > 1] or keys
    groups = known.group_by(apart).agg(
        pl.len().alias("skus"), pl.col([key for key in keys if key not in apart]).first(), _sum("units_stranded"), _sum("worth_amount"), pl.col("price_currency").first()
    )
    groups = groups.filter(pl.col("stranded_on").is_not_null(), pl.col("skus") >= least).sort(
        ["skus", "worth_amount", "marketplace", "cause", "stranded_on"], descending=[True, True, False, False, False], nulls_last=True
    )
    return [
        Incident(
            row["marketplace"], row["cause"], row["stranded_on"], row["skus"], row["units_stranded"], (Money(row["worth_amount"], row["price_currency"]),) if row["worth_amount"] is not None else ()
        )
        for row in groups.iter_rows(named=True)
    ]


def _sum(column: str) -> pl.Expr:
    """The sum of what is known; null when nothing is."""
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum()).alias(column)
