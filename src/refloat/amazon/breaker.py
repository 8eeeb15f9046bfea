"""The breaker: an operation that only fails is left alone for a while.

One call in trouble is tried again and again, since most trouble passes in seconds. When Amazon is down for long,
ten thousand calls that each wait through all their tries would take a day to say what the first few knew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from refloat.amazon import refusals
from refloat.amazon.limits import setting
from refloat.errors import AmazonError
from refloat.model.ports import Clock


@dataclass
class _Trouble:
    """One operation's: how many calls in a row failed, the last of them with what and until when it keeps others back."""

    calls: int
    last: AmazonError
    until: datetime
    #: A call is under way to see whether the trouble is over.
    probed: bool = False


class Breaker:
    """Counts, for each operation, the calls in a row that failed although all their tries were used, in a way that passes.

    After so many the operation is broken: calls fail at once with what the last one met, until a while after it.
    Then one call goes through, and the others only if that one was answered.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: int = setting("broken_after_calls")
        self._while = timedelta(seconds=setting("broken_seconds"))
        self._troubles: dict[str, _Trouble] = {}
        self._lock = Lock()

    @contextmanager
    def watching(self, operation: str) -> Iterator[None]:
        """Around one whole call, its tries included.

        Raises:
            AmazonError: the operation is broken; nothing was sent.
        """
        probe = self._let_through(operation)
        try:
            yield
            self._answered(operation)
        except AmazonError as failure:
            if failure.passing:
                self._failed(operation, failure)
            elif failure.values.get("operation") == operation:
                # A refusal is an answer too; one of the token giver's says nothing about the operation.
                self._answered(operation)
            raise
        finally:
            # However it ended: a probe that was broken off must not keep all others back for ever.
            if probe is not None:
                probe.probed = False

    def _let_through(self, operation: str) -> _Trouble | None:
        """The trouble that this call is to probe, if it is one."""
        with self._lock:
            trouble = self._troubles.get(operation)
            if trouble is None or trouble.calls < self._calls:
                return None
            if trouble.probed or self._clock.now() < trouble.until:
                raise refusals.again(trouble.last, sent=False)
            trouble.probed = True
            return trouble

    def _failed(self, operation: str, failure: AmazonError) -> None:
        # Without the frames of the call that failed: they would be kept as long as the error.
        last, until = refusals.again(failure), self._clock.now() + self._while
        with self._lock:
            trouble = self._troubles.setdefault(operation, _Trouble(0, last, until))
            trouble.calls, trouble.last, trouble.until = trouble.calls + 1, last, until

    def _answered(self, operation: str) -> None:
        with self._lock:
            self._troubles.pop(operation, None)
