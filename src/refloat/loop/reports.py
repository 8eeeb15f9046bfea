"""Reports from Amazon: order what is due, wait within the rates, keep what comes, say what failed.

The order is on record before its request leaves, and its id as soon as Amazon has given it. So a pass
that was killed goes on with the reports that it had ordered, and never orders one twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from refloat.errors import AmazonError
from refloat.knowledge.tables import table
from refloat.loop.lanes import side_by_side
from refloat.model.ports import Clock, Download, Line, Order, Record, ReportState

SOURCES: Mapping[str, Mapping[str, Any]] = table("observing")["reports"]

#: Amazon does not tell why a report is cancelled, so nothing may be concluded from it.
_MEANING = {
    "CANCELLED": "Amazon cancels a report that has no rows, one that is asked for too often, and one that it cannot make; it does not say which.",
    "FATAL": "Amazon could not make it.",
}


@dataclass(frozen=True)
class Pace:
    """How a pass goes about reports: each at most every so many hours, whatever its row says; and does it ``wait`` for those that Amazon is making?

    A pass that does not wait comes back later: what it ordered is on record. ``sooner``: sources that are asked for as soon as their rows
    allow it, because something else says that they have news.
    """

    hours: float = 0
    wait: bool = True
    sooner: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """Where a pass works: one marketplace of one account, its line, its record, the clock, its pace."""

    marketplace: str
    line: Line
    record: Record
    clock: Clock
    pace: Pace = Pace()


#: Reports that are waited for at once. Amazon takes 15 orders and then one a minute, so more would only wait.
_AT_ONCE = 40


def fetch(places: Sequence[Place]) -> dict[str, list[str]]:
    """Bring every report that is due, of all marketplaces at once; marketplace → the names of those that came."""
    wanted = [(place, source) for source in SOURCES for place in places if _is_wanted(place, source)]
    brought = side_by_side(places[0].clock, [partial(_brought, place, source) for place, source in wanted], width=_AT_ONCE) if places else [[]]
    came: dict[str, list[str]] = {place.marketplace: [] for place in places}
    for (place, source), whole in zip(wanted, brought[0], strict=True):
        came[place.marketplace] += [source] * whole
    return came


def _is_wanted(place: Place, source: str) -> bool:
    """Not read for as long as its row says, or its order is still open."""
    return place.record.open_order(source) is not None or _is_due(source, place)


def _is_due(source: str, place: Place) -> bool:
    """Not read, and not refused, within the source's hours: asking again sooner brings the same, or a cancelled report."""
    # A moment that is still to come was written by a clock that ran ahead, and tells nothing.
    record, now = place.record, place.clock.now()
    moments = [moment for moment in (record.read_at(source), record.refused_at(source)) if moment is not None and moment <= now]
    return not moments or now - max(moments) >= timedelta(hours=max(SOURCES[source]["hours"], 0 if source in place.pace.sooner else place.pace.hours))


def next_look_at(place: Place) -> datetime | None:
    """When to look again at the reports that Amazon is making, for whoever does not wait; None where none is under way, or only late ones."""
    now, limits = place.clock.now(), table("observing")["waiting"]
    waited = [now - order.at for source in SOURCES if (order := place.record.open_order(source)) is not None]
    under_way = [one for one in waited if one <= timedelta(minutes=limits["give_up_minutes"])]
    return now + min(_pause(one, "coming_back") for one in under_way) if under_way else None


def _pause(waited: timedelta, how: str) -> timedelta:
    """Looking again after a share of the time waited costs few calls, and at most that share too much."""
    limits = table("observing")[how]
    return timedelta(seconds=min(limits["most_seconds"], max(limits["first_seconds"], limits["share"] * waited.total_seconds())))


def anew(place: Place, source: str, longest: timedelta) -> bool:
    """Bring one report now, due or not; False when it does not come within ``longest``: why is on record, and the next pass goes on with its order."""
    return _brought(place, source, longest)


def _brought(place: Place, source: str, longest: timedelta | None = None) -> bool:
    """One report from its order to its snapshot; False when it did not come, and why is on record."""
    try:
        order = _ordered(place, source)
        state = _ended(place, order, longest or timedelta(minutes=table("observing")["waiting"]["give_up_minutes"]))
        return state is not None and _taken(place, order, state)
    except AmazonError as error:
        place.record.failed(source, error.code, str(error), place.clock.now())
        still = place.record.open_order(source)
        if still is not None and (stage := _stage_after(error, still, place.clock.now())):
            place.record.settled(source, stage, place.clock.now())
        return False


