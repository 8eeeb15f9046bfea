"""FBA Inventory API v1. Amazon's page: developer-docs.amazon.com/sp-api/docs/fbainventory-api-v1-reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from refloat.amazon.protocol import MisshapenError, Request, held, held_or_none, marketplace_id, objects, unwrapped
from refloat.knowledge.tables import table


class Stock(NamedTuple):
    """One page of stock, with the token of the next; Amazon keeps it for 30 seconds."""

    summaries: list[Mapping[str, Any]]
    token: str | None


def looks(skus: Sequence[str], marketplace: str) -> Iterator[tuple[Sequence[str], Request]]:
    """getInventorySummaries in calls of 50, each with the SKUs that it asks for."""
    # The list is joined by commas, so a SKU that holds one goes alone, in the parameter for a single SKU.
    together = [sku for sku in skus if "," not in sku]
    most = table("limits")["line"]["inventory_skus"]
    for start in range(0, len(together), most):
        part = together[start : start + most]
        yield part, _look(marketplace, {"sellerSkus": part})
    for sku in skus:
        if "," in sku:
            yield [sku], _look(marketplace, {"sellerSku": sku})


def _look(marketplace: str, asked: Mapping[str, str | Sequence[str]]) -> Request:
    place = marketplace_id(marketplace)
    query: dict[str, str | Sequence[str]] = {"details": "true", "granularityType": "Marketplace", "granularityId": place, **asked, "marketplaceIds": place}
    return Request("getInventorySummaries", "GET", "/fba/inventory/v1/summaries", query)


def following(look: Request, token: str) -> Request:
    """The same question, its next page."""
    return replace(look, query={**look.query, "nextToken": token})


def stock(body: Any) -> Stock:
    """The summaries of one page; every one names its SKU."""
    # The token stands beside the payload, but a body without a wrapper has it within.
    payload = unwrapped(body)
    summaries = objects(payload, "inventorySummaries")
    for each in summaries:
        held(each, "sellerSku", str)
    if not isinstance(body, Mapping):
        raise MisshapenError("it is not an object")
    pagination = held_or_none(body, "pagination", dict) or held_or_none(payload, "pagination", dict) or {}
    return Stock(summaries, held_or_none(pagination, "nextToken", str) or None)
