"""Proof that a stranding is over. That a report no longer lists it proves nothing: rows vanish for a day, and come back.

A stranding is cleared when Amazon, asked for that very SKU, shows an offer that can be bought, fulfilled by
Amazon, of the FNSKU that lies in stock, with units to sell; it is sold out when no unit is left anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

_LISTING = ("sku", "live_buyable", "live_channel", "live_fnsku")
_STOCK = ("sku", "inventory_fnsku", "inventory_units_total", "inventory_units_fulfillable", "inventory_units_inbound")


@dataclass(frozen=True)
class Proof:
    """How a stranding ended: ``cleared`` or ``sold-out``."""

    outcome: str


def concluded(frames: Mapping[str, pl.DataFrame], absent: Iterable[tuple[str, str | None]]) -> dict[str, Proof]:
    """The proof for each (SKU, FNSKU) that has one; the others stay open.

    ``frames``: the answers about listings and inventory (``listing-answers``, ``inventory-answers``).
    """
    listings, stock = frames.get("listing-answers"), frames.get("inventory-answers")
    if listings is None or stock is None:
        return {}
    both = listings.select(_LISTING).join(stock.select(_STOCK), on="sku")
    rows = {row["sku"]: row for row in both.iter_rows(named=True)}
    return {sku: proof for sku, fnsku in absent if sku in rows and (proof := _proof(rows[sku], fnsku))}


def _proof(row: Mapping[str, object], fnsku: str | None) -> Proof | None:
    if row["inventory_units_total"] == 0:
        return Proof("sold-out")
    units = row["inventory_units_fulfillable"]
    labels = {label for label in (row["live_fnsku"], row["inventory_fnsku"], fnsku) if label}
    same = row["live_fnsku"] is not None and row["inventory_fnsku"] is not None and len(labels) == 1
    if row["live_buyable"] and row["live_channel"] == "fba" and isinstance(units, int) and units > 0 and same:
        return Proof("cleared")
    return None
