"""The gallery: every state that a story tells, as the table shows it, and the states of nothing, unknown and wrong; for whoever changes the pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse

from refloat.app.triage import Question, triage
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Shown, Wording
from refloat.reports.notes import read_notes
from refloat.store.finding_rows import FindingRow
from refloat.stories import Story, stories


@page("viewer")
def gallery(request: Request) -> HttpResponse:
    """All of it on one page; every story is triaged once a process and language."""
    told = [{"title": one.page.title, "name": one.name, "rows": rows} for one, rows in _told(request.language)]
    return shown(request, "console/gallery.html", {"stories": told, "operator": False, "several": False, "assignees": {}})


@lru_cache(2)
def _told(language: str) -> tuple[tuple[Story, tuple[Shown, ...]], ...]:
    return tuple((story, tuple(_rows(story, language))) for story in stories())


def _rows(story: Story, language: str) -> Iterator[Shown]:
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.toml"
        notes.write_text(story.notes, encoding="utf-8")
        found = triage(Question(story.written_to(Path(folder)), as_of=story.as_of, notes=read_notes(notes)))
    wording = Wording(desk.known(), language, story.as_of)
    for row in found.frame.iter_rows(named=True):
        # A story's stranding has no page of its own.
        yield replace(wording.row(_as_shown(row, story.as_of)), id=0)


def _as_shown(row: Mapping[str, Any], today: date) -> FindingRow:
    """A diagnosed row as the store would keep it for pages."""
    own = {"id": 0, "account": row["account"] or "", "marketplace": row["marketplace"] or "?", "price_amount": row["price_shown"], "held_until_on": None, "looked_on": today, "urgency": ""}
    return FindingRow(**{name: own[name] if name in own else row[name] for name in FindingRow.__slots__})
