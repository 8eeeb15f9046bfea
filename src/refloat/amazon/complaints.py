"""What Amazon says is wrong, in whichever form it says so. Nothing here can fail: a gateway's page is an answer too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any, NamedTuple

from refloat.amazon.protocol import Answered, MisshapenError, json_of

#: So much of a page is looked at, and so much of a message; whoever sends more does not slow us down.
_MOST, _LONGEST = 1 << 14, 4000
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_TOKEN = re.compile(r"(?:access|security) token .{0,80}(?:expired|invalid|malformed|revoked)", re.IGNORECASE | re.DOTALL)
_ACCOUNT = re.compile(
    r"\baccount\b.{0,60}\b(?:suspended|deactivated|terminated|inactive|not active|not (?:in )?(?:the )?normal|on hold)\b"
    r"|\b(?:seller|merchant) (?:is|was|has been) (?:suspended|deactivated|terminated)\b",
    re.IGNORECASE | re.DOTALL,
)
_NOT_YOURS = re.compile(
    r"(?=.*marketplace).*(?:participat|not regist|not (?:been )?authori[sz]|unauthori[sz]ed|not belong|no access)|invalid marketplace|marketplace\S* .{0,40}(?:is|are) (?:invalid|not valid)",
    re.IGNORECASE | re.DOTALL,
)


class Complaint(NamedTuple):
    """Amazon's code, its message and details as one text, and whether it said so in its own form."""

    code: str
    said: str
    formal: bool

    @property
    def of_account(self) -> bool:
        """Whether it speaks of an account that is not normal."""
        return bool(_ACCOUNT.search(self.said))

    @property
    def of_marketplace(self) -> bool:
        """Whether it speaks of a marketplace that is not the seller's; one that lacks a report is another matter."""
        return bool(_NOT_YOURS.search(self.said))


def complaint(answered: Answered) -> Complaint:
    """The first error of ``errors``; else what LWA or a gateway says; else the words of the page."""
    try:
        body = json_of(answered.content)
    except MisshapenError:
        return Complaint("", words(answered.content), formal=False)
    errors = body.get("errors") if isinstance(body, Mapping) else body
    # A few answers hold the list one level deeper, as their model's ErrorList says.
    errors = errors.get("errors") if isinstance(errors, Mapping) else errors
    if isinstance(errors, str):
        # Amazon's own mock server writes one sentence where the list should be.
        return Complaint("", errors[:_LONGEST], formal=True)
    first = next((each for each in errors if isinstance(each, Mapping)), None) if isinstance(errors, list) else None
    if first is not None:
        return Complaint(_text(first, "code"), " ".join(filter(None, (_text(first, "message"), _text(first, "details")))), formal=True)
    if isinstance(body, Mapping):
        return Complaint(_text(body, "error"), _text(body, "error_description") or _text(body, "message"), formal=False)
    return Complaint("", words(answered.content), formal=False)


def _text(row: Mapping[str, Any], key: str) -> str:
    found = row.get(key)
    return found[:_LONGEST] if isinstance(found, str) else ""


def words(content: bytes) -> str:
    """The words of a page, without its tags."""
    return " ".join(unescape(_TAGS.sub(" ", content[:_MOST].decode("utf-8", "replace"))).split())


def token_is_stale(answered: Answered) -> bool:
    """Whether Amazon refuses the access token itself, rather than what was asked with it."""
    return answered.code == 401 or (answered.code == 403 and bool(_TOKEN.search(complaint(answered).said)))
