"""What people asked and entered at the pages, as the store hands it out: plain rows, as ``store.rows``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refloat.model.remark import Remark


@dataclass(frozen=True, slots=True)
class SkuNoteRow:
    """``kind``: hold, opt-out, price; ``marketplace`` empty: in every one of the account."""

    marketplace: str
    sku: str
    kind: str
    value: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What is entered about one SKU. ``value`` None: what was entered before holds no more. ``place``: in whose chain of the journal it stands."""

    sku: str
    value: str | None
    marketplace: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """``how`` None: it has not ended; then ``lives`` says whether its process is at it, or died with it."""

    id: int
    plan_id: str
    by: str
    at: datetime
    worker: str
    told: Remark | None
    told_at: datetime | None
    stop_by: str | None
    stop_at: datetime | None
    ended_at: datetime | None
    how: str | None
    why: Remark | None
    next_at: datetime | None
    lives: bool


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """Who refused an action of a plan, when, and why."""

    action: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """Who asked for a plan, when, and for what."""

    by: str
    at: datetime
    asked: dict[str, Any]
