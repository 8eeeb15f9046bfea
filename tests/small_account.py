"""A small account for tests: a few report files in one folder, triaged together."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests import report_files

from refloat.app import Question, Triage, triage
from refloat.model.finding import Finding

TODAY = date(2026, 11, 22)

LISTINGS = ("item-name", "listing-id", "seller-sku", "price", "quantity", "open-date", "asin1", "fulfillment-channel", "status")
STOCK = (
    "sku",
    "fnsku",
    "asin",
    "product-name",
    "your-price",
    "mfn-listing-exists",
    "afn-listing-exists",
    "afn-fulfillable-quantity",
    "afn-unsellable-quantity",
    "afn-reserved-quantity",
    "afn-total-quantity",
    "afn-inbound-shipped-quantity",
)
PLANNING = (
    "snapshot-date",
    "sku",
    "fnsku",
    "currency",
    "units-shipped-t90",
    "item-volume",
    "volume-unit-measurement",
    "storage-type",
    "marketplace",
    "estimated-storage-cost-next-month",
    "estimated-ais-181-210-days",
    "estimated-ais-365-plus-days",
)
RETURNS = ("return-date", "order-id", "sku", "quantity", "reason")
SUPPRESSED = ("Status", "Reason", "SKU", "ASIN", "Status Change Date", "Issue Description")
REMOVALS = ("request-date", "order-id", "order-type", "order-status", "sku", "requested-quantity", "disposed-quantity", "shipped-quantity", "in-process-quantity", "removal-fee", "currency")
STORAGE_FEES = ("fnsku", "country_code", "weight", "weight_units", "product_size_tier", "average_quantity_on_hand", "month_of_charge", "currency", "estimated_monthly_storage_fee")
AGED_FEES = ("snapshot-date", "sku", "currency", "country", "qty-charged", "amount-charged", "surcharge-age-tier")
LOADER = ("sku", "price", "minimum-seller-allowed-price", "maximum-seller-allowed-price", "add-delete", "leadtime-to-ship")


def row(**cells: str | int) -> dict[str, str]:
    """One row by name; ``your_price`` stands for ``your-price``."""
    return {name.replace("_", "-"): str(cell) for name, cell in cells.items()}


def stranded(*rows: dict[str, str], header: tuple[str, ...] = report_files.STRANDED_18) -> str:
    """A stranded report; what a row does not say is as usual: A-1, Listing closed, Relist, 12 units and 1 reserved at 24.90, since 15 January 2026."""
    return report_files.text(*(report_files.line(header, **cells) for cells in rows), header=header)


def listed(sku: str, *, status: str = "Active", channel: str = "AMAZON_NA", **cells: str | int) -> dict[str, str]:
    return {"item-name": "Blue cup", "seller-sku": sku, "price": "24.90", "open-date": "2025-01-20", "fulfillment-channel": channel, "status": status} | row(**cells)


def in_stock(sku: str, units: int = 5, **cells: str | int) -> dict[str, str]:
    usual = {
        "sku": sku,
        "fnsku": f"X-{sku}",
        "asin": "B000TEST01",
        "afn-listing-exists": "Yes",
        "mfn-listing-exists": "No",
        "afn-fulfillable-quantity": str(units),
        "afn-unsellable-quantity": "0",
        "afn-reserved-quantity": "0",
        "afn-total-quantity": str(units),
    }
    return usual | row(**cells)


@dataclass
class Account:
    """The report files of one account, written as they are added."""

    folder: Path
    files: list[str] = field(default_factory=list)

    def add(self, name: str, content: str | bytes, *, place: str | None = "US", written_at: datetime | None = None) -> Account:
        path = report_files.write(self.folder, content, name)
        if written_at:
            os.utime(path, (written_at.timestamp(),) * 2)
        self.files.append(f"{place}={path}" if place else str(path))
        return self

    def stranded(self, *rows: dict[str, str], name: str = "stranded.txt", place: str | None = "US", written_at: datetime | None = None) -> Account:
        return self.add(name, stranded(*rows), place=place, written_at=written_at)

    def listings(self, *rows: dict[str, str], name: str = "listings.txt", place: str | None = "US", written_at: datetime | None = None) -> Account:
        return self.add(name, report_files.table(LISTINGS, *rows), place=place, written_at=written_at)

    def stock(self, *rows: dict[str, str], name: str = "stock.txt", place: str | None = "US", written_at: datetime | None = None) -> Account:
        return self.add(name, report_files.table(STOCK, *rows), place=place, written_at=written_at)

    def triage(self, **question: Any) -> Triage:
        return triage(Question(self.files, **({"as_of": TODAY} | question)))

    def findings(self, **question: Any) -> dict[str, Finding]:
        return {finding.sku: finding for finding in self.triage(**question).findings()}

    def finding(self, sku: str = "A-1", **question: Any) -> Finding:
        return self.findings(**question)[sku]

    def standings(self, **question: Any) -> dict[str, str]:
        return {sku: finding.standing for sku, finding in self.findings(**question).items()}


def hour(day: int, hours: int = 12) -> datetime:
    """An hour of November 2026."""
    return datetime(2026, 11, day, hours, tzinfo=UTC)
