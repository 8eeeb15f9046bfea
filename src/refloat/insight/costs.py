"""What the stranding costs: storage a day and so far, the aged-inventory surcharge, a removal.

Amazon's own figures come first (planning report, storage fee report, past removal orders). Then the
dated fee table with the volume. Where neither is known the cost is null.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from refloat.knowledge.tables import table

AMOUNT = pl.Decimal(38, 4)
_FIRST_DAY = date(2015, 1, 1)


def costs(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    """The frame with ``cost_per_day``, ``cost_so_far``, ``aged_surcharge``, ``removal_cost`` and their currencies.

    Amounts are Decimals in the currency of the same row's ``…_currency`` column; cost_per_day covers
    all units on hand. cost_so_far counts from ``stranded_on`` to ``today``.
    """
    on_hand = pl.when(pl.col("units_fulfillable").is_not_null()).then(pl.sum_horizontal(pl.col("units_fulfillable", "units_unfulfillable", "units_reserved").fill_null(0)))
    frame = frame.with_columns(on_hand.alias("units_on_hand"))
    return _removal(_surcharge(_storage(frame, today)), today).drop("units_on_hand")


def _storage(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    """Per day: the planning report's estimate for next month, else the fee report's, else the table's."""
    month_days = pl.lit(today).dt.offset_by("1mo").dt.days_in_month()
    planned = pl.col("storage_cost_next_month").cast(pl.Float64) / month_days
    charged = pl.col("storage_fee_unit_day") * pl.col("units_on_hand")
    by_table = pl.col("volume_cubic_feet") * pl.col("units_on_hand") * pl.col("_rate_today")
    from_table = pl.col("volume_cubic_feet") * pl.col("units_on_hand") * pl.col("_rate_since")
    days = pl.col("stranded_days").clip(0)
    amount = pl.coalesce(planned, charged, by_table)
    frame = _with_rates(frame, today).with_columns(
        amount.alias("_day"),
        pl.when(planned.is_not_null() | charged.is_not_null()).then(amount * days).otherwise(from_table).alias("_so_far"),
        pl.coalesce(
            pl.when(planned.is_not_null()).then(pl.col("planning_currency")), pl.when(charged.is_not_null()).then(pl.col("fee_currency")), pl.when(by_table.is_not_null()).then(pl.lit("USD"))
        ).alias("cost_currency"),
    )
    return frame.with_columns(pl.col("_day").cast(AMOUNT).alias("cost_per_day"), pl.col("_so_far").cast(AMOUNT).alias("cost_so_far")).drop("_day", "_so_far", "_rate_today", "_rate_since")


def _with_rates(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    """``_rate_today``: the table's fee per cubic foot and day; ``_rate_since``: summed from stranded_on.

    Only for the United States, whose table we have, and only where the volume is known.
    """
    if not frame["volume_cubic_feet"].is_not_null().any():
        return frame.with_columns(pl.lit(None, pl.Float64()).alias("_rate_today"), pl.lit(None, pl.Float64()).alias("_rate_since"))
    rates = _summed_rates(today)
    oversize = pl.col("storage_type").fill_null("").str.to_lowercase().str.contains("oversize|bulky|extra-large")
    known = (pl.col("marketplace") == "US") & pl.col("storage_type").is_not_null()
    last = rates.row(by_predicate=pl.col("day") == today, named=True)
    frame = frame.join(rates, left_on="stranded_on", right_on="day", how="left", maintain_order="left")
    return frame.with_columns(
        pl.when(known).then(pl.when(oversize).then(last["oversize_rate"]).otherwise(last["standard_rate"])).alias("_rate_today"),
        pl.when(known).then(pl.when(oversize).then(last["oversize_sum"] - pl.col("oversize_sum")).otherwise(last["standard_sum"] - pl.col("standard_sum"))).alias("_rate_since"),
    ).drop("oversize_rate", "standard_rate", "oversize_sum", "standard_sum")


def _summed_rates(today: date) -> pl.DataFrame:
    """Day → fee per cubic foot of that day, and of all days up to it."""
    days = pl.date_range(min(_FIRST_DAY, today), today, eager=True).alias("day")
    rows = [_rate_on(day) for day in days]
    return pl.DataFrame(
        {"day": days, "standard_rate": [row[0] for row in rows], "oversize_rate": [row[1] for row in rows]}, schema_overrides={"standard_rate": pl.Float64(), "oversize_rate": pl.Float64()}
    ).with_columns(pl.col("standard_rate").cum_sum().alias("standard_sum"), pl.col("oversize_rate").cum_sum().alias("oversize_sum"))


def _rate_on(day: date) -> tuple[float | None, float | None]:
    in_force = [row for row in table("fees/us")["storage"] if row["since"] <= day and day.month in row["months"]]
    if not in_force:
        return None, None
    row = max(in_force, key=lambda fees: fees["since"])
    days = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    return float(row["standard"]) / days, float(row["oversize"]) / days


def _surcharge(frame: pl.DataFrame) -> pl.DataFrame:
    """Amazon's own estimate for the next charge, else what it charged last."""
    return frame.with_columns(
        pl.coalesce("aged_surcharge_next", "aged_fee").cast(AMOUNT).alias("aged_surcharge"),
        pl.when(pl.col("aged_surcharge_next").is_not_null()).then(pl.col("planning_currency")).otherwise(pl.col("aged_currency")).alias("aged_surcharge_currency"),
    )


def _removal(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    """Units on hand × the fee that past orders of this SKU paid; else the table's fee by weight."""
    by_table = _fee_by_weight(today)
    fee = pl.coalesce(pl.col("removal_fee_per_unit"), by_table)
    currency = pl.when(pl.col("removal_fee_per_unit").is_not_null()).then(pl.col("removal_currency")).when(by_table.is_not_null()).then(pl.lit("USD"))
    return frame.with_columns((fee * pl.col("units_on_hand")).cast(AMOUNT).alias("removal_cost"), currency.alias("removal_cost_currency"))


def _fee_by_weight(today: date) -> pl.Expr:
    fee = pl.lit(None, pl.Float64())
    oversize = pl.col("size_tier").str.to_lowercase().str.contains("oversize|bulky|extra")
    for row in table("fees/us")["removal"]:
        if row["since"] <= today:
            mine = (pl.col("marketplace") == "US") & pl.col("size_tier").is_not_null() & (oversize if row["size"] == "oversize" else ~oversize)
            fee = pl.when(mine).then(_steps(row)).otherwise(fee)
    return fee


def _steps(row: dict[str, Any]) -> pl.Expr:
    weight = pl.col("weight_pounds")
    above = row["above"]
    fee: Any = float(above["fee"]) + (weight - above["from"]) * float(above["per_pound"])
    for limit, amount in reversed(row["steps"]):
        fee = pl.when(weight <= limit).then(float(amount)).otherwise(fee)
    return pl.when(weight.is_not_null()).then(fee)
