"""What the store hands out: plain frozen rows, never a model, so that a thread or a door can keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from refloat.model.task import Attachment

#: A SKU that strands again within so many days is the same stranding, come back.
MEMORY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account without its secrets."""

    id: int
    name: str
    region: str
    seller_id: str
    api_url: str | None
    token_url: str | None
    added_at: datetime
    rotated_at: datetime | None
    secret_issued_on: date | None


@dataclass(frozen=True, slots=True)
class Unsealed:
    """The secrets of an account in clear, never shown by accident; for the line to Amazon only."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One marketplace of an account, and when Amazon last said so."""

    marketplace: str
    participates: bool
    suspended: bool
    store_name: str | None
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """What one source showed at one moment; the bytes are asked for by ``snapshots.content``."""

    id: int
    account: str
    marketplace: str
    source: str
    observed_at: datetime
    sha256: str
    size_bytes: int
    charset: str | None
    whole: bool
    report_id: str | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How the last try at a source went. ``trouble_code`` None: it went well; ``last_good`` None: never yet."""

    marketplace: str
    source: str
    last_tried_at: datetime
    trouble_code: str | None
    trouble_text: str | None
    troubled_since: datetime | None
    last_good_at: datetime | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the caller concluded about an open stranding that the source no longer lists.

    ``outcome`` closes it, and says that there is positive proof; without one it stays open with ``standing``.
    """

    standing: str = "clearing"
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many strandings were opened, came back, changed, closed; the others are as they were."""

    opened: int
    came_back: int
    changed: int
    closed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class StandingRow:
    """What was known of a stranding from ``from_at`` until ``to_at``; None there means that it still holds."""

    from_at: datetime
    to_at: datetime | None
    standing: str
    symptom: str | None
    said: str | None
    cause: str | None
    remedy: str | None
    safety: str | None
    units_fulfillable: int | None
    units_unfulfillable: int | None
    units_reserved: int | None
    worth_amount: Decimal | None
    worth_currency: str | None
    removal_due_on: date | None
    title: str | None
    asin: str | None
    shown_buyable: bool | None


@dataclass(frozen=True, slots=True)
class StrandingRow:
    """One episode of one SKU, with what is known now; ``history`` also has what was known before."""

    id: int
    marketplace: str
    sku: str
    fnsku: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    times_back: int
    intervals: tuple[StandingRow, ...]

    @property
    def now(self) -> StandingRow:
        """The last that was known."""
        return self.intervals[-1]


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """Who approved which fingerprint, when; ``actions`` None: all of the plan's."""

    by: str
    at: datetime
    fingerprint: str
    actions: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in numbers: how many of its actions are approved, stand at each stage, have each verdict. ``good_until`` None: it is damaged."""

    id: str
    made_at: datetime
    good_until: datetime | None
    actions: int
    approved: int
    stages: Mapping[str, int]
    verdicts: Mapping[str, int]

    def count(self, *stages: str) -> int:
        """How many actions stand at one of these stages."""
        return sum(self.stages.get(stage, 0) for stage in stages)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as it stands on record; ``turn``: how often its stranding had come back when it was opened."""

    id: int
    stranding_id: int
    stranding_opened_at: datetime
    turn: int
    marketplace: str
    sku: str
    remedy: str
    recorded: str
    subject: dict[str, Any]
    opened_at: datetime
    follow_up_on: date
    ended_at: datetime | None
    result: str | None
    note: str
    attachments: tuple[Attachment, ...]

    def attachment(self, sha256: str, name: str | None = None) -> Attachment | None:
        """The file of these bytes; under that name, where it is kept under several and that is one of them."""
        own = [one for one in self.attachments if one.sha256 == sha256]
        return next((one for one in own if one.name == name), own[0] if own else None)


@dataclass(frozen=True, slots=True)
class EnteredRow:
    """A version of an account's policy or notes, as it was entered."""

    kind: str
    version: int
    hash: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """The open proposal: its plan, what it says in substance, and each action's decision."""

    plan_id: str
    substance: str
    opened_at: datetime
    decided: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A step of a removal deadline: so many days before Amazon's date; taken by a named person, or not yet."""

    stranding_id: int
    marketplace: str
    sku: str
    due_on: date
    step: int
    opened_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """What is due, when, who is at it, what it waits for, and how it went last; ``marketplace`` empty: the whole account; ``account`` None: the whole store."""

    id: int
    account: str | None
    marketplace: str
    kind: str
    due_at: datetime
    calls: int
    worker: str | None
    begun_at: datetime | None
    ended_at: datetime | None
    waits_for: str
    failures: int
    trouble_code: str | None
    trouble_text: str | None
    troubled_since: datetime | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the journal."""

    number: int
    at: datetime
    kind: str
    body: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One chain of the journal as it was walked; ``marketplace`` empty: of the whole account. ``broken`` None: it holds."""

    account: str
    marketplace: str
    entries: int
    head: str
    broken: int | None
    #: missing (a number is), altered (an entry says something else than its hash), moved (it does not follow the one before).
    how: str | None


@dataclass(frozen=True, slots=True)
class RestorationRow:
    """The store came back from a backup ``at``; ``backed_up_at``: the last moment that it then knew."""

    at: datetime
    backed_up_at: datetime | None
    sha256: str
