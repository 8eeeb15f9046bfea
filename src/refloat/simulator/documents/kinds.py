"""Which reports there are: who may ask, how old Amazon lets one grow, where the rows come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from refloat.simulator.documents import fees, health, inventory, listings, planning, removals, returns, stranded
from refloat.simulator.documents.asked import Asked, Row

Freshness = Literal["near-real-time", "daily", "listings"]


@dataclass(frozen=True)
class Kind:
    """One report type. Exactly one of ``rows`` and ``text`` says what stands in it."""

    name: str
    freshness: Freshness
    role: str
    rows: Callable[[Asked], Iterable[Row]] | None = None
    text: Callable[[Asked], str] | None = None

    @property
    def of_listings(self) -> bool:
        """A listings report covers one marketplace and writes its header in a language."""
        return self.freshness == "listings"

    def kept_for(self, listed: int) -> timedelta:
        """How long Amazon gives the same document again; ``listed``: how many listings the seller has.

        developer-docs "FBA sales reports": near real time at most every 30 minutes, daily at most every 4 hours;
        "Inventory reports": 1 to 6 hours by the number of listings.
        """
        if self.freshness == "listings":
            return timedelta(hours=1 + 5 * min(listed, 100_000) / 100_000)
        return timedelta(minutes=30) if self.freshness == "near-real-time" else timedelta(hours=4)


_FBA, _LISTING, _INSIGHT = "Amazon Fulfillment", "Product Listing", "Selling Partner Insights"
_ALL = (
    Kind("GET_STRANDED_INVENTORY_UI_DATA", "near-real-time", _FBA, stranded.page),
    Kind("GET_STRANDED_INVENTORY_LOADER_DATA", "near-real-time", _FBA, stranded.loader),
    Kind("GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA", "near-real-time", _FBA, inventory.unarchived),
    Kind("GET_FBA_MYI_ALL_INVENTORY_DATA", "near-real-time", _FBA, inventory.everything),
    Kind("GET_RESERVED_INVENTORY_DATA", "near-real-time", _FBA, inventory.reserved),
    Kind("GET_MERCHANT_LISTINGS_ALL_DATA", "listings", _LISTING, listings.every),
    Kind("GET_MERCHANT_LISTINGS_INACTIVE_DATA", "listings", _LISTING, listings.inactive),
    Kind("GET_MERCHANTS_LISTINGS_FYP_REPORT", "listings", _LISTING, listings.suppressed),
    Kind("GET_FBA_INVENTORY_PLANNING_DATA", "daily", _FBA, planning.rows),
    Kind("GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA", "near-real-time", _FBA, removals.orders),
    Kind("GET_FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA", "near-real-time", _FBA, removals.shipments),
    Kind("GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA", "daily", _FBA, returns.rows),
    Kind("GET_FBA_STORAGE_FEE_CHARGES_DATA", "daily", _FBA, fees.storage),
    Kind("GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA", "daily", _FBA, fees.aged),
    Kind("GET_V2_SELLER_PERFORMANCE_REPORT", "daily", _INSIGHT, text=health.text),
)
#: Report type → what it is.
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}

#: Amazon has them; the simulator does not play them.
NOT_PLAYED = frozenset({
    "GET_LEDGER_SUMMARY_VIEW_DATA", "GET_LEDGER_DETAIL_VIEW_DATA", "GET_FBA_RECOMMENDED_REMOVAL_DATA", "GET_FLAT_FILE_OPEN_LISTINGS_DATA",
    "GET_MERCHANT_LISTINGS_DATA", "GET_AFN_INVENTORY_DATA", "GET_FBA_REIMBURSEMENTS_DATA", "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT",
})  # fmt: skip
