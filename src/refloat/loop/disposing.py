"""Return, dispose or liquidate, and from when on: by the seller's rule and the worth of a unit, with the numbers beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from refloat.model.cure import Disposition
from refloat.model.money import Money
from refloat.model.policy import Amounts, RemovalRule


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of the units of one stranding; None is unknown. ``unsaleable``: expired, recalled, never sold again."""

    unit_value: Money | None = None
    worth: Money | None = None
    fee: Money | None = None
    unsaleable: bool = False
    liquidations: bool = False


def disposition(rule: RemovalRule, goods: Goods) -> Disposition:
    """What is proposed: a return, unless the rule says that goods of so little worth need not come back."""
    if goods.unsaleable or goods.unit_value is None:
        return "Return"
    if _below(goods.unit_value, rule.dispose_below):
        return "Disposal"
    return "Liquidations" if goods.liquidations and _below(goods.unit_value, rule.liquidate_below) else "Return"


def _below(value: Money, amounts: Amounts) -> bool:
    return value.currency is not None and value.amount < amounts.get(value.currency, value.amount)


def numbers(rule: RemovalRule, goods: Goods) -> Mapping[str, str]:
    """Disposition → what it leaves the seller with, as a text; only where fee or worth are known in one currency.

    Amazon charges the same fee for a return and a disposal. Liquidation is reckoned at the seller's own share of the worth.
    """
    worth, fee = goods.worth, goods.fee
    known: dict[str, Money] = {}
    if fee is not None:
        known["Disposal"] = Money(-fee.amount, fee.currency)
    if worth is not None and not goods.unsaleable:
        if fee is not None and fee.currency == worth.currency:
            known["Return"] = Money(worth.amount - fee.amount, worth.currency)
        if goods.liquidations:
            known["Liquidations"] = Money(worth.amount * rule.liquidation_percent / Decimal(100), worth.currency)
    return {name: f"{left.rounded():f} {left.currency}" for name, left in known.items()}


def leaves_on(rule: RemovalRule, unit_value: Money | None, stranded_on: date | None, due_on: date | None) -> date | None:
    """From which day on a removal is due: by the worth of a unit, but well before Amazon's own. None: neither date is known."""
    valuable = unit_value is None or not _below(unit_value, rule.valuable_from)
    by_worth = None if stranded_on is None else stranded_on + timedelta(days=rule.days_valuable if valuable else rule.days_other)
    by_amazon = None if due_on is None else due_on - timedelta(days=rule.days_before_due)
    return min((day for day in (by_worth, by_amazon) if day is not None), default=None)


def reckoned(rule: RemovalRule, units: int | None, currency: str) -> Money | None:
    """The fee for so many units where no report tells it, by the seller's own figure; None where there is none."""
    amount = rule.fee_reckoned.get(currency)
    return None if amount is None or units is None else Money(amount * units, currency)
