"""Every story is true: what it expects is what Refloat finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from refloat.app import Question, triage
from refloat.reports.notes import read_notes
from refloat.stories import Story, stories

ALL = list(stories())


@pytest.mark.parametrize("story", ALL, ids=[story.name for story in ALL])
def test_the_story_ends_as_it_says(story: Story, tmp_path: Path) -> None:
    """The findings named in the story are found, with every value that it names."""
    notes_file = tmp_path / "notes.toml"
    notes_file.write_text(story.notes, encoding="utf-8")
    result = triage(Question(story.written_to(tmp_path), as_of=story.as_of, notes=read_notes(notes_file)))
    found = {finding.sku: finding for finding in result.findings()}
    seen = {sku: {key: _plain(found[sku], key) for key in expected} if sku in found else None for sku, expected in story.expected.items()}
    assert seen == story.expected
    causes = {finding.cause for finding in found.values()}
    assert (story.cause in causes) == story.fires


def _plain(finding: object, key: str) -> object:
    value = finding.as_json()[key]  # type: ignore[attr-defined]
    return value["name"] if isinstance(value, dict) and "name" in value else value
