"""The texts of warnings, in both languages, from ``messages.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.model.cure import Guard
from refloat.model.remark import Remark, remark_of
from refloat.model.source import Warning


def text_of(warning: Warning, language: str = "en") -> str:
    """What a seller reads about ``warning``."""
    short = "zh" if language == "zh-Hans" else "en"
    template: str = table("messages")[warning.code][short]
    facts = dict(warning.facts)
    if "outcome" in facts:
        facts["outcome"] = table("messages")["outcome"][facts["outcome"] + ("_zh" if short == "zh" else "")]
    if "trouble" in facts:
        facts["trouble"] = trouble(facts["trouble"], language)
    name = PurePath(warning.file).name if warning.file else ""
    return template.format_map({"file": name, "line": warning.line, "column": warning.column, "value": warning.value, **facts})


def remark_text(remark: Remark, language: str = "en") -> str:
    """What a run has to say, in words; a code that has none stands for itself."""
    facts = remark.facts
    if remark.code == "error":
        say, known = translator(language), _Known(facts.get("values", {}))
        return "\n".join(say(part).format_map(known) for part in facts.get("parts", ()))
    texts = table("remarks").get(remark.code)
    if texts is None:
        return remark.code
    return str(texts["zh" if language == "zh-Hans" else "en"]).format_map(_Known({name: _worded(value, language) for name, value in facts.items()}))


def _worded(fact: object, language: str) -> str:
    """A fact as it is read: a count, names as a list, another remark in its first line."""
    if (inner := remark_of(fact)) is not None:
        return remark_text(inner, language).split("\n")[0]
    if isinstance(fact, list | tuple):
        own, short = table("remarks")["moved-names"], "zh" if language == "zh-Hans" else "en"
        return ("、" if short == "zh" else ", ").join(own[name][short] if name in own else str(name) for name in fact)
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def guard_text(guard: Guard, language: str = "en") -> str:
    """Why a guard stands in the way, with the facts of its case; a fact that is not known is called so."""
    short = "zh" if language == "zh-Hans" else "en"
    facts = dict(guard.facts)
    if "writer" in facts:
        facts["writer"] = writer(facts["writer"], language)
    return str(table("guards")[guard.name][short]).format_map(_Known(facts))


def decision_text(code: str, facts: Mapping[str, str], language: str = "en") -> str:
    """Why an action runs by itself, waits, or is left to a person; a fact that is not known is called so."""
    return str(table("decisions")[code]["zh" if language == "zh-Hans" else "en"]).format_map(_Known(facts))


def writer(code: str, language: str = "en") -> str:
    """Who changed a cure back, in words."""
    texts = table("curing")["writer"].get(code)
    return str(texts["zh" if language == "zh-Hans" else "en"]) if texts else code


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "?"


def proposed(causes: Iterable[str], language: str = "en") -> list[str]:
    """What would keep these causes from coming back, a sentence each; nothing where nobody has a proposal. Proposed, never put into force."""
    short, own = "zh" if language == "zh-Hans" else "en", set(causes)
    return [str(row[short]) for row in table("proposals").values() if own & set(row["causes"])]


def trouble(code: str, language: str = "en") -> str:
    """Why a source could not be had, as a sentence; a code that has none stands for itself."""
    texts = table("troubles").get(code)
    return str(texts["zh" if language == "zh-Hans" else "en"]) if texts else code
