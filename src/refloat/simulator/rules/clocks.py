"""How long Amazon leaves stranded units alone, and how late its page shows that they are stranded no more.

Seller Central help KQ8DGGU529BJJ7E (automatic removal, United States): policy 60 days, severe policy 30, closed or
merchant-fulfilled 180, deleted 30, account 60. Its 2019 notice: a future sell date and a dangerous-goods review are
exempt. Seller Central help 201436600: after a mend, allow up to 24 hours; a closed listing within 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

Group = Literal["policy", "severe", "closed", "deleted", "account", "exempt"]

#: Days from the stranding to the removal; None: never.
DAYS: Mapping[Group, int | None] = {"policy": 60, "severe": 30, "closed": 180, "deleted": 30, "account": 60, "exempt": None}
#: The e-mail goes out so many days before the removal.
NOTICE = timedelta(days=30)

#: Both spellings of what has two: the switches choose the page's words.
CLOSED = frozenset({"Listing closed", "LISTING_CLOSED", "Listing closed and inventory error"})
MERCHANTS = frozenset({"Merchant fulfilled", "Seller-fulfilled"})
_REVIEW = ("Under hazmat review", "Dangerous goods (in review)")
_EXEMPT = ("Future listing sell date", *_REVIEW)
_SEVERE = ("Food safety investigation", "Product recall", "Product safety investigation", "Restricted Product ASIN", "Trademark misuse", "Expired product")
_DELETED = ("Deleted listing", "Discontinued listing", "Unexpected inventory received", "No listing exists for inventory", "Listing removed", "Item merged")
_POLICY = (
    "B2B restricted", "Blocked listing", "Item discontinued", "Item restricted", "Packaging issue", "Potential logo misuse",
    "Potential trademark misuse (self reinstate)", "Qualification required (brand)", "Qualification required (category)",
    "Qualification required (item)", "Restricted ASIN", "Restricted program", "Miscategorized ASIN",
    "Dangerous goods (upload documents and wait for review)",
)  # fmt: skip
_GROUPS: Mapping[str, Group] = {
    "Suspended": "account",
    **dict.fromkeys(_EXEMPT, "exempt"),
    **dict.fromkeys(_SEVERE, "severe"),
    **dict.fromkeys(_DELETED, "deleted"),
    **dict.fromkeys(_POLICY, "policy"),
}

#: Reinstated only after people at Amazon looked at it: the page is days late.
_SLOW = frozenset({"Food safety investigation", "Product recall", "Product safety investigation", *_REVIEW})
#: A new stranding shows after that.
SEEN_AFTER = timedelta(hours=1)


def group(reason: str) -> Group:
    """Whose clock the reason runs by; what is nobody's else is a listing that was closed, or might as well be."""
    return _GROUPS.get(reason, "closed")


def days(reason: str, *, suspended: bool) -> int | None:
    """Days until Amazon removes the units; None when it never does. A suspended account has a clock of its own."""
    own = group(reason)
    return DAYS["account"] if suspended and own != "exempt" else DAYS[own]


def shows_after(reason: str) -> timedelta:
    """How long the page still shows a stranding of this reason after it ended."""
    return timedelta(hours=3) if reason in CLOSED else timedelta(days=3) if reason in _SLOW else timedelta(hours=24)
