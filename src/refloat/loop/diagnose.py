"""Diagnose: for every sighting the standing, the cause, the remedy, and how safe the remedy is.

All pages at once: each refined cause is one expression, each plain reason one look-up. Causes are
numbered by precedence, so the smallest number that fires is the cause.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from refloat.knowledge import predicates
from refloat.knowledge.catalogue import UNEXPLAINED, Catalogue
from refloat.knowledge.tables import table
from refloat.loop.scopes import Scope

STANDINGS = ("confirmed", "suspected", "clearing", "conflicting", "unknown")


def diagnose(frame: pl.DataFrame, catalogue: Catalogue, scope: Scope, today: date) -> pl.DataFrame:
    """The frame with ``standing``, ``cause``, ``remedy`` and ``safety``."""
    causes = list(catalogue.causes.values())
    number = {cause.name: index for index, cause in enumerate(causes)}
    names = pl.Enum([cause.name for cause in causes])
    reasons = {cause.name: number[cause.name] for cause in causes if cause.is_reason}
    refined = [pl.when(predicates.compiled(cause.when)).then(pl.lit(number[cause.name], pl.UInt32())) for cause in causes if cause.when and not cause.is_reason]
    by_reason = pl.col("symptom").replace_strict(list(reasons), list(reasons.values()), default=None, return_dtype=pl.UInt32())
    chosen = pl.min_horizontal(*refined, by_reason, pl.lit(number[UNEXPLAINED], pl.UInt32()))
    return (
        frame.with_columns(chosen.alias("cause_number"), standing(scope, today).alias("standing"))
        .with_columns(_by_number([cause.name for cause in causes], names).alias("cause"))
        .with_columns(_remedy(catalogue).alias("remedy"))
        .with_columns(_safety(catalogue).alias("safety"))
    )


def _by_number(values: list[str], dtype: pl.DataType) -> pl.Expr:
    return pl.col("cause_number").replace_strict(list(range(len(values))), values, return_dtype=dtype)


def _remedy(catalogue: Catalogue) -> pl.Expr:
    """The first remedy of the cause; another first one where the page's own condition says so."""
    dtype = pl.Enum(list(catalogue.remedies))
    causes = list(catalogue.causes.values())
    remedy = _by_number([cause.remedies[0] for cause in causes], dtype)
    for index, cause in enumerate(causes):
        for other, predicate in cause.prefer.items():
            remedy = pl.when((pl.col("cause_number") == index) & predicates.compiled(predicate)).then(pl.lit(other, dtype)).otherwise(remedy)
    return remedy


def _safety(catalogue: Catalogue) -> pl.Expr:
    """The remedy's own safety; ``safe`` rises to ``consent`` where there is any reason to ask.

    The reasons: Amazon recommends another remedy, or one that we do not know; the standing is not
    confirmed; or the remedy's page calls it safe only under a condition that is not met.
    """
    dtype = pl.Enum(["safe", "consent", "by-hand", "none"])
    own = pl.col("remedy").replace_strict(list(catalogue.remedies), [remedy.safety for remedy in catalogue.remedies.values()], return_dtype=dtype)
    silent = pl.col("recommended_said").is_null() | pl.col("recommended_said").is_in(table("vocabulary")["nothing"]["nothing"])
    differs = ~silent & pl.col("recommended").ne_missing(pl.col("remedy").cast(pl.String))
    not_met = [(pl.col("remedy") == remedy.name) & ~predicates.compiled(remedy.safe_when) for remedy in catalogue.remedies.values() if remedy.safe_when]
    ask = pl.any_horizontal(differs, pl.col("standing") != "confirmed", *not_met)
    return pl.when((own == "safe") & ask).then(pl.lit("consent", dtype)).otherwise(own)


def standing(scope: Scope, today: date) -> pl.Expr:
    """How sure we are that a sighting is stranded, from the sources and their moments.

    Amazon's report is the most current source: that a SKU is Active elsewhere is no conflict, unless
    that other source is newer by more than a day. Where the report itself does not tell — missing, cut,
    a header alone, too old — nothing is concluded from its silence.
    """
    dtype = pl.Enum(STANDINGS)
    listed = pl.col("stranded_listed")
    gone = pl.col("listed_earlier").fill_null(False)
    sold_out = pl.lit(scope.newer("fba-inventory", "stranded")) & (pl.col("stock_units_total") == 0)
    active = pl.lit(scope.newer("listings-all", "stranded")) & (pl.col("listing_status") == "active") & (pl.col("listing_channel") == "fba")
    live = pl.lit(scope.newer("listing-answers", "stranded")) & pl.col("live_buyable") & (pl.col("live_channel") == "fba")
    buyable = active.fill_null(False) | live.fill_null(False)
    return (
        pl.when(pl.lit(scope.stale("stranded", today) or scope.failed("stranded")) | (~listed & (~pl.col("stranded_read") | pl.lit(scope.stale("fba-inventory", today)))))
        .then(pl.lit("unknown", dtype))
        .when(gone)
        .then(pl.lit("clearing", dtype))
        .when(~listed)
        .then(pl.lit("suspected", dtype))
        .when(sold_out.fill_null(False))
        .then(pl.lit("clearing", dtype))
        .when(buyable | pl.col("listed_twice").fill_null(False))
        .then(pl.lit("conflicting", dtype))
        .otherwise(pl.lit("confirmed", dtype))
    )
