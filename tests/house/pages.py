"""The pages of the catalogue, English and Chinese side by side, as the house's tests read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from refloat.knowledge.catalogue import Cause, Remedy, catalogue
from refloat.knowledge.page import Page, read_page

#: Heading → its Chinese, in the order of the page.
CAUSE_HEADINGS = {"What happened": "发生了什么", "How we know": "如何判断", "What to do": "怎么做", "Safety": "安全", "When it is something else": "何时另有原因", "Sources": "来源"}
REMEDY_HEADINGS = {
    "What it does": "作用",
    "Before you start": "开始之前",
    "In Seller Central": "在卖家平台中",
    "How long it takes": "需要多久",
    "Undo": "撤销",
    "When it is wrong": "何时不适用",
    "Sources": "来源",
}
#: What a remedy by hand has besides, before its sources.
TEXT_HEADING = {"The text": "文本"}
_LIST_ITEM = re.compile(r"^\s*(?:[*-]|\d+\.)\s+")


@dataclass(frozen=True)
class Pair:
    """One page of the catalogue in both languages."""

    entry: Cause | Remedy
    english: Page
    chinese: Page

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def headings(self) -> dict[str, str]:
        if isinstance(self.entry, Cause):
            return CAUSE_HEADINGS
        if self.entry.safety != "by-hand":
            return REMEDY_HEADINGS
        *before, sources = REMEDY_HEADINGS.items()
        return dict([*before, *TEXT_HEADING.items(), sources])


def pairs() -> Iterator[Pair]:
    """Every cause, then every remedy. A page without its Chinese one is an error here already."""
    known = catalogue()
    entries: list[Cause | Remedy] = [*known.causes.values(), *known.remedies.values()]
    for entry in entries:
        yield Pair(entry, entry.page, read_page(entry.page.path.with_suffix(".zh.md")))


def pieces(page: Page) -> Iterator[str]:
    """Every paragraph and every list item of the page, in one line each; headings and tables left out."""
    for section in page.sections.values():
        for block in section.split("\n\n"):
            lines: list[str] = []
            for line in block.splitlines():
                if _LIST_ITEM.match(line) and lines:
                    yield " ".join(lines)
                    lines = []
                if not line.startswith(("#", "|")):
                    lines.append(_LIST_ITEM.sub("", line).strip())
            if lines:
                yield " ".join(lines)
