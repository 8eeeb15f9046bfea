"""Causes and remedies: the same pages that the diagnosis rests on, in your language."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from refloat.api.callers import Request
from refloat.api.doors import read
from refloat.api.kinds import Told
from refloat.api.problems import Problem
from refloat.api.words import language_of, say
from refloat.app import served
from refloat.knowledge.catalogue import Cause, Remedy, translated
from refloat.knowledge.labels import label
from refloat.knowledge.page import Page

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z0-9-]+$")]


class CauseInShort(Told):
    """What Refloat concludes."""

    name: str
    label: str
    said_as: Annotated[list[str], Field(description="Amazon's own words for it.")]
    remedies: Annotated[list[str], Field(description="In order; each the fallback of the one before.")]
    clock: str | None


class Causes(Told):
    """By name."""

    items: list[CauseInShort]


class RemedyInShort(Told):
    """A kind of cure."""

    name: str
    label: str
    safety: str
    irreversible: bool
    undo: str | None


class Remedies(Told):
    """By name."""

    items: list[RemedyInShort]


class CausePage(CauseInShort):
    """A cause with its page."""

    title: str
    sections: Annotated[dict[str, str], Field(description="Heading → Markdown.")]


class RemedyPage(RemedyInShort):
    """A remedy with its page."""

    title: str
    sections: Annotated[dict[str, str], Field(description="Heading → Markdown.")]


def _cause(one: Cause, language: str) -> dict[str, Any]:
    return {"name": one.name, "label": label(one.page, language), "said_as": list(one.said_as), "remedies": list(one.remedies), "clock": one.clock}


def _remedy(one: Remedy, language: str) -> dict[str, Any]:
    return {"name": one.name, "label": label(one.page, language), "safety": one.safety, "irreversible": one.irreversible, "undo": one.undo or None}


def _whole(page: Page, language: str) -> dict[str, Any]:
    own = translated(page, language)
    return {"title": own.title, "sections": dict(own.sections)}


@read("/causes", Causes, say("Every cause"), tag="pages")
def list_causes(request: Request) -> Any:
    """With Amazon's words and our remedies."""
    return {"items": [_cause(one, language_of(request)) for _, one in sorted(served.known().causes.items())]}


@read("/causes/{name}", CausePage, say("A cause's page"), tag="pages")
def get_cause(request: Request, name: Name) -> Any:
    """What happened, how we know, what to do, when it is something else."""
    if (one := served.known().causes.get(name)) is None:
        raise Problem("not-there")
    return _cause(one, language_of(request)) | _whole(one.page, language_of(request))


@read("/remedies", Remedies, say("Every remedy"), tag="pages")
def list_remedies(request: Request) -> Any:
    """With its safety and its undo."""
    return {"items": [_remedy(one, language_of(request)) for _, one in sorted(served.known().remedies.items())]}


@read("/remedies/{name}", RemedyPage, say("A remedy's page"), tag="pages")
def get_remedy(request: Request, name: Name) -> Any:
    """What to check before, how long it takes, how to undo it."""
    if (one := served.known().remedies.get(name)) is None:
        raise Problem("not-there")
    return _remedy(one, language_of(request)) | _whole(one.page, language_of(request))
