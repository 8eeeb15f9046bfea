"""The loop's world in memory: a line that answers as it is told, a record that remembers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from refloat.clock import SimulatedClock
from refloat.loop.reports import Place
from refloat.model import ports
from refloat.model.ports import Answer, Download, Order, ReportState

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class FakeLine:
    """Reports are ready ``lag`` seconds after their order; what ``fails`` names raises its error."""

    clock: SimulatedClock
    lag: float = 40
    #: Report type → content; None is a report that ends CANCELLED.
    contents: dict[str, bytes | None] = field(default_factory=dict)
    listings: dict[str, dict[str, object] | None] = field(default_factory=dict)
    changes: list[Answer] = field(default_factory=list)
    fails: dict[str, Callable[[], Exception | None]] = field(default_factory=dict)
    whole: bool = True
    conditions: list[tuple[str, str | None]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    ordered: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    options: dict[str, Mapping[str, str]] = field(default_factory=dict)
    #: SKU → sellable and unsellable units.
    units: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: By how much our clock is ahead of Amazon's.
    ahead: timedelta | None = timedelta(0)

    def clock_ahead(self) -> timedelta | None:
        return self.ahead

    def _called(self, name: str) -> None:
        self.calls[name] += 1
        error = self.fails[name]() if name in self.fails else None
        if error is not None:
            raise error

    def places(self) -> Sequence[ports.Place]:
        self._called("places")
        return [ports.Place("US", True, False)]

    def ask_report(self, report_type: str, marketplace: str, options: Mapping[str, str]) -> str:
        assert marketplace == "US"
        self.options[report_type] = options
        report_id = f"R{len(self.ordered) + 1}"
        self.ordered[report_id] = (report_type, self.clock.now())
        self._called("ask_report")
        return report_id

    def report(self, report_id: str) -> ReportState:
        self._called("report")
        report_type, at = self.ordered[report_id]
        if self.clock.now() - at < timedelta(seconds=self.lag):
            return ReportState(report_id, "IN_PROGRESS")
        if self.contents.get(report_type, b"sku\n") is None:
            return ReportState(report_id, "CANCELLED")
        return ReportState(report_id, "DONE", f"document-{report_type}")

    def recent_reports(self, report_type: str, marketplace: str, since: datetime) -> Sequence[ReportState]:
        self._called("recent_reports")
        found = [report_id for report_id, (kind, at) in self.ordered.items() if kind == report_type and at >= since]
        return [ReportState(report_id, "IN_QUEUE") for report_id in reversed(found)]

    def document(self, document_id: str) -> Download:
        self._called("document")
        content = self.contents.get(document_id.removeprefix("document-"), b"sku\n") or b""
        return Download(content if self.whole else content[:3], "UTF-8", self.whole)

    def listing(self, sku: str, marketplace: str) -> Answer:
        self._called("listing")
        return Answer(sku, self.listings.get(sku), self.clock.now(), "request-1")

    def changed_listings(self, marketplace: str, since: datetime) -> Sequence[Answer]:
        self._called("changed_listings")
        self.since = since
        return self.changes

    def restrictions(self, asin: str, marketplace: str, condition: str | None) -> Answer:
        self._called("restrictions")
        self.conditions.append((asin, condition))
        return Answer(asin, {"restrictions": []}, self.clock.now())

    def inventory(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        self._called("inventory")
        return [Answer(sku, self._stock(sku), self.clock.now()) for sku in skus]

    def _stock(self, sku: str) -> dict[str, object]:
        if sku not in self.units:
            return {"sellerSku": sku, "totalQuantity": 3}
        sellable, unsellable = self.units[sku]
        return {"sellerSku": sku, "inventoryDetails": {"fulfillableQuantity": sellable, "unfulfillableQuantity": {"totalUnfulfillableQuantity": unsellable}}}

    def eligibility(self, asin: str, marketplace: str) -> Answer:
        self._called("eligibility")
        return Answer(asin, {"isEligibleForProgram": True}, self.clock.now())


@dataclass
class FakeRecord:
    """What a record remembers, in plain dictionaries."""

    good: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)
    cut: dict[str, bytes] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    ends: list[tuple[str, str]] = field(default_factory=list)
    troubles: dict[str, tuple[str, str]] = field(default_factory=dict)
    refused: dict[str, datetime] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    looks: dict[str, datetime] = field(default_factory=dict)

    def looked_at(self, source: str) -> datetime | None:
        return self.looks.get(source)

    def read_at(self, source: str) -> datetime | None:
        return self.good[source][0] if source in self.good else None

    def refused_at(self, source: str) -> datetime | None:
        return self.refused.get(source)

    def open_order(self, source: str) -> Order | None:
        return self.orders.get(source)

    def order(self, source: str, report_type: str, at: datetime) -> None:
        self.orders[source] = Order(source, report_type, None, at)

    def ordered(self, source: str, report_id: str) -> None:
        before = self.orders[source]
        self.ids.add(report_id)
        self.orders[source] = Order(source, before.report_type, report_id, before.at)

    def settled(self, source: str, stage: str, at: datetime) -> None:
        if self.orders.pop(source, None):
            self.ends.append((source, stage))
            self.refused.pop(source, None)
            if stage in {"CANCELLED", "FATAL", "REFUSED"}:
                self.refused[source] = at

    def has_ordered(self, report_id: str) -> bool:
        return report_id in self.ids

    def looked(self, source: str, at: datetime) -> None:
        self.looks[source] = at
        self.troubles.pop(source, None)

    def keep(self, source: str, content: bytes, *, at: datetime, charset: str | None = None, whole: bool = True, report_id: str | None = None, trouble: tuple[str, str] | None = None) -> None:
        if whole:
            self.good[source] = (at, content)
            self.troubles.pop(source, None)
        else:
            self.cut[source] = content
        if trouble is not None:
            self.troubles[source] = trouble
        if report_id is not None:
            self.settled(source, "DONE", at)

    def failed(self, source: str, code: str, text: str, at: datetime) -> None:
        self.troubles[source] = (code, text)

    def content(self, source: str) -> bytes | None:
        return self.good[source][1] if source in self.good else None


def a_place(**line: object) -> tuple[Place, FakeLine, FakeRecord, SimulatedClock]:
    """A place in the US with a fresh line, record and clock."""
    clock = SimulatedClock(START)
    fake, record = FakeLine(clock, **line), FakeRecord()  # type: ignore[arg-type]
    return Place("US", fake, record, clock), fake, record, clock
