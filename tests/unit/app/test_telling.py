"""Every kind of alarm in words, in both languages: what, how much, what to do; and nothing of one language in the other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from refloat.app.telling import Reader, told
from refloat.model.alarm import KINDS
from refloat.model.money import Money
from refloat.store import AlarmRow

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
_SKUS = {"skus": 2, "units": 7, "units_unknown": 1, "unpriced": 1, "first": ["MUG-1", "杯-2"], "causes": ["listing-closed"]}
#: Kind → facts, as the pure function in ``loop.alarms`` gives them; each case once.
CASES: list[tuple[str, dict[str, Any]]] = [
    ("stranded", {**_SKUS, "cause": "listing-closed", "moment": AT.isoformat()}),
    ("stranded", {**_SKUS, "cause": None, "moment": None}),
    ("stranded-long", {**_SKUS, "cause": "price-error", "days": 14}),
    ("deadline", {**_SKUS, "due_on": "2026-12-04", "days_left": 7, "overdue": False}),
    ("deadline", {**_SKUS, "due_on": "2026-11-20", "days_left": -7, "overdue": True}),
    *(("verdict", {**_SKUS, "word": word, "remedy": "relist-offer", "plan": "harbour-1"}) for word in ("unchanged", "worse", "refused", "unclear")),
    ("came-back", {**_SKUS, "cause": "listing-closed", "moment": None}),
    *(("other-writer", {**_SKUS, "by": by, "remedy": "relist-offer", "plans": ["harbour-1", "harbour-2"]}) for by in ("another-tool", "file-upload")),
    ("account-trouble", {"health": "AT_RISK", "since": None}),
    ("account-trouble", {"code": "credential-wrong", "since": AT.isoformat()}),
    ("source-unknown", {"sources": ["reserved", "stranded"], "since": AT.isoformat(), "codes": ["amazon-down"], "hours": 24}),
    ("not-looked", {"since": AT.isoformat(), "ever": True, "hours": 12}),
    ("not-looked", {"since": AT.isoformat(), "ever": False, "hours": 12}),
]


def _row(kind: str, facts: dict[str, Any]) -> AlarmRow:
    worth = (Money(Decimal(120), "EUR"),) if "skus" in facts else ()
    return AlarmRow(7, "harbour", "DE", kind, None, facts, worth, AT, None, None, "", "", None, "")


def test_every_kind_has_a_case() -> None:
    """A new kind needs its words."""
    assert {kind for kind, _ in CASES} == set(KINDS)


@pytest.mark.parametrize("about", ["raised", "again 1", "cleared"])
@pytest.mark.parametrize(("kind", "facts"), CASES)
def test_it_is_said_in_both_languages(kind: str, facts: dict[str, Any], about: str) -> None:
    """The same facts; the reader's words; a way to go on unless it is over."""
    english, chinese = (told([(_row(kind, facts), about)], Reader(language)) for language in ("en", "zh-Hans"))
    assert not re.search(r"[\u4e00-\u9fff]", english.title + english.text.replace("杯-2", ""))
    assert [line for line in (chinese.title, *chinese.text.splitlines()) if not re.search(r"[\u4e00-\u9fff]", line)] == []
    for message in (english, chinese):
        assert "{" not in message.text + message.title
        assert ("MUG-1" in message.text) == ("skus" in facts)
        assert ("refloat alarms ack 7" in message.text) == (about != "cleared")
        assert ("120.00 EUR" in message.text) == ("skus" in facts)


def test_a_moment_is_on_the_readers_clock() -> None:
    """In Shanghai it is eight hours later."""
    message = told([(_row("not-looked", {"since": AT.isoformat(), "ever": True, "hours": 12}), "raised")], Reader("en", "Asia/Shanghai"))
    assert message.title == "harbour DE: Nobody has looked since 2026-11-27 17:00 CST"
