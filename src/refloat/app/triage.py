"""The wiring: what the doors call. Reads files, observes, diagnoses, adds deadline and money."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from refloat.app.near import known_remedy
from refloat.errors import NothingReadable
from refloat.insight import costs, worth
from refloat.insight.summary import Incident, Summary, incidents, summary
from refloat.knowledge.catalogue import Catalogue, catalogue
from refloat.knowledge.tables import marketplaces
from refloat.loop import deadline, diagnose, findings, scopes, sightings
from refloat.model.answers import KINDS
from refloat.model.finding import Finding
from refloat.model.notes import Notes
from refloat.model.source import Source, Warning
from refloat.reports import Reading, read_files

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Triage:
    """What is stranded, why, what to do, by when, what it costs.

    ``rows`` holds every stranding, as read. Putting all of them in order costs as much as finding their
    causes, so that is only done when somebody asks for all.
    """

    as_of: date
    sources: tuple[Source, ...]
    rows: pl.DataFrame
    summary: Summary
    incidents: tuple[Incident, ...]
    warnings: tuple[Warning, ...]
    catalogue: Catalogue
    question: Question
    #: Marketplace → kind → Amazon's answers to single questions; none when only report files were read.
    answers: Mapping[str, Mapping[str, pl.DataFrame]] = field(default_factory=dict)
    #: Marketplaces whose stranded report was read whole and is not too old: there, silence says something.
    told: frozenset[str] = frozenset()
    #: A row for each SKU of ``Question.besides``, with ``stock_read`` beside the columns of ``rows``; None where none was asked for.
    besides: pl.DataFrame | None = None

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Every stranding, the most urgent first; a copy, so ask for it only where all are shown."""
        return self.rows[worth.ordered(self.rows)]

    @property
    def first(self) -> pl.DataFrame:
        """The most urgent stranding; empty when there is none."""
        return self.rows[worth.ordered(self.rows, first=1)]

    @cached_property
    def shown(self) -> pl.DataFrame:
        """The rows that were asked for, in the order asked for."""
        return asked_for(self.rows, self.question, self.question.limit)

    @cached_property
    def shown_count(self) -> int:
        """How many rows were asked for."""
        count = _fitting(self.rows, self.question).height
        return count if self.question.limit is None else min(count, self.question.limit)

    def top(self, count: int) -> pl.DataFrame:
        """The first ``count`` of the shown rows; the rest is not put in order for it."""
        return asked_for(self.rows, self.question, min(count, self.shown_count))

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
    #: Marketplace → SKUs of which the same is wanted although nothing of them may be stranded.
    besides: Mapping[str, Collection[str]] = field(default_factory=dict)


def triage(question: Question, clock: Clock = lambda: datetime.now(UTC), progress: Callable[[str], None] = lambda _: None, readings: Iterable[Reading] | None = None) -> Triage:
    """The main job: from report files to what, why, what to do, by when, what it costs.

    ``readings`` stand for the question's files where they were read elsewhere, out of the store.

    Raises:
        NothingReadable: not one of the files is a report that could be read.
        WrongUse: there is no such charset.
    """
    pages = catalogue(question.pages)
    question = _by_name(question, pages)
    read = _Read()
    for reading in readings if readings is not None else _files(question):
        progress(reading.source.file)
        read.add(reading)
    if not read.parts:
        raise _nothing_readable(read)
    return _triaged(question, pages, read, clock)


def _files(question: Question) -> Iterator[Reading]:
    return read_files(question.files, marketplace=question.marketplace, account=question.account, charset=question.charset, limit=question.limit_bytes)


def _by_name(question: Question, pages: Catalogue) -> Question:
    """The question with Amazon's words in its filters replaced by our names.

    Raises:
        WrongUse: a remedy that does not exist; a reason may be one that nobody has seen before.
    """
    reasons = [pages.symptom_of(text) or text for text in question.reasons]
    remedies = [known_remedy(text, pages) for text in question.remedies]
    recommended = [known_remedy(text, pages) for text in question.recommended]
    return replace(question, reasons=reasons, remedies=remedies, recommended=recommended)


@dataclass
class _Read:
    """What was read: every source and warning, and the rows of those that could be used."""

    sources: list[Source] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    parts: list[scopes.Part] = field(default_factory=list)
    #: Files that could not be read at all: each may have been a stranded report.
    unreadable: int = 0

    def add(self, reading: Reading) -> None:
        self.sources.append(reading.source)
        self.warnings += reading.warnings
        if reading.frame is not None:
            self.parts.append((reading.source, reading.frame))
        elif any(warning.code in _UNREADABLE for warning in reading.warnings):
            self.unreadable += 1


