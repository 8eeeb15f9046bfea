"""What somebody should know of open strandings, as a frame: an account may have a million, and none of them becomes an object of Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from refloat.knowledge.tables import marketplaces, table
from refloat.model.alarm import LADDERS, OVERDUE, Due
from refloat.model.money import Money, totals

_TEXT, _MOMENT = pl.String(), pl.Datetime("us", "UTC")
#: The columns of open strandings, as the store reads them. ``turn``: how often it came back; ``since``: since when what is known has held.
STRANDED: dict[str, pl.DataType] = {
    "id": pl.Int64(), "turn": pl.Int64(), "marketplace": _TEXT, "sku": _TEXT, "opened_at": _MOMENT, "since": _MOMENT, "standing": _TEXT, "cause": _TEXT, "remedy": _TEXT,
    "units": pl.Int64(), "worth_amount": pl.Decimal(38, 4), "worth_currency": _TEXT, "removal_due_on": pl.Date(),
}  # fmt: skip
#: Of these it is certain enough that they are stranded; the others are kept as they are, and told nothing new of.
_SURE = ("confirmed", "suspected", "conflicting")
#: What is told as one alarm: of one kind and place, about one cause and moment, on one step of one day.
_GROUP = ("kind", "marketplace", "cause_of", "moment", "due_on", "step", "left")
_DAY_US = 86_400_000_000


def said_of(found: pl.DataFrame, by_tools: Set[int | None], ladders: Mapping[str, Set[tuple[int, ...]]], now: datetime) -> pl.DataFrame:
    """One row for each thing to know of a stranding: ``member`` names it, ``base`` without its step, ``tell``: it may be told now; the columns of ``_GROUP``.

    Deadlines count by the day where the goods lie. A hold is on purpose; but Amazon knows nothing of it, so its deadline is told.
    """
    episode = pl.format("{}.{}", "id", "turn").alias("base")
    days = {code: now.astimezone(ZoneInfo(place.timezone)).date() for code, place in marketplaces().items()}
    today = pl.col("marketplace").replace_strict(list(days), list(days.values()), default=now.date(), return_dtype=pl.Date)
    rows = found.with_columns(
        episode,
        pl.col("cause").fill_null("").alias("cause_of"),
        pl.col("standing").is_in(_SURE).alias("sure"),
        (pl.col("remedy").fill_null("") == "hold").alias("on_hold"),
        (pl.col("turn") > 0).alias("back"),
        (pl.lit(now, _MOMENT) - pl.col("opened_at")).dt.total_microseconds().floordiv(_DAY_US).alias("days_open"),
        (pl.col("removal_due_on") - today).dt.total_days().alias("days_left"),
    )
    return pl.concat([_new(rows, by_tools, now), *_long(rows, ladders), *_deadlines(rows, ladders)])


def _shaped(rows: pl.DataFrame, kind: pl.Expr, tell: pl.Expr, *, member: pl.Expr | None = None, **group: pl.Expr) -> pl.DataFrame:
    """The rows with the columns that all of them have; a column of the group that is not given is empty."""
    empty: dict[str, pl.DataType] = {"cause_of": _TEXT, "moment": _MOMENT, "due_on": pl.Date(), "step": pl.Int64(), "left": pl.Int64()}
    own = [group.get(name, pl.lit(None, dtype)).cast(dtype).alias(name) for name, dtype in empty.items()]
    told = (kind.alias("kind"), (pl.col("base") if member is None else member).alias("member"), "base", tell.alias("tell"))
    return rows.select(*told, *own, *(name for name in ("id", "marketplace", "sku", "cause", "units", "worth_amount", "worth_currency")))


def _new(rows: pl.DataFrame, by_tools: Set[int | None], now: datetime) -> pl.DataFrame:
    """New strandings by cause and moment, and those that came back."""
    recent = timedelta(days=table("alarms")["stranded"]["moment_days"])
    moment = pl.when("back").then("since").otherwise("opened_at")
    by_tool = pl.col("back") & pl.col("id").is_in([one for one in by_tools if one is not None])
    tell = pl.col("sure") & ~pl.col("on_hold") & ~by_tool
    kind = pl.when("back").then(pl.lit("came-back")).otherwise(pl.lit("stranded"))
    return _shaped(rows, kind, tell, cause_of=pl.col("cause_of"), moment=pl.when(pl.lit(now, _MOMENT) - moment < recent).then(moment))


def _on_steps(rows: pl.DataFrame, kind: str, ladders: Mapping[str, Set[tuple[int, ...]]], value: str) -> pl.DataFrame:
    """Each row once for each step on which it stands by somebody's ladder."""
    parts = [rows.with_columns(_step(kind, steps, pl.col(value)).alias("step")).filter(pl.col("step").is_not_null()) for steps in sorted(ladders.get(kind, ()))]
    both = pl.concat(parts) if parts else rows.clear().with_columns(pl.lit(None, pl.Int64()).alias("step"))
    return both.unique(("id", "step"), maintain_order=True) if len(parts) > 1 else both


