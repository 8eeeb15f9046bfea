"""Backup and restore on both databases: whole or not at all, checked before it counts, and marked from the first moment on."""

from __future__ import annotations

import stat
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.databases import unguarded

from refloat.config import Config
from refloat.errors import WrongUse
from refloat.store import AccountBusy, Store, StoreError, Unsealed, opened
from refloat.store.keeping import sum_of
from refloat.store.restoring import backed_up, put_back
from refloat.store.schema import newest

HOUR = timedelta(hours=1)


@pytest.fixture
def filled(store: Store, account: str, start: datetime) -> Store:
    """A store in which something is."""
    store.snapshots.keep(account, "DE", "stranded", b"bytes", observed_at=start, charset=None, whole=True, report_id=None)
    for _ in range(3):
        store.journal.append(account, "DE", "observed", {"名": "杯子"}, start)
    return store


def test_what_was_backed_up_comes_back(filled: Store, config: Config, tmp_path: Path, start: datetime, unsealed: Unsealed) -> None:
    """Accounts with their secrets sealed, snapshots, the journal; what came after the backup is gone, and the store says when it was put back."""
    kept = backed_up(config, filled, tmp_path / "a.backup")
    assert (kept.version, kept.counts["account"], kept.counts["journalentry"], kept.chains) == (newest(), 1, 3, 1)
    filled.journal.append("harbour", "DE", "observed", {"later": True}, start)
    restored = put_back(config, tmp_path / "a.backup", start + HOUR, in_place=True)
    assert restored.aside is not None
    with opened(config) as store:
        assert store.accounts.credentials("harbour") == unsealed
        assert [entry.number for entry in store.journal.entries("harbour", "DE")] == [1, 2, 3]
        assert [entry.kind for entry in store.journal.entries("harbour", "")] == ["restored"]
        marked = store.restored()
        assert marked is not None
        assert (marked.at, marked.backed_up_at, marked.sha256) == (start + HOUR, start, kept.sha256)
        assert store.snapshots.content(store.snapshots.latest("harbour", "DE")["stranded"]) == b"bytes"
        assert store.journal.append("harbour", "DE", "observed", {}, start).number == 4


def test_the_file_is_its_user_s_alone_and_has_its_sum_beside_it(filled: Store, config: Config, tmp_path: Path, unsealed: Unsealed) -> None:
    """Nothing else is left in the folder, and no secret stands in it in clear."""
    path = tmp_path / "out" / "a.backup"
    path.parent.mkdir()
    backed_up(config, filled, path)
    assert sorted(one.name for one in path.parent.iterdir()) == ["a.backup", "a.backup.sha256"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} == {0o600}
    assert path.with_name("a.backup.sha256").read_text() == f"{sum_of(path)}  a.backup\n"
    assert b"made-up-" not in path.read_bytes()


def test_a_backup_never_takes_the_place_of_a_file(filled: Store, config: Config, tmp_path: Path) -> None:
    """What is there stays as it is."""
    (tmp_path / "a.backup").write_text("mine")
    with pytest.raises(WrongUse, match="there already"):
        backed_up(config, filled, tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_text() == "mine"


def test_a_backup_that_cannot_be_written_leaves_nothing(filled: Store, config: Config, tmp_path: Path) -> None:
    """Neither the file nor a part of it."""
    with pytest.raises(StoreError):
        backed_up(config, filled, tmp_path / "nowhere" / "a.backup")
    assert not (tmp_path / "nowhere").exists()


def test_a_broken_journal_is_not_backed_up(filled: Store, config: Config, tmp_path: Path) -> None:
    """It says which entry; a backup is never made from what is not whole."""
    from refloat.store.models import JournalEntry

    unguarded("store_journalentry_no_update")
    JournalEntry.objects.filter(number=2).update(body="{}")
    with pytest.raises(StoreError, match="broken at entry 2"):
        backed_up(config, filled, tmp_path / "a.backup")
    assert list(tmp_path.glob("*a.backup*")) == []


def test_others_write_meanwhile(filled: Store, config: Config, tmp_path: Path, start: datetime) -> None:
    """A backup is one state of the store, though somebody goes on writing."""
    stop = threading.Event()

    def write() -> None:
        with filled.connection_closed():
            while not stop.is_set():
                filled.journal.append("harbour", "DE", "observed", {}, start)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        kept = backed_up(config, filled, tmp_path / "a.backup")
    finally:
        stop.set()
        writer.join()
    assert kept.counts["journalentry"] >= 3


def test_a_store_that_is_not_empty_is_not_replaced_unasked(filled: Store, config: Config, tmp_path: Path, start: datetime) -> None:
    """It names what is there."""
    backed_up(config, filled, tmp_path / "a.backup")
    with pytest.raises(WrongUse, match="not empty") as caught:
        put_back(config, tmp_path / "a.backup", start)
    assert "harbour" in str(caught.value)
    assert filled.restored() is None


def test_a_store_at_work_is_not_replaced(filled: Store, config: Config, tmp_path: Path, start: datetime) -> None:
    """Whoever works on an account would go on with what he knows."""
    backed_up(config, filled, tmp_path / "a.backup")
    with filled.alone_with("harbour"), pytest.raises(AccountBusy):
        put_back(config, tmp_path / "a.backup", start, in_place=True)
    assert filled.restored() is None


@pytest.mark.parametrize("damage", ["sum", "torn", "other"])
def test_what_is_not_whole_is_not_restored(filled: Store, config: Config, tmp_path: Path, start: datetime, damage: str) -> None:
    """Another file than was written, one that was cut, one that is none of ours: refused, and the store is as it was."""
    path = tmp_path / "a.backup"
    backed_up(config, filled, path)
    content = path.read_bytes()
    path.write_bytes({"sum": content + b"x", "torn": content[: len(content) // 2], "other": b"something else"}[damage])
    if damage != "sum":
        path.with_name("a.backup.sha256").unlink()
    with pytest.raises(StoreError):
        put_back(config, path, start, in_place=True)
    assert filled.restored() is None
    assert filled.journal.check("harbour", "DE") is None


def test_a_backup_of_a_newer_version_is_refused(filled: Store, config: Config, tmp_path: Path, start: datetime) -> None:
    """Its tables are not ours to read."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_later', '2030-01-01')")
    backed_up(config, filled, tmp_path / "a.backup")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    with pytest.raises(StoreError, match="newer version"):
        put_back(config, tmp_path / "a.backup", start, in_place=True)
    assert filled.restored() is None


def test_there_must_be_a_backup(config: Config, tmp_path: Path, start: datetime) -> None:
    """A path that leads nowhere is said so."""
    with pytest.raises(WrongUse, match="no backup"):
        put_back(config, tmp_path / "nowhere", start)
