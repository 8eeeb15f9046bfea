"""Who has taken a removal deadline: of the date that Amazon names now, and of no other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from refloat.app.deadlines import taken_by
from refloat.store import DeadlineRow

AT = datetime(2026, 11, 22, tzinfo=UTC)
SOON, LATE = date(2026, 11, 29), date(2026, 12, 20)


def _step(due_on: date, step: int, by: str | None) -> DeadlineRow:
    return DeadlineRow(1, "US", "CUP", due_on, step, AT, by, AT if by else None, "")


def _store(due_on: date, *steps: DeadlineRow) -> Any:
    known = SimpleNamespace(id=1, marketplace="US", sku="CUP", now=SimpleNamespace(removal_due_on=due_on))
    return SimpleNamespace(strandings=SimpleNamespace(open_strandings=lambda _: (known,)), deadlines=SimpleNamespace(open_steps=lambda _: steps))


def test_of_one_date_the_nearest_step_counts() -> None:
    taken = _store(SOON, _step(SOON, 14, "A. Sample"), _step(SOON, 7, None))
    assert taken_by(taken, "sample") == {("US", "CUP"): None}
    assert taken_by(_store(SOON, _step(SOON, 14, None), _step(SOON, 7, "A. Sample")), "sample") == {("US", "CUP"): "A. Sample"}


def test_another_date_begins_anew_be_it_later_or_earlier() -> None:
    """Whoever took the twentieth has not taken the twenty-ninth before it."""
    assert taken_by(_store(SOON, _step(LATE, 14, "A. Sample"), _step(SOON, 7, None)), "sample") == {("US", "CUP"): None}
    assert taken_by(_store(LATE, _step(SOON, 7, "A. Sample"), _step(LATE, 14, None)), "sample") == {("US", "CUP"): None}
    assert taken_by(_store(LATE, _step(SOON, 7, "A. Sample")), "sample") == {}
