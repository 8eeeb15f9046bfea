"""The loop that nobody watches, in this process: all that is due once, or for ever; and how it stands.

Any number of processes, on any number of machines, may do so on one store.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from refloat.app.passing import OF_ACCOUNT, OF_PLACE, OF_STORE, Cadence, Passing, planted, turned
from refloat.app.policies import in_force
from refloat.clock import SimulatedClock
from refloat.config import Config
from refloat.engine import Engine, Key, Work, engine_url, launched
from refloat.knowledge.tables import table
from refloat.model.ports import Clock
from refloat.store import DueRow, Store, StoreError

#: So many rows of each lane are looked at in one tick; plans take hours, so their rows keep none of the others out of sight.
_ROWS = 2000
_LANES = (("act",), tuple(kind for kind in (*OF_PLACE, *OF_ACCOUNT, *OF_STORE) if kind != "act"))
#: A worker that the database no longer knows ends with this code; whoever keeps it running starts it anew.
LOST = 75


@dataclass(frozen=True)
class Worker:
    """One process that works: the engine, and what it works on."""

    store: Store
    clock: Clock
    engine: Engine

    def turn_by_turn(self, until: datetime) -> Iterator[datetime]:
        """Do all that is due, and then what becomes due, up to a moment of the clock; yields each moment at which nothing was left to do.

        For a clock that jumps: whoever holds the worker moves it on. On the wall's clock cron ticks instead.
        """
        while True:
            self.all_due()
            now = self.clock.now()
            yield now
            following = self.store.due.next_at(now)
            if now >= until or following is None:
                return
            self.clock.sleep((min(following, until) - now).total_seconds())

    def all_due(self) -> None:
        """Do what is due now, and what that makes due now."""
        planted(self.store, self.clock.now())
        while self.engine.tick() or not self.engine.idle():
            # A worker may die meanwhile; then the next tick takes back what it was at.
            self.engine.wait_until_idle(1)


@contextmanager
def engaged(config: Config, store: Store, clock: Clock, *, at_once: int | None = None, ticking: bool = False, cadence: Cadence | None = None) -> Iterator[Worker]:
    """This process as a worker, until the block ends; ``cadence``: another one than the configuration's."""
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    passing = Passing(store, clock, cadence or Cadence.of(config), name)
    rows = table("unattended")["worker"]
    url, lanes = engine_url(config.database_url, config.home), rows["at_once"] if at_once is None else at_once
    with store.working_as(name, _gone), launched(url, name, _work(passing), at_once=lanes, ticking=ticking, drain_seconds=rows["drain_seconds"] if ticking else 0) as engine:
        yield Worker(store, clock, engine)


def _work(passing: Passing) -> Work:
    store, clock = passing.store, passing.clock

    def due() -> Sequence[Key]:
        with store.connection_closed(), _while_reachable():
            _kept_up(clock)
            planted(store, clock.now())
            rows = [row for kinds in _LANES for row in store.due.by(clock.now(), _ROWS, kinds)]
            return [Key(row.account or "", row.marketplace, row.kind) for row in rows]
        return []

    def turn(key: Key) -> None:
        with store.connection_closed(), _while_reachable():
            _kept_up(clock)
            turned(passing, *key)

    def lives(worker: str) -> bool:
        with _while_reachable():
            return store.lives(worker)
        return True  # unknown is not dead

    return Work(due, turn, lives)


@contextmanager
def _while_reachable() -> Iterator[None]:
    """A store that cannot be reached is said in a line; what was under way is still due, and is begun anew."""
    try:
        yield
    except StoreError as error:
        logging.getLogger(__name__).warning("%s", error.filled(error.what))


def _kept_up(clock: Clock) -> None:
    """A simulator's time, which other processes move as well."""
    if isinstance(clock, SimulatedClock):
        clock.catch_up()


def _gone() -> None:
    """Others count this worker as dead and begin its turns anew: it must not go on beside them."""
    with suppress(OSError):
        os.set_blocking(2, False)  # whoever should read it may not: that must not keep it alive
        os.write(2, b"The database no longer knows this worker, so it ends; its work is taken over.\n")
    os._exit(LOST)


def work(config: Config, store: Store, clock: Clock, stop: Event, *, at_once: int | None = None) -> None:
    """Work for ever: until ``stop`` is set."""
    with engaged(config, store, clock, at_once=at_once, ticking=True) as worker:
        worker.engine.tick()
        while not stop.wait(1):
            pass


@dataclass(frozen=True)
class Overview:
    """How everything that is done by itself stands at a moment; each row is in one of the lists."""

    at: datetime
    #: The workers that are at something now.
    workers: tuple[str, ...]
    running: tuple[DueRow, ...]
    #: Begun by a worker that has died since: begun anew as soon as another one ticks.
    broken_off: tuple[DueRow, ...]
    failed: tuple[DueRow, ...]
    waiting: tuple[DueRow, ...]
    later: tuple[DueRow, ...]
    #: Account → when its policy came back with a backup; nothing runs by it until a person has confirmed it.
    unconfirmed: Mapping[str, datetime]


def overview(store: Store, account: str | None, now: datetime) -> Overview:
    """How it stands, of one account or of all."""
    rows = store.due.all(account)
    living = {worker for worker in {row.worker for row in rows if row.worker} if store.lives(worker)}
    running = tuple(row for row in rows if row.worker in living)
    broken_off = tuple(row for row in rows if row.worker is not None and row.worker not in living)
    at_rest = [row for row in rows if row.worker is None]
    failed = tuple(row for row in at_rest if row.failures)
    waiting = tuple(row for row in at_rest if not row.failures and row.waits_for)
    later = tuple(row for row in at_rest if not row.failures and not row.waits_for)
    names = [account] if account else [row.name for row in store.accounts.list()]
    return Overview(now, tuple(sorted(living)), running, broken_off, failed, waiting, later, _unconfirmed(store, names))


def _unconfirmed(store: Store, accounts: Sequence[str]) -> dict[str, datetime]:
    """Of these accounts those whose policy waits for a person's word; where the store never came back from a backup none is looked at."""
    if store.restored() is None:
        return {}
    return {name: since for name in accounts if (since := in_force(store, name).unconfirmed_since) is not None}


@dataclass
class Ran:
    """What one run did: how many turns ended well; and the rows that failed."""

    turns: int = 0
    failed: list[DueRow] = field(default_factory=list)


def run_once(config: Config, store: Store, clock: Clock) -> Ran:
    """Everything that is due, once; reports that Amazon is making are waited for."""
    began, patience = clock.now(), timedelta(minutes=table("observing")["waiting"]["give_up_minutes"])
    with engaged(config, store, clock) as worker:
        while True:
            worker.all_due()
            now = clock.now()
            waits = [row.due_at for row in store.due.all() if row.waits_for in {"reports", "account-busy", "step"} and row.due_at <= began + patience]
            if not waits:
                break
            clock.sleep(max(0.5, (min(waits) - now).total_seconds()))
    rows = [row for row in store.due.all() if row.ended_at is not None and row.ended_at >= began]
    return Ran(len(rows), [row for row in rows if row.failures])
