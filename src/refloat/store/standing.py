"""What is open and how it stands, as a frame: a pass looks at every stranding, and an account may have a million."""

from __future__ import annotations

import polars as pl
from django.db.models import QuerySet

from refloat.store import framed
from refloat.store.models import StrandingInterval

_TEXT = pl.String()
_FIELDS = {
    "marketplace": "stranding__marketplace", "sku": "stranding__sku", "fnsku": "stranding__fnsku", "asin": "asin",
    "standing": "standing", "from_at": "from_at", "shown_buyable": "shown_buyable",
}  # fmt: skip
_KINDS: dict[str, pl.DataType] = {
    "marketplace": _TEXT, "sku": _TEXT, "fnsku": _TEXT, "asin": _TEXT, "standing": _TEXT, "from_at": pl.Datetime("us", "UTC"), "shown_buyable": pl.Boolean(),
}  # fmt: skip


def standing(current: QuerySet[StrandingInterval]) -> pl.DataFrame:
    """``current`` intervals by marketplace and SKU: marketplace, sku, fnsku, asin, standing, from_at (UTC), shown_buyable."""
    return framed.read(current, _FIELDS, _KINDS).sort("marketplace", "sku")


_OVERVIEW = {
    "id": "stranding_id", "turn": "stranding__times_back", "marketplace": "stranding__marketplace", "sku": "stranding__sku", "opened_at": "stranding__opened_at", "since": "from_at",
    "standing": "standing", "cause": "cause", "remedy": "remedy", "units": "units_fulfillable", "units_reserved": "units_reserved",
    "worth_amount": "worth_amount", "worth_currency": "worth_currency", "removal_due_on": "removal_due_on",
}  # fmt: skip
_OVERVIEW_KINDS: dict[str, pl.DataType] = {
    "id": pl.Int64(), "turn": pl.Int64(), "opened_at": pl.Datetime("us", "UTC"), "since": pl.Datetime("us", "UTC"), "units": pl.Int64(), "units_reserved": pl.Int64(),
    "worth_amount": pl.Decimal(38, 4), "removal_due_on": pl.Date(),
}  # fmt: skip


def overview(current: QuerySet[StrandingInterval]) -> pl.DataFrame:
    """``current`` intervals, as alarms need them; units as worth counts them, unknown where the sellable ones are."""
    found = framed.read(current, _OVERVIEW, {name: _OVERVIEW_KINDS.get(name, _TEXT) for name in _OVERVIEW})
    return found.with_columns(pl.col("units") + pl.col("units_reserved").fill_null(0)).drop("units_reserved")
