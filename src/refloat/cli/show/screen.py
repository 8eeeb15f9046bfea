"""The answer on the screen: ten seconds of reading first, then the table, then what is doubtful."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

import polars as pl

from refloat.app import Triage
from refloat.cli.show.names import label
from refloat.insight.summary import worth_of
from refloat.knowledge.messages import text_of
from refloat.locale import translator
from refloat.loop.findings import findings
from refloat.model.finding import Finding
from refloat.model.money import Money

Say = Callable[[str], str]
#: Rows of the table when nobody said how many.
ROWS = 20
_WARNINGS = 8
_REMEDIES = 3
_WEEK = 7


def show(triage: Triage, language: str) -> None:
    """Print the answer to stdout."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 120)
    say = translator(language)
    for line in _head(triage, say):
        console.print(line, markup=False, style="bold")
    for name, text in _at_a_glance(triage, say, language):
        console.print(f"  [bold]{name}[/bold]  ", end="")
        console.print(text, markup=False)
    if triage.shown.height:
        console.print()
        console.print(_table(triage, say, language))
    for line in _below(triage, say):
        console.print(line, markup=False, style="dim")
    _warnings(triage, say, language)


def _head(triage: Triage, say: Say) -> Iterator[str]:
    whole = triage.summary
    account = next((source.account for source in triage.sources if source.account), None)
    whose = f"{account}, " if account else ""
    yield f"{say('Stranded inventory')}: {whose}{say('as of')} {triage.as_of.isoformat()}"
    if not whole.skus and whole.unknown:
        yield say("Unknown: nobody can say whether anything is stranded. See below.")
        return
    units = say("units unknown") if whole.units is None else f"{whole.units:,} {say('units')}"
    unknown = f", {whole.unknown:,} {say('unknown')}" if whole.unknown else ""
    yield f"{whole.skus:,} {say('SKUs')}, {units}, {say('worth')} {amounts(whole.worth, say)}{unknown}"


def _at_a_glance(triage: Triage, say: Say, language: str) -> Iterator[tuple[str, str]]:
    """What first, what one click cures, what needs consent or papers, what is due this week, what is one matter."""
    if not triage.rows.height:
        return
    frame = triage.rows.select("safety", "remedy", "days_left", "worth_amount", "price_currency", "counted")
    names = [say("First"), say("One click"), say("Your consent"), say("By hand, with papers"), say("Due this week"), say("One matter")]
    width = max(_cells(name) for name in names)
    padded = [name + " " * (width - _cells(name)) for name in names]
    first = next(findings(triage.first, triage.catalogue, language))
    yield padded[0], _sentence(first, triage, say, language)
    for name, safety in zip(padded[1:4], ("safe", "consent", "by-hand"), strict=True):
        rows = frame.filter(pl.col("safety") == safety)
        if rows.height:
            yield name, f"{_sum(rows, say)}: {_by_remedy(rows, triage, language)}"
    due = frame.filter(pl.col("days_left") <= _WEEK)
    if due.height:
        until = (triage.as_of + timedelta(days=_WEEK)).isoformat()
        yield padded[4], f"{_sum(due, say)} — {say('Amazon removes them by')} {until}"
    for incident in triage.incidents[:2]:
        cause = label(triage.catalogue.causes[incident.cause].page, language)
        yield padded[5], f"{incident.skus:,} {say('SKUs')}, {incident.began_on.isoformat()}{f' ({incident.marketplace})' if incident.marketplace else ''}: {cause}"


def _sentence(finding: Finding, triage: Triage, say: Say, language: str) -> str:
    remedy = label(triage.catalogue.remedies[finding.remedy].page, language)
    due = f", {say('removed by Amazon on')} {finding.removal_due_on.isoformat()} ({_left(finding, say)})" if finding.removal_due_on else ""
    place = f" ({finding.marketplace})" if finding.marketplace else ""
    return f"{finding.sku}{place}: {_units(finding, say)}, {money(finding.worth, say)}{due}. {remedy}."


def _left(finding: Finding, say: Say) -> str:
    days = finding.days_left or 0
    return f"{-days} {say('days overdue')}" if days < 0 else f"{days} {say('days left')}"


