"""What is asked of the open findings, and what comes back: plain rows, as ``store.rows``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

#: What a page sorts by, and the column behind it; each has an index and rises.
SORTS = {"urgency": "urgency", "worth": "by_worth", "age": "by_age", "units": "by_units", "cost": "by_cost", "sku": "sku"}
#: Filters that the counts know too, and their columns.
FILTERS = {"marketplaces": "marketplace", "causes": "cause", "recommended": "recommended", "remedies": "remedy", "standings": "standing", "safeties": "safety"}
#: Dimensions that a page offers as facets.
FACETS = ("account", "marketplace", "cause", "recommended", "remedy", "safety", "standing", "due", "age", "held")
BY_ONE_VALUE = ("cause", "recommended", "remedy", "safety", "standing", "due", "age", "held")
#: ``due``: within so many days; 0 is overdue. ``age``: for more than so many days.
DUE_DAYS, AGE_DAYS = (0, 7, 14, 30), (7, 14, 30, 90)


@dataclass(frozen=True, slots=True)
class Days:
    """What day it is: the ``usual`` one, and marketplace → day where it is another at this moment."""

    usual: date
    elsewhere: Mapping[str, date] = field(default_factory=dict)

    def at(self, marketplace: str) -> date:
        """The day there."""
        return self.elsewhere.get(marketplace, self.usual)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings. An empty filter is none, None among its values is what is unknown; ``accounts`` None: all there are."""

    accounts: tuple[str, ...] | None = None
    marketplaces: tuple[str, ...] = ()
    causes: tuple[str | None, ...] = ()
    recommended: tuple[str | None, ...] = ()
    remedies: tuple[str | None, ...] = ()
    standings: tuple[str, ...] = ()
    safeties: tuple[str | None, ...] = ()
    due: int | None = None
    age: int | None = None
    held: bool | None = None
    stranded_on: date | None = None
    #: Instead of a day: those of which it is unknown.
    day_unknown: bool = False
    text: str = ""
    ids: tuple[int, ...] = ()
    sort: str = "urgency"

    @property
    def beyond_counts(self) -> bool:
        """Counts know of no text, of no row by its number and of no single day."""
        return bool(self.text or self.ids or self.stranded_on or self.day_unknown)


class Cursor(NamedTuple):
    """Where a page ended: the sorted value and the id of its last row; ``back``: of its first, to go the other way."""

    value: str | int
    id: int
    back: bool = False


class FindingRow(NamedTuple):
    """One open finding as a table shows it. Units are pieces; None is unknown; amounts are of their currency."""

    id: int
    account: str
    marketplace: str
    sku: str
    asin: str | None
    fnsku: str | None
    title: str | None
    standing: str
    symptom: str | None
    said: str | None
    cause: str | None
    recommended: str | None
    recommended_said: str | None
    remedy: str | None
    safety: str | None
    stranded_on: date | None
    removal_due_on: date | None
    removal_due_from: str | None
    held_until_on: date | None
    units_stranded: int | None
    units_unfulfillable: int | None
    price_amount: Decimal | None
    price_currency: str | None
    worth_amount: Decimal | None
    counted: bool
    cost_per_day: Decimal | None
    cost_so_far: Decimal | None
    cost_currency: str | None
    looked_on: date
    urgency: str

    def cost_by(self, today: date) -> Decimal | None:
        """What it has cost by then: what had come together at the last look, and each day since."""
        return None if self.cost_so_far is None else self.cost_so_far + (self.cost_per_day or Decimal(0)) * max(0, (today - self.looked_on).days)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the neighbours of the page are; None: there are none."""

    rows: tuple[FindingRow, ...]
    next: Cursor | None
    before: Cursor | None


@dataclass(frozen=True, slots=True)
class Facet:
    """How many findings have a value, with all other filters as asked."""

    value: Any
    skus: int


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Findings with one cause that stranded on one day in one marketplace."""

    id: int
    account: str
    marketplace: str
    cause: str | None
    remedy: str | None
    safety: str | None
    stranded_on: date | None
    held: bool
    currency: str | None
    skus: int
    units: int | None
    worth: Decimal | None
    due_on: date | None
    sample_sku: str
