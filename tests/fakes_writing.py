"""A small Amazon to write to, and a ledger in memory: for the loop's own tests."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.fakes import FakeLine
from tests.plans import MADE_AT, deed

from refloat.clock import SimulatedClock
from refloat.knowledge.messages import remark_text
from refloat.loop.act import Applied
from refloat.loop.hand import Hand
from refloat.model.cure import Change
from refloat.model.plan import Action, Plan
from refloat.model.ports import Answer, Deed, FeedState, Note, RemovalLine, RemovalOrder, SentFeed, Submission


class Killed(BaseException):
    """The process ends here."""


@dataclass
class FakeWriter:
    """Listings by SKU. A change shows ``lag`` seconds after it was sent; ``fails`` may raise before or after it took effect."""

    clock: SimulatedClock
    listings_by_sku: dict[str, dict[str, Any] | None]
    lag: float = 30
    feed_lag: float = 200
    #: Called with the operation, the SKU (or mark) and "before" or "after"; raises what goes wrong.
    fails: Callable[[str, str, str], None] = lambda *_: None
    invalid: set[str] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    removed: list[RemovalOrder] = field(default_factory=list)
    feeds: dict[str, tuple[str, str, datetime, list[tuple[str, Change]]]] = field(default_factory=dict)
    fatal: bool = False
    #: The FNSKU that listings show; None: they do not say.
    label: str | None = None
    pending: list[tuple[datetime, str, Change]] = field(default_factory=list)
    _settling: threading.Lock = field(default_factory=threading.Lock)

    def _settle(self) -> None:
        with self._settling:
            for due in [one for one in self.pending if one[0] <= self.clock.now()]:
                self.pending.remove(due)
                self._take(due[1], due[2])

    def _take(self, sku: str, change: Change) -> None:
        if sku in self.ignored:
            return
        if change.kind == "delete":
            self.listings_by_sku[sku] = None
            return
        body = self.listings_by_sku.get(sku) or {"sku": sku, "attributes": {}}
        attributes = dict(body["attributes"])
        for patch in change.patches:
            attributes[patch.attribute] = patch.after
        self.listings_by_sku[sku] = {**body, "attributes": {name: value for name, value in attributes.items() if value is not None}}

    def preview(self, sku: str, marketplace: str, change: Change) -> Submission:
        self.fails("preview", sku, "before")
        self.sent["preview", sku] += 1
        return self._answer(sku, "VALID")

    def submit(self, sku: str, marketplace: str, change: Change) -> Submission:
        self.fails("submit", sku, "before")
        self.sent["submit", sku] += 1
        answer = self._answer(sku, "ACCEPTED")
        if answer.accepted:
            self.pending.append((self.clock.now() + timedelta(seconds=self.lag), sku, change))
        self.fails("submit", sku, "after")
        return answer

    def _answer(self, sku: str, good: str) -> Submission:
        if sku in self.invalid:
            return Submission("INVALID", ({"severity": "ERROR", "message": f"{sku} is not valid."},))
        return Submission(good, submission_id=f"S-{sku}", request_id=f"Q-{sku}")

    def fitting(self, changes: Sequence[tuple[str, Change]]) -> Sequence[range]:
        return [range(at, min(at + 1000, len(changes))) for at in range(0, len(changes), 1000)]

    def send_feed(self, marketplace: str, changes: Sequence[tuple[str, Change]]) -> str:
        return self._feed("JSON_LISTINGS_FEED", marketplace, list(changes))

    def send_removal(self, marketplace: str, order: RemovalOrder) -> str:
        self.fails("removal", order.order_id, "before")
        self.removed.append(order)
        feed_id = self._feed("POST_FLAT_FILE_FBA_CREATE_REMOVAL", marketplace, [])
        self.fails("removal", order.order_id, "after")
        return feed_id

    def _feed(self, kind: str, marketplace: str, changes: list[tuple[str, Change]]) -> str:
        feed_id = f"F{len(self.feeds) + 1}"
        self.fails("feed", feed_id, "before") if changes else None
        self.feeds[feed_id] = (kind, marketplace, self.clock.now(), changes)
        for number, (sku, change) in enumerate(changes):
            self.sent["feed", sku] += 1
            if sku not in self.invalid and not (self.fatal and number % 2):
                self.pending.append((self.clock.now() + timedelta(seconds=self.feed_lag + self.lag), sku, change))
        self.fails("feed", feed_id, "after") if changes else None
        return feed_id

    def feed(self, feed_id: str) -> FeedState:
        kind, _, at, _ = self.feeds[feed_id]
        done = self.clock.now() - at >= timedelta(seconds=self.feed_lag)
        stage = ("FATAL" if self.fatal else "DONE") if done else "IN_PROGRESS"
        return FeedState(feed_id, kind, stage, at, self.clock.now() if done else None, feed_id if done else None)

    def recent_feeds(self, feed_type: str, marketplace: str, since: datetime) -> Sequence[FeedState]:
        return [self.feed(name) for name, (kind, place, at, _) in reversed(self.feeds.items()) if kind == feed_type and place == marketplace and at >= since]

    def feed_issues(self, document_id: str) -> Mapping[int, Submission]:
        return {number: self._answer(sku, "ACCEPTED") for number, (sku, _) in enumerate(self.feeds[document_id][3], 1) if sku in self.invalid}

    def removal_errors(self, document_id: str) -> Sequence[RemovalLine]:
        return [RemovalLine(sku, "E1", f"{sku} is not valid.") for sku in sorted(self.invalid)]

    def listings(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        self._settle()
        self.fails("listings", skus[0], "before")
        shown = {"summaries": [{"fnSku": self.label}]} if self.label else {}
        bodies = ((sku, self.listings_by_sku.get(sku)) for sku in skus)
        return [Answer(sku, body and {**body, **shown}, self.clock.now(), "Q") for sku, body in bodies]


@dataclass
class FakeLedger:
    """Remembers as the store does."""

    rows: dict[str, Deed]
    journal: list[tuple[str, str]] = field(default_factory=list)
    sent_feeds: list[SentFeed] = field(default_factory=list)
    elsewhere: list[Deed] = field(default_factory=list)

    def deeds(self, plan_id: str) -> Mapping[str, Deed]:
        return dict(self.rows)

    def note(self, plan_id: str, notes: Sequence[Note], at: datetime) -> None:
        for note in notes:
            row = self.rows[note.action_id]
            changed: dict[str, Any] = {"told": dict(note.told)}
            changed |= {"stage": note.stage, "at": at} if note.stage is not None else {}
            changed |= {"step": note.step} if note.step is not None else {}
            changed |= {"intended_at": at, "feed": note.feed, "tries": row.tries if note.step == row.step else 0} if note.kind == "intent" else {}
            changed |= {"tries": row.tries + 1} if note.kind == "unclear" else {}
            changed |= {"answered_at": at} if note.kind == "receipt" else {}
            self.rows[note.action_id] = replace(row, **changed)
            self.journal.append((note.action_id, note.kind))

    def feed_leaves(self, plan_id: str, feed: SentFeed, notes: Sequence[Note]) -> None:
        self.sent_feeds.append(feed)
        self.note(plan_id, notes, feed.sent_at)

    def feed_noted(self, mark: str, *, feed_id: str | None = None, stage: str | None = None, ended_at: datetime | None = None) -> None:
        learned = {name: value for name, value in {"feed_id": feed_id, "stage": stage, "ended_at": ended_at}.items() if value is not None}
        self.sent_feeds = [replace(one, **learned) if one.mark == mark else one for one in self.sent_feeds]

    def intended(self, since: datetime, until: datetime, *, removals: bool) -> tuple[int, datetime | None]:
        found = [row.intended_at for row in self.rows.values() if row.intended_at and since <= row.intended_at <= until and (row.remedy == "create-removal") == removals]
        return len(found), min(found, default=None)

    def removals_under_way(self) -> Sequence[Deed]:
        return [row for row in (*self.rows.values(), *self.elsewhere) if row.remedy == "create-removal" and row.stage in {"intended", "answered", "shown", "unclear"}]

    def feeds(self, feed_type: str, *, since: datetime | None = None) -> Sequence[SentFeed]:
        return [one for one in reversed(self.sent_feeds) if one.feed_type == feed_type]


def a_hand(plan: Plan, listings: Mapping[str, Any], **more: Any) -> tuple[Hand, FakeWriter, FakeLedger]:
    """A hand whose Amazon has these offers, by SKU."""
    clock = SimulatedClock(MADE_AT + timedelta(minutes=1))
    writer = FakeWriter(clock, {sku: {"sku": sku, "attributes": {"purchasable_offer": offer}} for sku, offer in listings.items()}, **more)
    ledger = FakeLedger(
        {action.id: _planned(action) for action in plan.actions}
    )  # fmt: skip
    line = FakeLine(clock, listings={sku: {"sku": sku, "summaries": [{"status": ["DISCOVERABLE"]}]} for sku in ledger_skus(plan)})
    return Hand(line, writer, ledger, clock), writer, ledger


def _planned(action: Action) -> Deed:
    return deed("planned", action_id=action.id, sku=action.sku, fnsku=action.fnsku, steps=len(action.steps), remedy=action.remedy, tries=0, intended_at=None, answered_at=None)


def said(applied: Applied) -> str:
    """Why the run stopped, in English; empty where it did not."""
    return remark_text(applied.stopped) if applied.stopped else ""


def ledger_skus(plan: Plan) -> list[str]:
    """Every SKU of the plan."""
    return [action.sku for action in plan.actions]
