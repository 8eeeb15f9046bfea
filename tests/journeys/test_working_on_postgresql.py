"""Many workers on one PostgreSQL: one dies, the server goes away, the engine's schema is dropped; nothing is lost, nothing done twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS
from tests.postgres import PrivatePostgres, private_postgres
from tests.sea import Sea, sea_on, wait_for

from refloat.app import passing
from refloat.app.working import LOST, engaged, overview, run_once
from refloat.engine.running import SCHEMA, EngineUnreachable
from refloat.simulator import seeding
from refloat.store import StoreError


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    """What was committed is there after a crash, as on any PostgreSQL whose ``synchronous_commit`` nobody took away."""
    with private_postgres(synchronous_commit="on") as server:
        yield server


@pytest.fixture
def sea(server: PrivatePostgres, tmp_path: Path) -> Iterator[Sea]:
    """Six sellers in two regions, each with ten SKUs."""
    name = "sea"
    server.run_sql(f"CREATE DATABASE {name}")
    with sea_on(seeding.seeded(seed=5, skus=10, stranded=0.4, countries=("US", "DE"), sellers=3), tmp_path, server.url(name)) as sea:
        yield sea
    server.run_sql(f"DROP DATABASE {name} WITH (FORCE)")


def test_one_run_looks_at_every_account(sea: Sea) -> None:
    ran = run_once(sea.config, sea.store, sea.clock)
    assert not ran.failed
    sea.is_whole()


def test_a_killed_worker_is_taken_over(sea: Sea) -> None:
    with sea.other_process() as process:
        wait_for(lambda: "reports" in sea.world.rooms)
        process.send_signal(signal.SIGKILL)
        process.wait()
    wait_for(lambda: not overview(sea.store, None, sea.clock.now()).running)
    ran = run_once(sea.config, sea.store, sea.clock)
    assert not ran.failed and not overview(sea.store, None, sea.clock.now()).broken_off
    sea.is_whole()


def test_the_engines_schema_may_be_dropped(sea: Sea, server: PrivatePostgres) -> None:
    """While it is stopped, in the middle of a pass."""
    passing.planted(sea.store, sea.clock.now())
    with engaged(sea.config, sea.store, sea.clock) as worker:
        worker.all_due()
        worker.all_due()
    assert all(sea.ordered(seller) for seller in sea.sellers()) and not sea.open_skus("harbour-1")
    server.run_sql(f"DROP SCHEMA {SCHEMA} CASCADE", "sea")
    ran = run_once(sea.config, sea.store, sea.clock)
    assert not ran.failed
    sea.is_whole()


def test_two_workers_share_the_work_and_do_nothing_twice(sea: Sea) -> None:
    """Both do something, nothing is ordered twice, and Amazon never answers 429: the rates hold across both."""
    seen: set[str] = set()
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(sea.other_process())

        def concluded() -> bool:
            sea.flows()
            seen.update(row.worker for row in sea.store.due.all() if row.worker)
            return _all_looked_at(sea)

        wait_for(concluded, 120)
    assert len(seen) == 2
    sea.is_whole()
    assert not sea.world.rooms.get("throttled")


def test_postgresql_is_restarted_while_workers_work(sea: Sea, server: PrivatePostgres) -> None:
    """Each goes on, or ends with code 75 for whoever runs it to start it anew; what they left is done by others."""
    with sea.other_process() as first, sea.other_process() as second:
        wait_for(lambda: "reports" in sea.world.rooms)
        server.down()
        server.up()
        wait_for(lambda: all(one.poll() is not None for one in (first, second)), 60)
        assert {first.returncode, second.returncode} == {LOST}
    sea.store.close()
    ran = run_once(sea.config, sea.store, sea.clock)
    assert not [row for row in ran.failed if row.ended_at is not None and row.ended_at > sea.clock.now() - timedelta(minutes=1)]
    sea.is_whole()


def test_a_server_that_goes_away_while_a_worker_begins_is_said(sea: Sea, server: PrivatePostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, as any trouble of the database, so that whoever runs the worker starts it anew."""
    register = DBOS.register_queue

    def away(*given: Any, **named: Any) -> Any:
        server.down()
        return register(*given, **named)

    monkeypatch.setattr(DBOS, "register_queue", away)
    try:
        with pytest.raises((EngineUnreachable, StoreError)) as told, engaged(sea.config, sea.store, sea.clock):
            pass
    finally:
        server.up()
        sea.store.close()
    assert told.type is EngineUnreachable


def _all_looked_at(sea: Sea) -> bool:
    rows = [row for row in sea.store.due.all() if row.kind == "look"]
    return len(rows) == len(sea.sellers()) and all(row.ended_at is not None and row.worker is None and not row.waits_for and not row.failures for row in rows)
