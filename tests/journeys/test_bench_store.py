"""A small version of what ``script/bench store`` measures: our way and the naive one end with the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refloat.store import Recorded

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(autouse=True)
def bench_can_be_imported() -> Iterator[None]:
    """The benches are programs, not a package."""
    sys.path.insert(0, str(BENCH))
    yield
    sys.path.remove(str(BENCH))


def test_our_way_and_the_naive_one_know_the_same_afterwards() -> None:
    """Every SKU that is open, its standing, its units and its title; and ours says how many were new, gone and changed."""
    bench = __import__("store")
    day_1, day_2 = bench.frame(2_000, 1), bench.frame(2_000, 2)
    with bench.place(None) as at, bench.place(None) as beside:
        bench.naive_loaded(beside, day_1)
        _, known = bench.naive(beside, day_2)
        bench.loaded(at, day_1)
        _, told = bench.ours(at, day_2)
        assert told == Recorded(40, 0, 140, 0, 1_860)
        with at.store() as store:
            rows = {(row.sku, row.now.standing, row.now.units_fulfillable, row.now.title) for row in store.strandings.open_strandings("bench")}
    assert rows == known
    assert len(rows) == 2_040
