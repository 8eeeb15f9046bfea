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
