"""The seller's notes: what is written is taken, and what is not understood is refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from refloat.demo import FOLDER
from refloat.errors import WrongUse
from refloat.model.notes import Entered, Notes, Restriction, Settings
from refloat.reports.notes import read_notes

WHOLE = """
documents_kept = true
closings_kept = true
[settings]
automatic_relist_days = 14
automatic_change_to_fba = false
[[expires]]
sku = '"47-SHELF'
on = 2026-10-31
[[documents]]
sku = "004711"
kind = "letter of authorisation"
[[documents]]
sku = "004711"
kind = "invoice"
on = 2026-03-01
[[closed]]
sku = "A/B"
on = 2026-11-01
[[holds]]
sku = "C"
until = 2027-01-04
[[restrictions]]
sku = "D"
code = "APPROVAL_REQUIRED"
brand = "Musterhafen"
[[restrictions]]
sku = "E"
code = "NOT_ELIGIBLE"
[[removal_notices]]
sku = "F"
on = 2026-11-20
[[opted_out]]
sku = "G"
"""


def read(folder: Path, text: str) -> Notes:
    path = folder / "notes.toml"
    path.write_text(text, encoding="utf-8")
    return read_notes(path)


def test_everything_that_can_be_noted(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == Notes(
        expires={'"47-SHELF': date(2026, 10, 31)},
        documents={"004711": 2},
        register={"004711": (Entered("letter of authorisation"), Entered("invoice", date(2026, 3, 1)))},
        documents_kept=True,
        closed={"A/B": date(2026, 11, 1)},
        closings_kept=True,
        holds={"C": date(2027, 1, 4)},
        restrictions={"D": Restriction("APPROVAL_REQUIRED", "Musterhafen"), "E": Restriction("NOT_ELIGIBLE")},
        removal_notices={"F": date(2026, 11, 20)},
        opted_out=frozenset({"G"}),
        settings=Settings(automatic_relist_days=14, automatic_change_to_fba=False),
    )


def test_an_empty_file_knows_nothing(tmp_path: Path) -> None:
    """Above all it keeps no register: unknown documents are not none."""
    assert read(tmp_path, "") == Notes()
    assert read(tmp_path, "").documents_kept is False


def test_notes_from_a_windows_editor(tmp_path: Path) -> None:
    """It puts a byte-order mark in front."""
    assert read(tmp_path, "\ufeffclosings_kept = true\n").closings_kept is True


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("holidays = true", "holidays"),
        ('documents_kept = "yes"', "documents_kept"),
        ('[[expires]]\nsku = "A"', "on"),
        ('[[expires]]\nsku = "A"\non = "31/10/2026"', "31/10/2026"),
        ('[[expires]]\nsku = "A"\non = 2026-10-31T08:00:00', "on"),
        ("[[closed]]\nsku = 4711\non = 2026-10-31", "4711"),
        ('[[holds]]\nsku = "A"\non = 2026-10-31', "until"),
        ('[[opted_out]]\nsku = "A"\non = 2026-10-31', "on"),
        ('[expires]\nsku = "A"', "expires"),
        ('[[restrictions]]\nsku = "A"\ncode = "GATED"', "GATED"),
        ("[settings]\nrelist = 3", "relist"),
        ('[settings]\nremoval_days = "soon"', "removal_days"),
        ("[settings]\nremoval_days = -1", "removal_days"),
        ("[settings]\nautomatic_relist = 1", "automatic_relist"),
        ("expires = 5", "expires is not a list of rows"),
        ('opted_out = ""', "opted_out is not a list of rows"),
        ('opted_out = ["A"]', "opted_out is not a list of rows"),
        ("settings = 3", "settings is not a table"),
        ("settings = []", "settings is not a table"),
        ('[[restrictions]]\nsku = "A"\ncode = "NOT_ELIGIBLE"\nbrand = 5', "row 1 of restrictions says brand = 5"),
        ('[[opted_out]]\nsku = "A"\n[[opted_out]]\nsku = true', "row 2 of opted_out says sku = true"),
        ('"{file}" = 1', "stands {file}, which"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(WrongUse) as refusal:
        read(tmp_path, text)
    assert names in str(refusal.value).splitlines()[0]
    assert "notes.toml" in str(refusal.value)
    assert refusal.value.why
    assert refusal.value.todo


@pytest.mark.parametrize("content", [b"documents_kept = ", b"\xff\xfe\x00"])
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.toml"
    path.write_bytes(content)
    with pytest.raises(WrongUse):
        read_notes(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        read_notes(tmp_path / "none.toml")


def test_the_notes_of_the_demo_are_understood() -> None:
    assert read_notes(FOLDER / "notes.toml").closings_kept
