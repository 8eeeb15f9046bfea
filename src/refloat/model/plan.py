"""A plan: ordered actions, what they rest on, and what is left alone and why. Read by people, applied as approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from refloat.model.cure import Change, Field, Guard, Patch, Removal, Step
from refloat.model.finding import Automatic
from refloat.model.money import Money

CONTRACT = "refloat.plan/1"
#: Ends the id of an action that puts another one back.
BACK = "-back"
#: Fields that begin so count what is there; they are no value that anybody chooses.
_COUNTED = "units"


@dataclass(frozen=True)
class Action:
    """One remedy applied to one stranding. ``rests_on``: every value that it reads or overwrites, by name, as it was read."""

    id: str
    marketplace: str
    sku: str
    asin: str | None
    fnsku: str | None
    title: str | None
    units: int | None
    worth: Money | None
    removal_due_on: date | None
    said: str | None
    cause: str
    remedy: str
    mode: str | None
    safety: str
    irreversible: bool
    why: str
    steps: tuple[Step, ...]
    fields: tuple[Field, ...]
    undo: Change | None
    rests_on: Mapping[str, Any]
    amazon_will: tuple[Automatic, ...] = ()
    #: Why it needs a person although its remedy alone would be safe.
    asks: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything changes that the action reads, overwrites or sends."""
        return digest({"remedy": self.remedy, "sku": self.sku, "marketplace": self.marketplace, "steps": [step.as_json() for step in self.steps], "rests_on": self.rests_on})

    @property
    def substance(self) -> str:
        """The same cure of the same SKU with the same values, in whichever plan: what a person's no is about.

        Neither what it rests on nor how safe it is: who said no to a price, or to having the units back, has not said yes
        since one unit more lies there. The values are those that a person reads, not all that is sent beside them.
        """
        values = sorted((one.name, one.after) for one in self.fields if one.after is not None and not one.name.startswith(_COUNTED))
        return digest([self.marketplace, self.sku, self.remedy, values])

    def as_json(self) -> dict[str, Any]:
        plain = ("id", "marketplace", "sku", "asin", "fnsku", "title", "units", "said", "cause", "remedy", "mode", "safety", "irreversible", "why")
        return {name: getattr(self, name) for name in plain} | {
            "worth": None if self.worth is None else self.worth.as_json(),
            "removal_due_on": None if self.removal_due_on is None else self.removal_due_on.isoformat(),
            "steps": [step.as_json() for step in self.steps],
            "fields": [one.as_json() for one in self.fields],
            "undo": None if self.undo is None else self.undo.as_json(),
            "rests_on": dict(self.rests_on),
            "amazon_will": [one.as_json() for one in self.amazon_will],
            "asks": list(self.asks),
            "fingerprint": self.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A stranding on which nothing is done, and why: a guard, a hold, a wait, or a task for a person."""

    marketplace: str
    sku: str
    units: int | None
    cause: str
    remedy: str
    guard: Guard

    def as_json(self) -> dict[str, Any]:
        return {"marketplace": self.marketplace, "sku": self.sku, "units": self.units, "cause": self.cause, "remedy": self.remedy, "guard": self.guard.as_json()}


@dataclass(frozen=True, slots=True)
class Road:
    """How the listing changes of one marketplace travel: as single patches, or as a feed after the first few."""

    marketplace: str
    changes: int
    by: str
    #: From how many changes on a feed ends sooner, and the feed processing time that this rests on, in seconds.
    crossover: int
    feed_seconds: float
    feed_seconds_learned: bool
    expected_seconds: float

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True)
class Plan:
    """Ordered actions, the snapshots they rest on, a fingerprint."""

    id: str
    account: str
    made_at: datetime
    good_until: datetime
    actions: tuple[Action, ...]
    left_alone: tuple[LeftAlone, ...] = ()
    roads: tuple[Road, ...] = ()
    #: "US/stranded" → the moment that its snapshot shows.
    snapshots: Mapping[str, datetime] = field(default_factory=dict)
    lifted: tuple[str, ...] = ()
    language: str = "en"

    # Asked for before every wave, and of ten thousand actions a second's work.
    @cached_property
    def fingerprint(self) -> str:
        """What a person consents to: everything that the plan says."""
        return digest({name: value for name, value in self._said().items() if name != "fingerprint"})

    def as_json(self) -> dict[str, Any]:
        return self._said() | {"fingerprint": self.fingerprint}

    def _said(self) -> dict[str, Any]:
        return {
            "contract": CONTRACT,
            "id": self.id,
            "account": self.account,
            "made_at": self.made_at.isoformat(),
            "good_until": self.good_until.isoformat(),
            "language": self.language,
            "lifted": list(self.lifted),
            "snapshots": {name: at.isoformat() for name, at in self.snapshots.items()},
            "roads": [road.as_json() for road in self.roads],
            "actions": [action.as_json() for action in self.actions],
            "left_alone": [one.as_json() for one in self.left_alone],
        }


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON: the same value, the same text."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()).hexdigest()


def plan_of(said: Mapping[str, Any]) -> Plan:
    """The plan that ``as_json`` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is none, or its fingerprint is not that of what it says.
    """
    if said["contract"] != CONTRACT:
        raise ValueError(f"contract {said['contract']}")
    plan = Plan(
        id=said["id"],
        account=said["account"],
        made_at=datetime.fromisoformat(said["made_at"]),
        good_until=datetime.fromisoformat(said["good_until"]),
        actions=tuple(_action(one) for one in said["actions"]),
        left_alone=tuple(LeftAlone(**{**one, "guard": Guard(**one["guard"])}) for one in said["left_alone"]),
        roads=tuple(Road(**one) for one in said["roads"]),
        snapshots={name: datetime.fromisoformat(at) for name, at in said["snapshots"].items()},
        lifted=tuple(said["lifted"]),
        language=said["language"],
    )
    if plan.fingerprint != said["fingerprint"]:
        raise ValueError("fingerprint")
    return plan


def _action(said: Mapping[str, Any]) -> Action:
    plain = {name: value for name, value in said.items() if name != "fingerprint"}
    due, undo = said["removal_due_on"], said["undo"]
    return Action(
        **plain
        | {
            "worth": Money.from_json(said["worth"]),
            "removal_due_on": date.fromisoformat(due) if due else None,
            "steps": tuple(Step(change_of(one["change"]), one["wait_hours"], one["after"]) for one in said["steps"]),
            "fields": tuple(Field(**one) for one in said["fields"]),
            "undo": change_of(undo) if undo else None,
            "amazon_will": tuple(Automatic(one["do"], date.fromisoformat(one["on"]) if one["on"] else None, one["estimated"]) for one in said["amazon_will"]),
            "asks": tuple(said["asks"]),
        }
    )


def change_of(said: Mapping[str, Any]) -> Change:
    """The change that ``as_json`` wrote."""
    removal = said["removal"]
    return Change(said["kind"], said["product_type"], tuple(Patch(**one) for one in said["patches"]), said["requirements"], Removal(**removal) if removal else None)
