"""Which sources belong together: one scope is one (account, marketplace).

A source that does not say its marketplace joins the only scope there is; where there are several it
is not used, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from refloat.knowledge.tables import marketplace_code, marketplaces, table
from refloat.model.source import Source, Warning

Part = tuple[Source, pl.DataFrame]

#: Reports of what happened: every file adds to the others. All other reports show what is; of those the latest counts.
_OF_EVENTS = frozenset({"returns", "removal-orders", "removal-shipments", "storage-fees", "aged-fees"})
#: How we know a moment that is a mere day.
_BY_DAY = frozenset({"name", "content"})


@dataclass(frozen=True)
class Scope:
    """All that was given for one (account, marketplace), by report."""

    account: str | None
    marketplace: str | None
    parts: Mapping[str, tuple[Part, ...]]

    def frame(self, report: str) -> pl.DataFrame | None:
        """The rows of ``report``, all files of its latest snapshot together; None when none was given."""
        frames = [frame for _, frame in self._now(report)]
        return pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0] if frames else None

    def without_rows(self) -> Scope:
        """The same sources, their rows let go of."""
        return replace(self, parts={report: tuple((source, frame.clear()) for source, frame in own) for report, own in self.parts.items()})

    def stale(self, report: str, today: date) -> bool:
        """Does ``report`` say itself, by its content or name, that it shows a day long past?

        Only its latest snapshot counts, and only where every file of it tells: a file's time is no proof of age.
        """
        now, _ = successive(self.parts.get(report, ()), self.marketplace)
        if not now or any(source.observed_at is None or source.observed_from == "file-time" for source, _ in now):
            return False
        latest = max(source.observed_at for source, _ in now if source.observed_at)
        return datetime.combine(today, time(), latest.tzinfo) - latest > timedelta(hours=oldest_hours())

    def failed(self, report: str) -> bool:
        """Could a newer ``report`` not be had when Amazon was asked for one?"""
        return any(source.failed for source, _ in self.parts.get(report, ()))

    def whole(self, report: str) -> bool:
        """True when ``report`` was given and arrived whole, so that what it does not list is absent.

        A header alone is no whole report: it may as well be one that failed.
        """
        sources = [source for source, _ in self._now(report)]
        return bool(sources) and all(source.whole and source.rows and not source.failed for source in sources)

    def complete(self, report: str) -> bool:
        """True when ``report`` is whole and reaches as far back as we asked Amazon for: what it does not name, did not happen.

        How far back a file reaches that a person downloaded, nobody knows.
        """
        return self.whole(report) and all(source.observed_from == "snapshot" for source, _ in self._now(report))

    def newer(self, report: str, than: str) -> bool:
        """Does ``report`` show a moment later than that of ``than`` by more than Amazon's lists may lag?

        Where one of the two tells only a day, days are compared: a file of the 20th may be of its last hour.
        """
        ours, theirs = self._latest(than), self._latest(report)
        if not ours or not theirs or not ours.observed_at or not theirs.observed_at:
            return False
        if _BY_DAY & {ours.observed_from, theirs.observed_from}:
            return theirs.observed_at.date() - ours.observed_at.date() > _lag()
        return theirs.observed_at - ours.observed_at > _lag()

    def _latest(self, report: str) -> Source | None:
        """The file of ``report`` that shows the latest moment; None when no file tells one."""
        dated = [source for source, _ in self.parts.get(report, ()) if source.observed_at]
        return max(dated, key=_moment, default=None)

    def _now(self, report: str) -> list[Part]:
        parts = self.parts.get(report, ())
        return list(parts) if report in _OF_EVENTS else successive(parts, self.marketplace)[0]


@dataclass
class Grouping:
    """The scopes, and what had to be said while sorting the sources into them."""

    scopes: list[Scope] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)


def grouped(parts: Iterable[Part]) -> Grouping:
    """Every source in its scope."""
    pieces = [piece for part in parts for piece in _by_row_marketplace(part)]
    result = Grouping()
    for account in dict.fromkeys(source.account for source, _ in pieces):
        _group(account, [piece for piece in pieces if piece[0].account == account], result)
    return result


def _group(account: str | None, pieces: list[Part], result: Grouping) -> None:
    stranded = {source.marketplace for source, _ in pieces if source.report == "stranded"}
    known = {source.marketplace for source, _ in pieces} - {None}
    homes = stranded or known or {None}
    if homes == {None} and len(known) == 1:
        # The stranded report alone is silent: what the others say of the same stock still helps, but is no currency.
        pieces = [(replace(source, marketplace=None), frame) for source, frame in pieces]
    home = next(iter(homes)) if len(homes) == 1 else None
    placed: dict[str | None, list[Part]] = {}
    for source, frame in pieces:
        place = source.marketplace
        if place is None and source.report != "stranded" and None not in homes:
            if len(homes) > 1:
                places = ", ".join(sorted(str(name) for name in homes))
                result.warnings.append(Warning("marketplace-not-joined", source.file, facts=(("places", places),)))
                continue
            place = home
        placed.setdefault(place, []).append((replace(source, marketplace=place), frame))
    for place, own in sorted(placed.items(), key=lambda item: item[0] or ""):
        by_report: dict[str, tuple[Part, ...]] = {}
        for source, frame in own:
            by_report[source.report] = (*by_report.get(source.report, ()), (source, frame))
        result.scopes.append(Scope(account, place, by_report))


def _by_row_marketplace(part: Part) -> Iterator[Part]:
    """A planning or fee report may speak of several marketplaces: one part for each."""
    source, frame = part
    if "row_marketplace" not in frame.columns or frame.is_empty():
        yield part
        return
    for (text,), rows in frame.partition_by("row_marketplace", as_dict=True).items():
        yield replace(source, marketplace=marketplace_code(str(text)) if text else source.marketplace), rows


def successive(parts: tuple[Part, ...], marketplace: str | None) -> tuple[list[Part], list[Part]]:
    """The latest snapshot of one report, and the earlier ones.

    Files of the same day are one snapshot in pieces. Without a marketplace, or without moments, two
    files may well be of two marketplaces: then none is called earlier.
    """
    if marketplace is None or len(parts) < 2 or any(source.observed_at is None for source, _ in parts):
        return list(parts), []
    latest = max((source for source, _ in parts), key=_moment)
    return [part for part in parts if not _before(part[0], latest)], [part for part in parts if _before(part[0], latest)]


def _before(source: Source, latest: Source) -> bool:
    """Of an earlier day where both tell their day, else earlier by more than Amazon's lists may lag."""
    if source.observed_from in _BY_DAY and latest.observed_from in _BY_DAY:
        return _moment(source).date() < _moment(latest).date()
    return _moment(latest) - _moment(source) > _lag()


