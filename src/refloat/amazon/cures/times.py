"""Days as a seller means them, and as a person reads them."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from refloat.amazon.cures.attributes import place
from refloat.model.cure import Case, Field


def today(case: Case) -> date:
    """Today where the goods are sold."""
    return case.now.astimezone(ZoneInfo(place(case).timezone)).date()


def start_of(case: Case, day: date) -> datetime:
    """The first moment of a day where the goods are sold."""
    return datetime.combine(day, time(), ZoneInfo(place(case).timezone))


def field(name: str, before: datetime | None, after: datetime | None) -> Field:
    """A moment now and then, as texts to the minute, in UTC as Amazon keeps them."""
    return Field(name, _text(before), _text(after))


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M} UTC"
