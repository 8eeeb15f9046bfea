"""Words, dates and amounts as a person reads them, for every file that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from refloat.app.words import Say, left_text, money_text, skus_text, units_text, worth_text
from refloat.model.finding import Evidence, Finding
from refloat.reports.recognise import reports

__all__ = ["Say", "left_text", "money_text", "skus_text", "units_text", "worth_text"]

#: Where the removal date comes from when it is not Amazon's own.
ESTIMATES = ("settings", "clock", "assumed")


def safety_labels(_: Say) -> dict[str, str]:
    """Safety → who does it."""
    return {"safe": _("one click"), "consent": _("needs your consent"), "by-hand": _("by hand in Seller Central"), "none": _("nothing to do now")}


def standing_labels(_: Say) -> dict[str, str]:
    """Standing → how sure we are."""
    return {
        "confirmed": _("confirmed"),
        "suspected": _("suspected: units nobody can buy, but the report is silent"),
        "clearing": _("clearing: no longer listed as stranded, not yet proven"),
        "conflicting": _("conflicting: a newer report denies it"),
        "unknown": _("unknown: the report that would tell is missing"),
    }


def automatic_labels(_: Say) -> dict[str, str]:
    """What Amazon does by itself, with the day."""
    return {"relist": _("Amazon relists it by itself on {day}"), "change-to-fba": _("Amazon changes it to FBA by itself on {day}"), "remove": _("Amazon removes it on {day}")}


def missed_labels(_: Say) -> dict[str, str]:
    """What Amazon should have done by itself before today and has not, with the day; removal has its own words."""
    return {
        "relist": _("Amazon would have relisted it by itself on {day}; it has not: see whether the automatic action is off for this SKU"),
        "change-to-fba": _("Amazon would have changed it to FBA by itself on {day}; it has not: see whether the automatic action is off for this SKU"),
    }


def bucket_labels(_: Say) -> list[str]:
    """The buckets of ``due_bucket``, in order."""
    return [_("overdue"), _("within 7 days"), _("within 14 days"), _("within 30 days"), _("later"), _("no date")]


def report_titles(language: str) -> dict[str, str]:
    """Our name of a report → Amazon's."""
    return {report.name: report.title_zh if language == "zh-Hans" else report.title for report in reports()}


def source_labels(language: str, _: Say) -> dict[str, str]:
    """What evidence calls its source; in English our own short names say it as they are."""
    return {} if language == "en" else {**report_titles(language), "notes": _("notes")}


def evidence_text(piece: Evidence, sources: Mapping[str, str], _: Say) -> str:
    """Where something stands, and Amazon's own word there; whether a SKU is listed at all is our word."""
    ours = {"present": _("present"), "absent": _("absent")} if piece.source == "listings-all" and piece.field == "seller-sku" else {}
    return _("{source}, {field}: {value}").format(source=sources.get(piece.source, piece.source), field=piece.field, value=ours.get(piece.value, piece.value))


def fill_in_label(name: str, _: Say) -> str:
    """What a person fills in for a remedy; a name of a user's own page is shown as it stands."""
    known = {
        "attribute": _("Attribute"), "case_id": _("Case number"), "category": _("Category"), "condition": _("Condition"), "documents": _("Documents"),
        "evidence": _("Evidence"), "maximum_price": _("Maximum price"), "minimum_price": _("Minimum price"), "price": _("Price"),
        "return_address": _("Return address"), "return_or_dispose": _("Return or dispose"), "start_on": _("Start date"), "until": _("Until"),
        "value": _("Value"), "what_you_found": _("What you found"),
    }  # fmt: skip
    return known.get(name, name.replace("_", " "))


def units_of(finding: Finding) -> int | None:
    """Fulfillable and reserved units, as worth counts them; None is unknown."""
    return None if finding.units_fulfillable is None else finding.units_fulfillable + (finding.units_reserved or 0)


def due_and_left(on: date | None, came_from: str | None, days: int | None, _: Say) -> str:
    """A removal date and how far away it is."""
    due = due_text(on, came_from, _)
    return due if days is None else _("{day}, {left}").format(day=due, left=left_text(days, _))


def with_remark(text: str, remark: str | None, _: Say) -> str:
    """The text, with a remark in brackets where there is one."""
    return _("{text} ({remark})").format(text=text, remark=remark) if remark else text


def listed(names: Iterable[str], _: Say) -> str:
    """Names one after the other."""
    return _(", ").join(names)


def due_text(on: date | None, came_from: str | None, _: Say) -> str:
    """A removal date; an estimate is marked by a sign and by a word."""
    if on is None:
        return _("no date")
    return _("≈ {day} (estimate)").format(day=on.isoformat()) if came_from in ESTIMATES else on.isoformat()