_UNREADABLE = frozenset({"empty-file", "cannot-open", "archive-cut", "archive-damaged", "too-large", "excel-workbook"})


def _triaged(question: Question, pages: Catalogue, read: _Read, clock: Clock) -> Triage:
    grouping = scopes.grouped(read.parts)
    answered = _answers(read.parts)
    misspelt = tuple(_unknown_skus(question, read.parts))
    read.parts.clear()
    today = question.as_of or _today(grouping.scopes, clock)
    found = [scope.without_rows() for scope in grouping.scopes]
    besides = _besides(question, pages, grouping, today)
    frame, doubts = _all_diagnosed(question, pages, grouping, today)
    missing = tuple(_missing(found))
    replaced = (Warning("page-replaced", value=notice) for notice in pages.notices)
    return Triage(
        as_of=today,
        sources=tuple(read.sources),
        rows=frame,
        summary=summary(frame, len(missing) + _unsure(found) + read.unreadable),
        incidents=tuple(incidents(frame)),
        warnings=(*read.warnings, *doubts, *grouping.warnings, *missing, *_old(found, today), *_of_reasons(frame), *_of_places(found), *misspelt, *replaced),
        catalogue=pages,
        question=question,
        answers=answered,
        besides=besides,
        told=frozenset(scope.marketplace for scope in found if scope.marketplace and scope.whole("stranded") and not scope.stale("stranded", today)),
    )


def _answers(parts: list[scopes.Part]) -> dict[str, dict[str, pl.DataFrame]]:
    found: dict[str, dict[str, pl.DataFrame]] = {}
    for source, frame in parts:
        if source.report in KINDS and source.marketplace:
            found.setdefault(source.marketplace, {})[source.report] = frame
    return found


def _all_diagnosed(question: Question, pages: Catalogue, grouping: scopes.Grouping, today: date) -> tuple[pl.DataFrame, list[Warning]]:
    """Every scope's findings in one frame, and what had to be said on the way.

    The rows as read are let go of scope by scope: what comes next needs their room.
    """
    frames: list[pl.DataFrame] = []
    doubts: list[Warning] = []
    offered = [(scope, scopes.offered(scope)) for scope in grouping.scopes] if len(grouping.scopes) > 1 else []
    while grouping.scopes:
        scope = grouping.scopes.pop(0)
        seen = sightings.sighted(scope, question.notes, pages, today, scopes.elsewhere(scope, offered))
        doubts += seen.warnings
        if seen.frame.height:
            frames.append(_diagnosed(seen.frame, scope.without_rows(), question, pages, today))
    return worth.with_pools(_counted_once(pl.concat(frames)) if frames else _nothing(question, pages, today)), doubts


def _besides(question: Question, pages: Catalogue, grouping: scopes.Grouping, today: date) -> pl.DataFrame | None:
    """The rows of the SKUs that were asked for by name; counted nowhere."""
    frames = []
    for scope in grouping.scopes:
        if skus := question.besides.get(scope.marketplace or ""):
            seen = sightings.of_skus(scope, skus, question.notes, pages, today)
            frames.append(_diagnosed(seen, scope.without_rows(), question, pages, today).join(seen.select("sku", "stock_read"), on="sku"))
    return worth.with_pools(pl.concat(frames)) if frames else None


def _diagnosed(frame: pl.DataFrame, scope: scopes.Scope, question: Question, pages: Catalogue, today: date) -> pl.DataFrame:
    """One scope's sightings with cause, deadline, money; always the same columns in the same order."""
    frame = diagnose.diagnose(frame, pages, scope, today)
    given = any("Date-to-take-auto-removal" in source.columns for source, _ in scope.parts.get("stranded", ()))
    frame = deadline.deadline(frame, pages, question.notes.settings, today, date_column_given=given)
    frame = deadline.automation(frame, pages, question.notes.settings)
    return costs.costs(worth.worth(frame), today).select(sightings.RESULT)


def _nothing(question: Question, pages: Catalogue, today: date) -> pl.DataFrame:
    """An empty result in full form."""
    scope = scopes.Scope(question.account, question.marketplace, {})
    return _diagnosed(sightings.sighted(scope, question.notes, pages, today).frame, scope, question, pages, today)


def triaged_columns(question: Question, today: date) -> Mapping[str, pl.DataType]:
    """Every column of ``Triage.rows`` with its type."""
    return dict(worth.with_pools(_nothing(question, catalogue(question.pages), today)).schema)


#: What ``--sort`` takes, and the column behind it.
SORTS = {"urgency": "", "worth": "worth_amount", "units": "units_stranded", "age": "stranded_days", "cost": "cost_per_day", "sku": "sku"}


