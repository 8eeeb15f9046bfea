"""How much was stranded on each day, over places that are not all looked at on each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from refloat.store import Store, Unsealed

TODAY = date(2026, 11, 20)


def _kept(store: Store, account: str, place: str, days_ago: int, skus: int, worth: str | None, *, currency: str | None = "EUR", cause: str | None = "expired") -> None:
    from refloat.store.models import Account, FindingDay

    amount = None if worth is None else Decimal(worth)
    owner = Account.objects.get(name=account)
    FindingDay.objects.create(account=owner, marketplace=place, day=TODAY - timedelta(days=days_ago), cause=cause, currency=currency, skus=skus, units=skus * 2, worth=amount)


def _days(store: Store, days: int = 30, accounts: tuple[str, ...] | None = None) -> dict[int, tuple[int, int | None, Decimal | None]]:
    """Days ago → SKUs, units, worth in EUR."""
    return {(TODAY - row.day).days: (row.skus, row.units, row.worth) for row in store.views.days(accounts, TODAY - timedelta(days=days), TODAY) if row.currency == "EUR"}


@pytest.fixture
def other(store: Store, account: str, start: datetime) -> str:
    return store.accounts.add("lagoon", region="EU", seller_id="A0OTHER", unsealed=Unsealed("a", "b", "c"), at=start).name


def test_a_place_that_was_not_looked_at_stands_with_its_last_figures(store: Store, account: str, other: str) -> None:
    """Of two accounts one was looked at each day, the other on the first alone; another marketplace is a day ahead."""
    for days_ago in (2, 1, 0):
        _kept(store, account, "DE", days_ago, 10, f"{100 + days_ago}")
    _kept(store, other, "DE", 2, 4, "40.50")
    _kept(store, other, "JP", -1, 1, "7")
    assert _days(store) == {
        2: (14, 28, Decimal("142.5")),
        1: (14, 28, Decimal("141.5")),
        0: (14, 28, Decimal("140.5")),
        -1: (15, 30, Decimal("147.5")),
    }
    assert _days(store, accounts=(other,))[0] == (4, 8, Decimal("40.5"))


def test_after_a_week_without_a_look_nothing_is_known(store: Store, account: str) -> None:
    _kept(store, account, "DE", 20, 3, "30")
    _kept(store, account, "DE", 9, 2, "20")
    assert sorted(_days(store)) == [*range(2, 10), *range(13, 21)]
    assert sorted(_days(store, days=4)) == [2, 3, 4], "also what was seen before the window"


def test_what_is_there_no_more_at_a_look_is_none_and_not_the_last_known(store: Store, account: str, other: str) -> None:
    """Everything in euros was cured there: the line goes down to what the other place has, and to nothing where there is none."""
    _kept(store, account, "DE", 3, 5, "50")
    _kept(store, account, "DE", 2, 1, "9", currency="PLN")
    _kept(store, account, "DE", 1, 0, None, currency=None, cause=None)
    assert _days(store) == {3: (5, 10, Decimal(50)), 2: (0, 0, Decimal(0)), 1: (0, 0, Decimal(0)), 0: (0, 0, Decimal(0))}
    _kept(store, other, "DE", 3, 2, None)
    assert _days(store)[3] == (7, 14, Decimal(50))
    assert _days(store)[1] == (2, 4, None), "what the other has is unknown, and not nothing"


def test_what_is_unknown_is_none_of_it(store: Store, account: str) -> None:
    _kept(store, account, "DE", 0, 5, None)
    assert _days(store) == {0: (5, 10, None)}


def test_by_cause_each_cause_has_its_own(store: Store, account: str, other: str) -> None:
    _kept(store, account, "DE", 1, 5, "50")
    _kept(store, account, "DE", 0, 2, "20", cause="listing-closed")
    _kept(store, other, "DE", 1, 1, "10")
    found = store.views.days(None, TODAY - timedelta(days=7), TODAY, by_cause=True)
    assert [((TODAY - row.day).days, row.cause, row.skus, row.worth) for row in found] == [(1, "expired", 6, Decimal(60)), (0, "expired", 1, Decimal(10)), (0, "listing-closed", 2, Decimal(20))]


def test_a_look_that_finds_nothing_is_on_record_and_one_that_could_not_look_is_not(store: Store, account: str) -> None:
    import refloat.demo as shipped
    from refloat.app.triage import Question, triage
    from refloat.store.models import FindingDay

    nothing = triage(Question([str(shipped.FOLDER / "US")], account="harbour", as_of=TODAY)).rows.clear()
    store.show_findings(account, "DE", None, TODAY)
    assert not FindingDay.objects.exists()
    store.show_findings(account, "DE", nothing, TODAY)
    assert list(FindingDay.objects.values_list("marketplace", "day", "skus", "worth")) == [("DE", TODAY, 0, None)]
    assert store.views.days(None, TODAY, TODAY) == ()
