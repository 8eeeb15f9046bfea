"""Sightings: all that was given for one scope, joined to one row per SKU — the sighting frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.spelling import reason_key
from refloat.knowledge.tables import table
from refloat.knowledge.vocabulary import code_of, words
from refloat.loop import by_sku, facts, live_facts
from refloat.loop.scopes import Part, Scope, successive
from refloat.model.notes import Notes
from refloat.model.sighting import COLUMNS
from refloat.model.source import Warning

DTYPES: dict[str, pl.DataType] = {"text": pl.String(), "count": pl.Int64(), "money": pl.Decimal(18, 4), "date": pl.Date(), "flag": pl.Boolean(), "ratio": pl.Float64()}

#: What the money needs and no cause asks for: joined like the rest, null when not given.
MONEY_COLUMNS: dict[str, pl.DataType] = {
    "listed_earlier": pl.Boolean(),
    "listed_twice": pl.Boolean(),
    "removal_date_unread": pl.Boolean(),
    "stock_units_inbound": pl.Int64(),
    "storage_type": pl.String(),
    "planning_currency": pl.String(),
    "planning_on": pl.Date(),
    "storage_cost_next_month": pl.Decimal(18, 4),
    "aged_surcharge_next": pl.Decimal(18, 4),
    "removal_fee_per_unit": pl.Float64(),
    "removal_currency": pl.String(),
    "storage_fee_unit_day": pl.Float64(),
    "fee_currency": pl.String(),
    "size_tier": pl.String(),
    "weight_pounds": pl.Float64(),
    "aged_fee": pl.Decimal(18, 4),
    "aged_currency": pl.String(),
}

#: The columns of a diagnosed frame, in order: the sighting, then what was concluded from it.
RESULT = (
    *(column.name for column in COLUMNS),
    *MONEY_COLUMNS,
    "standing", "cause", "remedy", "safety",
    "removal_due_on", "removal_due_from", "removal_due_latest_on", "days_left",
    "amazon_relists", "amazon_relist_on", "amazon_changes", "amazon_change_on",
    "price_currency", "units_stranded", "worth_amount", "due_bucket",
    "cost_per_day", "cost_so_far", "cost_currency", "aged_surcharge", "aged_surcharge_currency", "removal_cost", "removal_cost_currency",
)  # fmt: skip

#: Reports of what happened → the counts that are 0, not unknown, for a SKU that a complete one does not name.
_COUNTED = {"returns": ("units_returned", "units_returned_90_days"), "removal-orders": ("units_in_removal",)}

#: Kinds of reasons that say nothing against selling; any other kind is stricter.
_LENIENT = ("listing", "channel", "price", "stock", "quality", "hold")
_FOUND = r"^Amazon\.Found\."
_ARTEFACT = r"^(FBA.*missing\d*|amzn\.gr\..*)$"


@dataclass
class Sightings:
    """The sighting frame of one scope, and what had to be said on the way."""

    frame: pl.DataFrame
    warnings: list[Warning] = field(default_factory=list)


def sighted(scope: Scope, notes: Notes, catalogue: Catalogue, today: date, elsewhere: pl.Series | None = None) -> Sightings:
    """One row for every SKU that Amazon lists as stranded, or that has units and no offer to buy them.

    ``elsewhere``: SKUs whose units another marketplace of the pool sells; that they have no listing here is no sign.
    """
    result = Sightings(pl.DataFrame())
    stranded, silent = _with_stock(_stranded(scope, catalogue, result.warnings), scope)
    listings = _listings_of(pl.concat([stranded.select("sku"), silent.select("sku")]), scope, today)
    frame = pl.concat([stranded, listings.head(stranded.height).drop("sku")], how="horizontal")
    suspected = _suspected(silent, listings.tail(silent.height).drop("sku"), scope, today, elsewhere)
    if suspected.height:
        frame = pl.concat([frame, suspected], how="diagonal")
    result.frame = _complete(_with_the_rest(frame, scope, notes, today), scope, catalogue, today)
    return result


def of_skus(scope: Scope, skus: Iterable[str], notes: Notes, catalogue: Catalogue, today: date) -> pl.DataFrame:
    """The same row for each of these SKUs, stranded or not; ``stock_read``: a whole stock report tells, so a SKU that it does not name has none."""
    keys = pl.DataFrame({"sku": sorted(skus), "stranded_listed": None}, schema={"sku": pl.String(), "stranded_listed": pl.Boolean()})
    frame, _ = _with_stock(keys, scope)
    listings = _listings_of(frame.select("sku"), scope, today)
    frame = pl.concat([frame, listings.drop("sku")], how="horizontal") if listings.width > 1 else frame
    stock_read = scope.complete("fba-inventory") and not scope.stale("fba-inventory", today)
    return _complete(_with_the_rest(frame, scope, notes, today), scope, catalogue, today).with_columns(pl.lit(stock_read).alias("stock_read"))


def _stranded(scope: Scope, catalogue: Catalogue, warnings: list[Warning]) -> pl.DataFrame:
    """The latest stranded report, each SKU once; SKUs that only an earlier one listed are marked so."""
    now, before = successive(scope.parts.get("stranded", ()), scope.marketplace)
    if not now:
        return pl.DataFrame(schema={"sku": pl.String(), "stranded_listed": pl.Boolean()})
    frame = pl.concat([frame for _, frame in now], how="diagonal") if len(now) > 1 else now[0][1]
    if not by_sku.each_once(frame):
        frame = _each_once(now, catalogue, warnings)
    frame = frame.with_columns(pl.lit(True).alias("stranded_listed"))
    if before:
        gone = pl.concat([earlier for _, earlier in before], how="diagonal").unique("sku", keep="last", maintain_order=True)
        gone = gone.join(frame.select("sku"), on="sku", how="anti").with_columns(pl.lit(False).alias("stranded_listed"), pl.lit(True).alias("listed_earlier"))
        frame = pl.concat([frame, gone], how="diagonal")
    return frame


def _each_once(parts: list[Part], catalogue: Catalogue, warnings: list[Warning]) -> pl.DataFrame:
    """Each SKU once. Rows that say the same count once; of rows that differ the strictest reason stays.

    What stands there twice in two ways is nothing to act on by itself: it is marked ``listed_twice``.
    """
    rows = pl.concat([frame.with_columns(pl.lit(source.file).alias("file")) for source, frame in parts], how="diagonal")
    said = [column for column in rows.columns if column not in ("line", "file")]
    first = rows.select(pl.struct(said).is_first_distinct()).to_series()
    _say_twice("duplicate-row", rows.filter(~first), warnings)
    rows = rows.filter(first)
    _say_twice("sku-twice", rows.filter(~pl.col("sku").is_first_distinct()), warnings)
    lenient = [text for text in rows["said"].drop_nulls().unique() if (name := catalogue.symptom_of(text)) and catalogue.symptoms[name].kind in _LENIENT]
    rows = rows.with_columns(pl.col("sku").is_duplicated().alias("listed_twice"), (pl.col("said").is_null() | pl.col("said").is_in(lenient)).alias("lenient"))
    return rows.sort("lenient", maintain_order=True).unique("sku", keep="first", maintain_order=True).drop("lenient", "file")


def _say_twice(code: str, rows: pl.DataFrame, warnings: list[Warning]) -> None:
    shown: int = table("limits")["upload"]["warnings_shown"]
    warnings += [Warning(code, file, line, "sku", sku) for file, line, sku in rows.head(shown).select("file", "line", "sku").iter_rows()]
    if rows.height > shown:
        warnings.append(Warning("more-of-these", rows["file"][shown], facts=(("count", str(rows.height - shown)), ("kind", code))))


def _with_stock(stranded: pl.DataFrame, scope: Scope) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the stock report shows beside each stranded row, and the sellable stock on which the stranded report is silent."""
    stock = scope.frame("fba-inventory")
    if stock is None:
        return stranded, pl.DataFrame(schema={"sku": pl.String()})
    stock = stock if by_sku.each_once(stock) else facts.one_stock_each(stock)
    joined, silent = by_sku.beside_and_rest(stranded, stock, leaving=("stock_asin", "stock_fnsku", "stock_title"))
    return joined, silent.filter(pl.col("stock_units_fulfillable") > 0)


