"""The account's standing from its performance report."""

from __future__ import annotations

import json

import pytest

from refloat.amazon import account_standing
from refloat.model.ports import Download

US, CA, MX = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"


def report(*rows: tuple[str, object], whole: bool = True) -> Download:
    body = {"accountStatuses": [{"marketplaceId": place, "status": word, "new": 1} for place, word in rows], "performanceMetrics": []}
    return Download(json.dumps(body).encode(), "UTF-8", whole)


@pytest.mark.parametrize(
    ("word", "standing"), [("NORMAL", "NORMAL"), ("AT_RISK", "AT_RISK"), ("DEACTIVATED", "DEACTIVATED"), ("SUSPENDED", "DEACTIVATED"), ("FINE", None), ("", None), (None, None), (3, None)]
)
def test_the_standing_of_one_marketplace(word: object, standing: str | None) -> None:
    """The schema's own example says SUSPENDED; a word that nobody knows tells nothing."""
    assert account_standing(report((US, word), (CA, "AT_RISK")), "US") == (standing if isinstance(word, str) else None)
    assert account_standing(report((US, word))) == standing


def test_without_a_marketplace_the_worst_counts() -> None:
    """And a word that nobody knows may be a bad one."""
    assert account_standing(report((US, "NORMAL"), (CA, "AT_RISK"))) == "AT_RISK"
    assert account_standing(report((US, "NORMAL"), (CA, "FINE"))) is None
    assert account_standing(report((US, "DEACTIVATED"), (CA, "FINE"))) == "DEACTIVATED"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"<html>", b'{"accountStatuses": []}', b'{"accountStatuses": {}}', b'{"accountStatuses": [3]}'])
def test_what_says_nothing_is_unknown(content: bytes) -> None:
    """Unknown is never NORMAL."""
    assert account_standing(Download(content, None, whole=True)) is None
    assert account_standing(report((US, "NORMAL")), "MX") is None
    assert account_standing(report((US, "NORMAL"), whole=False)) is None
    assert account_standing(report((US, "NORMAL")), "Mars") is None
