"""What each report tells about one SKU: report rows → one row per SKU, in the sighting's columns."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from refloat.knowledge.tables import table
from refloat.knowledge.vocabulary import code_of, words
from refloat.model.notes import Notes

CUBIC_FEET = {
    "cubic inches": 1 / 1728,
    "cubic feet": 1.0,
    "cubic centimeters": 1 / 28316.846592,
    "cubic centimetres": 1 / 28316.846592,
    "cubic meters": 35.31466672,
    "cubic metres": 35.31466672,
    "cm3": 1 / 28316.846592,
}


def codes_of(group: str) -> pl.Enum:
    """The codes of a vocabulary as a type, the same in every scope."""
    return pl.Enum(sorted(set(words(group).values())))


def mapped(column: str, group: str, frame: pl.DataFrame) -> pl.Expr:
    """The codes of a vocabulary for a text column, as an Enum; looked up once per distinct text."""
    texts = frame[column].drop_nulls().unique().to_list()
    codes = codes_of(group)
    return pl.col(column).replace_strict(texts, [code_of(group, text) for text in texts], default=None, return_dtype=codes)


def listings(frame: pl.DataFrame) -> pl.DataFrame:
    """The listings in the sighting's columns; a report without a status column has status null."""
    status = mapped("listing_status_said", "listing_status", frame) if "listing_status_said" in frame.columns else pl.lit(None, codes_of("listing_status"))
    channel = mapped("listing_channel_said", "listing_channel", frame)
    return frame.select("sku", "listing_quantity", "listing_price", "offer_starts_on", status.alias("listing_status"), channel.alias("listing_channel"))


def one_listing_each(frame: pl.DataFrame) -> pl.DataFrame:
    """The better row of a SKU that stands twice: FBA before merchant, active before not."""
    better = (pl.col("listing_channel") == "fba").fill_null(False), (pl.col("listing_status") == "active").fill_null(False)
    return frame.sort(*better, descending=True, maintain_order=True).unique("sku", keep="first", maintain_order=True)


def suppressed(frame: pl.DataFrame) -> pl.DataFrame:
    """The latest issue of each SKU; one with a category before one without."""
    category = mapped("issue_said", "issue_category", frame).cast(pl.String).alias("issue_category")
    chosen = frame.select("sku", "issue_said", category, "issue_text", "issue_on")
    return chosen.sort(pl.col("issue_category").is_null(), pl.col("issue_on"), descending=[False, True], nulls_last=True, maintain_order=True).unique("sku", keep="first")


