"""What each look found, as pages read it: the changed rows are written anew, and what is open is counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import connection

from refloat.store import bulk, framed
from refloat.store.accounts import account_named
from refloat.store.finding_rows import BY_ONE_VALUE
from refloat.store.models import FindingCount, FindingDay, FindingDetail, FindingFacet, FindingIncident, FindingSum, OpenFinding, StrandingInterval
from refloat.store.turns import reading, writing
from refloat.store.words import words_in, words_of, words_out

if TYPE_CHECKING:
    from refloat.store.models import Account

_TEXT, _UNITS, _DAY, _AMOUNT = pl.String(), pl.Int64(), pl.Date(), pl.Decimal(38, 4)
#: Column of the diagnosed frame → what the page's row keeps of it.
_KEPT: dict[str, pl.DataType] = {
    "sku": _TEXT, "asin": _TEXT, "fnsku": _TEXT, "title": _TEXT, "standing": _TEXT, "symptom": _TEXT, "said": _TEXT, "cause": _TEXT, "recommended": _TEXT, "recommended_said": _TEXT,
    "remedy": _TEXT, "safety": _TEXT, "stranded_on": _DAY, "removal_due_on": _DAY, "removal_due_from": _TEXT, "units_stranded": _UNITS, "units_unfulfillable": _UNITS,
    "price_currency": _TEXT, "worth_amount": _AMOUNT, "counted": pl.Boolean(), "cost_per_day": _AMOUNT, "cost_so_far": _AMOUNT, "cost_currency": _TEXT,
}  # fmt: skip
#: What the passing of a day changes in a row of which nothing else changed.
_BY_THE_DAY = ("cost_so_far", "by_cost", "looked_on", "row")
_VOLATILE = ("today", "stranded_days", "days_left", "offer_ended_days", "opens_in_days", "held_days", "due_bucket", "cost_so_far", "stock_age_days")
_MOST_UNITS, _MOST_AMOUNT = 2**31, 10**11
#: Column → field of what is open, and of the last that was known of it.
_KNOWN = {"id": "id", "sku": "sku", "digest": "digest", "standing_known": "standing"}
_OPEN = {
    "id": "stranding_id", "sku": "stranding__sku", "fnsku": "stranding__fnsku", "opened_at": "stranding__opened_at", "standing": "standing", "symptom": "symptom", "said": "said",
    "cause": "cause", "remedy": "remedy", "safety": "safety", "units_fulfillable": "units_fulfillable", "units_reserved": "units_reserved", "units_unfulfillable": "units_unfulfillable",
    "worth_amount": "worth_amount", "price_currency": "worth_currency", "removal_due_on": "removal_due_on", "title": "title", "asin": "asin",
}  # fmt: skip
_KINDS: dict[str, pl.DataType] = {
    **_KEPT, "id": _UNITS, "digest": _UNITS, "standing_known": _TEXT, "opened_at": pl.Datetime("us", "UTC"), "units_fulfillable": _UNITS, "units_reserved": _UNITS,
}  # fmt: skip


def record(account: str, marketplace: str, found: pl.DataFrame | None, today: date) -> None:
    """Take over what a look found of one marketplace, after its strandings were recorded.

    ``found``: diagnosed rows, as a triage has them; None where nothing could be read. ``today`` is the marketplace's. What is open and stands in none of
    them keeps what was last found, with the standing that it has now; what is open no more goes.

    Raises:
        StoreError: the database cannot be written; nothing was changed.
    """
    with reading():
        with bulk.room(), writing():
            owner = account_named(account)
            changed = _compared(owner, marketplace, found, today)
            _counted(owner, marketplace, today)
            _summed(owner, marketplace)
            _by_one_value(owner, marketplace)
        _remembered(owner, marketplace, today, looked=found is not None)
        if changed >= bulk.MANY:
            bulk.weighed(OpenFinding, FindingDetail, FindingCount, FindingIncident)


def forget(owner: Account) -> None:
    """Nothing of the account is shown any more; call it inside ``writing()``."""
    own = OpenFinding.objects.filter(account=owner).values_list("id", flat=True)
    _let_go(pl.Series(list(own), dtype=pl.Int64()))
    for model in (FindingCount, FindingFacet, FindingIncident, FindingSum):
        model.objects.filter(account=owner).delete()


def _compared(owner: Account, marketplace: str, found: pl.DataFrame | None, today: date) -> int:
    """How many rows were written anew."""
    own = OpenFinding.objects.filter(account=owner, marketplace=marketplace)
    known = framed.read(own, _KNOWN, _KINDS)
    current = StrandingInterval.objects.filter(stranding__account=owner, stranding__marketplace=marketplace, stranding__closed_at=None, to_at=None)
    standing = framed.read(current, {"id": "stranding_id", "sku": "stranding__sku", "standing": "standing"}, _KINDS)
    open_ids = standing.select("id", "sku")
    rows = pl.DataFrame(schema={"id": _UNITS, "digest": _UNITS}) if found is None else _rows(_of_open(found, open_ids), today)
    changed = rows.join(known.select("id", "digest"), on=["id", "digest"], how="anti")
    gone = known.join(open_ids, on="id", how="anti")
    _let_go(pl.concat([gone["id"], changed.join(known, on="id", how="semi")["id"]]))
    if changed.height:
        framed.insert(OpenFinding, _owned(changed.drop("row"), owner, marketplace))
        framed.insert(FindingDetail, changed.select("id", "row"))
        words_in(changed["id"])
    unnamed = standing.join(rows, on="id", how="anti")
    _as_last_known(owner, marketplace, current, unnamed.join(known, on="id", how="anti"), today)
    turned = unnamed.join(known, on="id").filter(pl.col("standing") != pl.col("standing_known"))
    # Whatever the next look says of it, it says something else.
    framed.rewrite(OpenFinding, turned.select("standing", pl.lit(None, pl.Int64()).alias("digest"), "id"))
    return changed.height


def _of_open(found: pl.DataFrame, open_ids: pl.DataFrame) -> pl.DataFrame:
    """Each SKU once, with the number of its stranding."""
    return found.join(open_ids, on="sku", how="inner", maintain_order="left").unique("sku", keep="first", maintain_order=True)


def _rows(found: pl.DataFrame, today: date) -> pl.DataFrame:
    """The frame in the columns of the table, with the number for what does not change by the day alone."""
    kept = found.select("id", *(pl.col(name).cast(kind, strict=False) for name, kind in _KEPT.items()), pl.col("price_shown").cast(_AMOUNT).alias("price_amount"), _held(today), _whole(found))
    kept = kept.with_columns(_storable(kept)).with_columns(*_believable(), _words(), pl.lit(today).alias("looked_on")).with_columns(orders())
    lasting = [pl.col(name).cast(pl.String) if isinstance(kind, pl.Decimal) else pl.col(name) for name, kind in kept.schema.items() if name not in (*_BY_THE_DAY, "id")]
    steady = found.select(pl.exclude("id", *_VOLATILE))
    digest = kept.select(lasting).hash_rows(seed=0) ^ steady.select(pl.all().cast(pl.String)).hash_rows(seed=1)
    return kept.with_columns(digest.reinterpret(signed=True).alias("digest"))


def _held(today: date) -> pl.Expr:
    days = pl.coalesce("held_days", "opens_in_days")
    return pl.when(days > 0).then(pl.lit(today) + pl.duration(days=days)).cast(pl.Date).alias("held_until_on")


def _whole(found: pl.DataFrame) -> pl.Expr:
    """All columns as one JSON object. Amounts as text: JSON's numbers are no decimals."""
    told = [pl.col(name).cast(pl.String) if isinstance(kind, pl.Decimal) else pl.col(name) for name, kind in found.schema.items() if name != "id"]
    return pl.struct(told).struct.json_encode().str.replace_all(r'"\w+":null,?', "").str.replace(r",\}$", "}").alias("row")


