"""What the loop needs from the world, as protocols: the clock, the gate, the line to Amazon, the record.

The verbs see the world through these alone. Behind each stands one adapter (``refloat.clock``,
``store``, ``amazon``) and, in tests, a small fake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from refloat.model.cure import Change


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

    def looked_at(self, source: str) -> datetime | None:
        """When ``source`` was last asked for, or something newer took its place, with or without success."""
        ...

    def refused_at(self, source: str) -> datetime | None:
        """When Amazon itself ended the last order of ``source`` without a document; None where it did not."""
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

    def has_ordered(self, report_id: str) -> bool:
        """An order of this account brought this id, be it settled or not."""
        ...

    def keep(self, source: str, content: bytes, *, at: datetime, charset: str | None = None, whole: bool = True, report_id: str | None = None, trouble: tuple[str, str] | None = None) -> object:
        """Keep a snapshot for ever, and settle the order that brought it. ``trouble``: not all of it could be had; the code, and why."""
        ...

    def looked(self, source: str, at: datetime) -> None:
        """``source`` was asked for, or something newer took its place; there was nothing new to keep."""
        ...

    def failed(self, source: str, code: str, text: str, at: datetime) -> None:
        """``source`` could not be had, and why."""
        ...

    def content(self, source: str) -> bytes | None:
        """The bytes of the last good snapshot; None when there is none."""
        ...


class Line(Protocol):
    """The line to Amazon for one account: reads only. Every method that asks may raise an ``AmazonError``."""

    def clock_ahead(self) -> timedelta | None:
        """By how much this machine's clock is ahead of Amazon's, by the newest answer; nothing is asked. None before one told."""
        ...

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


@dataclass(frozen=True, slots=True)
class Submission:
    """What Amazon answered to a change: ACCEPTED, INVALID, or VALID for a preview. ACCEPTED is not done: only a later look tells."""

    stage: str
    issues: tuple[Mapping[str, Any], ...] = ()
    submission_id: str | None = None
    request_id: str | None = None

    @property
    def accepted(self) -> bool:
        """Nothing was refused."""
        return self.stage in {"ACCEPTED", "VALID"}


@dataclass(frozen=True, slots=True)
class FeedState:
    """How far Amazon is with a feed: IN_QUEUE, IN_PROGRESS, DONE, CANCELLED or FATAL; ``document_id``: its result, once there is one."""

    feed_id: str
    feed_type: str
    stage: str
    created_at: datetime | None = None
    ended_at: datetime | None = None
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class RemovalOrder:
    """A removal order as its feed says it: the seller's own id, at most 50 characters, and what leaves, by SKU."""

    order_id: str
    disposition: str
    address: Mapping[str, str]
    #: SKU → sellable units, unsellable units.
    units: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RemovalLine:
    """A line of the result file of a removal feed that was refused."""

    sku: str | None
    code: str
    said: str


class Writer(Protocol):
    """The writing line to Amazon for one account. Nothing here is tried again by itself: whether a lost write happened is looked up.

    Every method may raise an ``AmazonError``; its value ``sent`` is False where the request certainly did not leave.
    """

    def preview(self, sku: str, marketplace: str, change: Change) -> Submission:
        """What Amazon would say to a patch or a put, without doing it (VALIDATION_PREVIEW)."""
        ...

    def submit(self, sku: str, marketplace: str, change: Change) -> Submission:
        """Send a patch, a put or a delete."""
        ...

    def send_feed(self, marketplace: str, changes: Sequence[tuple[str, Change]]) -> str:
        """Send many patches, puts or deletes (SKU, change) as one JSON_LISTINGS_FEED; its id. Message numbers follow the order, from 1."""
        ...

    def fitting(self, changes: Sequence[tuple[str, Change]]) -> Sequence[range]:
        """The changes cut into feeds that Amazon takes, by number of messages and by size: the positions of each."""
        ...

    def send_removal(self, marketplace: str, order: RemovalOrder) -> str:
        """Send a removal order as a feed; the feed's id."""
        ...

    def feed(self, feed_id: str) -> FeedState:
        """How far the feed is."""
        ...

    def recent_feeds(self, feed_type: str, marketplace: str, since: datetime) -> Sequence[FeedState]:
        """The feeds of that type that were created since, the newest first."""
        ...

    def feed_issues(self, document_id: str) -> Mapping[int, Submission]:
        """Message number → what became of it, from the processing report of a JSON_LISTINGS_FEED. What it does not name was accepted."""
        ...

    def removal_errors(self, document_id: str) -> Sequence[RemovalLine]:
        """What was refused, from the result file of a removal feed; empty when nothing was."""
        ...

    def listings(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        """The listings items of the SKUs as they are now, in calls of 20; one that Amazon does not name has no body."""
        ...


@dataclass(frozen=True, slots=True)
class Deed:
    """How far an action of a plan is. ``told``: what the last note of the journal says beside that."""

    plan_id: str
    action_id: str
    marketplace: str
    sku: str
    remedy: str
    cause: str
    said: str | None
    units: int | None
    fnsku: str | None
    #: How many steps the action has.
    steps: int
    stranding_id: int | None
    #: planned, intended, answered, shown, refused, unclear, dropped, stopped, undone.
    stage: str
    step: int
    #: Answers that were lost in this step.
    tries: int
    at: datetime
    intended_at: datetime | None
    answered_at: datetime | None
    feed: str | None
    verdict: str | None
    verdict_at: datetime | None
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that happened to an action: an entry of the journal, and the row's new stage or verdict. None leaves it as it is."""

    action_id: str
    kind: str
    stage: str | None = None
    step: int | None = None
    feed: str | None = None
    verdict: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentFeed:
    """A feed of ours. ``feed_id`` None: about to be sent, or its answer was lost; ``stage`` UNCLEAR: it cannot be told."""

    mark: str
    marketplace: str
    feed_type: str
    feed_id: str | None
    sent_at: datetime
    ended_at: datetime | None
    stage: str
    messages: int
    #: Ids of feeds that were at Amazon before this one was sent, so that none of them is taken for it.
    before: tuple[str, ...] = ()


class Ledger(Protocol):
    """What is on record of the plans of one account. Each call is whole or not at all; each note is in the journal as well."""

    def deeds(self, plan_id: str) -> Mapping[str, Deed]:
        """Action id → how far it is, in the plan's order."""
        ...

    def note(self, plan_id: str, notes: Sequence[Note], at: datetime) -> None:
        """Write down what happened to some actions, all of it at once."""
        ...

    def feed_leaves(self, plan_id: str, feed: SentFeed, notes: Sequence[Note]) -> None:
        """Write down that a feed is about to be sent, together with the intents that it carries."""
        ...

    def feed_noted(self, mark: str, *, feed_id: str | None = None, stage: str | None = None, ended_at: datetime | None = None) -> None:
        """What was learned of a feed of ours."""
        ...

    def intended(self, since: datetime, until: datetime, *, removals: bool) -> tuple[int, datetime | None]:
        """How many actions, of whichever plan, have their newest intent within the time, removals or all others; and the earliest of these moments."""
        ...

    def removals_under_way(self) -> Sequence[Deed]:
        """Removals of the account, of whichever plan, whose units may still be on their way out."""
        ...

    def feeds(self, feed_type: str, *, since: datetime | None = None) -> Sequence[SentFeed]:
        """Our feeds of that type, the newest first."""
        ...
