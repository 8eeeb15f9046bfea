"""Removal deadlines: which are near, how far they have climbed, and who has taken them. Silence never meets one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from refloat.knowledge.tables import marketplaces
from refloat.loop.climbing import step_at
from refloat.model.money import Money
from refloat.store import DeadlineRow, Store, StrandingRow


@dataclass(frozen=True, slots=True)
class Deadline:
    """A stranding that Amazon removes soon. ``step``: 14, 7, 3 or 1; ``taken_by``: who has taken that step."""

    stranding_id: int
    marketplace: str
    sku: str
    title: str | None
    units: int | None
    worth: Money | None
    due_on: date
    days_left: int
    step: int
    since: datetime
    taken_by: str | None
    note: str

    def as_json(self) -> dict[str, Any]:
        plain = ("stranding_id", "marketplace", "sku", "title", "units", "days_left", "step", "taken_by", "note")
        worth = None if self.worth is None else self.worth.as_json()
        return {name: getattr(self, name) for name in plain} | {"due_on": self.due_on.isoformat(), "since": self.since.isoformat(), "worth": worth}


def deadlines_due(store: Store, account: str, now: datetime) -> list[Deadline]:
    """Every removal deadline that has reached a step, the nearest first, taken ones too; a step reached anew is opened by this look.

    A stranding whose units are already leaving by an order of ours has none; one whose order may never have been made has.
    """
    near = _near(store, account, now)
    store.deadlines.climbed(account, [(row.id, due_on, step) for row, due_on, step in near], now)
    return _found(store, account, near, now)


def deadlines_on_record(store: Store, account: str, now: datetime) -> list[Deadline]:
    """The same, and nothing is written for it: a step that was reached since the last look has been taken by nobody."""
    return _found(store, account, _near(store, account, now), now)


def _near(store: Store, account: str, now: datetime) -> list[tuple[StrandingRow, date, int]]:
    """(stranding, Amazon's date as it is now, the step that it has reached)."""
    leaving = {(deed.marketplace, deed.sku) for deed in store.ledger(account).removals_under_way() if deed.stage != "unclear"}
    near: list[tuple[StrandingRow, date, int]] = []
    for row in store.strandings.open_strandings(account):
        due_on, step = row.now.removal_due_on, step_at(row.now.removal_due_on, _today(row.marketplace, now))
        if due_on is not None and step is not None and (row.marketplace, row.sku) not in leaving:
            near.append((row, due_on, step))
    return near


def _found(store: Store, account: str, near: list[tuple[StrandingRow, date, int]], now: datetime) -> list[Deadline]:
    steps = {(one.stranding_id, one.due_on, one.step): one for one in store.deadlines.open_steps(account)}
    found = [_deadline(row, due_on, steps.get((row.id, due_on, step)) or _reached(row, due_on, step, now), now) for row, due_on, step in near]
    return sorted(found, key=lambda one: (one.days_left, -(one.worth.amount if one.worth else Decimal(0)), one.marketplace, one.sku))


def _reached(row: StrandingRow, due_on: date, step: int, now: datetime) -> DeadlineRow:
    return DeadlineRow(row.id, row.marketplace, row.sku, due_on, step, opened_at=now, taken_by=None, taken_at=None, note="")


def _deadline(row: StrandingRow, due_on: date, step: DeadlineRow, now: datetime) -> Deadline:
    known = row.now
    units = None if known.units_fulfillable is None else known.units_fulfillable + (known.units_unfulfillable or 0) + (known.units_reserved or 0)
    worth = None if known.worth_amount is None else Money(known.worth_amount, known.worth_currency)
    days = (due_on - _today(row.marketplace, now)).days
    return Deadline(row.id, row.marketplace, row.sku, known.title, units, worth, due_on, days, step.step, step.opened_at, step.taken_by, step.note)


def taken_by(store: Store, account: str) -> dict[tuple[str, str], str | None]:
    """(marketplace, SKU) → who has taken the nearest step that was reached; None: nobody has. Another date of Amazon's, later or earlier, begins anew."""
    due = {row.id: row.now.removal_due_on for row in store.strandings.open_strandings(account)}
    found: dict[tuple[str, str], DeadlineRow] = {}
    for one in store.deadlines.open_steps(account):
        before = found.get((one.marketplace, one.sku))
        if one.due_on == due.get(one.stranding_id) and (before is None or one.step < before.step):
            found[one.marketplace, one.sku] = one
    return {key: one.taken_by for key, one in found.items()}


def _today(marketplace: str, now: datetime) -> date:
    place = marketplaces().get(marketplace)
    return now.astimezone(ZoneInfo(place.timezone if place else "UTC")).date()
