"""Amazon's settings in the notes: their table alone is changed; comments, order and all else stay as their writer left them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from refloat.app.amazon_settings import with_settings
from refloat.errors import WrongUse
from refloat.model.notes import Settings
from refloat.reports.notes import read_both

READ = Settings(removal_days=40, automatic_relist=False, removal_disposition="Return", looked_up_on=date(2026, 11, 27))
NOTES = '# Ours.\ndocuments_kept = true\n\n[settings] # as of May\nremoval_days = 30\n\n[[holds]]\nsku = "A [settings] B"\nuntil = 2026-12-24 # Christmas\n'


@pytest.mark.parametrize("text", ["", "# Only a remark.\n", NOTES, NOTES.replace("[settings] # as of May\nremoval_days = 30\n\n", ""), "[settings]\n"])
def test_the_settings_are_there_and_nothing_else_has_changed(text: str) -> None:
    found = with_settings(text, READ)
    notes, _ = read_both(Path("notes.toml"), found)
    assert notes.settings == READ
    before, _ = read_both(Path("notes.toml"), text)
    assert (notes.holds, notes.documents_kept) == (before.holds, before.documents_kept)
    assert all(remark in found for remark in ("# Ours.", "# Christmas", "# Only a remark.") if remark in text)


@pytest.mark.parametrize("text", ["settings = { removal_days = 30 }\n", "settings.removal_days = 30\n", "not toml at all"])
def test_what_a_program_cannot_change_alone_is_left_to_its_writer(text: str) -> None:
    with pytest.raises(WrongUse, match="this page cannot change"):
        with_settings(text, READ)


def test_entering_them_twice_changes_nothing_more() -> None:
    once = with_settings(NOTES, READ)
    assert with_settings(once, READ) == once
