"""Our requests beside those of Amazon's own Python package: the same method, path, parameters and body.

The package is a test dependency only. What it would send is caught before it leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from spapi import ApiClient, Configuration
from spapi.api.fba_eligibility_v1.fba_inbound_eligibility_api import FbaInboundEligibilityApi
from spapi.api.fba_inventory_v1.fba_inventory_api import FbaInventoryApi
from spapi.api.feeds_v2021_06_30.feeds_api import FeedsApi
from spapi.api.listings_items_v2021_08_01.listings_api import ListingsApi
from spapi.api.listings_restrictions_v2021_08_01.listings_restrictions_api import ListingsRestrictionsApi
from spapi.api.reports_v2021_06_30.reports_api import ReportsApi
from spapi.api.sellers_v1.sellers_api import SellersApi

from refloat.amazon import eligibility, feeds, inventory, listings, reports, restrictions, sellers, writing
from refloat.amazon.protocol import Request
from refloat.model.cure import Change, Patch

US = "ATVPDKIKX0DER"
SELLER = "A1MADEUPSELLER"
SKU = "A/B #1, 50%"
SINCE, NOW = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
OFFER = [{"marketplace_id": US}]
PATCH = Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, OFFER),))
PUT = Change("put", "PRODUCT", (Patch("purchasable_offer", None, OFFER),), "LISTING_OFFER_ONLY")
PATCHED = {"productType": "LUGGAGE", "patches": [{"op": "replace", "path": "/attributes/purchasable_offer", "value": OFFER}]}
PUTTED = {"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": {"purchasable_offer": OFFER}}
INCLUDED = ["summaries", "attributes", "issues", "offers", "fulfillmentAvailability"]


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    query: dict[str, str]
    body: Any


class CaughtError(Exception):
    def __init__(self, seen: Seen) -> None:
        self.seen = seen


def officially(call: Callable[[ApiClient], object]) -> Seen:
    """What the official package would send."""
    configuration = Configuration()
    configuration.host = "https://api.example"
    configuration.access_token_cache = SimpleNamespace(get_lwa_access_token=lambda: "Atza|made-up")
    client = ApiClient(configuration=configuration)

    def caught(method: str, url: str, query_params: Any = None, body: Any = None, **_: object) -> None:
        # It writes +00:00 where we write Z, as Amazon's own examples do: the same moment.
        query = {name: str(value).replace("+00:00", "Z") for name, value in query_params or []}
        raise CaughtError(Seen(method, unquote(urlsplit(url).path), query, body))

    client.request = caught
    with pytest.raises(CaughtError) as stopped:
        call(client)
    return stopped.value.seen


def ours(request: Request) -> Seen:
    parts = urlsplit(request.target)
    return Seen(request.method, unquote(parts.path), dict(parse_qsl(parts.query)), request.body)


def stock_look(sku: str) -> Request:
    return next(look for _, look in inventory.looks([sku, "B"] if "," not in sku else [sku], "US"))


PAIRS: dict[str, tuple[Request, Callable[[ApiClient], object]]] = {
    "participations": (sellers.participations(), lambda client: SellersApi(client).get_marketplace_participations()),
    "createReport": (
        reports.order("GET_X", "US", {"dataStartTime": "2026-01-01T00:00:00Z", "custom": "true"}),
        lambda client: ReportsApi(client).create_report({"reportType": "GET_X", "marketplaceIds": [US], "dataStartTime": "2026-01-01T00:00:00Z", "reportOptions": {"custom": "true"}}),
    ),
    "getReport": (reports.look("report-1"), lambda client: ReportsApi(client).get_report("report-1")),
    "getReports": (
        reports.recent("GET_X", "US", SINCE),
        lambda client: ReportsApi(client).get_reports(report_types=["GET_X"], marketplace_ids=[US], page_size=100, created_since=SINCE),
    ),
    "getReports, next page": (reports.following("a+b/c="), lambda client: ReportsApi(client).get_reports(next_token="a+b/c=")),
    "getReportDocument": (reports.find("amzn1.document-1"), lambda client: ReportsApi(client).get_report_document("amzn1.document-1")),
    "getListingsItem": (listings.look(SELLER, SKU, "US"), lambda client: ListingsApi(client).get_listings_item(SELLER, SKU, [US], included_data=INCLUDED)),
    "searchListingsItems": (
        listings.following(listings.changed(SELLER, "US", SINCE, NOW), "next"),
        lambda client: ListingsApi(client).search_listings_items(
            SELLER, [US], included_data=INCLUDED, last_updated_after=SINCE, last_updated_before=NOW, sort_by="lastUpdatedDate", sort_order="ASC", page_size=20, page_token="next"
        ),
    ),
    "getListingsRestrictions": (
        restrictions.look("B0MADEUP00", SELLER, "US", "New"),
        lambda client: ListingsRestrictionsApi(client).get_listings_restrictions("B0MADEUP00", SELLER, [US], condition_type="new_new"),
    ),
    "getInventorySummaries": (
        inventory.following(stock_look("A/1"), "next"),
        lambda client: FbaInventoryApi(client).get_inventory_summaries("Marketplace", US, [US], details="true", seller_skus=["A/1", "B"], next_token="next"),
    ),
    "getInventorySummaries, one": (stock_look(SKU), lambda client: FbaInventoryApi(client).get_inventory_summaries("Marketplace", US, [US], details="true", seller_sku=SKU)),
    "searchListingsItems, by SKU": (
        listings.named(SELLER, ["A/1", "B"], "US"),
        lambda client: ListingsApi(client).search_listings_items(SELLER, [US], identifiers=["A/1", "B"], identifiers_type="SKU", included_data=INCLUDED, page_size=20),
    ),
    "patchListingsItem": (writing.submit(SELLER, SKU, "US", PATCH), lambda client: ListingsApi(client).patch_listings_item(SELLER, SKU, [US], PATCHED, included_data=["issues"])),
    "patchListingsItem, preview": (
        writing.preview(SELLER, SKU, "US", PATCH),
        lambda client: ListingsApi(client).patch_listings_item(SELLER, SKU, [US], PATCHED, included_data=["issues"], mode="VALIDATION_PREVIEW"),
    ),
    "putListingsItem": (writing.submit(SELLER, SKU, "US", PUT), lambda client: ListingsApi(client).put_listings_item(SELLER, SKU, [US], PUTTED, included_data=["issues"])),
    "deleteListingsItem": (writing.submit(SELLER, SKU, "US", Change("delete")), lambda client: ListingsApi(client).delete_listings_item(SELLER, SKU, [US])),
    "createFeedDocument": (feeds.room("text/plain; charset=UTF-8"), lambda client: FeedsApi(client).create_feed_document({"contentType": "text/plain; charset=UTF-8"})),
    "createFeed": (
        feeds.create(feeds.LISTINGS, "US", "document-1"),
        lambda client: FeedsApi(client).create_feed({"feedType": feeds.LISTINGS, "marketplaceIds": [US], "inputFeedDocumentId": "document-1"}),
    ),
    "getFeed": (feeds.look("feed-1"), lambda client: FeedsApi(client).get_feed("feed-1")),
    "getFeeds": (feeds.recent(feeds.REMOVAL, "US", SINCE), lambda client: FeedsApi(client).get_feeds(feed_types=[feeds.REMOVAL], marketplace_ids=[US], page_size=100, created_since=SINCE)),
    "getFeeds, next page": (feeds.following("a+b/c="), lambda client: FeedsApi(client).get_feeds(next_token="a+b/c=")),
    "getFeedDocument": (feeds.find("amzn1.document-1"), lambda client: FeedsApi(client).get_feed_document("amzn1.document-1")),
    "getItemEligibilityPreview": (eligibility.look("B0MADEUP00", "US"), lambda client: FbaInboundEligibilityApi(client).get_item_eligibility_preview("B0MADEUP00", "INBOUND", marketplace_ids=[US])),
}


@pytest.mark.parametrize("name", PAIRS)
def test_we_ask_what_the_official_client_asks(name: str) -> None:
    """Two readings of the same documentation agree."""
    request, official = PAIRS[name]
    assert ours(request) == officially(official)


def test_the_difference_would_be_seen() -> None:
    """The comparison is not blind."""
    _, official = PAIRS["searchListingsItems"]
    assert ours(listings.changed(SELLER, "US", SINCE, NOW + timedelta(hours=1))) != officially(official)