def _units(finding: Finding, say: Say) -> str:
    known = finding.units_fulfillable
    return say("units unknown") if known is None else f"{known + (finding.units_reserved or 0):,} {say('units')}"


def _sum(rows: pl.DataFrame, say: Say) -> str:
    return f"{rows.height:,} {say('SKUs')}, {amounts(worth_of(rows.filter('counted')), say)}"


def _by_remedy(rows: pl.DataFrame, triage: Triage, language: str) -> str:
    counts = rows.group_by(pl.col("remedy").cast(pl.String)).len().sort(["len", "remedy"], descending=[True, False])
    named = [f"{label(triage.catalogue.remedies[name].page, language)} {count:,}" for name, count in counts.head(_REMEDIES).iter_rows()]
    return ", ".join([*named, "…"] if counts.height > _REMEDIES else named)


def amounts(worth: Sequence[Money], say: Say) -> str:
    """One amount a currency; ``unknown`` when there is none."""
    return " · ".join(money(amount, say) for amount in worth) if worth else say("worth unknown")


def money(amount: Money | None, say: Say) -> str:
    """An amount as a person reads it; a missing one is unknown, not zero."""
    if amount is None:
        return say("worth unknown")
    rounded: Decimal = amount.rounded()
    return f"{rounded:,} {amount.currency or say('(currency unknown)')}"


def _table(triage: Triage, say: Say, language: str) -> object:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in (say("Removed on"), say("Left")):
        table.add_column(heading, no_wrap=True)
    table.add_column("SKU", overflow="fold", max_width=24)
    table.add_column("", no_wrap=True)
    for heading in (say("Units"), say("Worth")):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in (say("Cause"), say("What to do"), say("Who")):
        table.add_column(heading, overflow="fold")
    rows = triage.shown if triage.shown.height <= ROWS else triage.shown.head(ROWS)
    for finding in findings(rows, triage.catalogue, language):
        table.add_row(*(_plain(cell) for cell in _cells_of(finding, triage, say, language)))
    return table


def _cells_of(finding: Finding, triage: Triage, say: Say, language: str) -> Iterator[str]:
    estimate = "≈ " if finding.removal_due_from in ("clock", "assumed", "settings") else ""
    units = finding.units_fulfillable
    yield f"{estimate}{finding.removal_due_on.isoformat()}" if finding.removal_due_on else "–"
    yield str(finding.days_left) if finding.days_left is not None else "–"
    yield finding.sku
    yield finding.marketplace or "?"
    yield "?" if units is None else f"{units + (finding.units_reserved or 0):,}"
    yield "?" if finding.worth is None else f"{finding.worth.rounded():,} {finding.worth.currency or ''}".rstrip()
    standing = "" if finding.standing == "confirmed" else f" [{say(finding.standing)}]"
    yield label(triage.catalogue.causes[finding.cause].page, language) + standing
    yield label(triage.catalogue.remedies[finding.remedy].page, language)
    yield say(finding.safety)


def _below(triage: Triage, say: Say) -> Iterator[str]:
    if triage.shown.height > ROWS:
        yield say("{shown} of {all} shown; --csv, --xlsx or --html for all of them.").format(shown=ROWS, all=f"{triage.shown.height:,}")
    if triage.shown.height:
        yield say("≈ is our estimate, ? is unknown. Why, and what to click: refloat explain NAME")


def _warnings(triage: Triage, say: Say, language: str) -> None:
    """On stderr, the first few; all of them stand in the JSON and the page."""
    for warning in triage.warnings[:_WARNINGS]:
        sys.stderr.write(f"! {text_of(warning, language)}\n")
    if len(triage.warnings) > _WARNINGS:
        sys.stderr.write(say("! and {count} more; --json or --html shows all.").format(count=len(triage.warnings) - _WARNINGS) + "\n")


def _plain(cell: str) -> str:
    """Cells come from a file: brackets in them are text, not markup; control characters do not reach the terminal."""
    from rich.markup import escape

    return escape("".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in cell))


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
