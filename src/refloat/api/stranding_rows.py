"""Strandings, counts and incidents as an answer has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from refloat.api.kinds import Money, Told, money_of
from refloat.store.finding_rows import Facet, FindingRow, IncidentRow


class Stranding(Told):
    """One open stranding, as the last look found it."""

    id: int
    account: str
    marketplace: str
    sku: str
    asin: str | None
    fnsku: str | None
    title: str | None
    standing: Annotated[str, Field(description="How sure it is: confirmed, suspected, clearing, conflicting, unknown.")]
    symptom: str | None
    said: Annotated[str | None, Field(description="What Amazon says, verbatim.")]
    cause: str | None
    recommended: Annotated[str | None, Field(description="The remedy that Amazon recommends.")]
    recommended_said: str | None
    remedy: str | None
    safety: Annotated[str | None, Field(description="safe, consent, by-hand or none.")]
    stranded_on: date | None
    age_days: int | None
    removal_due_on: date | None
    removal_due_from: Annotated[str | None, Field(description="report, notice, settings, clock or assumed: the last three are estimates.")]
    days_left: int | None
    held_until_on: date | None
    units_stranded: int | None
    units_unfulfillable: int | None
    price: Money | None
    worth: Money | None
    counted: Annotated[bool, Field(description="False: the units are counted in another marketplace of the same pool.")]
    cost_per_day: Money | None
    cost_so_far: Money | None
    looked_on: date


class Strandings(Told):
    """A page of strandings; “next” and “before” are the neighbours' “at”."""

    items: list[Stranding]
    next: str | None
    before: str | None
    count: Annotated[int, Field(description="How many fit.")]
    count_is_whole: Annotated[bool, Field(description="False: there are more, and counting ended there.")]


class Choice(Told):
    """How many strandings have a value, with all other filters as asked."""

    value: str | int | bool | None
    skus: int


class Facets(Told):
    """Filter → its values; bands of “due” and “age” by number, in order."""

    facets: dict[str, list[Choice]]


class Incident(Told):
    """Strandings with one cause that began on one day in one marketplace."""

    id: int
    account: str
    marketplace: str
    cause: str | None
    remedy: str | None
    safety: str | None
    stranded_on: date | None
    held: bool
    skus: int
    units: int | None
    worth: Money | None
    due_on: date | None
    sample_sku: str


class Incidents(Told):
    """The most urgent first, and the sums of all that is asked for."""

    items: list[Incident]
    skus: int
    units: int | None
    worth: list[Money]


class Interval(Told):
    """What was known of a stranding from a moment until another; null there: it still holds."""

    from_at: datetime
    to_at: datetime | None
    standing: str
    symptom: str | None
    said: str | None
    cause: str | None
    remedy: str | None
    safety: str | None
    units_fulfillable: int | None
    units_unfulfillable: int | None
    units_reserved: int | None
    worth: Money | None
    removal_due_on: date | None


class StrandingInFull(Told):
    """One stranding with everything that is on record of it."""

    id: int
    account: str
    marketplace: str
    sku: str
    fnsku: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    times_back: int
    held_until_on: date | None
    assigned_to: str | None
    finding: Annotated[dict[str, Any] | None, Field(description="As in refloat.triage/1, with its evidence; null where the record alone tells.")]
    history: list[Interval]
    timeline: Annotated[list[dict[str, Any]], Field(description="Moments, the newest first: at, kind, facts.")]
    choices: Annotated[list[dict[str, Any]], Field(description="What can become of the units, each way with its numbers.")]
    deeds: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    others: Annotated[list[int], Field(description="Other strandings of the SKU there.")]


def stranding_of(row: FindingRow, today: date) -> dict[str, Any]:
    """One row."""
    plain = {name: getattr(row, name) for name in Stranding.model_fields if hasattr(row, name)}
    return plain | {
        "age_days": None if row.stranded_on is None else (today - row.stranded_on).days,
        "days_left": None if row.removal_due_on is None else (row.removal_due_on - today).days,
        "price": money_of(row.price_amount, row.price_currency),
        "worth": money_of(row.worth_amount, row.price_currency),
        "cost_per_day": money_of(row.cost_per_day, row.cost_currency),
        "cost_so_far": money_of(row.cost_by(today), row.cost_currency),
    }


def facets_of(found: Mapping[str, Sequence[Facet]]) -> dict[str, Any]:
    """Every filter."""
    return {"facets": {name: [{"value": one.value, "skus": one.skus} for one in own] for name, own in found.items()}}


def incident_of(row: IncidentRow) -> dict[str, Any]:
    """One incident."""
    return {name: getattr(row, name) for name in Incident.model_fields if name != "worth"} | {"worth": money_of(row.worth, row.currency)}
