"""The review in numbers: pools once, unknown apart; the trend by cause, come-backs by their gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from refloat.insight.review import Month, groups, trend, whole
from refloat.model.alarm import Stranded
from refloat.model.money import Money

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ROW = Stranded(1, 0, "DE", "MUG", "X1", NOW - 9 * DAY, NOW, "confirmed", "listing-closed", "relist-offer", 12, Money(Decimal(120), "EUR"), None)


def test_units_of_a_pool_count_once() -> None:
    """The same units in DE and FR are one; SKUs are counted in each."""
    found = whole([ROW, replace(ROW, id=2, marketplace="FR", units=10), replace(ROW, id=3, marketplace="US", units=None, worth=None)], NOW)
    assert (found.skus, found.units, found.unknown, found.worth, found.oldest_days) == (3, 12, 1, (Money(Decimal(120), "EUR"),), 9)


def test_groups_the_largest_first() -> None:
    """By whatever they have in common."""
    rows = [ROW, replace(ROW, id=2, fnsku=None, cause="price-error"), replace(ROW, id=3, fnsku="X3", cause="price-error")]
    assert [(one.name, one.skus, one.units) for one in groups(rows, lambda row: row.cause or "", NOW)] == [("price-error", 2, 24), ("listing-closed", 1, 12)]


def _interval(stranding: int, start: int, end: int | None, *, opened: int, units: int | None = 10, cause: str | None = "listing-closed") -> tuple[object, ...]:
    at = [None if day is None else NOW + day * DAY for day in (opened, start, end)]
    return (stranding, cause, *at, units, 2 if units else None)


def test_the_trend_counts_what_fell_into_the_time() -> None:
    """Opened, over, back again after a gap, and units × days inside the time alone."""
    history = [
        _interval(1, -5, 4, opened=-5),  # 4 of its 9 days are inside
        _interval(2, 10, 12, opened=10),
        _interval(2, 15, None, opened=10),  # three days over, then back, until the end of the month
        _interval(3, 29, None, opened=29, units=None, cause=None),
    ]
    found = trend(history, NOW, NOW + 30 * DAY)
    assert found == {"listing-closed": Month(opened=1, came_back=1, over=2, unit_days=12 * (4 + 2 + 15), unknown=0), "unexplained": Month(opened=1, unknown=1)}


def test_a_change_of_what_is_known_is_no_come_back() -> None:
    """Two intervals side by side are one stranding."""
    found = trend([_interval(1, 1, 5, opened=1), _interval(1, 5, None, opened=1, cause="price-error")], NOW, NOW + 10 * DAY)
    assert found == {"listing-closed": Month(opened=1, unit_days=48), "price-error": Month(unit_days=60)}


def test_nothing_is_no_trend() -> None:
    """An account without strandings."""
    assert trend([], NOW, NOW + DAY) == {}