def _moment(source: Source) -> datetime:
    return source.observed_at or datetime.min.replace(tzinfo=UTC)


def _lag() -> timedelta:
    return timedelta(hours=table("limits")["standing"]["newer_hours"])


def oldest_hours() -> int:
    """How old a report may be before it tells nothing about the day asked for."""
    hours: int = table("limits")["standing"]["report_hours"]
    return hours


def offered(scope: Scope) -> pl.Series:
    """The SKUs that this scope answers for: those with a listing here, and those that are stranded here."""
    known = [rows["sku"] for report in ("listings-all", "stranded") if (rows := scope.frame(report)) is not None]
    return pl.concat(known) if known else pl.Series("sku", [], pl.String())


def elsewhere(scope: Scope, offers: list[tuple[Scope, pl.Series]]) -> pl.Series:
    """The SKUs that another marketplace of the same account and pool answers for.

    Units of a pool show in the stock of every marketplace. Where they have no listing, that strands nothing.
    """
    pool = _pool(scope)
    others = [skus for other, skus in offers if other.account == scope.account and other.marketplace != scope.marketplace and pool is not None and _pool(other) == pool]
    return pl.concat(others).unique() if others else pl.Series("sku", [], pl.String())


def _pool(scope: Scope) -> str | None:
    place = marketplaces().get(scope.marketplace or "")
    return place.pool if place else None