#: Troubles of the account or the line: they say nothing about a report that Amazon has taken on.
_NOT_OF_THE_REPORT = frozenset({"answer-not-understood", "credential-wrong"})
_NOT_OF_A_TAKEN_REPORT = _NOT_OF_THE_REPORT | {"role-missing", "account-not-normal", "marketplace-not-yours"}


def _stage_after(error: AmazonError, order: Order, now: datetime) -> str | None:
    """How the open order ended by this error; None while Amazon may still give the report: the next pass goes on with it."""
    if now - order.at > timedelta(minutes=table("observing")["waiting"]["order_lost_minutes"]):
        return "LOST"
    if order.report_id is None and error.values.get("sent") is False:
        # The request certainly never left, so there is nothing to look up.
        return "LOST"
    if error.passing or error.code in (_NOT_OF_A_TAKEN_REPORT if order.report_id else _NOT_OF_THE_REPORT):
        return None
    return "LOST" if error.code == "not-there" else "REFUSED"


def _ordered(place: Place, source: str) -> Order:
    """The open order of the source, or a new one. An order whose answer was lost is looked up at Amazon, not repeated."""
    row, order = SOURCES[source], place.record.open_order(source)
    report_id = None if order is None else order.report_id or _found_again(place, order)
    if order is None or report_id is None:
        place.record.order(source, row["type"], place.clock.now())
        report_id = place.line.ask_report(row["type"], place.marketplace, options_of(row, place.clock.now()))
    place.record.ordered(source, report_id)
    return Order(source, row["type"], report_id, order.at if order else place.clock.now())


def _found_again(place: Place, order: Order) -> str | None:
    """The report that Amazon made of an order whose answer was lost; None when it has none.

    Amazon's clock tells when it was made, and ours when we asked: the look begins early enough for two clocks
    that differ, and passes over the reports that earlier orders brought.
    """
    since = order.at - timedelta(minutes=table("observing")["waiting"]["clocks_differ_minutes"])
    states = place.line.recent_reports(order.report_type, place.marketplace, since)
    return next((state.report_id for state in states if not place.record.has_ordered(state.report_id)), None)


def options_of(row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """The report's options; one of events reaches back so many days."""
    since = {"dataStartTime": (now - timedelta(days=row["days"])).isoformat()} if "days" in row else {}
    return {**row.get("options", {}), **since}


def _ended(place: Place, order: Order, longest: timedelta) -> ReportState | None:
    """The report's state once it has ended; None when that takes too long, and then its order stays open."""
    limits, began = table("observing")["waiting"], place.clock.now()
    since = began if place.pace.wait else order.at
    if place.pace.wait:
        place.clock.sleep(limits["first_seconds"] - (began - order.at).total_seconds())
    elif order.at == began:
        return None
    while (state := place.line.report(order.report_id or "")).stage in ("IN_QUEUE", "IN_PROGRESS"):
        now = place.clock.now()
        if now - since > longest:
            _say_late(place, order, now)
            return None
        if not place.pace.wait:
            return None
        place.clock.sleep(_pause(now - order.at, "waiting").total_seconds())
    return state


def _say_late(place: Place, order: Order, now: datetime) -> None:
    waited = now - order.at
    place.record.failed(order.source, "report-late", f"{order.report_type} was not ready after {waited.total_seconds() / 60:.0f} minutes.", now)
    if waited > timedelta(minutes=table("observing")["waiting"]["order_lost_minutes"]):
        place.record.settled(order.source, "LOST", now)


def _taken(place: Place, order: Order, state: ReportState) -> bool:
    """Keep the document of a report that is DONE; say of any other end what it may mean.

    A document that was cut is kept too, and the source counts as failed.
    """
    if state.stage != "DONE" or state.document_id is None:
        # Why first, then the end of the order: killed between the two, the next pass finds the same end again.
        place.record.failed(order.source, f"report-{state.stage.lower()}", f"{order.report_type} ended {state.stage}. {_MEANING.get(state.stage, '')}".strip(), place.clock.now())
        place.record.settled(order.source, state.stage, place.clock.now())
        return False
    download = _downloaded(place.line, state.document_id)
    now = place.clock.now()
    cut = None if download.whole else ("document-cut", f"The document of {order.report_type} broke off after {len(download.content):,} bytes.")
    place.record.keep(order.source, download.content, at=now, charset=download.charset, whole=download.whole, report_id=order.report_id, trouble=cut)
    return download.whole


def _downloaded(line: Line, document_id: str) -> Download:
    """The document; fetched once more when it broke off."""
    download = line.document(document_id)
    return download if download.whole else line.document(document_id)
