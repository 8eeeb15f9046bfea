"""Stock: the units of one FNSKU in one pool, by what can be done with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

#: What mends a lost link between FBA's record and the catalogue's, from the mildest to the last.
Mending = Literal["relist", "create", "recreate", "support"]


@dataclass
class Lot:
    """Units that arrived on one day: the age of stock is counted by lots, first in, first out."""

    received_on: date
    units: int


@dataclass
class Stock:
    """The units of one FNSKU of one seller in one pool of marketplaces."""

    seller_id: str
    pool: str
    fnsku: str
    sku: str
    asin: str
    condition: str
    fulfillable: int = 0
    #: By kind: customerDamaged, warehouseDamaged, distributorDamaged, carrierDamaged, defective, expired.
    unfulfillable: dict[str, int] = field(default_factory=dict)
    #: By kind: pendingCustomerOrder, pendingTransshipment, fcProcessing.
    reserved: dict[str, int] = field(default_factory=dict)
    #: By kind: Working, Shipped, Receiving.
    inbound: dict[str, int] = field(default_factory=dict)
    researching: int = 0
    in_removal: int = 0
    lots: list[Lot] = field(default_factory=list)
    expires_on: date | None = None
    #: The count is wrong until then, unless the listing is saved anew.
    miscounted_until: datetime | None = None
    miscounted_since: datetime | None = None
    #: The count went wrong when the offer closed: opening the offer again sets it right.
    miscounted_by_closing: bool = False
    #: Units that nobody announced: found, or received without a label, on that day.
    found_on: date | None = None
    #: A fulfilment centre looks at the units until then.
    reviewed_until: datetime | None = None
    #: FBA's record and the catalogue's no longer meet; what mends it is not visible from outside.
    link_lost_at: datetime | None = None
    link_mends_with: Mending = "relist"
    #: Customers' returns still on their way: (arrives at, units, disposition).
    returns: list[tuple[datetime, int, str]] = field(default_factory=list)

    @property
    def units_unfulfillable(self) -> int:
        return sum(self.unfulfillable.values())

    @property
    def units_reserved(self) -> int:
        return sum(self.reserved.values())

    @property
    def units_inbound(self) -> int:
        return sum(self.inbound.values())

    @property
    def on_hand(self) -> int:
        """Everything that lies in a fulfilment centre, sellable or not."""
        return self.fulfillable + self.units_unfulfillable + self.units_reserved + self.researching
