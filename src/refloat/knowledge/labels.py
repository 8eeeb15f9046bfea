"""What a cause or a remedy is called, in the reader's language."""

from __future__ import annotations

from pathlib import Path

from refloat.knowledge.catalogue import translated
from refloat.knowledge.page import Page

_known: dict[tuple[Path, str], str] = {}


def label(page: Page, language: str) -> str:
    """The page's title in English; its ``label`` in Chinese. Each page is read once."""
    key = (page.path, language)
    if key not in _known:
        own = translated(page, language)
        _known[key] = str(own.front.get("label") or own.title)
    return _known[key]
