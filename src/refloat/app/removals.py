"""Removals of an account, Amazon's own as well: what the removal order reports show, beside what we ordered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from refloat.app.record import kept
from refloat.model.money import Money
from refloat.model.ports import Deed
from refloat.reports import read_kept
from refloat.store import Store

#: Column of the report's frame → field of ``Reported``; a column that a report lacks is unknown.
_COLUMNS = {
    "removal_order_id": "order_id", "sku": "sku", "removal_requested_on": "requested_on", "removal_type": "kind", "removal_status": "status_said", "removal_units_requested": "requested",
    "removal_units_shipped": "shipped", "removal_units_disposed": "disposed", "removal_units_cancelled": "cancelled", "units_in_removal": "under_way", "removal_fee": "fee",
    "removal_currency": "currency",
}  # fmt: skip
#: Of one account and marketplace a page shows so many lines, the newest.
LINES_MOST = 500


@dataclass(frozen=True, slots=True)
class Reported:
    """A line of Amazon's removal order report. Units are pieces; None is unknown. ``ours``: the order id is one that we gave."""

    marketplace: str
    order_id: str | None
    sku: str | None
    requested_on: date | None
    kind: str | None
    status_said: str | None
    requested: int | None
    shipped: int | None
    disposed: int | None
    cancelled: int | None
    under_way: int | None
    fee: Money | None
    ours: bool


def reported(store: Store, account: str) -> dict[str, list[Reported] | None]:
    """Marketplace → the lines of its last report, the newest first; None: none was read, so what left there is unknown."""
    ours = store.plans.removal_orders(account)
    found: dict[str, list[Reported] | None] = {}
    for place in store.accounts.places(account):
        if place.participates:
            found[place.marketplace] = _of_place(store, account, place.marketplace, ours)
    return found


def _of_place(store: Store, account: str, marketplace: str, ours: frozenset[str]) -> list[Reported] | None:
    files = [one for one in kept(store, account, marketplace) if "/removal-orders " in one.name]
    frames = [reading.frame for reading in read_kept(files) if reading.frame is not None]
    if not files:
        return None
    return [line for frame in frames for line in _lines(frame, marketplace, ours)][:LINES_MOST]


def _lines(frame: pl.DataFrame, marketplace: str, ours: frozenset[str]) -> Iterator[Reported]:
    there = frame.select([pl.col(name).alias(field) for name, field in _COLUMNS.items() if name in frame.columns])
    if "requested_on" in there.columns:
        there = there.sort("requested_on", descending=True, nulls_last=True, maintain_order=True)
    for row in there.head(LINES_MOST).iter_rows(named=True):
        said: dict[str, Any] = {field: row.get(field) for field in _COLUMNS.values()}
        amount, currency = said.pop("fee"), said.pop("currency")
        fee = Money(amount, currency) if isinstance(amount, Decimal) else None
        yield Reported(marketplace, fee=fee, ours=said["order_id"] in ours, **said)


def unclear(store: Store, account: str) -> dict[str, list[Deed]]:
    """Order id → all of its actions, of the orders of which nobody knows whether Amazon made them: a person must look.

    However old: as long as one is open no other removal leaves.
    """
    found: dict[str, list[Deed]] = {}
    for deed in store.ledger(account).removals_under_way():
        if deed.feed and deed.stage == "unclear":
            found.setdefault(deed.feed, []).append(deed)
    return found
