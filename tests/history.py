"""A made-up history of strandings, for tests of what would have been done about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from refloat.store import StandingRow, StrandingRow

BEGAN = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def known(from_hours: float, to_hours: float | None, **more: Any) -> StandingRow:
    """What was known of a closed offer, from so many hours after ``BEGAN`` to so many."""
    plain: dict[str, Any] = {
        "standing": "confirmed", "symptom": "listing-closed", "said": "Listing closed", "cause": "listing-closed", "remedy": "relist-offer", "safety": "safe", "units_fulfillable": 3,
        "units_unfulfillable": 0, "units_reserved": 0, "worth_amount": Decimal("45.24"), "worth_currency": "USD", "removal_due_on": None, "title": "A cup", "asin": "B0TEST0001", "shown_buyable": None,
    }  # fmt: skip
    to_at = None if to_hours is None else BEGAN + timedelta(hours=to_hours)
    return StandingRow(BEGAN + timedelta(hours=from_hours), to_at, **plain | more)


def stranding(number: int, *intervals: StandingRow, outcome: str | None = "cleared", marketplace: str = "US") -> StrandingRow:
    """An episode of these intervals; over with ``outcome`` where the last of them has ended."""
    back = sum(one.to_at != other.from_at for one, other in pairwise(intervals))
    closed = intervals[-1].to_at
    return StrandingRow(number, marketplace, f"SKU-{number}", "X0TEST0001", intervals[0].from_at, closed, outcome if closed else None, back, intervals)
