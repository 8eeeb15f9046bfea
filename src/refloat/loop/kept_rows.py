"""A diagnosed row as it was kept for pages, back as the row that it was: JSON has no days and no decimals, and leaves out what is unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from refloat.model.sighting import COLUMNS

#: Of the columns that a triage adds, those that are no texts, counts or flags.
_DAYS = ("removal_due_on", "removal_due_latest_on", "amazon_relist_on", "amazon_change_on", "planning_on")
_AMOUNTS = ("worth_amount", "cost_per_day", "cost_so_far", "aged_surcharge", "removal_cost", "storage_cost_next_month", "aged_surcharge_next", "aged_fee")


class KeptRow(dict[str, Any]):
    """What is not in it is unknown."""

    def __missing__(self, name: str) -> None:
        return None


def row_of(text: str) -> KeptRow:
    """The row.

    Raises:
        ValueError: it is none.
    """
    read = _readers()
    return KeptRow((name, read[name](value) if name in read else value) for name, value in json.loads(text).items() if value is not None)


@cache
def _readers() -> dict[str, Callable[[str], Any]]:
    kinds: dict[str, Callable[[str], Any]] = {"money": Decimal, "date": date.fromisoformat}
    own = {column.name: kinds[column.kind] for column in COLUMNS if column.kind in kinds}
    return own | dict.fromkeys(_DAYS, date.fromisoformat) | dict.fromkeys(_AMOUNTS, Decimal)
