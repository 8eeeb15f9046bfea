"""A finding laid flat: the columns of the triage contract, one cell each, nothing in it that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import attrgetter

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.model.finding import Finding, amount_text
from refloat.model.money import Money
from refloat.wording.whole_file import harmless

Cell = str | int | None

#: Columns that stand in the finding as they stand in the file.
_AS_THEY_ARE = (
    "account", "marketplace", "marketplace_id", "sku", "asin", "fnsku", "title", "condition",
    "units_fulfillable", "units_unfulfillable", "units_reserved", "units_inbound", "price_amount", "price_currency", "stranded_on", "age_days",
    "symptom_said", "symptom_name", "recommended_said", "recommended_name", "status_primary", "status_secondary", "error_message", "program",
    "cause", "cause_label", "standing", "why", "evidence", "remedy", "remedy_label", "mode", "safety", "then", "after", "amazon_will",
    "removal_due_on", "removal_due_from", "removal_due_latest_on", "days_left",
)  # fmt: skip
_MONEY = ("worth", "cost_per_day", "cost_so_far", "aged_surcharge", "removal_cost")
COLUMNS = (*_AS_THEY_ARE, *(f"{name}_{part}" for name in _MONEY for part in ("amount", "currency")), "pool", "counted")


def columns(catalogue: Catalogue, language: str) -> list[Callable[[Finding], object]]:
    """How each of ``COLUMNS`` comes from a finding; found once, since there may be a million rows."""
    labels: dict[str, Callable[[Finding], object]] = {
        "cause_label": lambda finding: label(catalogue.causes[finding.cause].page, language),
        "remedy_label": lambda finding: label(catalogue.remedies[finding.remedy].page, language),
    }
    worked_out = _WORKED_OUT | labels
    return [worked_out[name] if name in worked_out else attrgetter(name) for name in COLUMNS]


def cell(value: object) -> Cell:
    """Numbers stay numbers, days are written year-month-day, text is made harmless."""
    if value is None:
        return None
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else harmless(str(value))


def _amount(name: str) -> Callable[[Finding], object]:
    def amount(finding: Finding) -> object:
        money: Money | None = getattr(finding, name)
        return None if money is None else money.rounded()

    return amount


def _currency(name: str) -> Callable[[Finding], object]:
    def currency(finding: Finding) -> object:
        money: Money | None = getattr(finding, name)
        return None if money is None else money.currency

    return currency


def _evidence(finding: Finding) -> str:
    return "; ".join(f"{piece.source}.{piece.field} = {piece.value}" for piece in finding.evidence)


def _amazon_will(finding: Finding) -> str:
    return "; ".join(" ".join((step.do, step.on.isoformat() if step.on else "unknown", *(("estimated",) if step.estimated else ()))) for step in finding.amazon_will)


_WORKED_OUT: dict[str, Callable[[Finding], object]] = {
    "price_amount": lambda finding: None if finding.price_amount is None else Decimal(amount_text(finding.price_amount)),
    "symptom_said": lambda finding: finding.said,
    "symptom_name": lambda finding: finding.symptom,
    "recommended_name": lambda finding: finding.recommended,
    "evidence": _evidence,
    "then": lambda finding: "; ".join(finding.then),
    "after": lambda finding: "; ".join(finding.after),
    "amazon_will": _amazon_will,
    **{f"{name}_amount": _amount(name) for name in _MONEY},
    **{f"{name}_currency": _currency(name) for name in _MONEY},
}
