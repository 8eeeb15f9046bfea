"""The pages that can be made from the code are made from it, and are those of today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs import generate
from tests.house.tree import ROOT, files, shown

from refloat.reports.notes import read_both

_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_the_reference_is_current() -> None:
    """docs/reference is what script/docs writes now."""
    assert generate.stale() == [], "run script/docs"


def test_the_check_says_what_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A page that is missing, changed or nobody's is named, and the check fails."""
    monkeypatch.setattr(generate, "REFERENCE", tmp_path / "reference")
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / "reference" / "cli.md").unlink()
    (tmp_path / "reference" / "notes.md").write_text("old", encoding="utf-8")
    (tmp_path / "reference" / "nobodys.md").write_text("left over", encoding="utf-8")
    assert generate.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert [name for name in ("cli.md", "notes.md", "nobodys.md") if name not in said] == []
    assert said.count("\n") == 3


def test_the_reference_does_not_depend_on_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pages on a wide and a narrow screen, in every language."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert generate.stale() == []


def test_the_example_of_the_notes_is_read(tmp_path: Path) -> None:
    """The notes that the reference shows are accepted, and every table of them says something."""
    path = tmp_path / "notes.toml"
    path.write_text(generate.EXAMPLE, encoding="utf-8")
    notes, wishes = read_both(path)
    assert all((notes.expires, notes.documents, notes.closed, notes.holds, notes.restrictions, notes.removal_notices, notes.opted_out))
    assert all((wishes.prices, wishes.bounds, wishes.edits, wishes.dates, wishes.goods, wishes.dispositions, wishes.disposition, wishes.addresses))


def test_every_link_between_the_pages_leads_somewhere() -> None:
    """A link to a file of the repository leads to one that is there."""
    pages = [path for path in files() if path.suffix == ".md" and ("docs" in path.relative_to(ROOT).parts or path.parent == ROOT)]
    broken = [f"{shown(page)}: {link}" for page in pages for link in _LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert broken == []


def test_every_dependency_has_its_page() -> None:
    """What is installed earns its place on a page that says why, and how to leave it; no page for what is gone."""
    wanted = {
        re.split(r"[<>\[]", line)[0].strip()
        for name in ("run", "test")
        for line in (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r"))
    }
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "decisions").glob("*.md")}
    index = pages.pop("README")
    assert [name for name in sorted(wanted) if not any(text.lower().startswith("# ") and name in text.split("\n", 1)[0].lower() for text in pages.values())] == []
    assert [name for name in sorted(pages) if f"({name}.md)" not in index] == []
    assert {name: len(text.split()) for name, text in pages.items() if not 80 <= len(text.split()) <= 160} == {}
