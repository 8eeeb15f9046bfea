"""Listings Restrictions API 2021-08-01. Amazon's page: developer-docs.amazon.com/sp-api/docs/listings-restrictions-api-v2021-08-01-reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refloat.amazon.protocol import Request, marketplace_id, objects

#: Amazon's conditions, from the enum of conditionType.
CONDITIONS = (
    "new_new", "new_open_box", "new_oem", "refurbished_refurbished", "used_like_new", "used_very_good", "used_good", "used_acceptable",
    "collectible_like_new", "collectible_very_good", "collectible_good", "collectible_acceptable", "club_club",
)  # fmt: skip
#: How reports and FBA inventory write a condition, letters and digits only; 11 is the loader's number for New.
_WRITTEN = {
    "new": "new_new", "newitem": "new_new", "11": "new_new", "refurbished": "refurbished_refurbished", "club": "club_club",
    **{condition.replace("_", ""): condition for condition in CONDITIONS},
}  # fmt: skip


def look(asin: str, seller_id: str, marketplace: str, condition: str | None) -> Request:
    """getListingsRestrictions; a condition that we cannot translate is left out, and Amazon answers for all."""
    query = {"asin": asin, "sellerId": seller_id, "marketplaceIds": marketplace_id(marketplace)}
    known = condition_type(condition)
    return Request("getListingsRestrictions", "GET", "/listings/2021-08-01/restrictions", {**query, "conditionType": known} if known else query)


def condition_type(written: str | None) -> str | None:
    """Amazon's condition for what a report says; None where it is not known.

    >>> condition_type("New"), condition_type("Used - Like New"), condition_type("As seen")
    ('new_new', 'used_like_new', None)
    """
    return _WRITTEN.get("".join(char for char in (written or "").lower() if char.isalnum()))


def restrictions(body: Any) -> Mapping[str, Any]:
    """The answer as it came; its list says that it is one. An empty list means: may be listed."""
    objects(body, "restrictions")
    return dict(body)
