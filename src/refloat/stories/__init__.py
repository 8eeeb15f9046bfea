"""Stories: one seller's situation, written once; test, documentation, demo and bug report.

A story is Markdown with TOML front matter (``cause``, ``fires``, ``as_of``), a title, two sentences,
then fenced blocks: ``report MARKETPLACE`` (what Amazon shows), ``notes`` (what the seller entered),
``expect`` (the findings, by SKU).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from refloat.knowledge.page import Page, read_page

HERE = Path(__file__).parent
_BLOCK = re.compile(r"^```(?P<kind>\w+)[ \t]*(?P<rest>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Story:
    """One story, taken apart."""

    page: Page
    cause: str
    fires: bool
    as_of: date
    reports: tuple[tuple[str, str], ...]
    notes: str
    expected: dict[str, dict[str, Any]]

    @property
    def name(self) -> str:
        return f"{self.cause}/{self.page.path.stem}"

    def written_to(self, folder: Path) -> list[str]:
        """The report blocks as files, each as the argument that ``refloat triage`` takes."""
        arguments = []
        for number, (place, text) in enumerate(self.reports, 1):
            path = folder / f"report-{number}.txt"
            path.write_text(text, encoding="utf-8", newline="")
            arguments.append(f"{place}={path}" if place else str(path))
        return arguments


def read_story(path: Path) -> Story:
    """The story in ``path``."""
    page = read_page(path)
    blocks = [(match["kind"], match["rest"].strip(), match["text"]) for match in _BLOCK.finditer(page.body)]
    texts = {kind: text for kind, _, text in blocks}
    return Story(
        page=page,
        cause=page.front["cause"],
        fires=page.front["fires"],
        as_of=page.front["as_of"],
        reports=tuple((rest, text) for kind, rest, text in blocks if kind == "report"),
        notes=texts.get("notes", ""),
        expected=json.loads(texts.get("expect", "{}")),
    )


def stories() -> Iterator[Story]:
    """Every story that ships."""
    return (read_story(path) for path in sorted(HERE.glob("*/*.md")))
