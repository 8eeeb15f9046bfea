"""What Amazon answered when it was asked about single SKUs: beside the reports, and over them where it is newer.

A report of listings may be six hours old; an answer is of this moment. So an answer counts before the
report. It never removes a row: that a listing can be bought is no proof that its units are not stranded.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from refloat.loop import by_sku, facts
from refloat.loop.scopes import Scope

_BY_ASIN = {"restriction-answers": "restriction_at", "eligibility-answers": "eligibility_at"}


def asked(frame: pl.DataFrame, scope: Scope, today: date) -> pl.DataFrame:
    """The frame with what Amazon answered about its SKUs and ASINs, under the sighting's own names."""
    frame = _beside(frame, scope)
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


def _beside(frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    if (listings := scope.frame("listing-answers")) is not None and "live_exists" not in frame.columns:
        frame = by_sku.beside(frame, listings)
    if (inventory := scope.frame("inventory-answers")) is not None:
        frame = by_sku.beside(frame, inventory)
    for kind in _BY_ASIN:
        if (rows := scope.frame(kind)) is not None and "asin" in frame.columns:
            frame = frame.join(rows.unique("asin", keep="last", maintain_order=True), on="asin", how="left", maintain_order="left")
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
