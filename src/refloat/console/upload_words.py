"""The answer to an upload in words: summary, incidents, the table, warnings, sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from refloat.app import Triage
from refloat.knowledge.labels import label
from refloat.knowledge.messages import text_of
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.loop.findings import findings
from refloat.model.finding import Finding
from refloat.wording.labels import Say, due_text, left_text, money_text, report_titles, safety_labels, skus_text, standing_labels, units_of, units_text, worth_text

_INCIDENTS = 20


def kind_labels(_: Say) -> dict[str, str]:
    """Kind of file → as a person chooses it."""
    return {"csv": _("CSV, a row for each"), "xlsx": _("spreadsheet, a sheet for each way to cure"), "html": _("a page to print and send"), "json": _("JSON, for programs")}


def answered(found: Triage, language: str) -> dict[str, Any]:
    """What the page shows; unknown is called so."""
    _, limits, whole = translator(language), table("limits")["upload"], found.summary
    rows = found.top(limits["answer_rows"])
    return {
        "as_of": found.as_of.isoformat(),
        "any": whole.skus > 0,
        "unknown": whole.unknown,
        "total": [skus_text(whole.skus, _), units_text(whole.units, _), worth_text(whole.worth, _)],
        "soon": whole.due_within_7_days,
        "rows": [_row(one, found, language) for one in findings(rows, found.catalogue, language)],
        "count": f"{found.shown_count:,}",
        "more": max(0, found.shown_count - rows.height),
        "incidents": list(_incidents(found, language)),
        "warnings": [text_of(one, language) for one in found.warnings[: limits["warnings_shown"]]],
        "warnings_more": max(0, len(found.warnings) - limits["warnings_shown"]),
        "sources": list(_sources(found, language)),
    }


def _row(one: Finding, found: Triage, language: str) -> dict[str, Any]:
    _ = translator(language)
    units = units_of(one)
    return {
        "sku": one.sku,
        "title": one.title or "–",
        "asin": one.asin or "–",
        "place": one.marketplace or _("unknown"),
        "cause": label(found.catalogue.causes[one.cause].page, language),
        "why": one.why,
        "standing": "" if one.standing == "confirmed" else standing_labels(_).get(one.standing, one.standing),
        "remedy": label(found.catalogue.remedies[one.remedy].page, language),
        "safety": safety_labels(_).get(one.safety, one.safety),
        "advised": one.recommended_said if one.recommended_said and one.recommended != one.remedy else "",
        "due": due_text(one.removal_due_on, one.removal_due_from, _),
        "left": "" if one.days_left is None else left_text(one.days_left, _),
        "late": one.days_left is not None and one.days_left < 0,
        "units": _("unknown") if units is None else f"{units:,}",
        "worth": money_text(one.worth, _),
    }


def _incidents(found: Triage, language: str) -> Iterator[dict[str, str]]:
    _ = translator(language)
    for one in found.incidents[:_INCIDENTS]:
        yield {
            "cause": label(found.catalogue.causes[one.cause].page, language),
            "skus": f"{one.skus:,}",
            "units": _("unknown") if one.units is None else f"{one.units:,}",
            "worth": worth_text(one.worth, _) if one.worth else _("unknown"),
            "place": one.marketplace or _("unknown"),
            "began": one.began_on.isoformat(),
        }


def _sources(found: Triage, language: str) -> Iterator[dict[str, str]]:
    _, titles = translator(language), report_titles(language)
    for one in found.sources:
        yield {
            "file": PurePath(one.file).name or one.file,
            "report": titles.get(one.report, _("unknown")),
            "place": one.marketplace or _("unknown"),
            "rows": _("unknown") if one.rows is None else f"{one.rows:,}",
            "whole": _("unknown") if one.rows is None else _("yes") if one.whole else _("no, cut or damaged"),
        }
