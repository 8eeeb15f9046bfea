"""The pacing gate: never more than the burst and the rate allow, however many ask."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from refloat.model.ports import Gate
from refloat.store import Store

RATE, BURST = 2.0, 3


def test_a_burst_goes_at_once_and_then_the_rate_counts(store: Store, start: datetime) -> None:
    """Three at once, and from then on one every half second."""
    gate: Gate = store.gate
    assert [gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) for _ in range(6)] == pytest.approx([0, 0, 0, 0.5, 1.0, 1.5], abs=1e-6)


def test_a_bucket_fills_again(store: Store, start: datetime) -> None:
    """After a rest the burst is there again, and no more than the burst."""
    for _ in range(5):
        store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start)
    later = start + timedelta(hours=1)
    assert [store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, later) > 0 for _ in range(4)] == [False, False, False, True]


def test_accounts_and_operations_do_not_wait_for_each_other(store: Store, start: datetime) -> None:
    """Amazon counts each (account, operation) apart."""
    for _ in range(9):
        store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start)
    assert store.gate.reserve("A0OTHER", "getReport", RATE, BURST, start) == 0
    assert store.gate.reserve("A0MADEUP", "getReports", RATE, BURST, start) == 0


def test_a_429_empties_the_bucket(store: Store, start: datetime) -> None:
    """The next place lies one interval away, although the burst was not used up."""
    store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start)
    store.gate.throttled("A0MADEUP", "getReport", start)
    assert store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) == pytest.approx(1 / RATE, abs=1e-6)


def test_a_learned_rate_counts_at_once_and_frees_no_place(store: Store, start: datetime) -> None:
    """A lower rate makes everyone wait longer; it never gives back a burst that was used up."""
    for _ in range(3):
        store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start)
    store.gate.learned("A0MADEUP", "getReport", 0.5)
    assert [store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) for _ in range(2)] == pytest.approx([2.0, 4.0], abs=1e-6)


def test_learning_the_same_rate_or_about_a_stranger_changes_nothing(store: Store, start: datetime) -> None:
    """Every answer names its rate, so this happens all the time."""
    store.gate.learned("A0MADEUP", "getReport", RATE)
    store.gate.throttled("A0MADEUP", "getReport", start)
    assert [store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) for _ in range(3)] == [0, 0, 0]
    store.gate.learned("A0MADEUP", "getReport", RATE)
    assert store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) == pytest.approx(0.5, abs=1e-6)


def test_a_clock_that_is_ahead_keeps_nobody_waiting(store: Store, start: datetime) -> None:
    """A worker whose clock is a day ahead took five places: the others wait for those five, not for tomorrow."""
    for _ in range(5):
        store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start + timedelta(days=1))
    assert [store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) for _ in range(2)] == pytest.approx([1.5, 2.0], abs=1e-6)


def test_a_429_forgets_a_clock_that_was_ahead(store: Store, start: datetime) -> None:
    """Told at a moment of its own it would else write down a full bucket of tomorrow as one of today."""
    store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start + timedelta(days=1))
    store.gate.throttled("A0MADEUP", "getReport", start)
    assert store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) == pytest.approx(1 / RATE, abs=1e-6)


@pytest.mark.parametrize("ahead", [0.005, 1.0, 59.0])
def test_clocks_that_differ_a_little_stay_within_the_rate(store: Store, start: datetime, ahead: float) -> None:
    """Two workers take turns, a place each half second: every place beyond the burst still costs its half second."""
    places = []
    for turn in range(40):
        offset = turn // 2 * 0.5 + (ahead if turn % 2 else 0.0)
        places.append(offset + store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start + timedelta(seconds=offset)))
    assert sorted(places)[-1] >= (40 - BURST) / RATE - 1e-6


def test_eight_threads_never_get_more_than_the_bucket_holds(store: Store, start: datetime) -> None:
    """Eight threads take 200 places, each at its own moment: in no stretch of time more than burst + rate x time."""
    taken: list[float] = []
    lock = threading.Lock()

    def take(number: int) -> None:
        with store.connection_closed():
            for turn in range(25):
                offset = (turn * 8 + number) * 0.05
                wait = store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start + timedelta(seconds=offset))
                with lock:
                    taken.append(offset + wait)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments = sorted(taken)
    assert len(moments) == 200
    assert [(i, j) for i in range(200) for j in range(i, 200) if j - i + 1 > BURST + RATE * (moments[j] - moments[i]) + 1 + 1e-6] == []
    # None lies unused either: the last place is where an ideal bucket would put it.
    assert moments[-1] <= (200 - BURST) / RATE + 0.5
