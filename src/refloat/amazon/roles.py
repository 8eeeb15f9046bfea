"""Which role of the developer profile each operation needs.

Amazon's pages: developer-docs.amazon.com/sp-api/docs/role-mappings and …/role-mappings-for-types. Where
Amazon names several, one is enough; named here are those that a seller's own application is likely to have.
"""

from __future__ import annotations

from collections.abc import Mapping

from refloat.amazon.protocol import Request

_ROLES = {
    "getMarketplaceParticipations": "Product Listing or Selling Partner Insights",
    "getListingsItem": "Product Listing",
    "searchListingsItems": "Product Listing",
    "putListingsItem": "Product Listing",
    "patchListingsItem": "Product Listing",
    "deleteListingsItem": "Product Listing",
    "getListingsRestrictions": "Product Listing",
    "getDefinitionsProductType": "Product Listing",
    "searchDefinitionsProductTypes": "Product Listing",
    "getInventorySummaries": "Amazon Fulfillment or Product Listing",
    "getItemEligibilityPreview": "Amazon Fulfillment",
    "getMyFeesEstimates": "Pricing",
    "createFeed": "Amazon Fulfillment or Product Listing",
}
#: How the name of a report begins → the role; the first that fits.
_REPORTS = (
    ("GET_V2_SELLER_PERFORMANCE", "Selling Partner Insights"),
    ("GET_MERCHANT", "Product Listing or Inventory and Order Tracking"),
    ("GET_RESTOCK", "Amazon Fulfillment"),
    ("GET_STRANDED", "Amazon Fulfillment"),
    ("GET_RESERVED", "Amazon Fulfillment"),
    ("GET_LEDGER", "Amazon Fulfillment"),
    ("GET_FBA", "Amazon Fulfillment"),
)
_ANY = "Amazon Fulfillment, Product Listing or Inventory and Order Tracking"


def needed(request: Request) -> str:
    """The role that the operation needs, in Amazon's words; of a report, the role of its type where the request names it."""
    wanted = (request.body or {}).get("reportType") if isinstance(request.body, Mapping | None) else None
    of_report = next((role for start, role in _REPORTS if str(wanted).startswith(start)), _ANY)
    return _ROLES.get(request.operation, of_report)
