"""By when: Amazon's removal date, or our estimate of it, always marked as one."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.tables import clock_days, table
from refloat.model.notes import Settings

SOURCES = pl.Enum(["report", "notice", "settings", "clock", "assumed"])


def deadline(frame: pl.DataFrame, catalogue: Catalogue, settings: Settings, today: date, *, date_column_given: bool) -> pl.DataFrame:
    """The frame with ``removal_due_on``, ``removal_due_from``, ``removal_due_latest_on`` and ``days_left``.

    What Amazon itself said, in the report or by e-mail, wins over everything, exempt reason or not.
    ``date_column_given`` tells a blank cell (Amazon has set no date yet, and mails 30 days ahead) from a
    report that has no such column at all. The seller's own setting counts where it is faster than Amazon.
    """
    notice_days: int = table("limits")["automation"]["removal_notice_days"]
    clock = _days(pl.col("clock_days"))
    by_clock = pl.col("stranded_on") + clock
    given, notice = pl.col("removal_date_given"), pl.col("removal_notice_on") + pl.duration(days=notice_days)
    faster = _faster(settings.removal_days)
    assumed = pl.col("stranded_on") + _days(pl.min_horizontal(pl.col("clock_days"), pl.lit(notice_days)))
    # A date that Amazon set and we could not read is no blank: it may be near.
    blank = pl.lit(date_column_given) & ~pl.col("removal_date_unread").fill_null(False)
    blank_clock = pl.when(blank & by_clock.is_not_null()).then(pl.max_horizontal(by_clock, pl.lit(today + timedelta(days=notice_days))))
    exempt = pl.col("clock_exempt")
    steps = {"report": given, "notice": notice, "settings": faster, "clock": blank_clock, "assumed": pl.when(by_clock.is_not_null()).then(assumed)}
    choose_on, choose_from = pl.coalesce(*steps.values()), pl.coalesce(*(pl.when(step.is_not_null()).then(pl.lit(name, SOURCES)) for name, step in steps.items()))
    open_ = given.is_not_null() | notice.is_not_null() | ~exempt
    return (
        _with_clock(frame, catalogue)
        .with_columns(pl.when(open_).then(choose_on).cast(pl.Date).alias("removal_due_on"), pl.when(open_).then(choose_from).alias("removal_due_from"), by_clock.cast(pl.Date).alias("_latest"))
        .with_columns(
            pl.when((pl.col("removal_due_from") == "assumed") & (pl.col("_latest") > pl.col("removal_due_on"))).then(pl.col("_latest")).alias("removal_due_latest_on"),
            (pl.col("removal_due_on") - pl.lit(today)).dt.total_days().alias("days_left"),
        )
        .drop("_latest", "clock_days", "clock_exempt")
    )


def _faster(days: int | None) -> pl.Expr:
    """The date of the seller's own setting; null where Amazon's clock is faster, or nothing was entered."""
    if days is None:
        return pl.lit(None, pl.Date())
    return pl.when(pl.col("clock_days") >= days).then(pl.col("stranded_on") + pl.duration(days=days))


def _days(count: pl.Expr) -> pl.Expr:
    return pl.duration(days=count)


def _with_clock(frame: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Days by the clock of Amazon's reason; of our cause where Amazon gave none.

    A start date that lies ahead stops Amazon's clock. The seller's own hold does not: Amazon knows
    nothing of it, and goods held back unseen would be removed.
    """
    hold, starts_later = pl.col("remedy") == "hold", (pl.col("opens_in_days") > 0).fill_null(False)
    symptom = {name: symptom.clock for name, symptom in catalogue.symptoms.items()}
    cause = {name: page.clock or "unlisted" for name, page in catalogue.causes.items()}
    clock = pl.coalesce(
        pl.when(hold & starts_later).then(pl.lit("exempt")),
        pl.col("symptom").replace_strict(list(symptom), list(symptom.values()), default=None, return_dtype=pl.String()),
        pl.when(hold).then(pl.lit("unlisted")),
        pl.col("cause").cast(pl.String).replace_strict(list(cause), list(cause.values()), default="unlisted", return_dtype=pl.String()),
    )
    names = list(table("clocks"))
    return (
        frame.with_columns(clock.alias("_clock"))
        .with_columns(
            pl.col("_clock").replace_strict(names, [clock_days(name) for name in names], default=None, return_dtype=pl.Int64()).alias("clock_days"),
            (pl.col("_clock") == "exempt").alias("clock_exempt"),
        )
        .drop("_clock")
    )


def automation(frame: pl.DataFrame, catalogue: Catalogue, settings: Settings) -> pl.DataFrame:
    """The frame with what Amazon would do by itself, and when: ``amazon_relist_on``, ``amazon_change_on``.

    Rows that the seller opted out, and rows with a start date in the future, are left alone by Amazon;
    a hold that only the seller knows of is not. No setting is below Amazon's own least number of days.
    """
    defaults = table("limits")["automation"]
    relist = max(defaults["relist_least_days"], defaults["relist_days"] if settings.automatic_relist_days is None else settings.automatic_relist_days)
    change = max(defaults["change_to_fba_least_days"], defaults["change_to_fba_days"] if settings.automatic_change_to_fba_days is None else settings.automatic_change_to_fba_days)
    does = {name: symptom.amazon_automatic for name, symptom in catalogue.symptoms.items() if symptom.amazon_automatic}
    action = pl.col("symptom").replace_strict(list(does), list(does.values()), default=None, return_dtype=pl.String())
    left_alone = pl.col("opted_out").fill_null(False) | (pl.col("opens_in_days") > 0).fill_null(False)
    return frame.with_columns(
        pl.when((action == "relist") & ~left_alone & settings.automatic_relist).then(pl.lit(True)).otherwise(False).alias("amazon_relists"),
        pl.when((action == "change-to-fba") & ~left_alone & settings.automatic_change_to_fba).then(pl.lit(True)).otherwise(False).alias("amazon_changes"),
    ).with_columns(
        pl.when(pl.col("amazon_relists")).then(pl.col("stranded_on") + pl.duration(days=relist)).cast(pl.Date).alias("amazon_relist_on"),
        pl.when(pl.col("amazon_changes")).then(pl.col("stranded_on") + pl.duration(days=change)).cast(pl.Date).alias("amazon_change_on"),
    )
