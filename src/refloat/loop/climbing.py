"""A removal deadline climbs, step by step, until somebody takes it: 14, 7, 3, 1 days before Amazon's date."""

from __future__ import annotations

from datetime import date

from refloat.knowledge.tables import table


def step_at(due_on: date | None, today: date) -> int | None:
    """The step that the deadline has reached, in days before it; None while it is far, or no date is known. Overdue stays at the last."""
    if due_on is None:
        return None
    left = (due_on - today).days
    return min((step for step in table("policies/deadlines")["steps"] if left <= step), default=None)