def _step(kind: str, steps: Sequence[int], value: pl.Expr) -> pl.Expr:
    """``model.alarm.step_of`` for a column."""
    if LADDERS[kind][0] == "down":
        on = pl.min_horizontal(pl.when(value <= step).then(pl.lit(step, pl.Int64())) for step in steps)
        return pl.when(value < 0).then(pl.lit(OVERDUE, pl.Int64())).when(value >= 0).then(on)
    return pl.max_horizontal(pl.when(value >= step).then(pl.lit(step, pl.Int64())) for step in steps)


def _long(rows: pl.DataFrame, ladders: Mapping[str, Set[tuple[int, ...]]]) -> Iterator[pl.DataFrame]:
    found = _on_steps(rows.filter(~pl.col("on_hold")), "stranded-long", ladders, "days_open")
    yield _shaped(found, pl.lit("stranded-long"), pl.col("sure"), member=pl.format("{}@{}", "base", "step"), cause_of=pl.col("cause_of"), step=pl.col("step"))


def _deadlines(rows: pl.DataFrame, ladders: Mapping[str, Set[tuple[int, ...]]]) -> Iterator[pl.DataFrame]:
    found = _on_steps(rows.filter(pl.col("removal_due_on").is_not_null()), "deadline", ladders, "days_left")
    member = pl.format("{}@{}@{}", "base", "removal_due_on", "step")
    group = {"due_on": pl.col("removal_due_on"), "step": pl.col("step"), "left": pl.col("days_left")}
    yield _shaped(found, pl.lit("deadline"), pl.col("standing") != "clearing", member=member, **group)


def dues_of(new: pl.DataFrame) -> Iterator[tuple[tuple[Any, ...], Due]]:
    """What is to be told of these rows of ``said_of``, grouped: each with the key of its group, by which alarms are ordered."""
    # The weightiest first; where nothing is known, the most units.
    units = pl.col("units").fill_null(0)
    sums = {key: list(own) for key, own in _sums(new)}
    weighed = new.sort(pl.col("worth_amount").is_null(), -pl.col("worth_amount"), -units, "sku")
    gathered = weighed.group_by(_GROUP, maintain_order=True).agg(
        pl.len().alias("skus"),
        pl.col("sku").alias("first"),
        pl.col("member").sort().alias("members"),
        pl.col("units").sum().alias("units_known"),
        pl.col("units").null_count().alias("units_unknown"),
        pl.col("worth_amount").null_count().alias("unpriced"),
        pl.col("cause").drop_nulls().unique().sort().alias("causes"),
    )
    for row in gathered.iter_rows(named=True):
        known = row["units_known"] if row["units_unknown"] < row["skus"] else None
        counts = {"skus": row["skus"], "units": known, "units_unknown": row["units_unknown"], "unpriced": row["unpriced"], "first": row["first"], "causes": [one for one in row["causes"] if one]}
        group, facts = _told(row)
        worth = tuple(totals(sums.get(tuple(row[name] for name in _GROUP), ())))
        yield group, Due(row["kind"], row["marketplace"], tuple(row["members"]), {**facts, **counts}, worth, row["step"])


def _sums(new: pl.DataFrame) -> Iterator[tuple[tuple[Any, ...], list[Money]]]:
    """What each group is worth, by currency."""
    priced = new.filter(pl.col("worth_amount").is_not_null()).group_by(*_GROUP, "worth_currency").agg(pl.col("worth_amount").sum())
    found: dict[tuple[Any, ...], list[Money]] = {}
    for *key, currency, amount in priced.iter_rows():
        found.setdefault(tuple(key), []).append(Money(amount, currency))
    yield from found.items()


def _told(row: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The key of a group, and what its alarm says of it beside the counts."""
    place, cause, step = row["marketplace"], row["cause_of"], row["step"]
    if row["kind"] == "deadline":
        due_on, left = row["due_on"].isoformat(), row["left"]
        return (place, due_on, step, left), {"due_on": due_on, "days_left": left, "overdue": step == OVERDUE}
    if row["kind"] == "stranded-long":
        return (place, step, cause), {"cause": cause or None, "days": step}
    moment = row["moment"].isoformat() if row["moment"] else ""
    return (place, cause, moment), {"cause": cause or None, "moment": moment or None}
