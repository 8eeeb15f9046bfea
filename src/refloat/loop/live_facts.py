"""What Amazon answered when it was asked about single SKUs: beside the reports, and over them where it is newer.

A report of listings may be six hours old; an answer is of this moment. So an answer counts before the
report; one that is days old, because Amazon could not be asked since, tells nothing. It never removes a row:
that a listing can be bought is no proof that its units are not stranded.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from refloat.knowledge.tables import table
from refloat.loop import by_sku, facts
from refloat.loop.scopes import Scope

_ASKED_AT = {"listing-answers": "live_at", "inventory-answers": "inventory_at", "restriction-answers": "restriction_at", "eligibility-answers": "eligibility_at"}


def recent(scope: Scope, kind: str, today: date) -> pl.DataFrame | None:
    """The answers of one kind that still count; None when there are none."""
    rows = scope.frame(kind)
    if rows is None:
        return None
    # To the day, as everything that depends on ``today`` is.
    oldest = datetime.combine(today, time(), UTC) - timedelta(hours=table("limits")["standing"]["answer_hours"])
    return rows.filter(pl.col(_ASKED_AT[kind]) >= oldest)


def asked(frame: pl.DataFrame, scope: Scope, today: date) -> pl.DataFrame:
    """The frame with what Amazon answered about its SKUs and ASINs, under the sighting's own names."""
    frame = _beside(frame, scope, today)
    if "live_exists" in frame.columns:
        frame = frame.with_columns(_of_listing(frame, today))
    if "inventory_units_fulfillable" in frame.columns:
        frame = _with_inventory(frame)
    if "live_restriction_code" in frame.columns:
        frame = frame.with_columns(_first_known(frame, "restriction_code", "live_restriction_code"), _first_known(frame, "restriction_names_brand", "live_restriction_names_brand"))
    return frame


def silent_but_not_buyable(frame: pl.DataFrame) -> list[pl.Expr]:
    """The answers' own signs that units cannot be bought: no listing, not buyable, or sold by the merchant."""
    if "live_exists" not in frame.columns:
        return []
    return [~pl.col("live_exists"), ~pl.col("live_buyable"), pl.col("live_channel") == "merchant"]


def _beside(frame: pl.DataFrame, scope: Scope, today: date) -> pl.DataFrame:
    if (listings := recent(scope, "listing-answers", today)) is not None and "live_exists" not in frame.columns:
        frame = by_sku.beside(frame, listings)
    if (inventory := recent(scope, "inventory-answers", today)) is not None:
        frame = by_sku.beside(frame, inventory)
    if "asin" not in frame.columns:
        return frame
    if (restrictions := recent(scope, "restriction-answers", today)) is not None:
        condition = pl.col("condition") if "condition" in frame.columns else pl.lit(None, pl.String())
        keyed = frame.with_columns(condition.alias("restriction_condition"))
        frame = keyed.join(restrictions, on=["asin", "restriction_condition"], how="left", nulls_equal=True, maintain_order="left").drop("restriction_condition")
    if (eligibility := recent(scope, "eligibility-answers", today)) is not None:
        frame = frame.join(eligibility, on="asin", how="left", maintain_order="left")
    return frame


def _of_listing(frame: pl.DataFrame, today: date) -> list[pl.Expr]:
    """The listing as it is now, over what the reports said of it some hours ago."""
    ended = (pl.lit(today) - pl.col("live_ends_on")).dt.total_days()
    known = pl.col("live_exists").is_not_null()
    channel = pl.col("live_channel").cast(facts.codes_of("listing_channel"))
    return [
        _first_known(frame, "live_exists", "listing_exists").alias("listing_exists"),
        (known | (pl.col("listings_read") if "listings_read" in frame.columns else pl.lit(False))).alias("listings_read"),
        (pl.coalesce(channel, "listing_channel") if "listing_channel" in frame.columns else channel).alias("listing_channel"),
        _first_known(frame, "live_merchant_units", "listing_quantity").alias("listing_quantity"),
        _first_known(frame, "live_price", "listing_price").alias("listing_price"),
        _first_known(frame, "live_bound_min", "bound_min").alias("bound_min"),
        _first_known(frame, "live_bound_max", "bound_max").alias("bound_max"),
        _first_known(frame, "live_starts_on", "offer_starts_on").alias("offer_starts_on"),
        pl.when(ended >= 0).then(ended).alias("offer_ended_days"),
        _first_known(frame, "live_issue_category", "issue_category").alias("issue_category"),
        _first_known(frame, "live_issue_text", "issue_text").alias("issue_text"),
    ]


def _with_inventory(frame: pl.DataFrame) -> pl.DataFrame:
    """The units by the inventory's answer, where the stock report has none."""
    pairs = {
        "stock_units_total": "inventory_units_total",
        "stock_units_fulfillable": "inventory_units_fulfillable",
        "stock_units_unsellable": "inventory_units_unfulfillable",
        "stock_units_reserved": "inventory_units_reserved",
        "stock_units_inbound": "inventory_units_inbound",
    }
    return frame.with_columns(_first_known(frame, theirs, ours).alias(ours) for ours, theirs in pairs.items())


def _first_known(frame: pl.DataFrame, *names: str) -> pl.Expr:
    """The first of these columns that is there and known; named like the first that is there."""
    return pl.coalesce(name for name in names if name in frame.columns)
