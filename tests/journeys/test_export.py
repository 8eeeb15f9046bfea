"""From report files, or an account on record, to a Bulk Fix file that can be uploaded; in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.small_account import row, stranded
from typer.testing import CliRunner

from refloat.cli.commands import app
from refloat.config import Config
from refloat.demo import FOLDER
from refloat.errors import NothingReadable, RefloatError, WrongUse
from refloat.model.ports import Place
from refloat.reports.loader import columns, read_loader
from refloat.store import Unsealed, opened

HEADER = "\t".join(columns())
CLOSED = "A-1\tB000TEST01\t1\t24.90\t\t\t11\t\ta\t\t\t\t\tAMAZON_NA\t\t\t"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


class Ended:
    """How a call ended: what it said on stderr, or the error that it raised."""

    def __init__(self, *arguments: str) -> None:
        run = CliRunner().invoke(app, ["export", *arguments, "--as-of", "2026-11-22"])
        self.code, self.said, self.error = run.exit_code, run.stderr, run.exception
        if self.error and not isinstance(self.error, RefloatError | SystemExit):
            raise self.error


@pytest.fixture
def report(tmp_path: Path) -> str:
    """A report with one closed listing, and one row that no file mends."""
    path = tmp_path / "stranded.txt"
    path.write_text(stranded(row(sku="A-1"), row(sku="PAPERS", stranded_reason="Food safety investigation", primary_action="")), encoding="utf-8")
    return str(path)


def test_from_files(report: str, tmp_path: Path) -> None:
    """The file, and on stderr what is not in it and how to go on."""
    ended = Ended("--loader", report, "-m", "US", "-o", str(tmp_path / "fix.txt"))
    assert (tmp_path / "fix.txt").read_text(encoding="utf-8").splitlines() == [HEADER, CLOSED]
    assert ended.code == 0
    assert "Left out (1): The Bulk Fix file cannot do this: Submit the documents that Amazon asks for. PAPERS" in ended.said
    assert "1 SKUs for US" in ended.said


def test_in_chinese(report: str, tmp_path: Path) -> None:
    """The same file, and everything about it in the reader's language."""
    ended = Ended("--loader", report, "-m", "US", "-o", str(tmp_path / "fix.txt"), "--lang", "zh")
    assert (tmp_path / "fix.txt").read_text(encoding="utf-8").splitlines() == [HEADER, CLOSED]
    assert "未写入（1 个）：批量修复文件无法执行此操作：" in ended.said
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in line) for line in ended.said.splitlines())


def test_from_an_account_on_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single word that is no file is the account; its marketplace is known, so nobody must name it."""
    home = tmp_path / "home"
    monkeypatch.setenv("REFLOAT_HOME", str(home))
    with opened(Config(None, "en", home=home)) as store:
        store.accounts.add("harbour", region="NA", seller_id="A0MADEUP", unsealed=Unsealed("made-up-id-1", "made-up-secret-2", "made-up-token-3"), at=NOW)
        store.accounts.note_places("harbour", [Place("US", True, False)], NOW)
        content = stranded(row(sku="A-1")).encode()
        store.snapshots.keep("harbour", "US", "stranded", content, observed_at=NOW, charset="utf-8", whole=True, report_id="r-1")
    assert Ended("--loader", "harbour", "-o", str(tmp_path / "fix.txt")).code == 0
    assert (tmp_path / "fix.txt").read_text(encoding="utf-8").splitlines() == [HEADER, CLOSED]


def test_an_older_file_is_replaced_only_when_asked(report: str, tmp_path: Path) -> None:
    """Somebody may have filled it in."""
    out = tmp_path / "fix.txt"
    out.write_text("filled in", encoding="utf-8")
    assert isinstance(Ended("--loader", report, "-m", "US", "-o", str(out)).error, WrongUse)
    assert out.read_text(encoding="utf-8") == "filled in"
    assert Ended("--loader", report, "-m", "US", "-o", str(out), "--force").code == 0
    assert out.read_text(encoding="utf-8").startswith("sku\t")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["-m", "US"], "what to export"),
        (["--loader"], "of which marketplace"),
        (["--loader", "-m", "Atlantis"], "Atlantis"),
        (["--loader", "-m", "US", "--remedy", "submit-documents"], "No file is written"),
        (["--loader", "-m", "US", "--sku", "NONE"], "No file is written"),
        (["--loader", "-m", "US", "--remedy", "dance"], "dance"),
    ],
)
def test_what_cannot_be_written_leaves_no_file(report: str, tmp_path: Path, options: list[str], what: str) -> None:
    ended = Ended(report, *options, "-o", str(tmp_path / "fix.txt"))
    assert what in str(ended.error).splitlines()[0]
    assert not (tmp_path / "fix.txt").exists()


def test_nothing_readable_is_said(tmp_path: Path) -> None:
    """A file that is not there is named: it is no account."""
    ended = Ended("--loader", str(tmp_path / "none.txt"), "-o", str(tmp_path / "fix.txt"))
    assert isinstance(ended.error, NothingReadable)
    assert "none.txt" in ended.said


def test_a_folder_that_is_not_there_is_said(report: str, tmp_path: Path) -> None:
    assert "could not be written" in str(Ended("--loader", report, "-m", "US", "-o", str(tmp_path / "none" / "fix.txt")).error)


def test_the_notes_give_prices(tmp_path: Path, report: str) -> None:
    """A wished price is written in place of the listing's."""
    notes = tmp_path / "notes.toml"
    notes.write_text('[[prices]]\nsku = "A-1"\nprice = "19.90"\n', encoding="utf-8")
    assert Ended("--loader", report, "-m", "US", "-o", str(tmp_path / "fix.txt"), "--notes", str(notes), "--sku", "A-1").code == 0
    (found,) = read_loader(tmp_path / "fix.txt", "US").rows
    assert str(found.price) == "19.90"


@pytest.mark.parametrize("place", ["US", "DE"])
def test_the_made_up_account_goes_and_comes_back(tmp_path: Path, place: str) -> None:
    """Every row of the demo's file is read as it was written, and none has a quantity."""
    assert Ended("--loader", str(FOLDER / place), "-o", str(tmp_path / "fix.txt"), "--notes", str(FOLDER / "notes.toml")).code == 0
    filled = read_loader(tmp_path / "fix.txt", place)
    assert (filled.refused, filled.warnings) == ((), ())
    assert len(filled.rows) > 10
    assert {found.channel for found in filled.rows} == {"AMAZON_NA" if place == "US" else "AMAZON_EU"}
