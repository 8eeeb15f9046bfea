"""Digests: the day, the weekly review, the month; in both languages, once each, also after the machine was off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.alarm_desk import DAY, HOUR, START, Desk, opened_desk

from refloat.model.alarm import Wanted

NONE = Wanted(kinds=frozenset({"not-looked"}))
#: A SKU as hostile as they come.
HOSTILE = "<script>alert(1)</script>\r\nBcc: x@example.com"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = opened_desk(tmp_path / "home")
    with desk.store:
        yield desk


def _months(desk: Desk) -> None:
    """October and November: three strand, one is over after ten days and comes back, one has unknown units."""
    desk.clock.at = START.replace(month=10, day=5)
    desk.strand(2)
    desk.clock.at += 10 * DAY
    desk.strand(2, over=["MUG-000"])
    desk.clock.at = START.replace(month=11, day=2)
    desk.strand(2)
    desk.clock.at += DAY
    rows = [{"sku": sku, "standing": "confirmed", "cause": "listing-closed", "units_fulfillable": 12} for sku in ("MUG-000", "MUG-001")]
    rows.append({"sku": HOSTILE, "standing": "suspected", "cause": "price-error", "units_fulfillable": None, "removal_due_on": date(2026, 12, 7)})
    desk.store.strandings.record("harbour", "DE", rows, desk.clock.now(), unknown=False)


def _texts(desk: Desk) -> dict[str, str]:
    return {letter.message.title: letter.message.text for letter in desk.post.letters}


def test_the_monthly_trend(desk: Desk) -> None:
    """New, back, over and unit-days by cause, against the month before; unknown units are called so."""
    _months(desk)
    desk.tell(digests=("monthly",), wanted=NONE)
    desk.clock.at = START.replace(month=12, day=1, hour=8)
    desk.deliver()
    (text,) = _texts(desk).values()
    # MUG-000 is stranded for ten days of October and, from the 2nd at 6:00, for 28 of November; MUG-001 all the time from the 5th at 6:00.
    november, october = int(12 * (28.75 + 30)), int(12 * (10 + 26.75))
    assert f"Listing closed · 0 (2) · 1 (0) · 0 (1) · {november:,} ({october:,})" in text
    assert re.search(r"· 1 \(0\) · 0 \(0\) · 0 \(0\) · ≥ 0 \(0\)", text)


def test_the_weekly_review(desk: Desk) -> None:
    """By cause with worth and age, what was proven over, for whom it waits, the deadlines, the journal's heads."""
    desk.tell(digests=("weekly",), wanted=NONE)
    desk.strand(3, removal_due_on=date(2026, 12, 4))
    desk.clock.at += DAY
    desk.strand(3, over=["MUG-002"], removal_due_on=date(2026, 12, 4))
    stranding = desk.store.strandings.open_strandings("harbour")[0]
    desk.store.tasks.open("harbour", stranding.id, "appeal", recorded="relist-offer", subject={"cause": "listing-closed"}, follow_up_on=date(2026, 11, 26), at=desk.clock.now())
    desk.clock.at = START.replace(month=11, day=30, hour=8)
    desk.deliver()
    ((title, text),) = _texts(desk).items()
    assert title == "Weekly review of stranded inventory, 2026-W48"
    assert "Listing closed · 2 · 24 · 241.00 EUR · 7" in text
    assert "Over in this time: proven, not assumed\n  Cause · SKUs\n  Listing closed · 1" in text
    assert "a person: tasks in Seller Central · 1 · 12 · 120.50 EUR" in text
    assert "your word: refloat plan harbour · 1 · 12 · 120.50 EUR" in text
    assert "of these, tasks to follow up now · 1" in text
    assert "2026-12-04 · in 4 days · DE · MUG-000 · 12 · 120.50 EUR" in text
    head = desk.store.journal.head("harbour", "DE")
    assert head
    assert f"DE · {head.number} · {head.hash}" in text


