"""The wiring: what the doors call. Reads files, observes, diagnoses, adds deadline and money."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from refloat.errors import NothingReadable
from refloat.insight import costs, worth
from refloat.insight.summary import Incident, Summary, incidents, summary
from refloat.knowledge.catalogue import Catalogue, catalogue
from refloat.knowledge.tables import marketplaces
from refloat.loop import deadline, diagnose, findings, observe, scopes
from refloat.model.finding import Finding
from refloat.model.notes import Notes
from refloat.model.source import Source, Warning
from refloat.reports import Reading, read_files

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Triage:
    """What is stranded, why, what to do, by when, what it costs.

    ``rows`` holds every stranding, as read; ``order`` their row numbers, the most urgent first;
    ``shown`` the rows that were asked for, in the order asked for.
    """

    as_of: date
    sources: tuple[Source, ...]
    rows: pl.DataFrame
    order: pl.Series
    summary: Summary
    incidents: tuple[Incident, ...]
    warnings: tuple[Warning, ...]
    catalogue: Catalogue
    shown: pl.DataFrame

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Every stranding, the most urgent first; a copy, so ask for it only where all are shown."""
        return self.rows[self.order]

    @property
    def first(self) -> pl.DataFrame:
        """The most urgent stranding; empty when there is none."""
        return self.rows[self.order.head(1)]

    def findings(self, language: str = "en") -> Iterator[Finding]:
        """The shown strandings, one by one."""
        return findings.findings(self.shown, self.catalogue, language)


@dataclass(frozen=True)
class Question:
    """What to triage, and how much of it to show. Filters narrow what is shown, never the summary."""

    files: Sequence[str]
    marketplace: str | None = None
    account: str | None = None
    charset: str | None = None
    as_of: date | None = None
    notes: Notes = field(default_factory=Notes)
    pages: Path | None = None
    limit_bytes: int | None = None
    reasons: Sequence[str] = ()
    recommended: Sequence[str] = ()
    remedies: Sequence[str] = ()
    places: Sequence[str] = ()
    due_within: int | None = None
    sort: str = "urgency"
    limit: int | None = None


def triage(question: Question, clock: Clock = lambda: datetime.now(UTC), progress: Callable[[str], None] = lambda _: None) -> Triage:
    """The main job: from report files to what, why, what to do, by when, what it costs.

    Raises:
        NothingReadable: not one of the files is a report that could be read.
        WrongUse: there is no such charset.
    """
    pages = catalogue(question.pages)
    readings: list[Reading] = []
    for reading in read_files(question.files, marketplace=question.marketplace, account=question.account, charset=question.charset, limit=question.limit_bytes):
        progress(reading.source.file)
        readings.append(reading)
    return _triaged(question, pages, readings, clock)


def _triaged(question: Question, pages: Catalogue, readings: list[Reading], clock: Clock) -> Triage:
    usable = [(reading.source, reading.frame) for reading in readings if reading.frame is not None]
    warnings = [warning for reading in readings for warning in reading.warnings]
    if not usable:
        raise _nothing_readable(readings, warnings)
    grouping = scopes.grouped(usable)
    today = question.as_of or _today(grouping.scopes, clock)
    frames = []
    for scope in grouping.scopes:
        seen = observe.observe(scope, question.notes, pages, today)
        warnings += seen.warnings
        if seen.frame.height:
            frames.append(_diagnosed(seen.frame, scope, question, pages, today))
    frame = worth.with_pools(pl.concat(frames) if frames else _nothing(question, pages, today))
    order = worth.ordered(frame)
    missing = tuple(_missing(grouping.scopes))
    return Triage(
        as_of=today,
        sources=tuple(reading.source for reading in readings),
        rows=frame,
        order=order,
        summary=summary(frame, len(missing) + _unsure(grouping.scopes)),
        incidents=tuple(incidents(frame)),
        warnings=(*warnings, *grouping.warnings, *missing, *_old(grouping.scopes, today), *_of_reasons(frame), *_of_places(grouping.scopes), *(Warning("page-replaced", value=notice) for notice in pages.notices)),
        catalogue=pages,
        shown=shown(frame, order, question),
    )


def _diagnosed(frame: pl.DataFrame, scope: scopes.Scope, question: Question, pages: Catalogue, today: date) -> pl.DataFrame:
    """One scope's sightings with cause, deadline, money; always the same columns in the same order."""
    frame = diagnose.diagnose(frame, pages, scope, today)
    given = any("Date-to-take-auto-removal" in source.columns for source, _ in scope.parts.get("stranded", ()))
    frame = deadline.deadline(frame, pages, question.notes.settings, today, date_column_given=given)
    frame = deadline.automation(frame, pages, question.notes.settings)
    return costs.costs(worth.worth(frame), today).select(observe.RESULT)


