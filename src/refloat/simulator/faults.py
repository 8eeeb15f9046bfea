"""What goes wrong, each by its name, by seed: the n-th call of an operation meets the same fault in every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

#: Name → what it does.
FAULTS: Mapping[str, str] = {
    "throttle-storm": "429 though the bucket is full",
    "internal-error": "500 with Amazon's body",
    "unavailable-html": "503 with a page of HTML instead of JSON",
    "timeout-before": "the connection breaks before anything happened",
    "timeout-after": "the connection breaks after the call took effect",
    "expired-token": "the access token is called expired before its time",
    "expired-document-url": "the document's URL answers 403",
    "report-cancelled": "a report ends CANCELLED",
    "report-fatal": "a report ends FATAL",
    "half-document": "a document breaks off in the middle",
    "wrong-charset": "a document declares another charset than it has",
    "duplicated-rows": "a report lists rows twice",
    "unseen-reason": "the stranded report says a reason that nobody has seen",
    "stale-report": "a report shows the state of two days ago",
    "half-feed": "a feed ends FATAL after half its work",
    "accepted-fails-later": "a write that was ACCEPTED fails when it should take effect, and changes nothing",
    "repeated-removal": "a removal order id that was used before is accepted again",
}


class Fate(Protocol):
    """The world, as far as a fault needs it: chance, and a history to stand in."""

    def random(self, *key: object) -> Random:
        """A stream of chance of its own for each key."""
        ...

    def note(self, what: str, *facts: object) -> None:
        """Write a line of history."""
        ...


@dataclass
class Faults:
    """How often each fault strikes (0 to 1), and which operations or report types it may meet (none named: all)."""

    rates: dict[str, float] = field(default_factory=dict)
    operations: frozenset[str] = frozenset()
    #: How often each fault has struck.
    struck: dict[str, int] = field(default_factory=dict)
    _asked: dict[tuple[str, str], int] = field(default_factory=dict)

    def strikes(self, world: Fate, name: str, operation: str) -> bool:
        """Does ``name`` strike now? Asked once for each chance it has; counted per operation."""
        rate = self.rates.get(name, 0.0)
        if not rate or (self.operations and operation not in self.operations):
            return False
        number = self._asked[name, operation] = self._asked.get((name, operation), 0) + 1
        hit = world.random("fault", name, operation, number).random() < rate
        if hit:
            self.struck[name] = self.struck.get(name, 0) + 1
            world.note("fault", name, operation, number)
        return hit
