"""How fast each operation may be called, and the waiting for it. The gate behind the port counts; here only the numbers are chosen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

from refloat.knowledge.tables import table
from refloat.model.ports import Clock, Gate

_HEADER = "x-amzn-ratelimit-limit"
#: A header that differs by less is the same rate, rounded.
_SAME = 0.01


class Pace(NamedTuple):
    """Amazon's rate a second and burst for one operation."""

    rate: float
    burst: int


@cache
def pace(operation: str) -> Pace:
    """What ``limits.toml`` says about the operation."""
    row = table("limits")["rates"][operation]
    return Pace(float(row["rate"]), row["burst"])


def setting(name: str) -> Any:
    """One number of how the line behaves (``limits.toml``, section line)."""
    return table("limits")["line"][name]


def told(headers: Mapping[str, str]) -> float | None:
    """The rate that the answer names; None where it names none, or nonsense. Amazon sends it on best effort."""
    try:
        rate = float(headers.get(_HEADER, ""))
    except ValueError:
        return None
    return rate if math.isfinite(rate) and rate > 0 else None


class _Spaced(NamedTuple):
    """When the last call of an operation left, and when the next one may; seconds since 1970."""

    left: float
    following: float


class Pacer:
    """Waits for one account before each call, and passes on what the answers tell about the rates.

    The gate stores what we *use*: Amazon's rate times ``paced``, and one place less than the burst. The
    spare covers clocks and networks that are not quite even.
    """

    def __init__(self, gate: Gate, account: str, clock: Clock) -> None:
        self._gate, self._account, self._clock = gate, account, clock
        self._share: float = setting("paced")
        self._told: dict[str, float] = {}
        self._spaced: dict[str, _Spaced] = {}
        self._lock = Lock()

    def wait(self, operation: str, look: Callable[[], object] = lambda: None) -> None:
        """Return when the operation may be called. A place that lies far ahead is not taken, so it is asked for again and again.

        ``look`` is called each time before: when it raises, nobody waits any longer, and no place is lost.
        """
        rate, burst = pace(operation)
        taken = False
        while not taken:
            look()
            taken, seconds = self._gate.reserve(self._account, operation, self._paced(operation, rate), max(1, burst - 1), self._clock.now())
            self._clock.sleep(seconds)

    def leaving(self, operation: str) -> float:
        """The moment at which a call leaves that has its place. One of a burst of one first waits until Amazon has surely counted the one before.

        The gate hands out places in time; how long a call is on its way, only its answer tells. A slow one, and a fast
        one behind it, would reach Amazon closer together than they left.
        """
        now = self._clock.now().timestamp()
        if pace(operation).burst > 1:
            return now
        unanswered = 1 / self._paced(operation, pace(operation).rate)
        with self._lock:
            before = self._spaced.get(operation)
            # Never longer than for one call: a clock that was set back would be waited for.
            at = now if before is None else max(now, min(before.following, now + unanswered))
            self._spaced[operation] = _Spaced(at, at + unanswered)
        self._clock.sleep(at - now)
        return at

    def met(self, operation: str, left: float) -> None:
        """Amazon answered the call that left then: it was counted about half way between, so the next need not keep clear of the whole of it."""
        with self._lock:
            last = self._spaced.get(operation)
            if last is not None and last.left == left:
                counted = (left + self._clock.now().timestamp()) / 2
                following = counted + 1 / (pace(operation).rate * self._share) + setting("uneven_answered_seconds")
                self._spaced[operation] = _Spaced(left, following)

    def throttled(self, operation: str) -> None:
        """Amazon said 429."""
        self._gate.throttled(self._account, operation, self._clock.now())

    def answered(self, operation: str, headers: Mapping[str, str]) -> None:
        """Take in the rate that the answer names, where it is another one than we count with."""
        rate = told(headers)
        if rate is not None and self._is_new(operation, rate):
            self._gate.learned(self._account, operation, self._paced(operation, rate))

    def _paced(self, operation: str, rate: float) -> float:
        """What we use of a rate. A burst of one has no place to spare, so the unevenness of the network is spared in time."""
        spared = rate * self._share
        return 1 / (1 / spared + setting("uneven_seconds")) if pace(operation).burst == 1 else spared

    def _is_new(self, operation: str, rate: float) -> bool:
        with self._lock:
            expected = self._told.get(operation)
            if expected is not None and abs(rate - expected) <= _SAME * expected:
                return False
            # Of the first answer we cannot know: the gate may still hold a rate that was learned long ago.
            self._told[operation] = rate
            return True
