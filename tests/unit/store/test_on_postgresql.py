"""What is PostgreSQL's own: doors that do not open, a server that breaks off, tables of an older version."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from tests.databases import ON_POSTGRESQL
from tests.postgres import PrivatePostgres, private_postgres

from refloat.config import Config
from refloat.store import AccountBusy, Store, StoreError, opened
from refloat.store.opening import migrated
from refloat.store.schema import newest

pytestmark = ON_POSTGRESQL


@pytest.fixture
def own(tmp_path: Path, database: str) -> Iterator[tuple[PrivatePostgres, Config]]:
    """A server for one test alone, which may break it, and an empty database of it."""
    with private_postgres(durable=True) as server:
        server.run_sql("CREATE DATABASE fleet")
        yield server, Config(None, "en", home=tmp_path, database_url=server.url("fleet"))


def test_a_server_that_is_not_there_is_said(own: tuple[PrivatePostgres, Config]) -> None:
    """No traceback, and the way to look."""
    server, config = own
    server.down()
    with pytest.raises(StoreError, match="cannot be reached"):
        opened(config)


def test_a_database_that_is_not_there_is_said(config: Config, postgres: PrivatePostgres) -> None:
    """Refloat makes no databases; it says who can."""
    with pytest.raises(StoreError, match="is not there") as caught:
        opened(replace(config, database_url=postgres.url("nowhere")))
    assert "createdb" in str(caught.value)


def test_a_wrong_password_is_said_and_never_shown(own: tuple[PrivatePostgres, Config]) -> None:
    """Neither the password of the address nor the address stands in the error."""
    server, config = own
    server.run_sql("CREATE ROLE keeper LOGIN PASSWORD 'right'")
    server.demand_password("keeper")
    with pytest.raises(StoreError, match="does not let you in") as caught:
        opened(replace(config, database_url=server.url("fleet", "keeper", "made-up-wrong")))
    assert "made-up-wrong" not in f"{caught.value} {caught.value.values}"
    assert caught.value.__cause__ is not None
    assert "made-up-wrong" not in str(caught.value.__cause__)


def test_what_was_written_is_known_to_the_planner_at_once(store: Store, account: str, start: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself PostgreSQL never looks at so few accounts; it took one for hundreds, and read all strandings for one page of them."""
    from django.db import connection

    def known(table: str) -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
            return float(cursor.fetchone()[0])

    rows = [{"sku": sku, "standing": "confirmed"} for sku in ("CUP", "MUG", "POT")]
    assert known("store_account") == 1
    store.strandings.record(account, "US", rows[:2], start, unknown=False)
    assert known("store_strandinginterval") == -1
    monkeypatch.setattr("refloat.store.bulk.MANY", 1)
    store.strandings.record(account, "US", rows, start, unknown=False)
    assert (known("store_stranding"), known("store_strandinginterval")) == (3, 3)


def test_a_right_that_is_lacking_is_said(own: tuple[PrivatePostgres, Config]) -> None:
    """A user who may not make tables is told to ask for it."""
    server, config = own
    server.run_sql("CREATE ROLE guest LOGIN")
    with pytest.raises(StoreError, match="does not give the right"):
        opened(replace(config, database_url=server.url("fleet", "guest")))


def test_a_server_that_broke_off_is_said_and_the_next_call_works(own: tuple[PrivatePostgres, Config], start: datetime, unsealed: object) -> None:
    """Between two calls, and in the middle of one: nothing of that turn is kept, and nobody has to open the store again."""
    server, config = own
    with opened(config) as store:
        store.accounts.add("harbour", region="EU", seller_id="A0MADEUP", unsealed=unsealed, at=start)  # type: ignore[arg-type]
        server.down()
        server.up()
        with pytest.raises(StoreError, match="broke off"):
            store.accounts.list()
        assert [row.name for row in store.accounts.list()] == ["harbour"]
        _broken_in_the_middle(store, server, start)
        assert store.journal.head("harbour", "DE") is None
        assert store.journal.append("harbour", "DE", "observed", {}, start).number == 1


def _broken_in_the_middle(store: Store, server: PrivatePostgres, start: datetime) -> None:
    from refloat.store.turns import writing

    with pytest.raises(StoreError), writing():
        store.journal.append("harbour", "DE", "observed", {}, start)
        server.down()
        server.up()
        store.journal.append("harbour", "DE", "observed", {}, start)


def test_a_lock_that_ended_with_its_session_stops_what_would_leave(own: tuple[PrivatePostgres, Config]) -> None:
    """The work goes on in good faith, but before an intent the lock is asked for."""
    from refloat.store.lease import still_alone_with

    server, config = own
    with opened(config) as store, store.alone_with("harbour"):
        still_alone_with("harbour")
        server.down()
        server.up()
        with pytest.raises(StoreError, match="let go of harbour"):
            still_alone_with("harbour")


def test_after_a_crash_locks_are_taken_in_a_new_session(own: tuple[PrivatePostgres, Config]) -> None:
    """Whoever held one before has lost it; in this process its account stays taken until it notices, elsewhere it is free."""
    server, config = own
    with opened(config) as store:
        with store.alone_with("harbour"):
            server.down()
            server.up()
            with pytest.raises(StoreError), store.alone_with("quay"):
                pass
            with store.alone_with("quay"), pytest.raises(AccountBusy), store.alone_with("harbour"):
                pass
        with store.alone_with("harbour"):
            pass


def test_a_worker_that_the_server_forgot_is_told_so(own: tuple[PrivatePostgres, Config]) -> None:
    """Not while the server is away: whoever starts it anew would start it in vain."""
    server, config = own
    lost = Event()
    with opened(config) as store, store.working_as("w-1", lost.set):
        server.down()
        assert not lost.wait(4)
        server.up()
        assert lost.wait(30)


def _as_of_an_older_version() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    MigrationExecutor(connection).migrate([("store", "0002_plans")])


def test_tables_of_an_older_version_wait_for_the_word(config: Config) -> None:
    """Other machines may still use them: opening refuses and changes nothing, the command changes them, and then it opens."""
    with opened(config):
        _as_of_an_older_version()
    with pytest.raises(StoreError, match="refloat migrate"):
        opened(config)
    with pytest.raises(StoreError, match="older version"):
        opened(config)
    brought = migrated(config)
    assert (brought.before, brought.after) == ("0002_plans", newest())
    assert migrated(config).before == newest()
    opened(config).close()


_OPEN = """
import sys
from pathlib import Path
from refloat.config import Config
from refloat.store import opened
opened(Config(None, "en", home=Path(sys.argv[1]), database_url=sys.argv[2])).accounts.list()
"""


def test_processes_that_start_at_once_all_come_up(postgres: PrivatePostgres, tmp_path: Path, database: str) -> None:
    """Three processes on an empty database: one makes the tables, none fails."""
    postgres.run_sql("CREATE DATABASE at_once")
    command = [sys.executable, "-c", _OPEN, str(tmp_path), postgres.url("at_once")]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in started] == [("", 0)] * 3
    postgres.run_sql("DROP DATABASE at_once WITH (FORCE)")


def test_a_table_that_is_guarded_is_not_emptied(store: Store, account: str, start: datetime) -> None:
    """TRUNCATE asks no trigger of a row, so there is one of the whole table."""
    from django.db import IntegrityError, connection

    store.journal.append(account, "DE", "observed", {}, start)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="for good"):
        cursor.execute("TRUNCATE store_journalentry")
