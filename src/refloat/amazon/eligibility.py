"""FBA Inbound Eligibility API v1. Amazon's page: developer-docs.amazon.com/sp-api/docs/fbainboundeligibility-api-v1-reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refloat.amazon.protocol import Request, held, marketplace_id, unwrapped


def look(asin: str, marketplace: str) -> Request:
    """getItemEligibilityPreview for sending in."""
    query = {"marketplaceIds": marketplace_id(marketplace), "asin": asin, "program": "INBOUND"}
    return Request("getItemEligibilityPreview", "GET", "/fba/inbound/v1/eligibility/itemPreview", query)


def preview(body: Any) -> Mapping[str, Any]:
    """The answer without its wrapper; it says yes or no. Reason codes are kept as they are: Amazon uses some that it does not document."""
    payload = unwrapped(body)
    held(payload, "isEligibleForProgram", bool)
    return dict(payload)
