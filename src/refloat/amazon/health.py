"""The account's standing, from the JSON of GET_V2_SELLER_PERFORMANCE_REPORT (Amazon's schema accountHealthReport-2020-11-18)."""

from __future__ import annotations

from refloat.amazon.protocol import MisshapenError, held, json_of, marketplace_id, objects
from refloat.model.ports import Download

REPORT_TYPE = "GET_V2_SELLER_PERFORMANCE_REPORT"
#: Amazon's word → ours; the schema's own example says SUSPENDED, which its text calls DEACTIVATED.
STANDINGS = {"NORMAL": "NORMAL", "AT_RISK": "AT_RISK", "DEACTIVATED": "DEACTIVATED", "SUSPENDED": "DEACTIVATED"}


def account_standing(document: Download, marketplace: str | None = None) -> str | None:
    """NORMAL, AT_RISK or DEACTIVATED in the marketplace, or the worst of all marketplaces; None where the report does not say."""
    if not document.whole:
        return None
    try:
        rows = objects(json_of(document.content), "accountStatuses")
        wanted = marketplace_id(marketplace) if marketplace else None
        said = [held(row, "status", str) for row in rows if wanted is None or row.get("marketplaceId") == wanted]
    except MisshapenError:
        return None
    known = [STANDINGS.get(word) for word in said]
    if "DEACTIVATED" in known:
        return "DEACTIVATED"
    # A word that we do not know may be a bad one, so it spoils the better ones.
    return None if not known or None in known else "AT_RISK" if "AT_RISK" in known else "NORMAL"
