"""The answer on the screen: ten seconds of reading first, then the table, then what is doubtful."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from refloat.app import Triage
from refloat.knowledge.labels import label
from refloat.knowledge.messages import text_of
from refloat.locale import translator
from refloat.loop.findings import findings
from refloat.model.finding import Finding
from refloat.wording import labels
from refloat.wording.labels import Say
from refloat.wording.triage import glance

if TYPE_CHECKING:
    from rich.table import Table

#: Rows of the table, and warnings, that a screen holds; the files hold all.
ROWS = 20
_WARNINGS = 8
_REMEDIES = 3
_INCIDENTS = 2
#: Columns that the groups are counted from: few, so that a million rows cost little.
_COUNTED_FROM = ("safety", "remedy", "days_left", "units_stranded", "worth_amount", "price_currency", "counted")
_WIDE = 120


def show(triage: Triage, language: str) -> None:
    """Print the answer to stdout, and what is doubtful to stderr."""
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    _ = translator(language)
    for line in _head(triage, _):
        console.print(line, markup=False, style="bold")
    if triage.rows.height:
        console.print(_glance_table(triage, _, language))
    if triage.shown_count:
        console.print()
        console.print(_table(triage, _, language))
    for line in _below(triage, _):
        console.print(line, markup=False, style="dim")
    _doubts(triage, _, language)


def _head(triage: Triage, _: Say) -> Iterator[str]:
    whole = triage.summary
    account = next((source.account for source in triage.sources if source.account), None)
    yield " · ".join(part for part in (_("Stranded inventory, as of {day}").format(day=triage.as_of.isoformat()), account) if part)
    if not whole.skus:
        yield _("Unknown: nobody can say whether anything is stranded. See below.") if whole.unknown else _("Nothing is stranded, as far as the given reports tell.")
        return
    unknown = _("{count} of them, or of their marketplaces, unknown").format(count=f"{whole.unknown:,}") if whole.unknown else ""
    yield " · ".join(part for part in (labels.skus_text(whole.skus, _), labels.units_text(whole.units, _), labels.worth_text(whole.worth, _), unknown) if part)


def _glance_table(triage: Triage, _: Say, language: str) -> Table:
    """What first, what one click cures, what needs consent or papers, what is due this week, what is one matter."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, text in _at_a_glance(triage, _, language):
        table.add_row(name, _cell(text))
    return table


def _at_a_glance(triage: Triage, _: Say, language: str) -> Iterator[tuple[str, str]]:
    rows = triage.rows.select(_COUNTED_FROM)
    yield _("What first"), _first(next(findings(triage.first, triage.catalogue, language)), triage, _, language)
    for name, safety in ((_("One click cures"), "safe"), (_("Needs your consent"), "consent"), (_("By hand, with papers"), "by-hand")):
        group = glance.by_safety(rows, safety)
        if group.skus:
            yield name, _("{what}: {detail}").format(what=glance.group_text(group, _), detail=_remedies(group, triage, _, language))
    due = glance.due_this_week(rows)
    if due.skus:
        until = (triage.as_of + timedelta(days=glance.WEEK_DAYS)).isoformat()
        yield _("Due by {day}").format(day=until), glance.group_text(due, _)
    for incident in triage.incidents[:_INCIDENTS]:
        began = _("{skus}, {day}").format(skus=labels.skus_text(incident.skus, _), day=incident.began_on.isoformat())
        yield _("One matter"), _("{what}: {detail}").format(what=labels.with_remark(began, incident.marketplace, _), detail=label(triage.catalogue.causes[incident.cause].page, language))


def _first(finding: Finding, triage: Triage, _: Say, language: str) -> str:
    due = labels.due_and_left(finding.removal_due_on, finding.removal_due_from, finding.days_left, _)
    parts = (labels.with_remark(finding.sku, finding.marketplace, _), labels.units_text(labels.units_of(finding), _), labels.worth_text([finding.worth] if finding.worth else [], _), due)
    return _("{what}: {detail}").format(what=" · ".join(parts), detail=label(triage.catalogue.remedies[finding.remedy].page, language))


def _remedies(group: glance.Group, triage: Triage, _: Say, language: str) -> str:
    named = [f"{label(triage.catalogue.remedies[name].page, language)} {count:,}" for name, count in group.remedies[:_REMEDIES]]
    return labels.listed([*named, "…"] if len(group.remedies) > _REMEDIES else named, _)


def _table(triage: Triage, _: Say, language: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(_("Removed on"), no_wrap=True)
    table.add_column(_("Left"), no_wrap=True, justify="right")
    table.add_column("SKU", overflow="fold", max_width=24)
    table.add_column("", no_wrap=True)
    table.add_column(_("Units"), justify="right", no_wrap=True)
    table.add_column(_("Worth"), justify="right", no_wrap=True)
    for heading in (_("Cause"), _("What to do"), _("Who")):
        table.add_column(heading, overflow="fold")
    for finding in findings(triage.top(ROWS), triage.catalogue, language):
        table.add_row(*(_cell(text) for text in _cells_of(finding, triage, _, language)))
    return table


def _cells_of(finding: Finding, triage: Triage, _: Say, language: str) -> Iterator[str]:
    estimate = "≈ " if finding.removal_due_from in labels.ESTIMATES else ""
    units = labels.units_of(finding)
    yield f"{estimate}{finding.removal_due_on.isoformat()}" if finding.removal_due_on else "–"
    yield str(finding.days_left) if finding.days_left is not None else "–"
    yield finding.sku
    yield finding.marketplace or "?"
    yield "?" if units is None else f"{units:,}"
    yield "?" if finding.worth is None else f"{finding.worth.rounded():,} {finding.worth.currency or ''}".rstrip()
    doubt = None if finding.standing == "confirmed" else labels.standing_labels(_)[finding.standing]
    yield labels.with_remark(label(triage.catalogue.causes[finding.cause].page, language), doubt, _)
    yield label(triage.catalogue.remedies[finding.remedy].page, language)
    yield labels.safety_labels(_)[finding.safety]


def _below(triage: Triage, _: Say) -> Iterator[str]:
    if triage.shown_count < triage.rows.height:
        yield _("As asked, {shown} of {all} SKUs are shown; the numbers above count all.").format(shown=f"{triage.shown_count:,}", all=f"{triage.rows.height:,}")
    if triage.shown_count > ROWS:
        yield _("{shown} of {all} shown; --csv, --xlsx or --html writes all of them.").format(shown=ROWS, all=f"{triage.shown_count:,}")
    if triage.shown_count:
        yield _("≈ is our estimate, ? is unknown. Why, and what to click: refloat explain NAME")


def _doubts(triage: Triage, _: Say, language: str) -> None:
    """The first few warnings; all of them stand in the JSON and on the page."""
    for warning in triage.warnings[:_WARNINGS]:
        sys.stderr.write(f"! {text_of(warning, language)}\n")
    if len(triage.warnings) > _WARNINGS:
        sys.stderr.write(_("! and {count} more; --json or --html shows all.").format(count=len(triage.warnings) - _WARNINGS) + "\n")


def _cell(text: str) -> str:
    """Text from a file: brackets in it are no markup, and no control character reaches the terminal."""
    from rich.markup import escape

    return escape("".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in text))
