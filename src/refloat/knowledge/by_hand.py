"""What the page of a by-hand remedy gives to a person: links, papers, the text, and what it asks of Amazon.

In the English page's front matter::

    [task]
    links = ["account-health"]            # pages of tasks.toml
    decided = true                        # Amazon grants or refuses it; left out: doing it is all
    [task.asks]                           # what {ask} of the text says: for a cause, else by default
    default = "Please look again."
    [[task.papers]]                       # the checklist; of these causes only, where causes are named
    name = "invoices"
    text = "Supplier invoices …"
    kinds = ["invoice"]                   # what the seller's register may call it
    days = 365                            # how old it may be

The Chinese page says ``[task.asks]`` and ``[task.papers]`` (name = "text") again, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from refloat.errors import KnowledgeError
from refloat.knowledge import drafts
from refloat.knowledge.page import Page, read_page
from refloat.knowledge.spelling import reason_key
from refloat.knowledge.tables import table

_KEYS = {"links", "decided", "asks", "papers"}
_CHINESE_KEYS = {"asks", "papers"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A line of the checklist. ``causes``: only for these; empty: for all."""

    name: str
    text: str
    kinds: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    days: int | None = None

    def is_kind(self, kind: str) -> bool:
        """The register's word for a document means this one; compared as a whole, as Amazon's reasons are."""
        return reason_key(kind) in {reason_key(known) for known in (self.name, *self.kinds)}


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a page gives, in one language."""

    links: tuple[str, ...]
    papers: tuple[Paper, ...]
    template: str | None
    asks: Mapping[str, str] = field(default_factory=dict)
    decided: bool = False

    def papers_for(self, cause: str) -> tuple[Paper, ...]:
        """The papers that the cause calls for."""
        return tuple(paper for paper in self.papers if not paper.causes or cause in paper.causes)

    def template_for(self, cause: str) -> str | None:
        """The text with what it asks for on behalf of this cause."""
        ask = self.asks.get(cause, self.asks.get("default", ""))
        return None if self.template is None else self.template.replace("{ask}", ask)


def by_hand(page: Page, language: str = "en") -> ByHand:
    """What the remedy's page gives, in ``language`` as far as it has a page in it.

    Raises:
        KnowledgeError: the page's ``[task]`` is not understood.
    """
    task = _table(page, _KEYS)
    try:
        papers = [Paper(**{**row, **{key: tuple(row[key]) for key in ("kinds", "causes") if key in row}}) for row in task.get("papers", [])]
    except TypeError as error:
        raise KnowledgeError(f"A paper of {page.path.name} is not understood: {error}.", why="It has a key that no paper has, or lacks one.", todo="Compare it with another page.") from error
    english = ByHand(tuple(task.get("links", ())), tuple(papers), drafts.template_of(page.sections, "en"), task.get("asks", {}), task.get("decided", False))
    chinese = page.path.with_suffix(".zh.md")
    return _in_chinese(english, read_page(chinese)) if language == "zh-Hans" and chinese.exists() else english


def _in_chinese(english: ByHand, page: Page) -> ByHand:
    task = _table(page, _CHINESE_KEYS)
    texts: Mapping[str, str] = task.get("papers", {})
    for what, own, theirs in (("papers", set(texts), {paper.name for paper in english.papers}), ("asks", set(task.get("asks", {})), set(english.asks))):
        if strange := sorted(own ^ theirs):
            raise KnowledgeError(f"{page.path.name} and its English page differ in their {what}: {', '.join(strange)}.", why="A task is one in both languages.", todo="Name each in both.")
    papers = tuple(replace(paper, text=texts[paper.name]) for paper in english.papers)
    return replace(english, papers=papers, template=drafts.template_of(page.sections, "zh-Hans"), asks=task.get("asks", {}))


def _table(page: Page, keys: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = page.front.get("task", {})
    if strange := set(found) - keys:
        raise KnowledgeError(f"[task] of {page.path.name} has an unknown key: {sorted(strange)[0]}.", why="It would be passed over unseen.", todo=f"Known are {', '.join(sorted(keys))}.")
    return found


def check(page: Page, causes: Collection[str]) -> None:
    """Refuse a page whose task would come out wrong, in either language.

    Raises:
        KnowledgeError: a link, a cause or a fact that there is not; a text that is not the same in both languages.
    """
    if "task" not in page.front:
        return
    both = [by_hand(page, language) for language in drafts.HEADINGS]
    english = both[0]
    for what, names, known in (("link", english.links, table("tasks")["pages"]), ("cause", _causes(english), causes)):
        if strange := [name for name in names if name not in known]:
            raise KnowledgeError(f"{page.path.name} names the {what} {strange[0]}, which there is not.", why="A task would lack it.", todo="Correct the name.")
    for one in both:
        for text in (one.template_for("default") or "", *one.asks.values()):
            drafts.check(text, page.path.name)
        if strange := [ask for ask in one.asks.values() if drafts.named(ask)]:
            raise KnowledgeError(f"{page.path.name} names a fact in what it asks for: {strange[0]}.", why="It is put into the text as it stands.", todo="Name the fact in the text.")
    if len({frozenset(drafts.named(one.template or "")) for one in both}) > 1:
        raise KnowledgeError(f"The two texts of {page.path.name} do not name the same facts.", why="Both readers must get the same.", todo="Name each fact in both.")


def _causes(found: ByHand) -> list[str]:
    return [*(name for paper in found.papers for name in paper.causes), *(name for name in found.asks if name != "default")]
