"""Small versions of what ``script/bench curing`` and ``script/soak`` measure: makespan, faults, kills."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(autouse=True)
def bench_can_be_imported() -> Iterator[None]:
    """The benches are programs, not a package."""
    sys.path.insert(0, str(BENCH))
    yield
    sys.path.remove(str(BENCH))


def _module(name: str) -> ModuleType:
    return __import__(name)


def test_a_plan_takes_little_more_than_amazons_rates_and_its_own_rules_demand() -> None:
    """On the simulated clock, with a network's latency: near what no client can beat, every action answered, and no 429."""
    figures = _module("curing").measured(60)
    assert (figures.stopped, figures.answered, figures.throttled) == (None, 60, 0)
    assert figures.bound <= figures.seconds <= 1.15 * figures.bound


def test_killed_and_struck_nothing_is_lost_sent_unwritten_or_removed_twice() -> None:
    """Two kills, every fault at 5 %: in the end every action has its verdict or its reason, and the world is as it would be."""
    killed = _module("killed_cures")
    told = killed.run(34, 2, killed.rates_of(0.05, shared=False), 2)
    assert told.wrong == []
    assert told.actions > 30
    assert sum(told.struck.values()) > 0
