"""The first sheet: money per currency, remedies, deadlines, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from refloat.app import Triage
from refloat.knowledge.labels import label
from refloat.knowledge.messages import text_of
from refloat.locale import translator
from refloat.wording.labels import ESTIMATES, Say, bucket_labels, safety_labels
from refloat.wording.triage.glance import Group, group
from refloat.wording.xlsx_cells import Estimate, Formats, Kind, Unknown, put

_WIDTHS = (44, 24, 10, 10, 16, 14, 24)


def write_summary(page: Any, triage: Triage, language: str, formats: Formats, sheets: Mapping[str, str]) -> None:
    """All strandings in numbers, whatever is shown; ``sheets`` leads from a remedy to its sheet."""
    _ = translator(language)
    lines = _Lines(page, formats, Unknown(_("unknown")))
    lines.one(_("Stranded inventory"), "title")
    lines.one(_("As of {day}").format(day=triage.as_of.isoformat()), "quiet")
    if triage.shown.height != triage.frame.height:
        lines.one(_("The sheets show {shown} of {all} SKUs, as asked; this summary counts all.").format(shown=f"{triage.shown.height:,}", all=f"{triage.frame.height:,}"), "quiet")
    _worth(lines, triage, _)
    _remedies(lines, triage, language, sheets)
    _deadlines(lines, triage, _)
    lines.section(_("Warnings"))
    for warning in triage.warnings:
        lines.one(text_of(warning, language), "text")
    if not triage.warnings:
        lines.one(_("None."), "quiet")
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)


class _Lines:
    """Writes line after line."""

    def __init__(self, page: Any, formats: Formats, unknown: Unknown) -> None:
        self.page, self.formats, self.unknown, self.row = page, formats, unknown, 0

    def one(self, text: str, kind: Kind) -> None:
        """A line with one text."""
        put(self.page, (self.row, 0), text, self.formats, kind)
        self.row += 1

    def section(self, title: str, headings: Iterable[str] = ()) -> None:
        """An empty line, a title, and the headings of what follows."""
        self.row += 1
        self.one(title, "section")
        names = list(headings)
        for at, name in enumerate(names):
            put(self.page, (self.row, at), name, self.formats, "heading")
        self.row += bool(names)

    def cells(self, *values: object) -> None:
        """A line of a table; None is unknown."""
        for at, value in enumerate(values):
            put(self.page, (self.row, at), self.unknown if value is None else value, self.formats, _kind(value))
        self.row += 1


def _kind(value: object) -> Kind:
    return "count" if isinstance(value, int) else "date" if isinstance(value, date) else "text"


def _worth(lines: _Lines, triage: Triage, _: Say) -> None:
    whole = group(triage.frame)
    lines.section(_("Worth of all strandings"), (_("Currency"), _("Worth")))
    for money in whole.worth:
        lines.cells(money.currency, money)
    if not whole.worth:
        lines.cells(None, None)
    lines.section(_("In numbers"))
    lines.cells(_("SKUs"), whole.skus)
    lines.cells(_("Units"), whole.units)
    lines.cells(_("SKUs without a known worth"), whole.skus_unpriced)
    lines.cells(_("Due within 7 days, or overdue"), triage.summary.due_within_7_days)
    lines.cells(_("Unknown: SKUs and marketplaces of which nothing can be said"), triage.summary.unknown)


def _remedies(lines: _Lines, triage: Triage, language: str, sheets: Mapping[str, str]) -> None:
    """A line for each remedy and currency, since amounts of different currencies are never added."""
    _ = translator(language)
    safety = safety_labels(_)
    lines.section(_("By remedy"), (_("Remedy"), _("Safety"), _("SKUs"), _("Units"), _("Worth"), _("Currency"), _("First deadline")))
    frame = triage.frame.with_columns(pl.col("remedy").cast(pl.String), pl.col("safety").cast(pl.String))
    groups = [(name, currency, rows) for (name,), mine in frame.group_by("remedy", maintain_order=True) for (currency,), rows in mine.group_by("price_currency", maintain_order=True)]
    for remedy, currency, rows in groups:
        name, numbers = str(remedy), group(rows)
        said = " / ".join(safety.get(each, each) for each in rows["safety"].unique(maintain_order=True))
        title = label(triage.catalogue.remedies[name].page, language)
        lines.cells(title, said, numbers.skus, *_units_and_worth(numbers, _), currency, _first(rows, _))
        if name in sheets:
            lines.page.write_url(lines.row - 1, 0, f"internal:'{sheets[name].replace(chr(39), chr(39) * 2)}'!A1", lines.formats.of("link"), title)


def _units_and_worth(numbers: Group, _: Say) -> tuple[object, object]:
    """Of rows of one currency. Shared units that another marketplace counts are neither zero nor unknown."""
    if numbers.elsewhere:
        return Unknown(_("shared")), Unknown(_("counted elsewhere"))
    return numbers.units, numbers.worth[0] if numbers.worth else None


def _first(rows: pl.DataFrame, _: Say) -> object:
    """The first date of the rows, and whether it is Amazon's."""
    dated = rows.filter(pl.col("removal_due_on").is_not_null()).sort("removal_due_on", maintain_order=True)
    if not dated.height:
        return Unknown(_("no date"))
    day, came_from = dated.select("removal_due_on", pl.col("removal_due_from").cast(pl.String)).row(0)
    return Estimate(day) if came_from in ESTIMATES else day


def _deadlines(lines: _Lines, triage: Triage, _: Say) -> None:
    lines.section(_("Deadlines"), (_("Amazon removes the units"), "", _("SKUs"), _("Units")))
    names = bucket_labels(_)
    for (bucket,), rows in triage.frame.sort("due_bucket", maintain_order=True).group_by("due_bucket", maintain_order=True):
        numbers = group(rows)
        lines.cells(names[int(str(bucket))], "", numbers.skus, numbers.units)
