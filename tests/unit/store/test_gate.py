"""The pacing gate: never more than the burst and the rate allow, however many ask."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest

from refloat.clock import SimulatedClock
from refloat.config import Config
from refloat.model.ports import Gate
from refloat.store import Store

RATE, BURST = 2.0, 3


def taken(gate: Gate, now: datetime, operation: str = "getReport", account: str = "A0MADEUP") -> float:
    """Ask until a place is taken, as one does who sleeps in between; how many seconds from ``now`` it lies."""
    slept, got = 0.0, False
    while not got:
        got, seconds = gate.reserve(account, operation, RATE, BURST, now + timedelta(seconds=slept))
        slept += seconds
    return slept


def test_a_burst_goes_at_once_and_then_the_rate_counts(store: Store, start: datetime) -> None:
    """Three at once, and from then on one every half second."""
    gate: Gate = store.gate
    assert [taken(gate, start) for _ in range(6)] == pytest.approx([0, 0, 0, 0.5, 1.0, 1.5], abs=1e-6)


def test_a_bucket_fills_again(store: Store, start: datetime) -> None:
    """After a rest the burst is there again, and no more than the burst."""
    for _ in range(5):
        taken(store.gate, start)
    later = start + timedelta(hours=1)
    assert [taken(store.gate, later) > 0 for _ in range(4)] == [False, False, False, True]


def test_accounts_and_operations_do_not_wait_for_each_other(store: Store, start: datetime) -> None:
    """Amazon counts each (account, operation) apart."""
    for _ in range(9):
        taken(store.gate, start)
    assert taken(store.gate, start, account="A0OTHER") == 0
    assert taken(store.gate, start, "getReports") == 0


def test_a_429_empties_the_bucket(store: Store, start: datetime) -> None:
    """The next place lies one interval away, although the burst was not used up."""
    taken(store.gate, start)
    store.gate.throttled("A0MADEUP", "getReport", start)
    assert taken(store.gate, start) == pytest.approx(1 / RATE, abs=1e-6)


def test_a_learned_rate_counts_at_once_and_frees_no_place(store: Store, start: datetime) -> None:
    """A lower rate makes everyone wait longer; it never gives back a burst that was used up."""
    for _ in range(3):
        taken(store.gate, start)
    store.gate.learned("A0MADEUP", "getReport", 0.5)
    assert [taken(store.gate, start) for _ in range(2)] == pytest.approx([2.0, 4.0], abs=1e-6)


def test_learning_the_same_rate_or_about_a_stranger_changes_nothing(store: Store, start: datetime) -> None:
    """Every answer names its rate, so this happens all the time."""
    store.gate.learned("A0MADEUP", "getReport", RATE)
    store.gate.throttled("A0MADEUP", "getReport", start)
    assert [taken(store.gate, start) for _ in range(3)] == [0, 0, 0]
    store.gate.learned("A0MADEUP", "getReport", RATE)
    assert taken(store.gate, start) == pytest.approx(0.5, abs=1e-6)


def test_a_clock_that_is_ahead_keeps_nobody_waiting(store: Store, start: datetime) -> None:
    """A worker whose clock is a day ahead took five places: the others wait for those five, not for tomorrow."""
    for _ in range(5):
        taken(store.gate, start + timedelta(days=1))
    assert [taken(store.gate, start) for _ in range(2)] == pytest.approx([1.5, 2.0], abs=1e-6)


def test_a_429_forgets_a_clock_that_was_ahead(store: Store, start: datetime) -> None:
    """Told at a moment of its own it would else write down a full bucket of tomorrow as one of today."""
    taken(store.gate, start + timedelta(days=1))
    store.gate.throttled("A0MADEUP", "getReport", start)
    assert taken(store.gate, start) == pytest.approx(1 / RATE, abs=1e-6)


@pytest.mark.parametrize("ahead", [0.005, 1.0, 59.0])
def test_clocks_that_differ_a_little_stay_within_the_rate(store: Store, start: datetime, ahead: float) -> None:
    """Two workers take turns, a place each half second: every place beyond the burst still costs its half second."""
    places = []
    for turn in range(40):
        offset = turn // 2 * 0.5 + (ahead if turn % 2 else 0.0)
        places.append(offset + taken(store.gate, start + timedelta(seconds=offset)))
    assert sorted(places)[-1] >= (40 - BURST) / RATE - 1e-6


def test_who_is_killed_while_waiting_leaves_no_queue(store: Store, start: datetime) -> None:
    """Forty lanes want to order a report, at one a minute, and are killed: the next pass waits for one place, not for forty."""
    answers = [store.gate.reserve("A0MADEUP", "createReport", 1 / 60, 14, start) for _ in range(40)]
    assert [answer for answer in answers if answer.taken] == [(True, 0.0)] * 14
    assert 0 < max(answer.seconds for answer in answers) < 60
    assert taken(store.gate, start, "createReport") == pytest.approx(60, abs=1e-6)


def test_within_five_seconds_who_asks_first_is_served_first(store: Store, start: datetime) -> None:
    """Ten places at two a second lie near, so nobody is sent away to be overtaken; the eleventh is sent away."""
    answers = [store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, start) for _ in range(BURST + 11)]
    assert [answer.taken for answer in answers] == [True] * (BURST + 10) + [False]
    assert [answer.seconds for answer in answers[BURST:-1]] == pytest.approx([0.5 * turn for turn in range(1, 11)], abs=1e-6)


def test_a_place_that_is_not_near_can_be_had_once_it_is(store: Store, start: datetime) -> None:
    """Whoever asks again when it was told to finds its place before it has passed; also where a clock was ahead."""
    for ahead in (timedelta(days=1), timedelta(0)):
        for _ in range(14):
            store.gate.reserve("A0MADEUP", f"createReport{ahead.days}", 1 / 60, 14, start + ahead)
        told = store.gate.reserve("A0MADEUP", f"createReport{ahead.days}", 1 / 60, 14, start)
        assert not told.taken
        again = store.gate.reserve("A0MADEUP", f"createReport{ahead.days}", 1 / 60, 14, start + timedelta(seconds=told.seconds))
        assert again.taken
        assert told.seconds + again.seconds == pytest.approx(60, abs=1e-5)
        assert again.seconds > 0.1


def test_eight_lanes_never_get_more_than_the_bucket_holds(store: Store, start: datetime) -> None:
    """Eight lanes take 200 places: in no stretch of time more than burst + rate x time."""
    clock, moments = SimulatedClock(start), list[float]()

    def take(lane: AbstractContextManager[None]) -> None:
        with lane, store.connection_closed():
            for _ in range(25):
                got = False
                while not got:
                    got, seconds = store.gate.reserve("A0MADEUP", "getReport", RATE, BURST, clock.now())
                    clock.sleep(seconds)
                moments.append((clock.now() - start).total_seconds())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, clock.lanes(8)))
    moments.sort()
    assert len(moments) == 200
    assert [(i, j) for i in range(200) for j in range(i, 200) if j - i + 1 > BURST + RATE * (moments[j] - moments[i]) + 1 + 1e-6] == []
    # None lies unused either: the last place is where an ideal bucket would put it.
    assert moments[-1] <= (200 - BURST) / RATE + 0.5


_TAKER = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from refloat.config import Config
from refloat.store import opened
start, slept, places = datetime.fromisoformat(sys.argv[3]), 0.0, []
with opened(Config(None, "en", home=Path(sys.argv[1]), database_url=sys.argv[2] or None)) as store:
    for _ in range(40):
        got = False
        while not got:
            got, seconds = store.gate.reserve("A0MADEUP", "getReport", 2.0, 3, start + timedelta(seconds=slept))
            slept += seconds
        places.append(slept)
print(*places)
"""


def test_processes_share_one_bucket(store: Store, config: Config, start: datetime) -> None:
    """Three processes, each with a clock that stands still unless it waits, take 120 places: together never more than one bucket."""
    command = [sys.executable, "-c", _TAKER, str(config.home), config.database_url or "", start.isoformat()]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    places = sorted(float(place) for process in started for place in process.communicate()[0].split())
    assert len(places) == 120
    # The places beyond the burst are half a second apart, whoever took them.
    assert [place for place in places if place == 0.0] == [0.0] * BURST
    assert places[-1] == pytest.approx((120 - BURST) / RATE, abs=1e-3)
