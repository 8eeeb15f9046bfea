"""The one durable workflow: a turn at one thing that is due. DBOS finds it by its name, so the name stays.

What a turn does is handed in: the engine knows queues and workers, not strandings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dbos import DBOS

#: Plans are carried out for minutes and hours; so they have lanes of their own, and never keep a look waiting.
QUEUES = {"act": "refloat-acts"}
LOOKS = "refloat-looks"
#: The workflows' names in the engine's tables.
TURN, TICK = "refloat-turn", "refloat-tick"


class Key(NamedTuple):
    """One thing that is due; ``marketplace`` empty: for the whole account; ``account`` empty: for the whole store."""

    account: str
    marketplace: str
    kind: str

    @property
    def queue(self) -> str:
        """The queue in which it waits for a worker."""
        return QUEUES.get(self.kind, LOOKS)

    @property
    def text(self) -> str:
        """For the engine: no two turns of one text are ever queued or under way. No part holds a tab."""
        return "\t".join(part.replace("\t", " ") for part in self)


@dataclass(frozen=True)
class Work:
    """What the engine is to do."""

    #: Everything that is due now, the most urgent first.
    due: Callable[[], Sequence[Key]]
    #: Do it. Whatever goes wrong is on record when this returns; what it raises is a defect.
    turn: Callable[[Key], None]
    #: Does the worker of that name still live?
    lives: Callable[[str], bool]


_work: list[Work] = []


def set_to(work: Work) -> None:
    """From now on this process does ``work``; DBOS calls functions by name, so there is one work a process."""
    _work[:] = [work]


def the_work() -> Work:
    """The work of this process."""
    return _work[0]


@DBOS.workflow(name=TURN)
def turn(account: str, marketplace: str, kind: str) -> None:
    """One turn. A turn that was broken off is not gone on with, but begun anew: it looks at what is."""
    DBOS.run_step({"name": kind}, the_work().turn, Key(account, marketplace, kind))


@DBOS.workflow(name=TICK)
def tick(_at: Any, _context: Any) -> None:
    """Cron only ticks: what is due is looked up in a step, and queued outside of it, because no step may queue anything."""
    from refloat.engine.ticking import queued, wanted

    queued(DBOS.run_step({"name": "look"}, wanted))