def _storable(kept: pl.DataFrame) -> pl.Expr:
    return pl.col([name for name, kind in kept.schema.items() if kind == pl.String()]).str.replace_all("\0", "\ufffd", literal=True)


def _believable() -> list[pl.Expr]:
    """A number that no column holds is a mistake of a report, and unknown."""
    units = [pl.when(pl.col(name).abs() < _MOST_UNITS).then(pl.col(name)).alias(name) for name in ("units_stranded", "units_unfulfillable")]
    amounts = ("price_amount", "worth_amount", "cost_per_day", "cost_so_far")
    return units + [pl.when(pl.col(name).abs() < _MOST_AMOUNT).then(pl.col(name).round(4, mode="half_away_from_zero")).alias(name) for name in amounts]


#: Comes after every number that is known.
_LAST = 2**53


def orders() -> list[pl.Expr]:
    """The columns by which pages sort, each rising: what is unknown comes last."""
    due = pl.col("removal_due_on").dt.to_string("%Y-%m-%d").fill_null("9999-99-99")
    worth = (pl.lit(10**13) - _cents("worth_amount").fill_null(0)).cast(pl.String).str.zfill(14)
    units = (pl.lit(2**31) - pl.col("units_stranded").fill_null(0)).cast(pl.String).str.zfill(10)
    return [
        pl.concat_str(due, pl.col("price_currency").fill_null("~~~"), worth, units, separator=" ").alias("urgency"),
        (-_cents("worth_amount")).fill_null(_LAST).alias("by_worth"),
        pl.col("stranded_on").cast(pl.Int32).fill_null(2**31 - 1).alias("by_age"),
        (-pl.col("units_stranded")).fill_null(_LAST).alias("by_units"),
        (-_cents("cost_so_far")).fill_null(_LAST).alias("by_cost"),
    ]


