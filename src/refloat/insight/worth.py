"""Worth, and in which order to look at it: deadline × money.

Worth = (fulfillable + reserved) × price. A price that Amazon flags as wrong is not a worth; what is
unknown stays null and is never counted as zero.
"""

from __future__ import annotations

import polars as pl

from refloat.knowledge.tables import marketplaces, table

AMOUNT = pl.Decimal(38, 4)
#: The order in which a person should look, the weightiest first: column, and whether it falls.
#: By date is by bucket too: overdue, within 7, 14, 30 days, later, and no date at the end.
ORDER = (("removal_due_on", False), ("price_currency", False), ("worth_amount", True), ("units_stranded", True), ("sku", False))


def worth(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``price_currency``, ``units_stranded``, ``worth_amount`` and ``due_bucket``."""
    places = marketplaces()
    currency = pl.col("marketplace").replace_strict(list(places), [place.currency for place in places.values()], default=None, return_dtype=pl.String())
    units = pl.when(pl.col("units_fulfillable").is_not_null()).then(pl.col("units_fulfillable") + pl.col("units_reserved").fill_null(0))
    flagged = (pl.col("symptom_kind") == "price").fill_null(False) | (pl.col("recommended") == "set-price").fill_null(False)
    return frame.with_columns(
        currency.alias("price_currency"),
        units.alias("units_stranded"),
        pl.when(~flagged).then(pl.col("price_shown").cast(AMOUNT) * units).alias("worth_amount"),
        _bucket().alias("due_bucket"),
    )


def _bucket() -> pl.Expr:
    """0 overdue, then due within 7, 14, 30 days, later; the last one has no date."""
    limits: list[int] = table("limits")["order"]["buckets"]
    bucket = pl.when(pl.col("days_left").is_null()).then(pl.lit(len(limits) + 1)).when(pl.col("days_left") < limits[0]).then(pl.lit(0))
    for index, limit in enumerate(limits[1:], 1):
        bucket = bucket.when(pl.col("days_left") <= limit).then(pl.lit(index))
    return bucket.otherwise(len(limits)).cast(pl.Int8)


def with_pools(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``pool`` and ``counted``: the same units seen in several marketplaces count once.

    Counted is the row with the most units of each (account, pool, FNSKU), of equal ones one with a known
    worth; a row without an FNSKU, or of an unknown marketplace, stands for itself.
    """
    places = marketplaces()
    frame = frame.with_columns(pl.col("marketplace").replace_strict(list(places), [place.pool for place in places.values()], default=None, return_dtype=pl.String()).alias("pool"))
    known = frame.select(pl.col("pool").is_not_null() & pl.col("fnsku").is_not_null()).to_series()
    shared = known & frame["fnsku"].hash().is_duplicated()
    if not shared.any():
        return frame.with_columns(pl.lit(True).alias("counted"))
    rows = frame.select("account", "pool", "fnsku", "units_stranded", pl.col("worth_amount").is_null().alias("unknown"), "marketplace", "sku").with_row_index("row").filter(shared)
    most = rows.sort("units_stranded", "unknown", "marketplace", "sku", descending=[True, False, False, False], nulls_last=True).unique(["account", "pool", "fnsku"], keep="first")
    twice = rows.join(most.select("row"), on="row", how="anti")["row"]
    return frame.with_columns(pl.repeat(True, frame.height, eager=True).scatter(twice, False).alias("counted"))


def ordered(frame: pl.DataFrame, first: int | None = None) -> pl.Series:
    """Row numbers by ``ORDER``, unknown values last; only the ``first`` of them where that is enough.

    One stable sort a column, the least weighty first: a third of the time of one sort by all of them.
    The SKU, a long text, only decides between rows that are equal in everything else.
    """
    numbers = [name for name, _ in ORDER[:-1]]
    rows = _among_first(frame.select(numbers).with_row_index("row"), first)
    for name, falls in reversed(ORDER[:-1]):
        if rows[name].n_unique() > 1:
            rows = rows.sort(name, descending=falls, nulls_last=True, maintain_order=True)
    runs = rows.select("row", pl.struct(numbers).rle_id().alias("run"))
    equal = runs.select(pl.col("run").is_duplicated()).to_series()
    if equal.any():
        among = runs.filter(equal)
        among = among.with_columns(frame["sku"].gather(among["row"])).sort("run", "sku")
        return _head(runs["row"].scatter(equal.arg_true(), among["row"]), first)
    return _head(runs["row"], first)


def _head(rows: pl.Series, first: int | None) -> pl.Series:
    return rows if first is None else rows.head(first)


def _among_first(rows: pl.DataFrame, first: int | None) -> pl.DataFrame:
    """The rows that can be among the ``first``: those due no later than the ``first``-th date."""
    dates = rows["removal_due_on"].drop_nulls() if first else None
    if first is None or dates is None or len(dates) < first:
        return rows
    return rows.filter(pl.col("removal_due_on") <= dates.bottom_k(first).max())