def _nothing(question: Question, pages: Catalogue, today: date) -> pl.DataFrame:
    """An empty result in full form."""
    scope = scopes.Scope(question.account, question.marketplace, {})
    return _diagnosed(observe.observe(scope, question.notes, pages, today).frame, scope, question, pages, today)


def shown(frame: pl.DataFrame, order: pl.Series, question: Question) -> pl.DataFrame:
    """The rows that the question asks to see, in the order it asks for."""
    masks = []
    if question.reasons:
        masks.append(pl.any_horizontal(pl.col(name).cast(pl.String).is_in(question.reasons).fill_null(False) for name in ("symptom", "cause", "said")))
    if question.recommended:
        masks.append(pl.any_horizontal(pl.col(name).is_in(question.recommended).fill_null(False) for name in ("recommended", "recommended_said")))
    if question.remedies:
        masks.append(pl.col("remedy").cast(pl.String).is_in(question.remedies))
    if question.places:
        masks.append(pl.col("marketplace").is_in(question.places))
    if question.due_within is not None:
        masks.append(pl.col("days_left") <= question.due_within)
    rows = order.filter(frame.select(pl.all_horizontal(masks).fill_null(False)).to_series()[order]) if masks else order
    rows = _sorted(frame, rows, question.sort)
    return frame[rows if question.limit is None else rows.head(question.limit)]


#: What ``--sort`` takes, and the column behind it.
SORTS = {"urgency": "", "worth": "worth_amount", "units": "units_stranded", "age": "stranded_days", "cost": "cost_per_day", "sku": "sku"}


def _sorted(frame: pl.DataFrame, rows: pl.Series, sort: str) -> pl.Series:
    """By one column, falling (the SKU rising); equal ones, and unknown ones last, stay in order of urgency."""
    if not SORTS[sort]:
        return rows
    keys = frame.select(SORTS[sort])[rows].with_columns(rows.alias("row"))
    return keys.sort(SORTS[sort], descending=sort != "sku", nulls_last=True, maintain_order=True)["row"]


def _today(found: list[scopes.Scope], clock: Clock) -> date:
    """Today where the goods lie; of several marketplaces the one furthest ahead, so that no deadline looks later than it is."""
    zones = {place.timezone for scope in found if (place := marketplaces().get(scope.marketplace or ""))} or {"UTC"}
    return max(clock().astimezone(ZoneInfo(zone)).date() for zone in zones)


def _missing(found: list[scopes.Scope]) -> Iterator[Warning]:
    """Marketplaces whose stranded report was not given, though what was given makes one ask."""
    any_stranded = any("stranded" in scope.parts for scope in found)
    for scope in found:
        if "stranded" not in scope.parts and ("fba-inventory" in scope.parts or not any_stranded):
            yield Warning("stranded-report-missing", facts=(("place", scope.marketplace or "this marketplace"),))


def _old(found: list[scopes.Scope], today: date) -> Iterator[Warning]:
    for scope in found:
        if diagnose.too_old(scope, today):
            source = scope.parts["stranded"][0][0]
            moment = source.observed_at.date().isoformat() if source.observed_at else "?"
            yield Warning("stranded-report-old", source.file, facts=(("moment", moment), ("hours", str(diagnose.oldest_hours()))))


def _unsure(found: list[scopes.Scope]) -> int:
    """Of how many marketplaces something is unknown: their stranded report has no rows, or did not arrive whole."""
    return sum(1 for scope in found if "stranded" in scope.parts and not (scope.whole("stranded") and any(source.rows for source, _ in scope.parts["stranded"])))


def _of_reasons(frame: pl.DataFrame) -> Iterator[Warning]:
    """Every reason that we have never seen, with how many SKUs it stands on."""
    unseen = frame.filter(pl.col("said").is_not_null() & pl.col("symptom").is_null()).group_by("said").len().sort(["len", "said"], descending=[True, False])
    for said, count in unseen.iter_rows():
        yield Warning("unknown-reason", value=said, facts=(("count", str(count)),))


def _of_places(found: list[scopes.Scope]) -> Iterator[Warning]:
    for scope in found:
        for source, _ in scope.parts.get("stranded", ()) if scope.marketplace is None else ():
            if source.rows:
                yield Warning("marketplace-unknown", source.file)


def _nothing_readable(readings: list[Reading], warnings: list[Warning]) -> NothingReadable:
    error = NothingReadable(
        "None of the files is a report that could be read.",
        why="What is stranded is unknown now; that is not the same as nothing.",
        todo="In Seller Central open Reports > Fulfilment by Amazon > Stranded inventory, download it, and give that file unchanged.",
        more="docs/start/first-triage.md",
    )
    error.sources, error.warnings = tuple(reading.source for reading in readings), tuple(warnings)
    return error
