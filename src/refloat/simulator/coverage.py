"""What the simulator plays of Amazon's operations, written as a page: ``python -m refloat.simulator.coverage [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path

from refloat.simulator.wire.routes import ROUTES

PAGE = Path(__file__).with_name("COVERAGE.md")

#: API → its operations, by their ids in Amazon's models. What is not played answers 501 NotYetImplemented.
OPERATIONS = {
    "Listings Items 2021-08-01": ("searchListingsItems", "getListingsItem", "putListingsItem", "patchListingsItem", "deleteListingsItem"),
    "Listings Restrictions 2021-08-01": ("getListingsRestrictions",),
    "Product Type Definitions 2020-09-01": ("searchDefinitionsProductTypes", "getDefinitionsProductType"),
    "Feeds 2021-06-30": ("createFeedDocument", "createFeed", "getFeeds", "getFeed", "cancelFeed", "getFeedDocument"),
    "Reports 2021-06-30": (
        "createReport", "getReports", "getReport", "cancelReport", "getReportDocument",
        "createReportSchedule", "getReportSchedules", "getReportSchedule", "cancelReportSchedule",
    ),
    "FBA Inventory v1": ("getInventorySummaries", "createInventoryItem", "addInventory", "deleteInventoryItem"),
    "FBA Inbound Eligibility v1": ("getItemEligibilityPreview",),
    "Sellers v1": ("getMarketplaceParticipations", "getAccount"),
    "Notifications v1": (
        "createDestination", "getDestinations", "getDestination", "deleteDestination",
        "createSubscription", "getSubscription", "getSubscriptions", "getSubscriptionById", "deleteSubscriptionById", "sendTestNotification",
    ),
    "Catalog Items 2022-04-01": ("searchCatalogItems", "getCatalogItem"),
    "Product Fees v0": ("getMyFeesEstimateForSKU", "getMyFeesEstimateForASIN", "getMyFeesEstimates"),
    "Product Pricing 2022-05-01": ("getFeaturedOfferExpectedPriceBatch", "getCompetitiveSummary"),
}  # fmt: skip

_BEGINNING = """# What the simulator plays

Generated from the table of routes by `python -m refloat.simulator.coverage`. What it does not play answers
501 with the code `NotYetImplemented`. Rates are per second and seller; `/_world/limits` changes them.
"""


def page() -> str:
    """The page: a table for each API."""
    return _BEGINNING + "".join(f"\n## {api}\n\n{_table(names)}" for api, names in OPERATIONS.items())


def unlisted() -> set[str]:
    """Operations that are played and stand in no API of the list."""
    return {route.operation for route in ROUTES} - {name for names in OPERATIONS.values() for name in names}


def _table(names: tuple[str, ...]) -> str:
    return "| operation | played | path | rate | burst |\n|---|---|---|---|---|\n" + "".join(f"{_row(name)}\n" for name in names)


def _row(name: str) -> str:
    route = next((one for one in ROUTES if one.operation == name), None)
    if route is None:
        return f"| {name} | no | | | |"
    return f"| {name} | yes | `{route.method} {route.path}` | {route.rate:g} | {route.burst} |"


def main(arguments: list[str]) -> int:
    """Write the page; with ``--check`` only say whether it is current (exit code 1: it is not)."""
    if arguments == ["--check"]:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        if not current:
            sys.stderr.write("COVERAGE.md is not current. Run: python -m refloat.simulator.coverage\n")
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
