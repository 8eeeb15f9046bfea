"""What was open on each day over several places: one that was not looked at on a day stands with its last known figures."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from refloat.store.views import KNOWN_DAYS

_PLACE = ("account", "marketplace")


def carried(rows: pl.DataFrame, since: date, until: date, *, by_cause: bool) -> pl.DataFrame:
    """day, currency, cause, skus, units, worth: the sum of all places on each day, in order.

    ``rows``: the same columns with account, marketplace, one row a place, day, currency and cause; units and worth null where unknown. A place where nothing
    was open has a row of no SKUs for that day. Places are in different time zones, so ``until`` gives way to the last day that any of them has.
    """
    keys, last = ["currency", *(["cause"] if by_cause else [])], max([until, *rows["day"].to_list()])
    place = [pl.col(name) for name in _PLACE]
    looks = rows.select(*_PLACE, "day").unique().sort(*_PLACE, "day")
    known = pl.min_horizontal(pl.col("day").shift(-1).over(place) - timedelta(days=1), pl.col("day") + timedelta(days=KNOWN_DAYS), pl.lit(last))
    shown = looks.with_columns(pl.date_ranges("day", known).alias("shown")).explode("shown").filter(pl.col("shown") >= since)
    own = rows.group_by(*_PLACE, "day", *keys).agg(pl.col("skus").sum(), _sum("units"), _sum("worth"))
    # What a place had on another day, and has not on one on which it was looked at, is none there: a row without SKUs.
    every = shown.join(own.select(*_PLACE, *keys).unique(), on=_PLACE).join(own, on=[*_PLACE, "day", *keys], how="left", nulls_equal=True)
    summed = every.group_by(pl.col("shown").alias("day"), *keys).agg(pl.col("skus").sum(), _sum("units"), _sum("worth"))
    none = (pl.col("skus") == 0) & pl.col("currency").is_not_null()
    told = summed.with_columns(pl.when(none).then(0).otherwise(pl.col(name)).cast(summed.schema[name]).alias(name) for name in ("units", "worth"))
    told = told if by_cause else told.with_columns(pl.lit(None, pl.String()).alias("cause"))
    worth_saying = pl.col("skus") > 0 if by_cause else (pl.col("skus") > 0) | pl.col("currency").is_not_null()
    return told.filter(worth_saying).select("day", "currency", "cause", "skus", "units", "worth").sort("day", *keys, nulls_last=False)


def _sum(name: str) -> pl.Expr:
    """Null where none is known."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
