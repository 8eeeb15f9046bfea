"""The seller's notes: what no report says and only the seller knows.

A small TOML file (``--notes``), every part optional. What is not kept stays unknown: a seller
without a register of documents has *unknown* documents, not none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Settings:
    """Amazon's own automation as the seller has set it. None = as Amazon's default (limits.toml)."""

    automatic_relist_days: int | None = None
    automatic_change_to_fba_days: int | None = None
    removal_days: int | None = None
    automatic_relist: bool = True
    automatic_change_to_fba: bool = True
    #: What Amazon does with what it removes: Return, Disposal or Liquidations. None: not entered; Amazon's default is disposal.
    removal_disposition: str | None = None
    #: The day on which the seller read these settings in Seller Central.
    looked_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    code: str
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A document in the seller's register: what the seller calls it, and the day that it bears, where that is entered."""

    kind: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """What the seller entered, by SKU."""

    expires: Mapping[str, date] = field(default_factory=dict)
    documents: Mapping[str, int] = field(default_factory=dict)
    register: Mapping[str, tuple[Entered, ...]] = field(default_factory=dict)
    documents_kept: bool = False
    closed: Mapping[str, date] = field(default_factory=dict)
    closings_kept: bool = False
    holds: Mapping[str, date] = field(default_factory=dict)
    restrictions: Mapping[str, Restriction] = field(default_factory=dict)
    removal_notices: Mapping[str, date] = field(default_factory=dict)
    opted_out: frozenset[str] = frozenset()
    settings: Settings = field(default_factory=Settings)

    @property
    def skus(self) -> frozenset[str]:
        """Every SKU that the notes name."""
        return frozenset().union(self.expires, self.documents, self.closed, self.holds, self.restrictions, self.removal_notices, self.opted_out)
