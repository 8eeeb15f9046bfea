"""Alone with an account: one process at a time, and a dead one keeps nobody waiting."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.databases import ON_POSTGRESQL

from refloat.config import Config
from refloat.store import AccountBusy, Store

HOLDER = """
import sys, time
from pathlib import Path
from refloat.config import Config
from refloat.store import opened
with opened(Config(None, "en", home=Path(sys.argv[1]), database_url=sys.argv[2] or None)) as store, store.alone_with("harbour"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_one_is_told_and_the_first_goes_on(store: Store, account: str) -> None:
    """In the same process as well; another account is free, and so is this one afterwards."""
    with store.alone_with(account):
        with pytest.raises(AccountBusy, match=account), store.alone_with(account):
            pass
        with store.alone_with("another"):
            pass
    with store.alone_with(account):
        pass


def test_what_goes_wrong_inside_comes_out_as_it_is(store: Store, account: str) -> None:
    """A full disk inside is no matter of the lock; and the lock is let go of."""
    with pytest.raises(OSError, match="no space"), store.alone_with(account):
        raise OSError("no space")
    with store.alone_with(account):
        pass


def test_a_killed_process_lets_go(store: Store, account: str, config: Config) -> None:
    """While it lives nobody else gets in; after kill -9 the account is free at once."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(config.home), config.database_url or ""], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(AccountBusy), store.alone_with(account):
            pass
        process.kill()
        process.wait()
    with store.alone_with(account):
        pass


@ON_POSTGRESQL
def test_all_locks_of_a_process_are_held_by_one_connection(store: Store, account: str) -> None:
    """However many lanes: a server has a hundred connections, and each worker dozens of lanes. The last lock's end closes it."""
    with store.alone_with(account), store.alone_with(account, "DE"), store.alone_with("another"):
        assert _sessions_with_locks() == [3]
        assert not store.lives("nobody")
        with pytest.raises(AccountBusy), store.alone_with(account, "DE"):
            pass
    assert _sessions_with_locks() == []


def _sessions_with_locks() -> list[int]:
    """How many advisory locks each session holds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid")
        return [row[0] for row in cursor.fetchall()]


def test_a_worker_lives_while_it_works(store: Store) -> None:
    """For itself as for others; and it is not told that it was lost because somebody asked."""
    lost: list[bool] = []
    assert not store.lives("w-1")
    with store.working_as("w-1", lambda: lost.append(True)):
        assert store.lives("w-1")
        assert not store.lives("w-2")
    assert not store.lives("w-1")
    assert not lost
