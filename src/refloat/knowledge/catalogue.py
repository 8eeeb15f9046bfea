"""The catalogue: every cause and remedy, read from its page and checked.

A user's own folder is read after ours: its pages work like ours, and one of the same name replaces
ours, with a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from refloat.errors import KnowledgeError
from refloat.knowledge import by_hand, predicates
from refloat.knowledge.page import Page, read_page
from refloat.knowledge.spelling import reason_key

HERE = Path(__file__).parent
UNEXPLAINED = "unexplained"
LANGUAGES = ("en", "zh-Hans")


@dataclass(frozen=True)
class Cause:
    """One cause: when it is true, and what cures it, in order of preference."""

    name: str
    remedies: tuple[str, ...]
    precedence: int
    page: Page
    said_as: tuple[str, ...] = ()
    also_said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    when: str = ""
    prefer: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    clock: str | None = None
    after: tuple[str, ...] = ()
    amazon_automatic: str | None = None
    edit_mode: str | None = None
    why: str = ""
    waits: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    @property
    def is_reason(self) -> bool:
        """True for a page that only repeats Amazon's reason; False for one that needs other evidence."""
        return bool(self.said_as) and self.when == f"symptom = '{self.name}'"


@dataclass(frozen=True)
class Remedy:
    """One kind of cure: how safe it is, what undoes it, what a helper must fill in."""

    name: str
    safety: str
    page: Page
    safe_when: str = ""
    recommended_as: tuple[str, ...] = ()
    undo: str = ""
    irreversible: bool = False
    fill_in: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Symptom:
    """One of Amazon's reasons, as our code for it."""

    name: str
    kind: str
    clock: str | None
    amazon_automatic: str | None


@dataclass(frozen=True)
class Catalogue:
    """Every cause by precedence (the highest first), every remedy, and every spelling."""

    causes: Mapping[str, Cause]
    remedies: Mapping[str, Remedy]
    symptoms: Mapping[str, Symptom]
    symptom_by_spelling: Mapping[str, str]
    remedy_by_spelling: Mapping[str, str]
    notices: tuple[str, ...] = ()

    def symptom_of(self, said: str | None) -> str | None:
        """Our name for Amazon's reason; None when blank or never seen."""
        return self.symptom_by_spelling.get(reason_key(said)) if said else None

    def recommended_of(self, said: str | None) -> str | None:
        """The remedy that Amazon's primary action names."""
        return self.remedy_by_spelling.get(reason_key(said)) if said else None


@cache
def catalogue(own_folder: Path | None = None) -> Catalogue:
    """The whole catalogue, checked.

    Raises:
        KnowledgeError: a page contradicts itself or another one.
    """
    pages, notices = _pages("causes", own_folder)
    causes = sorted((_cause(page) for page in pages.values()), key=lambda cause: -cause.precedence)
    remedy_pages, more = _pages("remedies", own_folder)
    remedies = {page.front["name"]: _remedy(page) for page in remedy_pages.values()}
    _check(causes, remedies)
    symptoms = {symptom.name: symptom for cause in causes for symptom in _symptoms(cause)}
    return Catalogue(
        causes={cause.name: cause for cause in causes},
        remedies=remedies,
        symptoms=symptoms,
        symptom_by_spelling=_spellings((name, spelling) for cause in causes for name, spellings in {cause.name: cause.said_as, **cause.also_said}.items() for spelling in spellings),
        remedy_by_spelling=_spellings((remedy.name, spelling) for remedy in remedies.values() for spelling in remedy.recommended_as),
        notices=(*notices, *more),
    )


def _pages(shelf: str, own_folder: Path | None) -> tuple[dict[str, Page], list[str]]:
    """Name → English page of a shelf, and a notice for each that the user's own folder replaces."""
    pages: dict[str, Page] = {}
    notices: list[str] = []
    for folder in (HERE / shelf, *([own_folder / shelf] if own_folder else [])):
        for path in sorted(folder.glob("*.md")):
            if path.name.endswith(".zh.md"):
                continue
            page = read_page(path)
            name = page.front.get("name")
            if name != path.stem:
                raise KnowledgeError(f"{path.name} calls itself {name!r}.", why="A page's name is its file's name.", todo=f"Set name = “{path.stem}” in {path}.")
            if name in pages:
                notices.append(f"{path} replaces our page {name}.")
            pages[name] = page
    return pages, notices


def _cause(page: Page) -> Cause:
    front: dict[str, Any] = dict(page.front)
    front.setdefault("when", f"symptom = '{front['name']}'" if front.get("said_as") else "")
    lists: dict[str, Any] = {key: tuple(front.pop(key)) for key in ("said_as", "remedies", "after", "sources") if key in front}
    also = {name: tuple(spellings) for name, spellings in front.pop("also_said", {}).items()}
    try:
        return Cause(page=page, also_said=also, **lists, **front)
    except TypeError as error:
        raise KnowledgeError(
            f"The front matter of {page.path.name} is not understood: {error}.", why="It has a key that no cause has, or lacks one.", todo="Compare it with another page of the shelf."
        ) from error


def _remedy(page: Page) -> Remedy:
    # What a task takes from the page is read when there is one (by_hand).
    front: dict[str, Any] = {key: value for key, value in page.front.items() if key != "task"}
    lists: dict[str, Any] = {key: tuple(front.pop(key)) for key in ("recommended_as", "fill_in", "sources") if key in front}
    return Remedy(page=page, **lists, **front)


def _symptoms(cause: Cause) -> Iterable[Symptom]:
    names = ((cause.name,) if cause.said_as else ()) + tuple(cause.also_said)
    return (Symptom(name, cause.kind or "listing", cause.clock, cause.amazon_automatic) for name in names)


def _spellings(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, spelling in pairs:
        key = reason_key(spelling)
        if found.setdefault(key, name) != name:
            raise KnowledgeError(
                f"“{spelling}” is claimed by both {found[key]} and {name}.", why="One spelling must lead to one page: neighbours have opposite cures.", todo="Take it out of one of them."
            )
    return found


def _check(causes: list[Cause], remedies: Mapping[str, Remedy]) -> None:
    if UNEXPLAINED not in {cause.name for cause in causes}:
        raise KnowledgeError("The page unexplained.md is missing.", why="It is what we say when we do not know.", todo="Put it back.")
    names = {cause.name for cause in causes}
    for remedy in remedies.values():
        if remedy.safe_when:
            predicates.check(remedy.safe_when)
        by_hand.check(remedy.page, names)
    refined = Counter(cause.precedence for cause in causes if not cause.is_reason)
    for cause in causes:
        if cause.when:
            predicates.check(cause.when)
        for predicate in cause.prefer.values():
            predicates.check(predicate)
        for name in (*cause.remedies, *cause.after, *cause.prefer):
            if name not in remedies:
                raise KnowledgeError(f"{cause.name} names the remedy {name}, which has no page.", why="Every remedy has its page.", todo="Correct the name or write the page.")
        rivals = refined[cause.precedence] - (0 if cause.is_reason else 1)
        if rivals:
            raise KnowledgeError(
                f"{cause.name} shares its precedence {cause.precedence} with another page.", why="When both are true nobody could say which wins.", todo="Give it a precedence of its own."
            )


def translated(page: Page, language: str) -> Page:
    """The page in ``language``: its own file beside it, or the English one when there is none."""
    if language == "zh-Hans":
        chinese = page.path.with_suffix(".zh.md")
        if chinese.exists():
            return read_page(chinese)
    return page