def loader(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("sku", "bound_min", "bound_max").unique("sku", keep="first")


def one_stock_each(frame: pl.DataFrame) -> pl.DataFrame:
    """A SKU that stands twice: the row with more units, so that stock is never overlooked."""
    return frame.sort("stock_units_total", descending=True, nulls_last=True, maintain_order=True).unique("sku", keep="first", maintain_order=True)


def reserved(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("sku").agg(pl.col("units_for_orders").max())


def planning(frame: pl.DataFrame) -> pl.DataFrame:
    """The latest snapshot of each SKU, with the volume where the file names its measure."""
    per_measure = pl.col("volume_measure").str.to_lowercase().replace_strict(list(CUBIC_FEET), list(CUBIC_FEET.values()), default=None, return_dtype=pl.Float64())
    surcharges = [column for column in frame.columns if column.startswith("ais_")]
    any_surcharge = pl.any_horizontal(pl.col(column).is_not_null() for column in surcharges)
    return (
        frame.sort("planning_on", descending=True, nulls_last=True, maintain_order=True)
        .unique("sku", keep="first", maintain_order=True)
        .select(
            "sku",
            "units_shipped_90_days",
            (pl.col("item_volume") * per_measure).alias("volume_cubic_feet"),
            "storage_type",
            "planning_currency",
            "planning_on",
            "storage_cost_next_month",
            pl.when(any_surcharge).then(pl.sum_horizontal(surcharges)).alias("aged_surcharge_next"),
        )
    )


def returns(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    since = today - timedelta(days=table("limits")["returns"]["window_days"])
    recent = pl.col("return_on").is_between(since, today)
    return frame.group_by("sku").agg(
        _known_sum(pl.col("return_units")).alias("units_returned"),
        pl.when(pl.col("return_units").is_not_null().any()).then(pl.col("return_units").filter(recent).sum()).alias("units_returned_90_days"),
        pl.col("return_on").max().alias("returned_last_on"),
    )


def removals(frame: pl.DataFrame) -> pl.DataFrame:
    """Units in open removal orders, and what a removed unit has cost so far (fee ÷ units processed).

    A SKU that was charged in several currencies has no one fee: amounts of different currencies are never added.
    """
    processed = pl.sum_horizontal("removal_units_disposed", "removal_units_shipped").cast(pl.Decimal(18, 4))
    charged = pl.col("removal_fee").is_not_null() & (processed > 0)
    currency = pl.col("removal_currency").filter(charged)
    return frame.group_by("sku").agg(
        _known_sum(pl.col("units_in_removal")),
        pl.when(currency.n_unique() == 1).then(_ratio(pl.col("removal_fee").filter(charged).sum(), processed.filter(charged).sum())).alias("removal_fee_per_unit"),
        currency.first(),
    )


def _known_sum(units: pl.Expr) -> pl.Expr:
    """The sum of what is known; null, not 0, when nothing is."""
    return pl.when(units.is_not_null().any()).then(units.sum())


def _ratio(amount: pl.Expr, units: pl.Expr) -> pl.Expr:
    """Amount ÷ units; null, not a division by zero, where there were none."""
    return pl.when(units > 0).then(amount.cast(pl.Float64) / units.cast(pl.Float64))


def storage_fees(frame: pl.DataFrame) -> pl.DataFrame:
    """The fee of the last month charged, per unit and day, by FNSKU; none where it was charged in two currencies."""
    last = frame.filter(pl.col("fee_month") == pl.col("fee_month").max())
    month = pl.col("fee_month").first().str.to_date("%Y-%m", strict=False)
    days = month.dt.month_end().dt.day()
    return last.group_by("fee_fnsku").agg(
        pl.when(pl.col("fee_currency").n_unique() == 1).then(_ratio(_known_sum(pl.col("storage_fee")), pl.col("fee_units").sum()) / days).alias("storage_fee_unit_day"),
        pl.col("fee_currency").first(),
        pl.col("size_tier").first(),
        pl.when(pl.col("weight_measure").first().str.to_lowercase().is_in(["pounds", "lb", "lbs"])).then(pl.col("unit_weight").first()).alias("weight_pounds"),
    )


def aged_fees(frame: pl.DataFrame) -> pl.DataFrame:
    """The last aged-inventory surcharge that was charged, per SKU."""
    last = frame.filter(pl.col("aged_on") == pl.col("aged_on").max())
    one = pl.col("aged_currency").n_unique() == 1
    return last.group_by("sku").agg(pl.when(one).then(_known_sum(pl.col("aged_fee"))).alias("aged_fee"), pl.col("aged_currency").first())


def entered(notes: Notes, today: date) -> pl.DataFrame | None:
    """What the seller entered, one row a SKU; None when nothing was."""
    skus = sorted(notes.skus)
    if not skus:
        return None
    held = [(notes.holds[sku] - today).days if sku in notes.holds else None for sku in skus]
    rules = [notes.restrictions.get(sku) for sku in skus]
    return pl.DataFrame(
        {
            "sku": skus,
            "entered_expiry_on": [notes.expires.get(sku) for sku in skus],
            "documents_on_file": [notes.documents.get(sku) for sku in skus],
            "closed_by_seller": [True if sku in notes.closed else None for sku in skus],
            "held_days": [days if days is not None and days > 0 else None for days in held],
            "opted_out": [True if sku in notes.opted_out else None for sku in skus],
            "removal_notice_on": [notes.removal_notices.get(sku) for sku in skus],
            "restriction_code": [rule.code if rule else None for rule in rules],
            "restriction_names_brand": [rule.brand is not None if rule else None for rule in rules],
        },
        schema={
            "sku": pl.String(),
            "entered_expiry_on": pl.Date(),
            "documents_on_file": pl.Int64(),
            "closed_by_seller": pl.Boolean(),
            "held_days": pl.Int64(),
            "opted_out": pl.Boolean(),
            "removal_notice_on": pl.Date(),
            "restriction_code": pl.String(),
            "restriction_names_brand": pl.Boolean(),
        },
    )
