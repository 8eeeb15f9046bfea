"""The CSV: one row a finding, nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import errno
import json
from pathlib import Path

import pytest

from refloat.app import Triage
from refloat.wording.triage import csv as show_csv
from refloat.wording.triage.csv import COLUMNS, write_csv
from refloat.wording.whole_file import harmless, whole_file


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return {row["sku"]: row for row in csv.DictReader(text)}


def test_has_one_row_a_finding_and_a_byte_order_mark(account: Triage, tmp_path: Path) -> None:
    """Excel needs the mark to read UTF-8."""
    write_csv(account, tmp_path / "out.csv", "en")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(rows_of(tmp_path / "out.csv")) == account.shown.height == 5


def test_says_what_the_contract_says(account: Triage, tmp_path: Path) -> None:
    """Every flat column agrees with the object of the JSON contract."""
    write_csv(account, tmp_path / "out.csv", "en")
    row = rows_of(tmp_path / "out.csv")["LAMP-01"]
    finding = json.loads(json.dumps(next(finding.as_json() for finding in account.findings() if finding.sku == "LAMP-01")))
    assert tuple(row) == COLUMNS
    assert (row["symptom_said"], row["symptom_name"]) == (finding["symptom"]["said"], finding["symptom"]["name"])
    assert (row["worth_amount"], row["worth_currency"]) == (finding["worth"]["amount"], "USD") == ("50.00", "USD")
    assert all(row[name] == finding[name] for name in ("why", "cause", "remedy", "removal_due_on", "removal_due_from", "price_amount"))


def test_covers_every_key_of_the_contract(account: Triage) -> None:
    """A key that a later version adds must not be forgotten here."""
    keys = next(account.findings()).as_json()
    flat = {name for column in COLUMNS for name in (column, *(column.removesuffix(end) for end in ("_said", "_name", "_amount", "_currency")))}
    assert set(keys) <= flat


def test_a_formula_becomes_text(account: Triage, tmp_path: Path) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe; a negative number stays a number."""
    write_csv(account, tmp_path / "out.csv", "en")
    rows = rows_of(tmp_path / "out.csv")
    assert "'=cmd|'x'!A1" in rows
    assert rows["'-LATERNE"]["title"] == "'+49 Laterne"
    assert rows["'-LATERNE"]["days_left"] == "-2"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_every_sign_that_starts_a_formula_is_known(sign: str) -> None:
    """All six signs get an apostrophe; the same sign further inside the text does not."""
    assert harmless(f"{sign}1") == f"'{sign}1"
    assert harmless(f"a{sign}1") == f"a{sign}1"


def test_unknown_is_empty_and_never_zero(account: Triage, tmp_path: Path) -> None:
    """A quantity that no report tells is not 0, nor is its worth."""
    write_csv(account, tmp_path / "out.csv", "en")
    row = rows_of(tmp_path / "out.csv")["MUG-UNKNOWN"]
    assert (row["units_fulfillable"], row["worth_amount"], row["worth_currency"]) == ("", "", "")


def test_chinese_labels_under_the_names_of_the_contract(account: Triage, tmp_path: Path) -> None:
    """The columns keep their names in every language; sentences and labels are the reader's."""
    write_csv(account, tmp_path / "out.csv", "zh-Hans")
    row = rows_of(tmp_path / "out.csv")["LAMP-01"]
    assert row["cause_label"] == "商品已下架"
    assert "亚马逊" in row["why"]


def test_a_full_disk_leaves_the_old_file(account: Triage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file is worse than the file of yesterday."""
    target = tmp_path / "out.csv"
    target.write_text("yesterday")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(show_csv, "_cell", full)
    before = set(tmp_path.iterdir())
    with pytest.raises(OSError, match="No space"):
        write_csv(account, target, "en")
    assert target.read_text() == "yesterday"
    assert set(tmp_path.iterdir()) == before


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle removes the part that was written."""
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "out.csv") as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    """The file behind the link is replaced, with the permissions that it had."""
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    with whole_file(link) as part:
        part.write_text("new")
    assert link.is_symlink()
    assert (real.read_text(), real.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_device_is_written_to_and_not_replaced() -> None:
    """/dev/null must still be a device afterwards."""
    with whole_file(Path("/dev/null")) as part:
        part.write_text("text")
    assert Path("/dev/null").is_char_device()


def test_a_folder_cannot_be_written(tmp_path: Path) -> None:
    """It is said before any work is done."""
    with pytest.raises(IsADirectoryError), whole_file(tmp_path):
        raise AssertionError
