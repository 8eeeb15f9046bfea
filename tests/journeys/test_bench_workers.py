"""A small version of what ``script/soak --workers`` measures: workers killed, PostgreSQL restarted, nothing lost, nothing twice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(autouse=True)
def bench_can_be_imported() -> Iterator[None]:
    """The benches are programs, not a package."""
    sys.path.insert(0, str(BENCH))
    yield
    sys.path.remove(str(BENCH))


def test_workers_are_killed_and_nothing_is_lost_or_done_twice() -> None:
    """Every account stands on record as its world has it, whoever began and whoever ended its look; what a policy names is sent once; no 429."""
    many = __import__("many_workers")
    told = many.run(many.Asked(accounts=10, workers=2, seconds=20, kill_seconds=8, worlds=2))
    assert told.wrong == []
    assert told.killed > 0
    assert (told.first, sum(sum(one.throttled.values()) for one in told.books)) == (9, 0)
    assert sum(sum(one.writes.values()) for one in told.books) > 0
