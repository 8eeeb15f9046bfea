"""The gallery: every state that a story tells, as the table shows it, and the states of nothing, unknown and wrong; for whoever changes the pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse

from refloat.app.triage import Question, triage
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.console.shown_rows import Shown
from refloat.reports.notes import read_notes
from refloat.store.finding_rows import FindingRow
from refloat.stories import Story, stories

_PAGE = 15


@page("viewer")
def gallery(request: Request) -> HttpResponse:
    """Some stories a page; each is triaged once a process and language."""
    every, asked = _every(), request.GET.get("from", "")
    first = int(asked) if asked.isascii() and asked.isdigit() and int(asked) < len(every) else 0
    told = [{"title": one.page.title, "name": one.name, "rows": _rows(at, request.language)} for at, one in enumerate(every) if first <= at < first + _PAGE]
    pages = list(range(0, len(every), _PAGE))
    return shown(request, "console/gallery.html", {"stories": told, "all": len(every), "pages": pages, "first": first, "operator": False, "several": False, "assignees": {}})


@cache
def _every() -> tuple[Story, ...]:
    return tuple(stories())


@lru_cache(500)
def _rows(number: int, language: str) -> tuple[Shown, ...]:
    return tuple(_triaged(_every()[number], language))


def _triaged(story: Story, language: str) -> Iterator[Shown]:
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.toml"
        notes.write_text(story.notes, encoding="utf-8")
        found = triage(Question(story.written_to(Path(folder)), as_of=story.as_of, notes=read_notes(notes)))
    wording = Wording(desk.known(), language, story.as_of)
    for row in found.frame.iter_rows(named=True):
        # A story's stranding has no page of its own.
        yield wording.row(_as_shown(row, story.as_of))._replace(id=0)


def _as_shown(row: Mapping[str, Any], today: date) -> FindingRow:
    """A diagnosed row as the store would keep it for pages."""
    own = {"id": 0, "account": row["account"] or "", "marketplace": row["marketplace"] or "?", "price_amount": row["price_shown"], "held_until_on": None, "looked_on": today, "urgency": ""}
    return FindingRow(**{name: own[name] if name in own else row[name] for name in FindingRow._fields})
