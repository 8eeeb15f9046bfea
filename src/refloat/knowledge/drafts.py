"""The little language of a text for Amazon, as it stands on a remedy's page under “The text”.

    SKU: {sku}                  the fact; the line is left out where it is not known
    ASIN: {asin|the ASIN}       the fact; where it is not known it is asked for: [the ASIN]
    - {tried}                   of what is many, the line once for each
    [what has changed]          asked for always
    {product}                   on a line of its own: the product's own lines, of tasks.toml

A paragraph in which every line with a fact was left out is left out whole, heading and all. A line names
at most one fact without a question, so that no known fact is lost with an unknown one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from refloat.errors import KnowledgeError
from refloat.knowledge.tables import table
from refloat.model.task import FACTS, Draft

#: Heading of the text on a page, by language.
HEADINGS = {"en": "The text", "zh-Hans": "文本"}
_FENCED = re.compile(r"```text\n(.*?)\n```", re.DOTALL)
_FACT = re.compile(r"\{([a-z_]+)(?:\|([^{}\[\]|]+))?\}")
_ASKED = re.compile(r"\[([^\[\]]+)\]")
_PRODUCT = re.compile(r"^\{product\}$", re.MULTILINE)

#: A fact's text, or the texts of what is many; None, or none of them, is unknown.
Facts = Mapping[str, str | Sequence[str] | None]


def template_of(sections: Mapping[str, str], language: str) -> str | None:
    """The text of a page, with the product's lines in it; None where the page has none."""
    found = _FENCED.search(sections.get(HEADINGS[language], ""))
    product = table("tasks")["product"]["zh" if language == "zh-Hans" else "en"].strip()
    return None if found is None else _PRODUCT.sub(lambda _: product, found[1])


def named(template: str) -> set[str]:
    """Every fact that the template names."""
    return {found[1] for found in _FACT.finditer(template)}


def check(template: str, where: str) -> None:
    """Refuse what would leave a brace, or lose a known fact.

    Raises:
        KnowledgeError: a fact that there is not, a brace or bracket that stands alone, or a line with two facts that may be unknown.
    """
    for line in template.splitlines():
        facts = list(_FACT.finditer(line))
        rest = _ASKED.sub("", _FACT.sub("", line))
        if strange := [found[1] for found in facts if found[1] not in FACTS]:
            raise KnowledgeError(f"{where} names the fact {strange[0]}, which there is not.", why=f"In: {line}", todo=f"Known are {', '.join(FACTS)}.")
        if any(sign in rest for sign in "{}[]"):
            raise KnowledgeError(f"In {where} a brace or a bracket stands alone.", why=f"In: {line}", todo="{sku}: a fact; {asin|the ASIN}: asked where unknown; [the date]: always.")
        if len([found for found in facts if not found[2]]) > 1:
            raise KnowledgeError(f"{where} names two facts on one line.", why=f"Where one is unknown, the line is left out with the other: {line}", todo="Give each a line of its own, or a question.")


def drafted(template: str, facts: Facts) -> Draft:
    """The template with these facts in it. A fact is put in as it is, braces and all, on one line."""
    asks: list[str] = []
    paragraphs = [_paragraph(part, facts, asks) for part in re.split(r"\n\s*\n", template.strip())]
    return Draft("\n\n".join(part for part in paragraphs if part), tuple(asks))


def _paragraph(part: str, facts: Facts, asks: list[str]) -> str:
    lines, factual, kept = [], 0, 0
    for line in part.splitlines():
        written = _written(line, facts, asks)
        if _FACT.search(line):
            factual, kept = factual + 1, kept + bool(written)
        lines += written
    return "" if factual and not kept else "\n".join(lines)


def _written(line: str, facts: Facts, asks: list[str]) -> list[str]:
    """The line as it is to be read: none where a fact lacks, more than one where a fact is many."""
    found = list(_FACT.finditer(line))
    many = next((values for one in found if isinstance(values := facts.get(one[1]), Sequence) and not isinstance(values, str)), None)
    if any(not facts.get(one[1]) and not one[2] for one in found):
        return []
    if many:
        return [_filled(line, {**facts, **{one[1]: value for one in found if facts.get(one[1]) is many}}, asks) for value in many]
    return [_filled(line, facts, asks)]


def _filled(line: str, facts: Facts, asks: list[str]) -> str:
    """The line's own words and questions, and the facts in between; what a fact says is never taken for a question."""
    parts, end = [], 0
    for found in _FACT.finditer(line):
        words = line[end : found.start()]
        asks += _ASKED.findall(words)
        value = facts.get(found[1])
        if value:
            parts += [words, " ".join(str(value).splitlines())]
        else:
            asks.append(found[2])
            parts += [words, f"[{found[2]}]"]
        end = found.end()
    asks += _ASKED.findall(line[end:])
    return "".join((*parts, line[end:]))
