"""Alarms: what somebody should know, as codes and facts. The words are made for each reader, in their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from refloat.model.money import Money

Kind = Literal["stranded", "stranded-long", "deadline", "verdict", "came-back", "other-writer", "account-trouble", "source-unknown", "not-looked"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Kinds with steps: ``up``, the longer it lasts; ``down``, the nearer it comes. What counts: days or hours.
LADDERS: Mapping[str, tuple[str, str]] = {"stranded-long": ("up", "days"), "deadline": ("down", "days"), "source-unknown": ("up", "hours"), "not-looked": ("up", "hours")}
#: The step of what is overdue.
OVERDUE = -1
#: Where trouble of a whole account stands among its sources: no marketplace, and this name.
ACCOUNT_SOURCE = "account"

Digest = Literal["daily", "weekly", "monthly"]
DIGESTS: tuple[Digest, ...] = get_args(Digest)


@dataclass(frozen=True, slots=True)
class Stranded:
    """An open stranding, as far as an alarm needs it. ``turn``: how often it came back; ``since``: since when what is known has held."""

    id: int
    turn: int
    marketplace: str
    sku: str
    fnsku: str | None
    opened_at: datetime
    since: datetime
    standing: str
    cause: str | None
    remedy: str | None
    units: int | None
    worth: Money | None
    removal_due_on: date | None


@dataclass(frozen=True, slots=True)
class Failed:
    """An action of ours that did not do what it should: its verdict, ``refused`` or ``unclear``. ``by``: who took it back, where that is known."""

    plan_id: str
    action_id: str
    marketplace: str
    sku: str
    remedy: str
    word: str
    stranding_id: int | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that cannot be had, since when, and why; of the whole account: no marketplace, ``ACCOUNT_SOURCE``."""

    marketplace: str
    source: str
    code: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to tell. ``members`` name what it is about, one by one, so that none of them is told twice; no marketplace: the whole account."""

    kind: Kind
    marketplace: str
    members: tuple[str, ...]
    facts: Mapping[str, Any]
    worth: tuple[Money, ...] = ()
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one person wants to be told. None: all of them; ``least_worth``: one amount a currency; ``steps``: kind → their own."""

    accounts: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    least_worth: tuple[Money, ...] = ()
    steps: Mapping[str, tuple[int, ...]] | None = None


def step_of(kind: str, steps: Sequence[int], value: float) -> int | None:
    """On which step of the ladder ``value`` stands; None: on none.

    >>> step_of("deadline", [14, 7, 3, 1], 5), step_of("deadline", [14, 7], 20), step_of("deadline", [7], -2), step_of("stranded-long", [14, 30], 29)
    (7, None, -1, 14)
    """
    if LADDERS[kind][0] == "down":
        return OVERDUE if value < 0 else min((step for step in steps if value <= step), default=None)
    return max((step for step in steps if value >= step), default=None)
