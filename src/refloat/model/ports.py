"""What the loop needs from the world, as protocols: the clock, the gate, the line to Amazon, the record.

The verbs see the world through these alone. Behind each stands one adapter (``refloat.clock``,
``store``, ``amazon``) and, in tests, a small fake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class Clock(Protocol):
    """The time, and the waiting. Everything that asks for *now*, the pacing included, asks here."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return ``seconds`` later; at once when they are 0 or less."""
        ...

    def lanes(self, count: int) -> Sequence[AbstractContextManager[None]]:
        """So many lanes, for a thread each to enter. A simulated clock moves only when all of them sleep or are left."""
        ...


class Reserved(NamedTuple):
    """What the gate answers: is a place taken, and how many seconds to sleep, until it comes or before asking again."""

    taken: bool
    seconds: float


class Gate(Protocol):
    """The pacing gate: one row per (account, operation), shared by every process that works on the account.

    ``account`` is the seller's id at Amazon together with the application, as Amazon counts it.
    """

    def reserve(self, account: str, operation: str, rate: float, burst: int, now: datetime) -> Reserved:
        """Take the next free place if it lies near; else take nothing, and say when to ask again.

        Who is killed while it waits takes a place along, so nobody holds one far ahead.
        ``rate`` (per second) and ``burst`` count when the row is new; later what was learned counts.
        """
        ...

    def throttled(self, account: str, operation: str, now: datetime) -> None:
        """Amazon said 429: the bucket is empty now, so the next place lies a full bucket away."""
        ...

    def learned(self, account: str, operation: str, rate: float) -> None:
        """The answer's header named another rate (per second) than we count with."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """One marketplace of the account, as Amazon says it now."""

    marketplace: str
    participates: bool
    suspended: bool
    store_name: str | None = None


@dataclass(frozen=True, slots=True)
class ReportState:
    """How far Amazon is with a report: IN_QUEUE, IN_PROGRESS, DONE, CANCELLED or FATAL."""

    report_id: str
    stage: str
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A report document as it came: its bytes unpacked, its charset as declared, whether all of it came."""

    content: bytes
    charset: str | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What Amazon answered for one SKU or ASIN: its JSON verbatim; None where it says that there is none (404)."""

    key: str
    body: Mapping[str, Any] | None
    at: datetime
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A report that was ordered, or is about to be: ``report_id`` is None until Amazon has given it."""

    source: str
    report_type: str
    report_id: str | None
    at: datetime


class Record(Protocol):
    """What is on record for one (account, marketplace), as far as observing needs it. Each call is whole or not at all."""

    def read_at(self, source: str) -> datetime | None:
        """The moment of the last good snapshot of ``source``; None when there is none."""
        ...

    def refused_at(self, source: str) -> datetime | None:
        """When Amazon ended the last order of ``source`` without a document; None where it brought one, or was not ended."""
        ...

    def open_order(self, source: str) -> Order | None:
        """The report that was ordered and has not been settled: a pass that was killed left it."""
        ...

    def order(self, source: str, report_type: str, at: datetime) -> None:
        """Write down that a report is about to be ordered, before the request leaves."""
        ...

    def ordered(self, source: str, report_id: str) -> None:
        """Write down the id that Amazon gave."""
        ...

    def settled(self, source: str, stage: str, at: datetime) -> None:
        """The open order of ``source`` has come to its end."""
        ...

    def keep(self, source: str, content: bytes, *, at: datetime, charset: str | None = None, whole: bool = True, report_id: str | None = None) -> object:
        """Keep a snapshot for ever, and settle the order that brought it."""
        ...

    def failed(self, source: str, code: str, text: str, at: datetime) -> None:
        """``source`` could not be had, and why."""
        ...

    def content(self, source: str) -> bytes | None:
        """The bytes of the last good snapshot; None when there is none."""
        ...


class Line(Protocol):
    """The line to Amazon for one account: reads only. Every method may raise an ``AmazonError``."""

    def places(self) -> Sequence[Place]:
        """The marketplaces in which the account takes part."""
        ...

    def ask_report(self, report_type: str, marketplace: str, options: Mapping[str, str]) -> str:
        """Order a report, and return its id. ``dataStartTime`` and ``dataEndTime`` may stand among the options."""
        ...

    def report(self, report_id: str) -> ReportState:
        """How far the report is."""
        ...

    def recent_reports(self, report_type: str, marketplace: str, since: datetime) -> Sequence[ReportState]:
        """The reports of that type that were ordered since, the newest first."""
        ...

    def document(self, document_id: str) -> Download:
        """The document, checked: charset, gzip, completeness."""
        ...

    def listing(self, sku: str, marketplace: str) -> Answer:
        """One listings item with summaries, attributes, issues, offers, fulfilment availability."""
        ...

    def changed_listings(self, marketplace: str, since: datetime) -> Sequence[Answer]:
        """The listings items that changed since, as far as Amazon lets one page (1,000)."""
        ...

    def restrictions(self, asin: str, marketplace: str, condition: str | None) -> Answer:
        """Whether the seller may list the ASIN."""
        ...

    def inventory(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        """The FBA stock of the SKUs, in calls of 50."""
        ...

    def eligibility(self, asin: str, marketplace: str) -> Answer:
        """Whether the ASIN may be sent in, and the reasons why not."""
        ...
