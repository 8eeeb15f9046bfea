"""The engine in this process: launched, ticking, stopped."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from refloat.engine import turns
from refloat.engine.ticking import queued, wanted
from refloat.engine.turns import LOOKS, QUEUES, TURN, Work
from refloat.errors import RefloatError

#: The engine's own tables, in a schema of our PostgreSQL database or in a file beside our SQLite file.
SCHEMA, FILE = "refloat_engine", "engine.sqlite3"
#: One version for good: turns are short and begun anew, so a newer program takes on what an older one queued.
_VERSION = "1"
#: So many connections to PostgreSQL the engine takes in one process.
_CONNECTIONS = 6
#: So often a queue is looked at; faster where the clock is a simulator's, which waits for nobody.
_POLLING_SECONDS = {True: 0.25, False: 0.05}


def engine_url(database_url: str | None, home: Path) -> str:
    """Where the engine keeps its tables, as SQLAlchemy writes it; ``database_url`` None: SQLite in ``home``."""
    if database_url is None or database_url.startswith("sqlite"):
        return f"sqlite:///{home.absolute() / FILE}"
    return "postgresql+psycopg://" + database_url.split("://", 1)[1]


class EngineUnreachable(RefloatError):  # noqa: N818 - it is called what the user met
    """The database of the queues is away."""


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise EngineUnreachable(
            "The queues of the work cannot be reached: {said}.",
            why="The database went away while the worker began. What is due stays due, and is lost by nobody.",
            todo="Start the worker again when the database runs; systemd does so by itself.",
            more="docs/operate/scale.md",
            said=str(error.__cause__ or error).strip().split("\n", 1)[0],
        ) from error


@dataclass(frozen=True)
class Engine:
    """The launched engine."""

    worker: str

    def tick(self) -> int:
        """Queue what is due now; how many turns that were.

        Raises:
            EngineUnreachable: the database of the queues is away.
        """
        with _reached():
            return queued(wanted())

    def idle(self) -> bool:
        """Nothing is queued and nothing is under way, in no process."""
        return not DBOS.list_workflows(name=TURN, status=["ENQUEUED", "PENDING"], limit=1, load_input=False, load_output=False)

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait at most so long, on the wall's clock; is it idle?"""
        until = time.monotonic() + seconds
        while not (idle := self.idle()) and time.monotonic() < until:
            time.sleep(0.02)
        return idle


@contextmanager
def launched(url: str, worker: str, work: Work, *, at_once: int, ticking: bool, drain_seconds: int = 0) -> Iterator[Engine]:
    """Do ``work`` in this process, under the name of ``worker``, until the block ends.

    ``at_once``: so many turns of each queue side by side; 0: this process only ticks. ``ticking``: cron ticks by the wall's clock; else
    whoever holds the engine ticks. ``drain_seconds``: so long turns under way may end when the block does.

    Raises:
        EngineUnreachable: the database of the queues is away.
    """
    turns.set_to(work)
    DBOS(config=_config(url, worker))
    logging.getLogger("dbos").setLevel(logging.ERROR)
    if not at_once:
        DBOS.listen_queues([])
    try:
        with _reached():
            DBOS.launch()
            for queue in (LOOKS, *QUEUES.values()):
                DBOS.register_queue(queue, worker_concurrency=at_once or None, on_conflict="always_update" if at_once else "never_update", polling_interval_sec=_POLLING_SECONDS[ticking])
            if ticking:
                DBOS.apply_schedules([{"schedule_name": "refloat-tick", "workflow_fn": turns.tick, "schedule": "*/5 * * * * *"}])
        yield Engine(worker)
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=drain_seconds)


def _config(url: str, worker: str) -> DBOSConfig:
    config: DBOSConfig = {
        "name": "refloat",
        "system_database_url": url,
        "application_version": _VERSION,
        "executor_id": worker,
        "log_level": "ERROR",
        "dbos_system_schema": SCHEMA,
        "serializer": DBOSPortableJSONSerializer(),
        "scheduler_polling_interval_sec": 1.0,
        # Turns wait for no message of each other, so nobody listens for one; and a few connections serve many turns.
        "use_listen_notify": False,
        "sys_db_pool_size": _CONNECTIONS,
    }
    if url.startswith("sqlite"):
        config["system_database_engine"] = _sqlite(url)
    return config


def _sqlite(url: str) -> sqlalchemy.Engine:
    """As our own file is opened: readers never wait for a writer, writers take their lock at the start."""
    made = sqlalchemy.create_engine(url, pool_size=20, max_overflow=0)

    @sqlalchemy.event.listens_for(made, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    return made
