"""Listings Items API 2021-08-01. Amazon's page: developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from refloat.amazon.protocol import Request, held, held_or_none, marketplace_id, moment, objects, segment
from refloat.knowledge.tables import table

_PATH = "/listings/2021-08-01/items"
#: Everything that tells why an offer is not live.
INCLUDED = ("summaries", "attributes", "issues", "offers", "fulfillmentAvailability")


class Found(NamedTuple):
    """One page of a search: the items, how many there are in all, the token of the next page."""

    items: list[Mapping[str, Any]]
    total: int | None
    token: str | None


def look(seller_id: str, sku: str, marketplace: str) -> Request:
    """getListingsItem for one marketplace: with several, Amazon may answer for the first alone."""
    query = {"marketplaceIds": marketplace_id(marketplace), "includedData": INCLUDED}
    return Request("getListingsItem", "GET", where(seller_id, sku), query)


def where(seller_id: str, sku: str) -> str:
    """The path of one listings item."""
    return f"{_PATH}/{segment(seller_id)}/{segment(sku)}"


def item(body: Any) -> Mapping[str, Any]:
    """The listing as it came; its SKU says that it is one."""
    held(body, "sku", str)
    return dict(body)


def changed(seller_id: str, marketplace: str, after: datetime, before: datetime) -> Request:
    """searchListingsItems: the items last updated between the two moments, the oldest change first."""
    query = {
        "marketplaceIds": marketplace_id(marketplace),
        "includedData": INCLUDED,
        "lastUpdatedAfter": moment(after),
        "lastUpdatedBefore": moment(before),
        "sortBy": "lastUpdatedDate",
        "sortOrder": "ASC",
        "pageSize": str(table("limits")["line"]["search_page"]),
    }
    return Request("searchListingsItems", "GET", f"{_PATH}/{segment(seller_id)}", query)


def named(seller_id: str, skus: Sequence[str], marketplace: str) -> Request:
    """searchListingsItems: the items of at most 20 SKUs. The list is joined by commas, so none of them may hold one."""
    query = {"marketplaceIds": marketplace_id(marketplace), "includedData": INCLUDED, "identifiersType": "SKU", "identifiers": skus, "pageSize": str(table("limits")["line"]["search_page"])}
    return Request("searchListingsItems", "GET", f"{_PATH}/{segment(seller_id)}", query)


def following(search: Request, token: str) -> Request:
    """The same search, its next page."""
    return replace(search, query={**search.query, "pageToken": token})


def found(body: Any) -> Found:
    """One page of the search; every item has a SKU."""
    items = objects(body, "items")
    for each in items:
        held(each, "sku", str)
    pagination = held_or_none(body, "pagination", dict) or {}
    return Found(items, held_or_none(body, "numberOfResults", int), held_or_none(pagination, "nextToken", str))