def _listings_of(keys: pl.DataFrame, scope: Scope, today: date) -> pl.DataFrame:
    """The listing of each key, in the keys' order. Absence means something only if the report came whole."""
    parts = [facts.listings(rows) for report in ("listings-all", "listings-inactive") if (rows := scope.frame(report)) is not None]
    if not parts:
        return keys
    listings = (pl.concat(parts, how="diagonal") if len(parts) > 1 else parts[0]).with_columns(pl.lit(True).alias("listing_seen"))
    joined = by_sku.beside(keys, listings, facts.one_listing_each)
    read = pl.lit(scope.whole("listings-all") and not scope.stale("listings-all", today))
    exists = pl.when(pl.col("listing_seen")).then(True).when(read).then(False)
    return joined.with_columns(exists.alias("listing_exists"), read.alias("listings_read")).drop("listing_seen")


def _suspected(stock: pl.DataFrame, listings: pl.DataFrame, scope: Scope, today: date, elsewhere: pl.Series | None) -> pl.DataFrame:
    """Units that nobody can buy though the report is silent; all other stock is well.

    SKUs that Amazon made for its own bookkeeping are never suspected.
    """
    if not stock.height:
        return stock
    rows = pl.concat([stock.rename({"stock_asin": "asin", "stock_fnsku": "fnsku", "stock_title": "title"}), listings], how="horizontal")
    if (answers := live_facts.recent(scope, "listing-answers", today)) is not None:
        rows = by_sku.beside(rows, answers)
    signs = [~pl.col("stock_fba_listing"), *live_facts.silent_but_not_buyable(rows)]
    if listings.width:
        signs += [pl.col("listing_status").is_in(["inactive", "incomplete"]), ~pl.col("listing_exists"), pl.col("listing_channel") == "merchant"]
    not_buyable = pl.any_horizontal(sign.fill_null(False) for sign in signs)
    rows = rows.filter(not_buyable).filter(~pl.col("sku").str.contains(_ARTEFACT))
    if elsewhere is None or elsewhere.is_empty() or "listing_exists" not in rows.columns:
        return rows
    return rows.filter(pl.col("listing_exists").fill_null(True) | ~pl.col("sku").is_in(elsewhere.implode()))


