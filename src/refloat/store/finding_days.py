"""What day it is, in SQL: at one moment two marketplaces may have two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from refloat.store.finding_rows import Days
from refloat.store.sql import marks


def day_in_sql(marketplace: str, today: Days, of: Callable[[date], Any] = lambda day: day) -> tuple[str, list[Any]]:
    """The day in the marketplace that the column names, or what ``of`` makes of it; and its values."""
    places: dict[date, list[str]] = {}
    for place, day in sorted(today.elsewhere.items()):
        places.setdefault(day, []).append(place)
    cases = " ".join(f"WHEN {marketplace} IN ({marks(some)}) THEN %s" for some in places.values())
    values = [value for day, some in places.items() for value in (*some, of(day))]
    return (f"CASE {cases} ELSE %s END" if cases else "%s"), [*values, of(today.usual)]
