"""A small account, triaged from report files, for the tests of what is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from refloat.app import Question, Triage, triage

HEADER = (
    "primary-action", "date-stranded", "Date-to-take-auto-removal", "status-primary", "status-secondary", "error-message", "stranded-reason",
    "asin", "sku", "fnsku", "product-name", "condition", "fulfilled-by", "fulfillable-qty", "your-price", "unfulfillable-qty", "reserved-quantity", "inbound-shipped-qty",
)  # fmt: skip
ORDINARY = {
    "date-stranded": "2026-11-02", "status-primary": "inactive", "stranded-reason": "Listing closed", "product-name": "Sample lantern",
    "condition": "New", "fulfillable-qty": "4", "your-price": "12.50",
}  # fmt: skip

Row = dict[str, str]
Made = Callable[..., Triage]


@pytest.fixture
def triaged(tmp_path: Path) -> Made:
    """Writes one stranded report a marketplace, each row an ordinary one but for what it says, and triages them."""

    def make(places: dict[str, list[Row]], **question: object) -> Triage:
        files = []
        for place, rows in places.items():
            path = tmp_path / f"stranded-{place}.txt"
            lines = [[{**ORDINARY, "asin": f"B0TEST{number:04}", "fnsku": f"X{place}TEST{number:03}", **row}.get(name, "") for name in HEADER] for number, row in enumerate(rows)]
            path.write_text("\n".join("\t".join(line) for line in [list(HEADER), *lines]) + "\n", encoding="utf-8")
            files.append(f"{place}={path}")
        return triage(Question(files=files, as_of=date(2026, 11, 22), **question))  # type: ignore[arg-type]

    return make


@pytest.fixture
def account(triaged: Made) -> Triage:
    """Two marketplaces: a formula for a title, an unknown quantity, a date of Amazon's, an estimate, no deadline."""
    return triaged({
        "US": [
            {"sku": "LAMP-01", "Date-to-take-auto-removal": "2026-11-25"},
            {"sku": "=cmd|'x'!A1", "product-name": "<script>alert('x')</script> & more"},
            {"sku": "MUG-UNKNOWN", "fulfillable-qty": "", "stranded-reason": "Missing price", "your-price": ""},
        ],
        "DE": [
            {"sku": "-LATERNE", "product-name": "+49 Laterne", "stranded-reason": "Expired product", "your-price": "1234.50", "Date-to-take-auto-removal": "2026-11-20"},
            {"sku": "BLAU-02", "stranded-reason": "Under hazmat review"},
        ],
    })  # fmt: skip