def asked_for(frame: pl.DataFrame, question: Question, limit: int | None) -> pl.DataFrame:
    """The first ``limit`` rows that the question asks to see (all when None), in the order it asks for."""
    rows = _fitting(frame, question)
    if not SORTS[question.sort]:
        return rows[worth.ordered(rows, first=limit)]
    order = _sorted(rows, SORTS[question.sort])
    return rows[order if limit is None else order.head(limit)]


def _fitting(frame: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The rows that pass the question's filters; an unknown value passes none."""
    masks = []
    if question.reasons:
        masks.append(pl.any_horizontal(pl.col(name).cast(pl.String).is_in(question.reasons).fill_null(False) for name in ("symptom", "cause", "said")))
    if question.recommended:
        masks.append(pl.any_horizontal(pl.col(name).cast(pl.String).is_in(question.recommended).fill_null(False) for name in ("recommended", "recommended_said")))
    if question.remedies:
        masks.append(pl.col("remedy").cast(pl.String).is_in(question.remedies))
    if question.places:
        masks.append(pl.col("marketplace").is_in(question.places))
    if question.due_within is not None:
        masks.append(pl.col("days_left") <= question.due_within)
    return frame.filter(masks) if masks else frame


def _sorted(rows: pl.DataFrame, column: str) -> pl.Series:
    """Row numbers by one column, falling (the SKU rising); equal ones, and unknown ones last, stay in order of urgency."""
    order = worth.ordered(rows)
    keys = rows.select(column)[order].with_columns(order.alias("row"))
    return keys.sort(column, descending=column != "sku", nulls_last=True, maintain_order=True)["row"]


def _today(found: list[scopes.Scope], clock: Clock) -> date:
    """Today where the goods lie; of several marketplaces the one furthest ahead, so that no deadline looks later than it is."""
    zones = {place.timezone for scope in found if (place := marketplaces().get(scope.marketplace or ""))} or {"UTC"}
    return max(clock().astimezone(ZoneInfo(zone)).date() for zone in zones)


def _missing(found: list[scopes.Scope]) -> Iterator[Warning]:
    """Marketplaces whose stranded report was not given, though what was given makes one ask."""
    any_stranded = any("stranded" in scope.parts for scope in found)
    for scope in found:
        if "stranded" not in scope.parts and ("fba-inventory" in scope.parts or not any_stranded):
            yield Warning("stranded-report-missing", facts=(("place", scope.marketplace or "?"),))


def _old(found: list[scopes.Scope], today: date) -> Iterator[Warning]:
    """Reports that say themselves that they show a day long past."""
    for scope in found:
        for report in ("stranded", "fba-inventory", "listings-all"):
            if scope.stale(report, today):
                source = max((source for source, _ in scope.parts[report]), key=lambda source: str(source.observed_at))
                moment = source.observed_at.date().isoformat() if source.observed_at else "?"
                yield Warning("report-old", source.file, facts=(("moment", moment), ("hours", str(scopes.oldest_hours()))))


def _unsure(found: list[scopes.Scope]) -> int:
    """Of how many marketplaces something is unknown: their stranded report has no rows, or did not arrive whole."""
    return sum(1 for scope in found if "stranded" in scope.parts and not (scope.whole("stranded") and any(source.rows for source, _ in scope.parts["stranded"])))


def _unknown_skus(question: Question, parts: list[scopes.Part]) -> Iterator[Warning]:
    """SKUs of the notes that stand in no report: a slip of the pen would go unseen."""
    named = question.notes.skus
    if not named:
        return
    known = {sku for _, frame in parts if "sku" in frame.columns for sku in frame.filter(pl.col("sku").is_in(sorted(named)))["sku"].unique()}
    for sku in sorted(named - known):
        yield Warning("notes-unknown-sku", value=sku)


def _counted_once(frame: pl.DataFrame) -> pl.DataFrame:
    """Without silent stock of SKUs that a stranded report of an unnamed marketplace lists: it may be the same stock."""
    unnamed = frame.filter(pl.col("stranded_listed") & pl.col("marketplace").is_null())["sku"]
    if unnamed.is_empty():
        return frame
    return frame.filter(pl.col("stranded_listed") | (pl.col("standing") != "unknown") | ~pl.col("sku").is_in(unnamed.implode()))


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


def _nothing_readable(read: _Read) -> NothingReadable:
    error = NothingReadable(
        "None of the files is a report that could be read.",
        why="What is stranded is unknown now; that is not the same as nothing.",
        todo="In Seller Central open Reports > Fulfilment by Amazon > Stranded inventory, download it, and give that file unchanged.",
        more="docs/start/first-triage.md",
    )
    error.sources, error.warnings = tuple(read.sources), tuple(read.warnings)
    return error
