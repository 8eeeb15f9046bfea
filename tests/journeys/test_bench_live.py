"""Small versions of what ``script/bench live`` measures: makespan, faults, kills."""

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


def test_a_pass_takes_little_more_than_amazons_rates_demand() -> None:
    """On the simulated clock, with a network's latency: within a tenth of what no client can beat, and no 429."""
    figures = _module("observing").measured(300, share=0.3)
    assert figures.bound <= figures.seconds <= 1.10 * figures.bound
    assert figures.throttled == 0


def test_every_fault_at_once_makes_nothing_wrong() -> None:
    """Eight passes with every fault at 10 %: no crash, no wrong "cleared", no lost snapshot, and faults did strike."""
    tally = _module("faulty_passes").run(8, 0.1, skus=20, seed=4)
    assert tally.wrong == []
    assert tally.passes == 8
    assert tally.opened > 0
    assert sum(tally.struck.values()) > 50


def test_a_killed_pass_goes_on_cleanly() -> None:
    """Two passes killed by SIGKILL at seeded calls: the next one ends as if nothing had happened, and orders no report twice."""
    told = _module("killed_passes").run(2, seed=2)
    assert told.wrong == []
    assert told.killed == 2
