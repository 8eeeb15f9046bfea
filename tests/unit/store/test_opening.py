"""Opening the store: made on first use, by several processes at once, or refused with words."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from tests.databases import ON_SQLITE

from refloat.config import Config, configured
from refloat.store import Store, StoreError, opened
from refloat.store.settings import FILE, database, shown

_OPEN = "import sys; from pathlib import Path; from refloat.config import Config; from refloat.store import opened; opened(Config(None, 'en', home=Path(sys.argv[1]))).accounts.list()"


def test_the_package_alone_does_not_import_django() -> None:
    """A command that needs no store starts without Django."""
    code = "import sys, refloat.store; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=_environment(), check=False).returncode == 0


@ON_SQLITE
def test_the_file_is_its_user_s_alone(store: Store, config: Config) -> None:
    """The database can be read and written by its user and by nobody else, its journal files included."""
    store.accounts.list()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in config.home.glob(f"{FILE}*")}
    assert modes[FILE] == 0o600
    assert set(modes.values()) == {0o600}


def test_a_folder_that_is_made_is_closed_to_others(tmp_path: Path) -> None:
    """REFLOAT_HOME is made with the mode 0700."""
    home = tmp_path / "a" / "home"
    opened(Config(None, "en", home=home)).close()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@ON_SQLITE
def test_the_database_is_set_up_for_several_processes(store: Store) -> None:
    """WAL, half a minute of patience, foreign keys, and a commit that does not wait for the disk each time."""
    from django.db import connection

    with connection.cursor() as cursor:
        answers = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")}
    assert answers == {"journal_mode": "wal", "busy_timeout": 30_000, "foreign_keys": 1, "synchronous": 1}
    assert store.database.endswith(FILE)


def test_processes_that_start_at_once_all_come_up(tmp_path: Path) -> None:
    """Three processes open a store that is not there yet: one makes it, none fails."""
    started = [subprocess.Popen([sys.executable, "-c", _OPEN, str(tmp_path / "home")], env=_environment(), stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in started] == [("", 0)] * 3
    assert [path.name for path in (tmp_path / "home").iterdir() if not path.name.startswith(FILE)] == []


def test_a_first_start_that_was_killed_is_made_good(tmp_path: Path) -> None:
    """The process dies in the middle of the migration: nothing of it is there, and the next start makes all of it."""
    code = _OPEN.replace("opened(", "import os, refloat.store.triggers as t; t._said = lambda table: os._exit(9)\nopened(", 1).replace("; import os", "\nimport os")
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=_environment(), check=False)
    assert killed.returncode == 9
    with closing(sqlite3.connect(tmp_path / FILE)) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'store_%'").fetchone() == (0,)
    with opened(Config(None, "en", home=tmp_path)) as store:
        assert store.accounts.list() == ()


def test_a_newer_store_is_refused(config: Config) -> None:
    """Tables that a later version made are left alone, and the error says so."""
    from django.db import connection

    with opened(config), connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_later', '2030-01-01')")
    with pytest.raises(StoreError, match="newer version") as caught:
        opened(config)
    assert "9999_later" in str(caught.value)


@pytest.mark.parametrize("content", [b"no database, but long enough to be read as one" * 100, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "torn"])
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    """A file that is not a database is not read as an empty store, and not overwritten."""
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught:
        opened(Config(None, "en", home=tmp_path))
    assert (tmp_path / FILE).read_bytes() == content
    assert "backup" in str(caught.value)


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read-only: the error says what to do."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StoreError, match="cannot be written") as caught:
        opened(Config(None, "en", home=tmp_path))
    assert "REFLOAT_HOME" in str(caught.value)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A REFLOAT_HOME that cannot be a folder is an error with words, not a traceback."""
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError):
        opened(Config(None, "en", home=tmp_path / "home"))


@ON_SQLITE
def test_a_full_disk_is_said_and_loses_nothing(store: Store, account: str, start: datetime) -> None:
    """The write that found no room is undone as a whole; what was there is still there."""
    from django.db import connection

    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(StoreError, match="no room left"):
        store.snapshots.keep(account, "DE", "stranded", os.urandom(200_000), observed_at=start, charset=None, whole=True, report_id=None)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=1000000")
    assert store.snapshots.latest(account, "DE") == {}
    assert store.accounts.get(account).name == account


def test_one_process_opens_one_store_after_the_other(tmp_path: Path, store: Store, account: str) -> None:
    """The second database is another one, also for a thread that had used the first."""
    assert account
    store.close()
    with opened(Config(None, "en", home=tmp_path / "other")) as other:
        seen: list[object] = []
        thread = threading.Thread(target=lambda: seen.append(other.accounts.list()))
        thread.start()
        thread.join()
        assert (other.accounts.list(), seen) == ((), [()])


def test_a_lane_closes_its_connection(store: Store) -> None:
    """A thread that ends its work in connection_closed() leaves no connection behind; closing the store closes the rest."""
    from django.db import connection

    store.accounts.list()
    with store.connection_closed():
        store.accounts.list()
    assert connection.connection is None
    store.accounts.list()
    store.close()
    assert connection.connection is None


@pytest.mark.parametrize("url", ["mysql://somewhere/db", "postgresql://host:notaport/db", "postgresql://host", "nonsense"])
def test_a_database_that_we_do_not_know_is_refused(url: str) -> None:
    """Only PostgreSQL and SQLite; the address, which may hold a password, is not repeated."""
    with pytest.raises(StoreError, match="REFLOAT_DATABASE_URL") as caught:
        database(Config(None, "en", database_url=url))
    assert url not in str(caught.value)


def test_the_address_of_a_postgresql_becomes_its_settings() -> None:
    """Every part of the address has its place, and the password is not shown."""
    entry = database(Config(None, "en", database_url="postgresql://harbour:made%20up@db.example:6543/fleet?sslmode=require"))
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"], entry["OPTIONS"]["sslmode"]) == ("harbour", "made up", "db.example", "6543", "fleet", "require")
    assert shown(entry) == "postgresql://db.example:6543/fleet"


def test_the_configuration_hides_what_is_secret() -> None:
    """Neither the key nor the database's password stands in a repr; the home follows the user's folders."""
    config = configured({"REFLOAT_SECRET_KEY": "made-up-key", "REFLOAT_DATABASE_URL": "postgresql://u:made-up-password@h/d", "XDG_DATA_HOME": "/somewhere"})
    assert "made-up" not in repr(config)
    assert config.home == Path("/somewhere/refloat")
    assert configured({"REFLOAT_HOME": "/own"}).home == Path("/own")
    assert configured({"HOME": "/somewhere"}).home == Path("/somewhere/.local/share/refloat")


def test_the_migrations_are_those_of_the_models(store: Store) -> None:
    """No table of the code lacks a migration."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    store.accounts.list()
    loader = MigrationLoader(connection)
    assert MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph) == {}


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
