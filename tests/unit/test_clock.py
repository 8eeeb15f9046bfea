"""The clocks: that of the wall, and the one that jumps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from refloat.clock import SimulatedClock, WallClock, clock_of
from refloat.errors import WrongUse
from refloat.loop.lanes import side_by_side

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_sleeping_alone_moves_the_clock() -> None:
    """Nobody else is at work, so the clock jumps at once."""
    moved: list[datetime] = []
    clock = SimulatedClock(START, moved.append)
    clock.sleep(90)
    clock.sleep(0)
    clock.sleep(-5)
    assert clock.now() == START + timedelta(seconds=90)
    assert moved == [clock.now()]


def test_lanes_sleep_side_by_side() -> None:
    """Sixteen jobs of ten seconds in eight lanes take twenty seconds, however the threads happen to run."""
    clock = SimulatedClock(START)
    side_by_side(clock, [lambda: clock.sleep(10)] * 16)
    assert clock.now() == START + timedelta(seconds=20)


def test_queues_do_not_wait_for_each_other() -> None:
    """A slow queue beside a quick one: the whole takes as long as the slow one, and results keep their order."""
    clock = SimulatedClock(START)

    def job(seconds: float) -> float:
        clock.sleep(seconds)
        return seconds

    slow, quick = side_by_side(clock, [lambda: job(30.0)] * 2, [lambda s=s: job(s) for s in (3.0, 1.0, 2.0)], width=1)
    assert (slow, quick) == ([30.0, 30.0], [3.0, 1.0, 2.0])
    assert clock.now() == START + timedelta(seconds=60)


def test_the_clock_stands_while_somebody_works() -> None:
    """The sleeper of an hour does not wake before the worker of three times ten seconds has ended."""
    clock = SimulatedClock(START)
    seen: list[float] = []

    def worker() -> None:
        for _ in range(3):
            clock.sleep(10)
            seen.append((clock.now() - START).total_seconds())

    side_by_side(clock, [worker], [lambda: clock.sleep(3600)])
    assert seen == [10, 20, 30]
    assert clock.now() == START + timedelta(hours=1)


def test_a_failing_job_fails_the_whole_once_all_have_ended() -> None:
    """The error comes out, and no lane is left behind that would hold the clock for ever."""
    clock = SimulatedClock(START)
    ended: list[int] = []

    def fails() -> None:
        raise ValueError("sample")

    with pytest.raises(ValueError, match="sample"):
        side_by_side(clock, [fails], [lambda: (clock.sleep(5), ended.append(1))])
    assert ended == [1]
    clock.sleep(1)
    assert clock.now() == START + timedelta(seconds=6)


def test_no_jobs_take_no_time() -> None:
    """Nothing to do is done at once."""
    clock = SimulatedClock(START)
    assert side_by_side(clock, [], []) == [[], []]
    assert side_by_side(clock) == []
    assert clock.now() == START


def test_the_wall_clock_is_the_machines() -> None:
    """Its now lies between two looks at the machine's own clock; sleeping nothing returns."""
    before = datetime.now(UTC)
    clock = clock_of(None)
    assert isinstance(clock, WallClock)
    clock.sleep(0)
    assert before <= clock.now() <= datetime.now(UTC)


def test_an_address_where_nothing_answers_is_refused() -> None:
    """The message names the address and what to do."""
    with pytest.raises(WrongUse, match=r"http://127\.0\.0\.1:9"):
        clock_of("http://127.0.0.1:9")


def test_a_world_that_cannot_be_moved_wakes_every_sleeper() -> None:
    """Each of them raises what went wrong, nobody sleeps for ever, and whoever sleeps later hears it at once."""
    moved: list[datetime] = []

    def move(moment: datetime) -> None:
        moved.append(moment)
        raise WrongUse("The world is gone.")

    clock = SimulatedClock(START, move)

    def sleeper(lane: AbstractContextManager[None], seconds: float) -> str:
        with lane, pytest.raises(WrongUse) as gone:
            clock.sleep(seconds)
        return str(gone.value)

    pool = ThreadPoolExecutor(3)
    asleep = [pool.submit(sleeper, lane, seconds) for lane, seconds in zip(clock.lanes(3), (10.0, 20.0, 3600.0), strict=True)]
    try:
        assert [each.result(timeout=20) for each in asleep] == ["The world is gone."] * 3
    finally:
        # Whoever still sleeps must not hold up the other tests.
        pool.shutdown(wait=False, cancel_futures=True)
        for each in clock._sleepers:
            each.woken.set()
    with pytest.raises(WrongUse, match="gone"):
        clock.sleep(5)
    assert (clock.now(), len(moved)) == (START, 1)


def test_a_simulator_that_goes_away_is_said_by_its_address() -> None:
    """In the same words as one that never answered; not as an error of the network."""
    with _a_world() as url:
        clock = clock_of(url)
        clock.sleep(60)
    for _ in range(2):
        with pytest.raises(WrongUse, match=url) as gone:
            clock.sleep(60)
        assert "refloat simulate" in gone.value.todo
    assert clock.now() == START + timedelta(seconds=60)


@contextmanager
def _a_world() -> Iterator[str]:
    """A world that says what time it is and lets itself be moved, until the block ends."""

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"now": START.isoformat()}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
