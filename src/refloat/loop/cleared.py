"""Proof that a stranding is over. That a report no longer lists it proves nothing: rows vanish for a day, and come back.

A stranding is cleared when Amazon, asked for that very SKU, shows an offer that can be bought, fulfilled by
Amazon, of the FNSKU that lies in stock, with units to sell; it is sold out when no unit is left anywhere.
Most stranded SKUs are called BUYABLE all the while. For those it is no news, so the report must have let go
of them for as long as its lists may lag (``limits.toml``, standing) before it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from refloat.knowledge.tables import table

_LISTING = ("sku", "live_at", "live_buyable", "live_channel", "live_fnsku")
_STOCK = ("sku", "inventory_at", "inventory_fnsku", "inventory_units_total", "inventory_units_fulfillable", "inventory_units_inbound")


@dataclass(frozen=True)
class Proof:
    """How a stranding ended: ``cleared`` or ``sold-out``."""

    outcome: str


@dataclass(frozen=True)
class Absent:
    """An open stranding that no report lists any more.

    ``shown_buyable``: False once the Listings API called it not BUYABLE since it stranded; None where nobody asked.
    ``absent_since``: the pass that first missed it; None where that is this one.
    """

    sku: str
    fnsku: str | None
    shown_buyable: bool | None
    absent_since: datetime | None


def concluded(frames: Mapping[str, pl.DataFrame], absent: Iterable[Absent], now: datetime, since: datetime) -> dict[str, Proof]:
    """The proof for each SKU that has one; the others stay open.

    Only answers from ``since`` on count, the beginning of this pass: an older one may be from before the stranding.

    ``frames``: the answers about listings and inventory (``listing-answers``, ``inventory-answers``).
    """
    listings, stock = frames.get("listing-answers"), frames.get("inventory-answers")
    if listings is None or stock is None:
        return {}
    both = listings.select(_LISTING).join(stock.select(_STOCK), on="sku")
    fresh = both.filter(pl.min_horizontal("live_at", "inventory_at") >= since)
    rows = {row["sku"]: row for row in fresh.iter_rows(named=True)}
    return {one.sku: proof for one in absent if one.sku in rows and (proof := _proof(rows[one.sku], one, now))}


def _proof(row: Mapping[str, object], one: Absent, now: datetime) -> Proof | None:
    if row["inventory_units_total"] == 0:
        return Proof("sold-out")
    lag = timedelta(hours=table("limits")["standing"]["newer_hours"])
    if one.shown_buyable is not False and (one.absent_since is None or now - one.absent_since < lag):
        return None
    units = row["inventory_units_fulfillable"]
    labels = {label for label in (row["live_fnsku"], row["inventory_fnsku"], one.fnsku) if label}
    same = row["live_fnsku"] is not None and row["inventory_fnsku"] is not None and len(labels) == 1
    if row["live_buyable"] and row["live_channel"] == "fba" and isinstance(units, int) and units > 0 and same:
        return Proof("cleared")
    return None