def _with_the_rest(frame: pl.DataFrame, scope: Scope, notes: Notes, today: date) -> pl.DataFrame:
    """The smaller sources, each reduced to one row a SKU."""
    per_sku = {
        "stranded-loader": facts.loader,
        "listings-suppressed": facts.suppressed,
        "reserved": facts.reserved,
        "planning": facts.planning,
        "returns": lambda rows: facts.returns(rows, today),
        "removal-orders": facts.removals,
        "aged-fees": facts.aged_fees,
    }
    for report, reduced in per_sku.items():
        if (rows := scope.frame(report)) is not None:
            frame = by_sku.beside(frame, reduced(rows))
    frame = frame.with_columns(pl.col(name).fill_null(0) for report, names in _COUNTED.items() if scope.complete(report) for name in names if name in frame.columns)
    if (fees := scope.frame("storage-fees")) is not None and "fnsku" in frame.columns:
        frame = frame.join(facts.storage_fees(fees), left_on="fnsku", right_on="fee_fnsku", how="left", maintain_order="left")
    if (own := facts.entered(notes, today)) is not None:
        frame = by_sku.beside(frame, own)
    frame = live_facts.asked(frame, scope, today)
    register = [pl.col("documents_on_file").fill_null(0)] if notes.documents_kept and own is not None else [pl.lit(0, pl.Int64()).alias("documents_on_file")] if notes.documents_kept else []
    closings = [pl.col("closed_by_seller").fill_null(False)] if notes.closings_kept and own is not None else [pl.lit(False).alias("closed_by_seller")] if notes.closings_kept else []
    return frame.with_columns(*register, *closings)


