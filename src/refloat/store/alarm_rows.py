"""What the store hands out of recipients, alarms and deliveries: plain frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from refloat.model.alarm import Wanted
from refloat.model.money import Money


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """A recipient that is to be added; ``url`` is the address in clear."""

    name: str
    url: str = field(repr=False)
    shown: str
    language: str = "en"
    timezone: str = "UTC"
    wanted: Wanted = field(default_factory=Wanted)
    digests: tuple[str, ...] = ()
    quiet: tuple[int, int] | None = None
    cleared: bool = True


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """A recipient without the address; ``shown`` is all that may be seen of it.

    ``quiet``: the hours of their day, from and until, in which only what is urgent is sent; ``cleared``: whether they
    are told when an alarm is over.
    """

    id: int
    name: str
    shown: str
    language: str
    timezone: str
    wanted: Wanted
    digests: tuple[str, ...]
    quiet: tuple[int, int] | None
    cleared: bool
    added_at: datetime


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm as it stands on record."""

    id: int
    account: str
    marketplace: str
    kind: str
    step: int | None
    facts: Mapping[str, Any]
    worth: tuple[Money, ...]
    raised_at: datetime
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    acknowledged_why: str
    snoozed_until: datetime | None
    snoozed_why: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message on its way, sent, given up or dropped; without an alarm it is a digest (``about``: its name and period)."""

    id: int
    recipient_id: int
    recipient: str
    alarm: AlarmRow | None
    about: str
    from_at: datetime | None
    until_at: datetime | None
    made_at: datetime
    tries: int
    next_try_at: datetime
    trouble: str | None
    ended_at: datetime | None
    ending: str | None
