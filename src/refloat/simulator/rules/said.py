"""What Amazon's page says for each reason: its words, its action, its two statuses, its text.

The reasons are those of Amazon's help page "Resolve stranded inventory issues" (English) and a few more from live accounts.
``primary-action`` knows five values only (help 201835130, and "Update price" as seen); ``status-primary`` is active, inactive
or incomplete. A listing can be active elsewhere and stranded here: that is so where the trouble lies in FBA's own records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from refloat.simulator.switches import Switches


@dataclass(frozen=True)
class Stranded:
    """One row's words. ``reason``: Amazon's reason; ``action``: primary-action; ``error``: the error message, often empty."""

    reason: str
    action: str
    status_primary: str
    status_secondary: str
    error: str


DANGEROUS_GOODS_DOCUMENTS = "Dangerous goods (upload documents and wait for review)"
DG_INFORMATION = "Merchant fulfilled (DG info required)"
TRADEMARK_SELF = "Potential trademark misuse (self reinstate)"

_ROWS = f"""
Suspended|Create removal order|inactive|Blocked|Your account is not active. Check your performance notifications.
B2B restricted|Create removal order|inactive|Blocked|Only approved business sellers may sell this product.
Blocked listing|Create removal order|inactive|Blocked|This listing is blocked. Check your performance notifications.
Deleted listing|Create a new listing|inactive|No listing|
Discontinued listing|Create a new listing|inactive|No listing|
Expired product|Create removal order|active|Expired|These units have passed their expiration date.
Food safety investigation|Create removal order|inactive|Blocked|Safety tests and compliance documents of the manufacturer are needed.
Future listing sell date|Relist|inactive|Not yet on sale|
Inventory error|Relist|active|Inventory error|
Inventory under review|Create removal order|active|Under review|A fulfillment center reviews these units.
Item discontinued|Create removal order|inactive|Blocked|This item can no longer be fulfilled by Amazon.
Item merged|Create removal order|inactive|Merged|This ASIN was merged with another one.
Item restricted|Create removal order|inactive|Blocked|
Listing closed|Relist|inactive|Closed|
Listing closed and inventory error|Relist|inactive|Closed|
Listing error|Create removal order|inactive|Listing error|
Merchant fulfilled|Change to Fulfilled by Amazon|active|Merchant fulfilled|
{DG_INFORMATION}|Change to Fulfilled by Amazon|active|Merchant fulfilled|Dangerous goods information is needed.
Miscategorized ASIN|Create removal order|inactive|Suppressed|The category of this product is wrong.
Missing price|Relist|incomplete|Missing price|
Missing SKU|Relist|active|Missing SKU|
Packaging issue|Create removal order|inactive|Packaging|This item is not certified for frustration-free packaging.
Please review for quality issues|Relist|inactive|Paused|Review your offer, edit it and save it.
Potential logo misuse|Create removal order|inactive|Suppressed|An image may show a logo without authorization.
{TRADEMARK_SELF}|Relist|inactive|Suppressed|The text may use a trademark without authorization. Edit it to reinstate the listing.
Product recall|Create removal order|inactive|Blocked|This product was recalled.
Product safety investigation|Create removal order|inactive|Blocked|Safety tests and compliance documents of the manufacturer are needed.
Product update required|Relist|inactive|Update required|Edit any field but price and quantity.
Qualification required (brand)|Create removal order|inactive|Approval required|You need approval to list this brand.
Qualification required (category)|Create removal order|inactive|Approval required|You need approval to list in this category.
Qualification required (item)|Create removal order|inactive|Approval required|You need approval to list this item.
Restricted ASIN|Create removal order|inactive|Blocked|This ASIN is restricted.
Restricted Product ASIN|Create removal order|inactive|Blocked|This product falls under the restricted products policy.
Restricted program|Create removal order|inactive|Blocked|
Trademark misuse|Create removal order|inactive|Blocked|This listing misuses a trademark.
Under hazmat review||inactive|Dangerous goods review|The classification takes up to 4 business days.
Unexpected inventory received|Create a new listing|inactive|No listing|
{DANGEROUS_GOODS_DOCUMENTS}||inactive|Dangerous goods review|Upload a safety data sheet or an exemption sheet.
Potential high pricing error|Update price|inactive|Pricing error|The price is much higher than others for this product.
Potential low pricing error|Update price|inactive|Pricing error|The price is much lower than others for this product.
Pricing error|Update price|inactive|Pricing error|The price lies outside your minimum and maximum price.
Listing removed|Create a new listing|inactive|No listing|
No listing exists for inventory|Create a new listing|inactive|No listing|
"""

#: Reason → what the page says.
SAID: Mapping[str, Stranded] = {row.split("|")[0]: Stranded(*row.split("|")) for row in _ROWS.strip().splitlines()}
#: Where the trouble lies in FBA's own records, and the listing knows nothing of it.
FBA_SIDE = frozenset({"Expired product", "Inventory error", "Inventory under review", "Missing SKU", "Under hazmat review", DANGEROUS_GOODS_DOCUMENTS, DG_INFORMATION})

_NEWER = {
    "Merchant fulfilled": "Seller-fulfilled",
    DG_INFORMATION: "Seller-fulfilled (DG info required)",
    "Please review for quality issues": "Review for quality issues",
    "Under hazmat review": "Dangerous goods (in review)",
}


def said(switches: Switches, reason: str) -> Stranded:
    """The page's words for a reason, in the spelling that the switches ask for."""
    found = SAID[reason]
    spelt = _NEWER.get(reason, reason) if switches.newer_reason_names else reason
    if reason == "Listing closed" and switches.listing_closed_as_code:
        spelt = "LISTING_CLOSED"
    return found if spelt == reason else Stranded(spelt, found.action, found.status_primary, found.status_secondary, found.error)