def _complete(frame: pl.DataFrame, scope: Scope, catalogue: Catalogue, today: date) -> pl.DataFrame:
    """Every column of the sighting, in its type; what no source told is null."""
    typed = {column.name: DTYPES[column.kind] for column in COLUMNS} | MONEY_COLUMNS | {name: facts.codes_of(name) for name in ("listing_status", "listing_channel")}
    frame = frame.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in typed.items() if name not in frame.columns)
    silent = pl.col("stranded_listed").is_null()
    opens_in = (pl.col("offer_starts_on") - pl.lit(today)).dt.total_days()
    read = scope.whole("stranded")
    frame = frame.with_columns(
        pl.lit(scope.account, pl.String()).alias("account"),
        pl.lit(scope.marketplace, pl.String()).alias("marketplace"),
        pl.lit(today).alias("today"),
        pl.lit(read).alias("stranded_read"),
        pl.col("sku").str.contains(_FOUND).alias("sku_found"),
        pl.col("sku").str.contains(_ARTEFACT).alias("sku_artefact"),
        pl.col("stranded_listed").fill_null(False),
        *_from_stock(silent),
        (pl.lit(today) - pl.col("stranded_on")).dt.total_days().alias("stranded_days"),
        pl.when(opens_in > 0).then(opens_in).alias("opens_in_days"),
        pl.lit(float(table("limits")["returns"]["rate_limit"])).alias("return_rate_limit"),
        *_said(frame, catalogue),
    )
    return frame.with_columns(
        pl.when(pl.col("units_shipped_90_days") > 0).then(pl.col("units_returned_90_days") / pl.col("units_shipped_90_days")).alias("return_rate"),
    )


def _from_stock(silent: pl.Expr) -> list[pl.Expr]:
    """Where the stranded report is silent the units and the price are those of the stock report."""
    pairs = {"units_fulfillable": "stock_units_fulfillable", "units_unfulfillable": "stock_units_unsellable", "units_reserved": "stock_units_reserved", "units_inbound": "stock_units_inbound"}
    units = [pl.when(silent).then(pl.col(theirs)).otherwise(pl.col(ours)).alias(ours) for ours, theirs in pairs.items()]
    return [*units, pl.when(silent).then(pl.col("listing_price")).otherwise(pl.col("price_shown")).alias("price_shown")]


def _said(frame: pl.DataFrame, catalogue: Catalogue) -> list[pl.Expr]:
    """Amazon's words → our codes, looked up once for each distinct text."""
    reasons = [text for text in frame["said"].drop_nulls().unique() if reason_key(text) not in words("nothing")]
    names = [catalogue.symptom_of(text) for text in reasons]
    kinds = [catalogue.symptoms[name].kind if name else None for name in names]
    actions = frame["recommended_said"].drop_nulls().unique().to_list()
    second = frame["status_secondary"].drop_nulls().unique().to_list()
    return [
        pl.when(pl.col("said").is_in(reasons)).then(pl.col("said")).alias("said"),
        _coded("said", reasons, names, pl.Enum(list(catalogue.symptoms))).alias("symptom"),
        _coded("said", reasons, kinds, pl.Enum(sorted({symptom.kind for symptom in catalogue.symptoms.values()}))).alias("symptom_kind"),
        _coded("recommended_said", actions, [catalogue.recommended_of(text) for text in actions], pl.Enum(list(catalogue.remedies))).alias("recommended"),
        _coded("status_secondary", second, [code_of("status_secondary", text) or reason_key(text) for text in second], pl.String()).alias("status_secondary_code"),
    ]


def _coded(column: str, texts: list[str], codes: Sequence[str | None], dtype: pl.DataType) -> pl.Expr:
    return pl.col(column).replace_strict(texts, codes, default=None, return_dtype=dtype)
