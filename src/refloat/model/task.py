"""A task: what only a person can do in Seller Central, with everything that the person needs for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

CONTRACT = "refloat.tasks/1"

#: How a task ends: what a person enters, or ``overtaken`` where nobody needs it any more.
Result = Literal["won", "refused", "no-answer", "done", "overtaken"]
ENTERED: tuple[Result, ...] = ("won", "refused", "no-answer", "done")
#: Of a paper: kept with the task, in the seller's register, there but too old, not there, or nobody keeps a register.
OnFile = Literal["attached", "on-file", "too-old", "missing", "unknown"]

#: The facts that a text may name. ``tried`` and ``attached`` are many: the line that names them is repeated.
FACTS = (
    "site", "sku", "asin", "fnsku", "title", "condition", "units", "said", "error_message", "stranded_on", "notice_on", "removal_due_on", "brand",
    "writer", "tried", "attached",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """The stranding that a task is about: facts only, in no language. None is unknown."""

    marketplace: str | None
    sku: str
    cause: str
    asin: str | None = None
    fnsku: str | None = None
    title: str | None = None
    condition: str | None = None
    #: Fulfillable and reserved.
    units: int | None = None
    said: str | None = None
    error_message: str | None = None
    stranded_on: date | None = None
    #: When Refloat first saw it; where Amazon says no day, the notices are looked for around this one.
    seen_on: date | None = None
    #: Amazon's own date for the removal; an estimate of ours never goes into a text for Amazon.
    removal_due_on: date | None = None
    #: The day of Amazon's e-mail about the removal, as the seller noted it.
    notice_on: date | None = None
    brand: str | None = None
    #: Who most likely changes our cures back: a code of ``curing.toml``, writer.
    writer: str | None = None
    #: Amazon, asked, named a restriction for this seller, ASIN and condition when the task was opened.
    restricted: bool | None = None

    def as_json(self) -> dict[str, Any]:
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def subject_of(said: Mapping[str, Any]) -> Subject:
    """The subject that ``as_json`` wrote."""
    days = {name: date.fromisoformat(said[name]) for name in ("stranded_on", "seen_on", "removal_due_on", "notice_on") if said.get(name)}
    return Subject(**{**said, **days})


@dataclass(frozen=True, slots=True)
class Tried:
    """Something that was done about the stranding before: by which request of ours, or with which result by a person."""

    on: date
    remedy: str
    request_id: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept with the task; ``paper`` names the line of the checklist that it fulfils."""

    name: str
    sha256: str
    size_bytes: int
    paper: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "sha256": self.sha256, "size_bytes": self.size_bytes, "paper": self.paper}


@dataclass(frozen=True, slots=True)
class Link:
    """A page of Amazon's for sellers. Not ``certain``: it is a page near the one meant, which ``where`` tells how to find."""

    where: str
    url: str
    certain: bool

    def as_json(self) -> dict[str, Any]:
        return {"where": self.where, "url": self.url, "certain": self.certain}


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of the checklist: a paper, and whether it is there. ``on``: its date, where the register says it."""

    paper: str
    text: str
    there: OnFile
    on: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {"paper": self.paper, "text": self.text, "there": self.there, "on": _day(self.on)}


@dataclass(frozen=True, slots=True)
class Draft:
    """A text for a person to read, change and send. ``asks``: what stands in it in [brackets], for the person to fill in."""

    text: str
    asks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "asks": list(self.asks)}


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which to look for Amazon's e-mail and performance notification; ``around``: what the middle is."""

    first: date
    last: date
    around: Literal["stranded", "seen"]

    def as_json(self) -> dict[str, Any]:
        return {"first": self.first.isoformat(), "last": self.last.isoformat(), "around": self.around}


@dataclass(frozen=True, slots=True)
class Term:
    """When a task was opened, when to ask again, and how it ended."""

    opened_on: date
    follow_up_on: date
    ended_on: date | None = None
    result: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One remedy for one stranding, done by hand. All texts are in ``language``."""

    id: int
    account: str | None
    subject: Subject
    remedy: str
    label: str
    cause_label: str
    language: str
    term: Term
    today: date
    steps: tuple[str, ...]
    links: tuple[Link, ...]
    window: Window | None
    checklist: tuple[Checked, ...]
    draft: Draft | None
    attachments: tuple[Attachment, ...] = ()
    #: The remedy that follows the result; None while it is open, and where nothing follows.
    next: str | None = None

    @property
    def overdue(self) -> bool:
        """It is open, and the day on which to ask again has come."""
        return self.term.ended_on is None and self.term.follow_up_on <= self.today

    @property
    def due_on(self) -> date:
        """The day that decides its place in the list: that on which to ask again, or Amazon's removal where it is sooner."""
        return min(self.term.follow_up_on, self.subject.removal_due_on or self.term.follow_up_on)

    def as_json(self) -> dict[str, Any]:
        return self.subject.as_json() | {
            "id": self.id,
            "account": self.account,
            "remedy": self.remedy,
            "label": self.label,
            "cause_label": self.cause_label,
            "language": self.language,
            "opened_on": self.term.opened_on.isoformat(),
            "follow_up_on": self.term.follow_up_on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "overdue": self.overdue,
            "steps": list(self.steps),
            "links": [link.as_json() for link in self.links],
            "window": None if self.window is None else self.window.as_json(),
            "checklist": [line.as_json() for line in self.checklist],
            "draft": None if self.draft is None else self.draft.as_json(),
            "attachments": [one.as_json() for one in self.attachments],
            "ended_on": _day(self.term.ended_on),
            "result": self.term.result,
            "note": self.term.note,
            "next": self.next,
        }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