def test_the_daily_digest(desk: Desk) -> None:
    """What is new, and the open alarms by number."""
    desk.tell(digests=("daily",), wanted=Wanted(kinds=frozenset({"deadline"})))
    desk.strand(1)
    desk.go()
    assert desk.post.letters == []
    desk.looked()
    desk.go(hours=2)
    assert list(_texts(desk)) == ["Stranded inventory on 2026-11-23"]
    assert "New: 1 · back again: 0 · over: 0" in desk.post.text
    assert "#1 harbour DE: 1 SKU newly stranded: Listing closed" in desk.post.text


def test_once_each_also_after_the_machine_was_off(desk: Desk) -> None:
    """A week off: one daily digest that reaches back, one weekly; asked again and again, no more."""
    desk.tell(digests=("daily", "weekly"), wanted=NONE)
    desk.clock.at = START.replace(hour=9)
    desk.deliver()
    desk.clock.at += 7 * DAY
    for _ in range(4):
        desk.deliver()
        desk.clock.at += HOUR
    assert desk.post.titles == [
        "Stranded inventory on 2026-11-23",
        "Weekly review of stranded inventory, 2026-W47",
        "Stranded inventory on 2026-11-30",
        "Weekly review of stranded inventory, 2026-W48",
    ]
    assert "From 2026-11-23 08:00 UTC to 2026-11-30 08:00 UTC" in desk.post.letters[2].message.text


def test_all_of_it_in_chinese(desk: Desk) -> None:
    """No English sentence is left; the SKU is."""
    _months(desk)
    desk.tell("运营", language="zh-Hans", timezone="Asia/Shanghai", digests=("daily", "weekly", "monthly"))
    desk.clock.at = START.replace(month=11, day=30, hour=1)
    desk.store.strandings.record("harbour", "DE", [], desk.clock.now() - HOUR, unknown=True)
    desk.looked()
    desk.go()
    desk.go(hours=24)
    assert len(desk.post.letters) >= 4
    for letter in desk.post.letters:
        lines = [line for line in letter.message.text.splitlines() if not re.search(r"[\u4e00-\u9fff]", line)]
        assert [line for line in lines if re.search(r"[A-Za-z]{4,} [a-z]{2,}", line) and "script" not in line] == []
    assert "alert(1)" in desk.post.text


def test_a_hostile_sku_stays_text(desk: Desk) -> None:
    """In the page it is escaped, in the text it is one line."""
    _months(desk)
    desk.tell(digests=("daily",))
    desk.clock.at = START.replace(month=12, day=1, hour=9)
    desk.go()
    for letter in desk.post.letters:
        assert "<script>" not in letter.message.html
        assert [line for line in letter.message.text.splitlines() if line.startswith("Bcc:")] == []
    assert any("&lt;script&gt;" in letter.message.html for letter in desk.post.letters)


def test_ten_thousand_skus_are_a_short_message(desk: Desk) -> None:
    """Counted, not listed."""
    desk.tell(digests=("daily", "weekly"))
    desk.strand(10_000, removal_due_on=date(2026, 11, 30), worth_amount=Decimal("1.00"))
    desk.go(hours=3)
    assert desk.post.letters
    assert max(len(letter.message.text) for letter in desk.post.letters) < 4_000
    assert "9,980 more: refloat triage --account harbour --due-within 7" in desk.post.text


def test_only_their_own_accounts(desk: Desk) -> None:
    """Nobody reads of an account that is not theirs."""
    from refloat.store import Unsealed

    desk.store.accounts.add("pier", region="EU", seller_id="A0OTHER", unsealed=Unsealed("a", "b", "c"), at=START)
    desk.tell(digests=("daily",), wanted=Wanted(accounts=frozenset({"pier"})))
    desk.strand(1)
    desk.go(hours=3)
    assert "Account pier" in desk.post.text
    assert "harbour" not in desk.post.text
    assert "Nothing is stranded, by the last look at each source." in desk.post.text
