"""Three pictures of a triage: worth by cause, deadlines by week, age of the strandings.

Each carries the rows it was drawn from, so that every door can show the table beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from refloat.insight import drawing
from refloat.model.money import Money

Say = Callable[[str], str]
Row = tuple[str, ...]

_MOST_CAUSES = 10
_WEEK_DAYS = 7
#: Weeks ahead that get a bar each; what is due after them shares one.
_WEEKS = 12
#: Last day of each band of age; what is older shares one.
_AGES = (7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and its table. ``note`` says what is not in it, or is ""; ``svg`` stands inside an HTML page as it is."""

    name: str
    title: str
    note: str
    headings: Row
    rows: tuple[Row, ...]
    svg: str


def charts(frame: pl.DataFrame, today: date, _: Say, cause_label: Callable[[str], str]) -> list[Chart]:
    """The charts of a diagnosed frame that have anything to show.

    ``_`` turns an English text into the reader's language, ``cause_label`` a cause's name into its title.
    """
    return [*_worth_by_cause(frame, _, cause_label), *_deadlines_by_week(frame, today, _), *_age_bands(frame, _)]


def _worth_by_cause(frame: pl.DataFrame, _: Say, cause_label: Callable[[str], str]) -> Iterator[Chart]:
    """One chart a currency: amounts of different currencies share no axis."""
    counted = frame.filter("counted").with_columns(pl.col("cause").cast(pl.String))
    sums = counted.filter(pl.col("worth_amount").is_not_null()).group_by("price_currency", "cause").agg(pl.len().alias("skus"), pl.col("worth_amount").sum())
    unpriced = dict(counted.group_by("price_currency").agg(pl.col("worth_amount").null_count()).iter_rows())
    most_skus = pl.col("skus").sum().over("price_currency")
    for (currency,), rows in sums.sort([most_skus, "price_currency", "worth_amount", "cause"], descending=[True, False, True, False]).group_by("price_currency", maintain_order=True):
        code = None if currency is None else str(currency)
        note = _("SKUs of unknown worth, not in this chart: {count}.").format(count=f"{unpriced[code]:,}") if unpriced[code] else ""
        bars = _largest(rows, code, _, cause_label)
        place = code or _("currency unknown")
        title = _("Worth by cause, {currency}").format(currency=place)
        yield Chart(
            name=f"worth-{(code or 'unknown').lower()}",
            title=title,
            note=note,
            headings=(_("Cause"), _("SKUs"), _("Worth, {currency}").format(currency=place)),
            rows=tuple((name, f"{skus:,}", f"{worth.rounded():,}") for name, skus, worth in bars),
            svg=drawing.names_above_bars([(name, float(worth.amount), f"{worth.rounded():,}") for name, _skus, worth in bars], title),
        )


def _largest(rows: pl.DataFrame, currency: str | None, _: Say, cause_label: Callable[[str], str]) -> list[tuple[str, int, Money]]:
    """(cause, SKUs, worth) of the largest, and one line for all the rest."""
    cells = rows.select("cause", "skus", "worth_amount").rows()
    bars = [(cause_label(cause), skus, Money(amount, currency)) for cause, skus, amount in cells[:_MOST_CAUSES]]
    if rest := cells[_MOST_CAUSES:]:
        bars.append((_("all other causes ({count})").format(count=len(rest)), sum(row[1] for row in rest), Money(sum((row[2] for row in rest), Decimal(0)), currency)))
    return bars


def _deadlines_by_week(frame: pl.DataFrame, today: date, _: Say) -> Iterator[Chart]:
    """SKUs by the week in which Amazon removes them; dates of ours are counted apart from Amazon's."""
    dated = frame.filter(pl.col("days_left").is_not_null())
    if not dated.height:
        return
    days = pl.col("days_left")
    week = pl.when(days < 0).then(0).otherwise(((days - 1).clip(0) // _WEEK_DAYS + 1).clip(1, _WEEKS + 1)).alias("week")
    amazons = pl.col("removal_due_from").cast(pl.String).is_in(["report", "notice"]).alias("amazons")
    counts = {(due, own): skus for due, own, skus in dated.group_by(week, amazons).len().iter_rows()}
    rows = [(name, counts.get((due, True), 0), counts.get((due, False), 0)) for due, name in _weeks(counts, today, _)]
    undated = frame.height - dated.height
    title, kinds = _("Deadlines by week"), (_("Amazon's date"), _("our estimate"))
    yield Chart(
        name="deadlines",
        title=title,
        note=_("SKUs without a date, not in this chart: {count}.").format(count=f"{undated:,}") if undated else "",
        headings=(_("Amazon removes the units"), _("SKUs, Amazon's date"), _("SKUs, our estimate")),
        rows=tuple((name, f"{own:,}", f"{ours:,}") for name, own, ours in rows),
        svg=drawing.bars_beside_names([(name, kind, count) for name, *both in rows for kind, count in zip(kinds, both, strict=True)], kinds, title),
    )


def _weeks(counts: dict[tuple[int, bool], int], today: date, _: Say) -> Iterator[tuple[int, str]]:
    """The weeks up to the last one that has anything, none left out between; then what lies beyond."""
    due = {week for week, _own in counts}
    if 0 in due:
        yield 0, _("overdue")
    for week in range(1, max((week for week in due if week <= _WEEKS), default=0) + 1):
        yield week, _("by {day}").format(day=(today + timedelta(days=_WEEK_DAYS * week)).isoformat())
    if _WEEKS + 1 in due:
        yield _WEEKS + 1, _("later")


def _age_bands(frame: pl.DataFrame, _: Say) -> Iterator[Chart]:
    """SKUs by the days since they were stranded."""
    aged = frame.filter(pl.col("stranded_days").is_not_null())
    if not aged.height:
        return
    band = pl.col("stranded_days").clip(0).map_batches(lambda ages: ages.to_frame().select(pl.sum_horizontal(pl.first() > last for last in _AGES)).to_series(), return_dtype=pl.UInt32()).alias("band")
    counted = aged.group_by(band).agg(pl.len().alias("skus"), pl.col("units_stranded").filter("counted").drop_nulls().sum().alias("units"), pl.col("units_stranded").is_not_null().any().alias("known"))
    found = {row["band"]: row for row in counted.iter_rows(named=True)}
    names = [_("{first}–{last} days").format(first=first, last=last) for first, last in zip((0, *(last + 1 for last in _AGES)), _AGES, strict=False)]
    names.append(_("over {days} days").format(days=_AGES[-1]))
    rows = [(name, found[at]["skus"], found[at]["units"] if found[at]["known"] else None) if at in found else (name, 0, 0) for at, name in enumerate(names)]
    rows = rows[: max(found) + 1]
    undated = frame.height - aged.height
    title = _("Age of the strandings")
    yield Chart(
        name="ages",
        title=title,
        note=_("SKUs whose age is unknown, not in this chart: {count}.").format(count=f"{undated:,}") if undated else "",
        headings=(_("Stranded for"), _("SKUs"), _("Units")),
        rows=tuple((name, f"{skus:,}", _("unknown") if units is None else f"{units:,}") for name, skus, units in rows),
        svg=drawing.bars_beside_names([(name, "", skus) for name, skus, _units in rows], ("",), title),
    )
