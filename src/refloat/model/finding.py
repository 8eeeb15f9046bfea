"""A finding: what we conclude about one stranding, with its evidence, its remedy, its deadline and its money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from refloat.model.money import Money


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer into a source: which report, which of its fields, what stood there."""

    source: str
    field: str
    value: str

    def as_json(self) -> dict[str, str]:
        return {"source": self.source, "field": self.field, "value": self.value}


@dataclass(frozen=True, slots=True)
class Automatic:
    """Something that Amazon would do by itself. ``estimated`` when the date is ours, not Amazon's."""

    do: str
    on: date | None
    estimated: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"do": self.do, "on": _day(self.on), "estimated": self.estimated}


@dataclass(frozen=True, slots=True)
class Finding:
    """One stranding as the triage contract shows it. Units are pieces; None is unknown, never zero."""

    account: str | None
    marketplace: str | None
    marketplace_id: str | None
    sku: str
    asin: str | None
    fnsku: str | None
    title: str | None
    condition: str | None
    units_fulfillable: int | None
    units_unfulfillable: int | None
    units_reserved: int | None
    units_inbound: int | None
    price_amount: Decimal | None
    price_currency: str | None
    stranded_on: date | None
    age_days: int | None
    said: str | None
    symptom: str | None
    recommended_said: str | None
    recommended: str | None
    status_primary: str | None
    status_secondary: str | None
    error_message: str | None
    program: str | None
    cause: str
    standing: str
    why: str
    evidence: tuple[Evidence, ...]
    remedy: str
    mode: str | None
    safety: str
    then: tuple[str, ...]
    after: tuple[str, ...]
    amazon_will: tuple[Automatic, ...]
    removal_due_on: date | None
    removal_due_from: str | None
    removal_due_latest_on: date | None
    days_left: int | None
    worth: Money | None
    cost_per_day: Money | None
    cost_so_far: Money | None
    aged_surcharge: Money | None
    removal_cost: Money | None
    pool: str | None
    counted: bool

    def as_json(self) -> dict[str, Any]:
        """The object of ``triage.schema.json``."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        money = {name: _money(getattr(self, name)) for name in ("worth", "cost_per_day", "cost_so_far", "aged_surcharge", "removal_cost")}
        days = {name: _day(getattr(self, name)) for name in ("stranded_on", "removal_due_on", "removal_due_latest_on")}
        return (
            plain
            | money
            | days
            | {
                "price_amount": None if self.price_amount is None else amount_text(self.price_amount),
                "symptom": {"said": self.said, "name": self.symptom},
                "recommended": {"said": self.recommended_said, "name": self.recommended},
                "evidence": [piece.as_json() for piece in self.evidence],
                "then": list(self.then),
                "after": list(self.after),
                "amazon_will": [automatic.as_json() for automatic in self.amazon_will],
            }
        )


_PLAIN = (
    "account", "marketplace", "marketplace_id", "sku", "asin", "fnsku", "title", "condition",
    "units_fulfillable", "units_unfulfillable", "units_reserved", "units_inbound", "price_currency", "age_days",
    "status_primary", "status_secondary", "error_message", "program",
    "cause", "standing", "why", "remedy", "mode", "safety", "removal_due_from", "days_left", "pool", "counted",
)  # fmt: skip


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _money(money: Money | None) -> dict[str, str | None] | None:
    return None if money is None else money.as_json()


def amount_text(amount: Decimal) -> str:
    """The amount as written, without the zeros that only the column type added; never fewer than it had.

    >>> amount_text(Decimal("24.9000")), amount_text(Decimal("1500.0000"))
    ('24.90', '1500.00')
    """
    text = format(amount, "f")
    whole, _, digits = text.partition(".")
    return f"{whole}.{digits.rstrip('0').ljust(2, '0')}"
