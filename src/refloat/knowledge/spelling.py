"""When two spellings are the same.

Amazon's reasons are display text that changes over the years and languages, and neighbours have
opposite cures. So a spelling is compared as a *whole string* after NFKC, casefold and dropping
everything but letters and digits; never by keyword, substring or likeness.
"""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s_\-]+")


def reason_key(text: str) -> str:
    """The key under which a reason, an action or a status is looked up.

    >>> reason_key("Listing  closed") == reason_key("LISTING_CLOSED")
    True
    >>> reason_key("停售的商品") == reason_key("商品已停售")
    False
    """
    return "".join(ch for ch in unicodedata.normalize("NFKC", text).casefold() if ch.isalnum())


def header_key(text: str) -> str:
    """The key under which a column's header is looked up: separators and case do not count.

    >>> header_key("Date-to-take-auto-removal") == header_key("date_to take-auto-removal ")
    True
    """
    plain = unicodedata.normalize("NFKC", text.lstrip("\ufeff")).casefold().strip()
    return _SEPARATORS.sub("-", plain)
