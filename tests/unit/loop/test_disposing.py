"""Return, dispose or liquidate: by the seller's rule, with the numbers beside it, and from when on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from refloat.loop.climbing import step_at
from refloat.loop.disposing import Goods, disposition, leaves_on, numbers, reckoned
from refloat.model.money import Money
from refloat.model.policy import RemovalRule

RULE = RemovalRule(valuable_from={"USD": Decimal(20)}, dispose_below={"USD": Decimal(2)}, liquidate_below={"USD": Decimal(8)}, fee_reckoned={"USD": Decimal("2.89")})


def _usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


@pytest.mark.parametrize(
    ("goods", "wanted"),
    [
        (Goods(_usd("1.99")), "Disposal"),
        (Goods(_usd("2")), "Return"),
        (Goods(_usd("2"), liquidations=True), "Liquidations"),
        (Goods(_usd("8"), liquidations=True), "Return"),
        (Goods(None, liquidations=True), "Return"),
        (Goods(_usd("1"), unsaleable=True), "Return"),
        (Goods(Money(Decimal(1), "EUR")), "Return"),
        (Goods(Money(Decimal(1), None)), "Return"),
    ],
)
def test_a_return_unless_the_rule_says_otherwise(goods: Goods, wanted: str) -> None:
    """Unknown worth, another currency, or nowhere to liquidate: a return."""
    assert disposition(RULE, goods) == wanted
    assert disposition(RemovalRule(), goods) == "Return"


def test_the_numbers() -> None:
    """Worth less the fee; the fee lost; the seller's own share of the worth. What is unknown has no number."""
    goods = Goods(_usd("10"), _usd("100"), _usd("11.56"), liquidations=True)
    assert numbers(RULE, goods) == {"Return": "88.44 USD", "Disposal": "-11.56 USD", "Liquidations": "5.00 USD"}
    assert numbers(RULE, Goods(None, None, _usd("11.56"))) == {"Disposal": "-11.56 USD"}
    assert numbers(RULE, Goods(None, _usd("100"), Money(Decimal(9), "EUR"))) == {"Disposal": "-9.00 EUR"}
    assert (reckoned(RULE, 4, "USD"), reckoned(RULE, None, "USD"), reckoned(RULE, 4, "EUR")) == (_usd("11.56"), None, None)


@pytest.mark.parametrize(
    ("value", "due", "on"),
    [
        (_usd("19.99"), None, "2026-10-31"),
        (_usd("20"), None, "2026-12-30"),
        (None, None, "2026-12-30"),
        (Money(Decimal(1), "EUR"), None, "2026-12-30"),
        (_usd("20"), date(2026, 11, 30), "2026-11-23"),
    ],
)
def test_waiting_days_by_worth_and_never_later_than_a_week_before_amazon(value: Money | None, due: date | None, on: str) -> None:
    """Thirty days for cheap goods, ninety for all others."""
    assert leaves_on(RULE, value, date(2026, 10, 1), due) == date.fromisoformat(on)


def test_without_any_date_there_is_no_day() -> None:
    """Unknown is not at once."""
    assert leaves_on(RULE, None, None, None) is None


@pytest.mark.parametrize(("left", "step"), [(15, None), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-5, 1)])
def test_the_steps_of_a_deadline(left: int, step: int | None) -> None:
    """Fourteen, seven, three, one; overdue stays at the last."""
    assert step_at(date.fromordinal(date(2026, 11, 22).toordinal() + left), date(2026, 11, 22)) == step
    assert step_at(None, date(2026, 11, 22)) is None
