"""The store's commands: what they print, in words and in JSON, and with which exit code."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from tests.databases import unguarded

from refloat.cli.store import run_backup, run_check, run_journal, run_migrate, run_prune, run_restore
from refloat.clock import SimulatedClock
from refloat.config import Config
from refloat.store import Store
from refloat.store.schema import newest


@pytest.fixture
def written(store: Store, account: str, start: datetime) -> Store:
    """Two chains with some entries."""
    for number in range(3):
        store.journal.append(account, "DE", "receipt", {"sku": f"MUG-{number}", "名": "杯子"}, start)
    store.journal.append(account, "", "planned", {"plan": "p"}, start)
    return store


def test_a_whole_journal_holds(written: Store, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """Every chain with its head, and 0."""
    assert run_check(config, None, as_json=False, language="en") == 0
    told = capsys.readouterr().out
    assert told.count("the chain holds") == 2
    assert run_check(config, "harbour", as_json=True, language="en") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["holds"], [(one["marketplace"], one["entries"], one["broken_at"]) for one in answer["chains"]]) == (True, [(None, 1, None), ("DE", 3, None)])


@pytest.mark.parametrize(
    ("change", "number", "how"),
    [({"body": "{}"}, 2, "altered"), ({"number": 9}, 2, "missing"), ({"hash": "0" * 64}, 2, "altered")],
    ids=["body", "number", "hash"],
)  # fmt: skip
def test_the_first_broken_entry_is_named(written: Store, config: Config, capsys: pytest.CaptureFixture[str], change: dict[str, object], number: int, how: str) -> None:
    """An altered body, a missing number, an altered hash: which entry, how, and 2; the other chain holds."""
    from refloat.store.models import JournalEntry

    unguarded("store_journalentry_no_update")
    JournalEntry.objects.filter(marketplace="DE", number=2).update(**change)
    assert run_check(config, None, as_json=True, language="en") == 2
    answer = json.loads(capsys.readouterr().out)
    assert (answer["holds"], [(one["broken_at"], one["how"]) for one in answer["chains"]]) == (False, [(None, None), (number, how)])
    assert run_check(config, None, as_json=False, language="zh-Hans") == 2
    assert "harbour DE" in capsys.readouterr().out


def test_the_journal_is_shown(written: Store, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """Every entry; with a SKU, only what is about it."""
    run_journal(config, "harbour", None, as_json=True)
    assert [(row["marketplace"], row["number"]) for row in map(json.loads, capsys.readouterr().out.splitlines())] == [(None, 1), ("DE", 1), ("DE", 2), ("DE", 3)]
    run_journal(config, "harbour", "MUG-1", as_json=False)
    (line,) = capsys.readouterr().out.splitlines()
    assert "DE 2  receipt" in line
    assert "杯子" in line


def test_backup_and_restore_say_what_follows(written: Store, config: Config, tmp_path: Path, start: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the key is, which is not in the backup; where the state before is; what has to happen before anything is written."""
    run_backup(config, tmp_path / "a", as_json=False, language="en")
    assert "secret.key" in capsys.readouterr().out
    run_backup(config, tmp_path / "b", as_json=True, language="en")
    assert json.loads(capsys.readouterr().out)["counts"]["journalentry"] == 4
    run_restore(config, tmp_path / "a", in_place=True, clock=SimulatedClock(start), as_json=False, language="en")
    assert "refloat observe" in capsys.readouterr().out


def test_migrate_and_prune_say_what_they_did(store: Store, config: Config, start: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    """Also when there was nothing to do."""
    run_migrate(config, as_json=False, language="en")
    assert f"up to date: {newest()}" in capsys.readouterr().out
    run_prune(config, clock=SimulatedClock(start), as_json=True, language="en")
    assert json.loads(capsys.readouterr().out)["snapshots"] == 0
