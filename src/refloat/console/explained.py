"""The pages of causes and remedies: the same that the diagnosis rests on."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpResponse
from markupsafe import Markup

from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.knowledge.catalogue import translated
from refloat.knowledge.labels import label
from refloat.knowledge.page import Page
from refloat.wording.markdown import rendered

#: A text for Amazon stands in a page as a block of its own.
_FENCE = "```"
_SHORT_LETTERS = 220
_short: dict[tuple[Path, str], str] = {}


@page("viewer")
def cause(request: Request, name: str) -> HttpResponse:
    """The page of a cause, with the remedies that it names."""
    known = desk.known()
    if (found := known.causes.get(name)) is None:
        raise Http404
    remedies = [(one, label(known.remedies[one].page, request.language)) for one in dict.fromkeys((*found.remedies, *found.after)) if one in known.remedies]
    return _answer(request, found.page, {"remedies": remedies, "cause": name})


@page("viewer")
def remedy(request: Request, name: str) -> HttpResponse:
    """The page of a remedy."""
    if (found := desk.known().remedies.get(name)) is None:
        raise Http404
    return _answer(request, found.page, {"remedies": (), "cause": None})


def _answer(request: Request, of: Page, more: dict[str, object]) -> HttpResponse:
    return shown(request, "console/explained.html", {"title": label(of, request.language), "sections": sections(of, request.language), **more})


def sections(of: Page, language: str) -> list[tuple[str, Markup]]:
    """Heading → its text as HTML, in the order of the page."""
    return [(heading, _html(text)) for heading, text in translated(of, language).sections.items()]


def _html(text: str) -> Markup:
    if text.startswith(_FENCE):
        return Markup("<pre>{}</pre>").format(text.strip("`").removeprefix("text").strip())
    return Markup(rendered(text))  # noqa: S704 - our own pages, escaped by ``wording.markup``


def in_short(of: Page, language: str) -> str:
    """The page's first sentences, for a word of help beside its name; read once."""
    key = (of.path, language)
    if key not in _short:
        first = next(iter(translated(of, language).sections.values()), "").split("\n\n")[0]
        text = " ".join(first.replace("**", "").replace("*", "").replace("`", "").split())
        _short[key] = text if len(text) <= _SHORT_LETTERS else text[:_SHORT_LETTERS].rsplit(" ", 1)[0] + " …"
    return _short[key]
