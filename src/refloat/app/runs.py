"""Have a plan carried out beside what else this process does: it goes on when nobody looks, says where it is, and can be stopped from anywhere.

What is sent is on record before it leaves, so a run that dies with its process is begun again, and goes on where it was.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from time import monotonic

from refloat.app.carrying import apply_plan
from refloat.app.policies import named
from refloat.errors import RefloatError, WrongUse
from refloat.loop import telling
from refloat.loop.act import Applied
from refloat.loop.hand import STOPPED
from refloat.model.plan import Plan
from refloat.model.ports import Clock
from refloat.model.remark import Remark
from refloat.store import Store

#: So often at most the wish to stop is looked for, in seconds of this machine: it is asked before each of thousands of requests.
_LOOK_SECONDS = 0.5
#: So long a thread may take to say that it has begun.
_BEGIN_SECONDS = 60


def begin_run(store: Store, plan: Plan, by: str, clock: Callable[[], Clock]) -> None:
    """Let a thread of this process carry out what is approved of the plan; returns as soon as that is on record. ``clock``: makes one of the run's own.

    Raises:
        WrongUse: it is being carried out already.
    """
    run = _Run(store, plan, named(by), clock)
    Thread(target=run.carry_out, name=f"refloat-run-{plan.id}", daemon=True).start()
    run.begun.wait(_BEGIN_SECONDS)
    if run.number is None:
        raise WrongUse(
            "The plan {plan} is being carried out already.",
            why="Exactly one process carries out a plan at a time.",
            todo="Look at its page; it says how far it is, and can be stopped there.",
            plan=plan.id,
        )


@dataclass
class _Run:
    """One run in a thread."""

    store: Store
    plan: Plan
    by: str
    clock: Callable[[], Clock]

    def __post_init__(self) -> None:
        self.begun = Event()
        self.number: int | None = None
        self._looked, self._stop = 0.0, False

    def carry_out(self) -> None:
        """The thread's whole life."""
        worker = f"run-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"[:80]
        with self.store.connection_closed():
            try:
                with self.store.working_as(worker, self._lost):
                    clock = self.clock()
                    self.number = self.store.runs.begin(self.plan.id, self.by, worker, clock.now())
                    self.begun.set()
                    if self.number is not None:
                        self._carried_out(self.number, clock)
            except Exception:  # nobody waits for the thread; what it had to say of the plan is on record
                logging.getLogger(__name__).exception("The run of the plan %s broke off.", self.plan.id)
            finally:
                self.begun.set()

    def _carried_out(self, number: int, clock: Clock) -> None:
        try:
            applied = apply_plan(self.store, self.plan, clock=clock, tell=lambda remark: self.store.runs.tell(number, remark, clock.now()), stop=self._stopped)
        except RefloatError as error:
            self.store.runs.end(number, "refused", telling.of_error(error), clock.now())
        except Exception as error:
            self.store.runs.end(number, "failed", Remark("plain", {"text": f"{type(error).__name__}: {error}"}), clock.now())
            raise
        else:
            how, why, next_at = ending(applied)
            self.store.runs.end(number, how, why, clock.now(), next_at)

    def _stopped(self) -> bool:
        """Somebody wants it to stop, or the database let go of us."""
        if not self._stop and self.number is not None and monotonic() - self._looked >= _LOOK_SECONDS:
            self._stop, self._looked = self.store.runs.stopped_by(self.number) is not None, monotonic()
        return self._stop

    def _lost(self) -> None:
        self._stop = True


def ending(applied: Applied) -> tuple[str, Remark | None, datetime | None]:
    """How a run ended: done, waits (for the next step's moment, or for a later run), stopped by a person, or at a surprise."""
    next_at = min(applied.later.values(), default=None)
    if applied.stopped is not None:
        how = "stopped" if applied.stopped.code == STOPPED else "surprise" if applied.count("stopped") or applied.count("refused", "unclear", "intended") else "waits"
        return how, applied.stopped, next_at
    return ("waits" if next_at is not None else "done"), None, next_at


def stop_run(store: Store, plan_id: str, by: str, at: datetime) -> bool:
    """Wish that it stops before whatever leaves next; False where nothing runs."""
    return store.runs.stop(plan_id, named(by), at)


def approvable(store: Store, plan: Plan, actions: Collection[str]) -> list[str]:
    """Of these actions those that may still be approved: not begun, and not refused."""
    deeds, refused = store.ledger(plan.account).deeds(plan.id), store.asking.refusals(plan.id)
    return [action.id for action in plan.actions if action.id in actions and deeds[action.id].stage == "planned" and action.id not in refused]