def _cents(amount: str) -> pl.Expr:
    return (pl.col(amount) * 100).round(0).cast(pl.Int64)


def _words() -> pl.Expr:
    """What a search by words compares: see ``store.words``."""
    return pl.concat_str(pl.col("title").fill_null(""), "sku", separator=" ").map_elements(words_of, return_dtype=pl.String, skip_nulls=False).alias("words")


def _owned(rows: pl.DataFrame, owner: Account, marketplace: str) -> pl.DataFrame:
    return rows.with_columns(pl.lit(owner.pk).alias("account"), pl.lit(marketplace).alias("marketplace"), pl.col("counted").fill_null(True))


def _as_last_known(owner: Account, marketplace: str, current: Any, unknown: pl.DataFrame, today: date) -> None:
    """Rows for what is open, is in no report now, and has none yet: as its last interval says."""
    if unknown.is_empty():
        return
    told = framed.read(current.extra(**framed.among("store_strandinginterval.stranding_id", unknown["id"])), _OPEN, _KINDS)
    units = pl.when(pl.col("units_fulfillable").is_not_null()).then(pl.col("units_fulfillable") + pl.col("units_reserved").fill_null(0)).alias("units_stranded")
    since, cost = pl.col("opened_at").dt.date().alias("stranded_on"), pl.lit(None, _AMOUNT).alias("cost_so_far")
    rows = told.with_columns(units, pl.lit(today).alias("looked_on"), _words(), since, pl.lit(True).alias("counted"), cost)
    rows = rows.with_columns(orders())
    framed.insert(OpenFinding, _owned(rows.drop("opened_at", "units_fulfillable", "units_reserved"), owner, marketplace))
    words_in(rows["id"])


def _let_go(ids: pl.Series) -> None:
    for at in range(0, len(ids), 100_000):
        some = ids.slice(at, 100_000)
        words_out(some)
        for model in (OpenFinding, FindingDetail):
            model.objects.extra(**framed.among(f"{model._meta.db_table}.id", some)).order_by().delete()


