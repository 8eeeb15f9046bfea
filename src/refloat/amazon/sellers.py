"""Sellers API v1: where the account sells. Amazon's page: developer-docs.amazon.com/sp-api/docs/sellers-api-v1-reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refloat.amazon.protocol import Request, held, held_or_none, only_objects, unwrapped
from refloat.knowledge.tables import marketplace_code
from refloat.model.ports import Place


def participations() -> Request:
    """getMarketplaceParticipations: every marketplace that the refresh token reaches."""
    return Request("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations")


def places(body: Any) -> list[Place]:
    """The marketplaces by our two-letter code, or by Amazon's id where it is one that we do not know (such as Non-Amazon US)."""
    return [_place(row) for row in only_objects(unwrapped(body))]


def _place(row: Mapping[str, Any]) -> Place:
    marketplace, participation = held(row, "marketplace", dict), held(row, "participation", dict)
    known = held(marketplace, "id", str)
    return Place(
        marketplace=marketplace_code(known) or known,
        participates=held(participation, "isParticipating", bool),
        suspended=held(participation, "hasSuspendedListings", bool),
        store_name=held_or_none(row, "storeName", str),
    )
