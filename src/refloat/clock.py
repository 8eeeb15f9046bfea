"""The clocks behind the port: the wall's, and one that a simulator keeps."""

from __future__ import annotations

import heapq
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException

from refloat.errors import WrongUse

#: A large world on a busy machine plays a few days in minutes, and whoever asks for the time meanwhile waits for it.
_ANSWER_SECONDS = 600


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        if seconds > 0:
            time.sleep(seconds)

    def lanes(self, count: int) -> Sequence[AbstractContextManager[None]]:
        """Nothing to count: the wall's clock moves by itself."""
        return [nullcontext()] * count


@dataclass(order=True)
class _Sleeper:
    wakes_at: datetime
    number: int
    in_lane: bool = field(compare=False)
    woken: threading.Event = field(compare=False, default_factory=threading.Event)


class SimulatedClock:
    """A clock that jumps: when every lane sleeps, it moves to the first that is to wake.

    So hours of waiting cost no time, and lanes that work side by side still do so on the clock's time.
    ``move`` tells the world behind it every moment that the clock moves to. A clock whose world could not
    be moved stands still for good: every sleep raises what ``move`` raised, the sleeps under way too.
    """

    def __init__(self, start: datetime, move: Callable[[datetime], None] = lambda _: None, ask: Callable[[], datetime] | None = None) -> None:
        self._now, self._move, self._ask = start, move, ask
        self._lock = threading.Lock()
        self._sleepers: list[_Sleeper] = []
        self._working = 0
        self._count = 0
        self._stopped_by: BaseException | None = None
        self._own = threading.local()

    def now(self) -> datetime:
        """The simulated moment, in UTC."""
        with self._lock:
            return self._now

    def catch_up(self) -> None:
        """Move to the moment of the world behind the clock, which others may have moved on. It never moves back."""
        if self._ask is not None:
            moment = self._ask()
            with self._lock:
                self._now = max(self._now, moment)
                self._wake_until(self._now)

    def sleep(self, seconds: float) -> None:
        """Return when the clock has moved on by ``seconds``.

        Raises:
            Exception: what ``move`` raised, here or in another lane.
        """
        if seconds <= 0:
            return
        with self._lock:
            self._raise_if_stopped()
            self._count += 1
            sleeper = _Sleeper(self._now + timedelta(seconds=seconds), self._count, getattr(self._own, "lane", False))
            heapq.heappush(self._sleepers, sleeper)
            self._working -= sleeper.in_lane
            self._jump_if_idle()
        sleeper.woken.wait()
        self._raise_if_stopped()

    def lanes(self, count: int) -> Sequence[AbstractContextManager[None]]:
        """Counted at once, so that the first to start does not run ahead of those that start later."""
        with self._lock:
            self._working += count
        return [self._lane() for _ in range(count)]

    @contextmanager
    def _lane(self) -> Iterator[None]:
        self._own.lane = True
        try:
            yield
        finally:
            self._own.lane = False
            with self._lock:
                self._working -= 1
                self._jump_if_idle()

    def _jump_if_idle(self) -> None:
        """Move to the first sleeper's moment, and wake all whose moment that is; the lock is held."""
        if self._working or not self._sleepers:
            return
        moment = max(self._now, self._sleepers[0].wakes_at)
        try:
            self._move(moment)
        except BaseException as error:  # whatever it is: each sleeper raises it, or would sleep for ever
            self._stopped_by = error
            self._wake_until(datetime.max.replace(tzinfo=UTC))
        else:
            self._now = moment
            self._wake_until(moment)

    def _wake_until(self, moment: datetime) -> None:
        """Wake everybody who is to wake by then; the lock is held."""
        while self._sleepers and self._sleepers[0].wakes_at <= moment:
            sleeper = heapq.heappop(self._sleepers)
            # Counted here, not by the sleeper: another one that falls asleep first must not move the clock past it.
            self._working += sleeper.in_lane
            sleeper.woken.set()

    def _raise_if_stopped(self) -> None:
        if self._stopped_by is not None:
            raise self._stopped_by


def clock_of(url: str | None) -> WallClock | SimulatedClock:
    """The wall's clock; or that of the simulator which is served at ``url``, whose world moves when we sleep.

    Raises:
        WrongUse: nothing answers there as a simulator does.
    """
    if url is None:
        return WallClock()
    return SimulatedClock(_moment(url), lambda moment: _advance(url, moment), lambda: _moment(url))


def _moment(url: str) -> datetime:
    """The moment of the simulator's world.

    Raises:
        WrongUse: it does not answer, or not as a simulator does.
    """
    try:
        with urllib.request.urlopen(f"{url}/_world/now", timeout=_ANSWER_SECONDS) as answer:  # noqa: S310 - the address is a setting
            return datetime.fromisoformat(json.load(answer)["now"])
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise _no_simulator(url, error) from error


def _advance(url: str, moment: datetime) -> None:
    """Move the simulator's world.

    Raises:
        WrongUse: it does not answer any more.
    """
    body = json.dumps({"to": moment.isoformat()}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/_world/advance", data=body), timeout=_ANSWER_SECONDS) as answer:  # noqa: S310
            answer.read()
    except (OSError, HTTPException) as error:
        raise _no_simulator(url, error) from error


def _no_simulator(url: str, error: Exception) -> WrongUse:
    return WrongUse(
        "No simulator answers at {url}: {error}.",
        why="REFLOAT_CLOCK_URL names it as the clock.",
        todo="Start it (refloat simulate), or unset REFLOAT_CLOCK_URL.",
        url=url,
        error=error,
    )
