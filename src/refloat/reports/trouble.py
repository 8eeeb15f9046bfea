"""What has to be said about a file: which rows were refused, which cells count as unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from refloat.knowledge.tables import table
from refloat.model.source import Source, Warning
from refloat.reports.recognise import Report
from refloat.reports.rows import Rows
from refloat.reports.typed import Doubt


def unknown_report(file: str, header: Sequence[str]) -> Warning:
    shown = " | ".join(cell.strip()[:24] for cell in header[:6])
    return Warning("unknown-report", file, 1, facts=(("header", shown[:120]),))


def too_many_cells(file: str, line: int, found: int, expected: int) -> Warning:
    return Warning("too-many-cells", file, line, facts=(("found", str(found)), ("expected", str(expected))))


def of_doubts(file: str, doubts: Iterable[Doubt], rows: Rows) -> Iterator[Warning]:
    """One warning a cell, up to the limit; then how many more there are."""
    for doubt in doubts:
        outcome = (("outcome", "refused" if doubt.refuses else "unknown"),)
        cells = zip(doubt.rows, doubt.texts, strict=True)
        warnings = (Warning(doubt.code, file, rows.line(row), doubt.field.name, text, outcome) for row, text in cells)
        yield from listed(file, doubt.code, warnings, len(doubt.rows))


def listed(file: str, code: str, warnings: Iterable[Warning], count: int) -> Iterator[Warning]:
    """The first ``warnings`` of one kind, and how many more of the ``count`` there are."""
    shown: int = table("limits")["upload"]["warnings_shown"]
    yield from islice(warnings, shown)
    if count > shown:
        yield Warning("more-of-these", file, facts=(("count", str(count - shown)), ("kind", code)))


def about(source: Source, report: Report) -> Iterator[Warning]:
    """What the file as a whole does not tell."""
    if report.name == "stranded" and not source.rows and not source.refused_rows:
        yield Warning("header-alone", source.file)
    if report.name == "stranded" and source.rows and "fulfillable-qty" not in source.columns:
        yield Warning("quantity-column-missing", source.file, 1, facts=(("rows", str(source.rows)),))
    if report.name == "listings-inactive":
        yield Warning("status-column-missing", source.file)