def _counted(owner: Account, marketplace: str, today: date) -> None:
    """The counts and the incidents of the marketplace, made anew in the database."""
    place = [owner.pk, marketplace]
    for model in (FindingCount, FindingIncident):
        model.objects.filter(account=owner, marketplace=marketplace).delete()
    due = _cases("removal_due_on", [today, *(today + timedelta(days=days + 1) for days in (7, 14, 30))])
    age = _cases("stranded_on", [today - timedelta(days=days) for days in (7, 14, 30, 90)], falling=True)
    held = _held_now(today)
    units = "SUM(CASE WHEN counted THEN units_stranded END)"
    worth = "SUM(CASE WHEN counted THEN worth_amount END)"
    keys = "cause, recommended, remedy, safety, standing"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO store_findingcount (account_id, marketplace, {keys}, due, age, held, currency, skus, units, worth, counted_on)"  # noqa: S608 - names and days of our own
            f" SELECT account_id, marketplace, {keys}, {due}, {age}, {held}, price_currency, COUNT(*), {units}, {worth}, {_day(today)} FROM store_openfinding"
            f" WHERE account_id = %s AND marketplace = %s GROUP BY account_id, marketplace, {keys}, {due}, {age}, {held}, price_currency",
            place,
        )
        cursor.execute(
            "INSERT INTO store_findingincident (account_id, marketplace, cause, remedy, safety, stranded_on, held, currency, skus, units, worth, due_on, urgency, sample_sku)"  # noqa: S608
            f" SELECT account_id, marketplace, cause, remedy, safety, stranded_on, {held}, price_currency, COUNT(*), {units}, {worth}, MIN(removal_due_on), MIN(urgency), MIN(sku)"
            f" FROM store_openfinding WHERE account_id = %s AND marketplace = %s GROUP BY account_id, marketplace, cause, remedy, safety, stranded_on, {held}, price_currency",
            place,
        )


def _summed(owner: Account, marketplace: str) -> None:
    """The counts once more, by what the first page asks for alone: dozens of rows where the others may be thousands."""
    FindingSum.objects.filter(account=owner, marketplace=marketplace).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_findingsum (account_id, marketplace, safety, due, held, currency, counted_on, skus, units, worth)"
            " SELECT account_id, marketplace, safety, due, held, currency, counted_on, SUM(skus), SUM(units), SUM(worth) FROM store_findingcount"
            " WHERE account_id = %s AND marketplace = %s GROUP BY account_id, marketplace, safety, due, held, currency, counted_on",
            [owner.pk, marketplace],
        )


def _by_one_value(owner: Account, marketplace: str) -> None:
    """The counts once more, by one value at a time: hundreds of rows where the others may be thousands."""
    FindingFacet.objects.filter(account=owner, marketplace=marketplace).delete()
    with connection.cursor() as cursor:
        for name in BY_ONE_VALUE:
            value = f"CAST({name} AS VARCHAR(100))" if name in {"due", "age"} else "CASE WHEN held THEN '1' ELSE '0' END" if name == "held" else name
            cursor.execute(
                f"INSERT INTO store_findingfacet (account_id, marketplace, dimension, value, skus) SELECT account_id, marketplace, '{name}', {value}, SUM(skus)"  # noqa: S608 - names of our own
                f" FROM store_findingcount WHERE account_id = %s AND marketplace = %s GROUP BY account_id, marketplace, {value}",
                [owner.pk, marketplace],
            )


def _remembered(owner: Account, marketplace: str, today: date, *, looked: bool) -> None:
    """What is open at the last look of a day stays as that day's."""
    FindingDay.objects.filter(account=owner, marketplace=marketplace, day=today).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_findingday (account_id, marketplace, day, cause, currency, skus, units, worth)"  # noqa: S608 - a day of our own
            f" SELECT account_id, marketplace, {_day(today)}, cause, currency, SUM(skus), SUM(units), SUM(worth) FROM store_findingcount"
            " WHERE account_id = %s AND marketplace = %s GROUP BY account_id, marketplace, cause, currency",
            [owner.pk, marketplace],
        )
        told = cursor.rowcount
    if looked and not told:
        # That nothing is open is known, and is not that nobody looked.
        FindingDay.objects.create(account=owner, marketplace=marketplace, day=today, cause=None, currency=None, skus=0, units=0, worth=None)


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'" if connection.vendor == "postgresql" else f"'{day.isoformat()}'"


def _held_now(today: date) -> str:
    return f"(CASE WHEN held_until_on > {_day(today)} THEN {_truth(True)} ELSE {_truth(False)} END)"


def _truth(value: bool) -> str:
    return str(value).upper() if connection.vendor == "postgresql" else str(int(value))


def _cases(column: str, days: list[date], *, falling: bool = False) -> str:
    """The number of the first of the days that the column's stands before (after, or on it, when ``falling``); one more for unknown."""
    asks = " ".join(f"WHEN {column} {'>=' if falling else '<'} {_day(day)} THEN {at}" for at, day in enumerate(days))
    return f"(CASE WHEN {column} IS NULL THEN {len(days) + 1} {asks} ELSE {len(days)} END)"
