"""``refloat explain``: the same pages that the diagnosis rests on."""

from __future__ import annotations

import sys
from pathlib import Path

from refloat.errors import WrongUse
from refloat.knowledge.catalogue import Catalogue, catalogue, translated
from refloat.knowledge.labels import label
from refloat.knowledge.page import Page
from refloat.locale import translator


def run_explain(name: str | None, language: str, own_pages: Path | None) -> None:
    """Show one page, or the list of all."""
    pages = catalogue(own_pages)
    if name is None:
        _list(pages, language)
    else:
        _show(_page(pages, name), language)


def _page(pages: Catalogue, name: str) -> Page:
    """The page by its name, or by Amazon's own words for the reason or the action."""
    known = {**{cause.name: cause.page for cause in pages.causes.values()}, **{remedy.name: remedy.page for remedy in pages.remedies.values()}}
    found = known.get(name) or known.get(pages.symptom_of(name) or "") or known.get(pages.recommended_of(name) or "")
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=3, cutoff=0.4)
        if near:
            raise WrongUse("There is no page “{name}”.", why="It is neither a cause nor a remedy, nor a spelling of one that we know.", todo="Near it: {near}.", name=name, near=", ".join(near))
        raise WrongUse("There is no page “{name}”.", why="It is neither a cause nor a remedy, nor a spelling of one that we know.", todo="refloat explain lists them all.", name=name)
    return found


def _list(pages: Catalogue, language: str) -> None:
    say = translator(language)
    for heading, shelf in ((say("Causes"), pages.causes), (say("Remedies"), pages.remedies)):
        sys.stdout.write(f"{heading}\n")
        width = max(len(name) for name in shelf)
        for name in sorted(shelf):
            sys.stdout.write(f"  {name.ljust(width)}  {label(shelf[name].page, language)}\n")


def _show(page: Page, language: str) -> None:
    body = translated(page, language).body
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(body))
    else:
        sys.stdout.write(body.lstrip("\n"))
