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
    "createFeedDocument": "Amazon Fulfillment or Product Listing",
    "createFeed": "Amazon Fulfillment or Product Listing",
    "getFeed": "Amazon Fulfillment or Product Listing",
    "getFeeds": "Amazon Fulfillment or Product Listing",
    "getFeedDocument": "Amazon Fulfillment or Product Listing",
}
#: Type of a feed → the role that it needs.
_FEEDS = {"JSON_LISTINGS_FEED": "Product Listing", "POST_FLAT_FILE_FBA_CREATE_REMOVAL": "Amazon Fulfillment"}
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
    """The role that the operation needs, in Amazon's words; of a report or a feed, the role of its type where the request names it."""
    body = request.body if isinstance(request.body, Mapping) else {}
    of_feed = _FEEDS.get(str(body.get("feedType")))
    of_report = next((role for start, role in _REPORTS if str(body.get("reportType")).startswith(start)), _ANY)
    return of_feed or _ROLES.get(request.operation, of_report)
