"""Counts, amounts and days as a person reads them, in messages and at every door."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refloat.model.money import Money

Say = Callable[[str], str]


def skus_text(count: int, _: Say) -> str:
    return _("1 SKU") if count == 1 else _("{count} SKUs").format(count=f"{count:,}")


def units_text(count: int | None, _: Say) -> str:
    """A number of units; an unknown one is called so."""
    if count is None:
        return _("units unknown")
    return _("1 unit") if count == 1 else _("{count} units").format(count=f"{count:,}")


def money_text(money: Money | None, _: Say) -> str:
    """An amount with its currency; an unknown one is called so."""
    if money is None:
        return _("unknown")
    currency = money.currency or _("(currency unknown)")
    return f"{money.rounded():,} {currency}"


def worth_text(worth: Sequence[Money], _: Say) -> str:
    """One amount a currency, never one sum."""
    return " · ".join(money_text(money, _) for money in worth) if worth else _("worth unknown")


def left_text(days: int, _: Say) -> str:
    """How far away a deadline is."""
    if days < 0:
        return _("1 day overdue") if days == -1 else _("{days} days overdue").format(days=f"{-days:,}")
    if days < 2:
        return (_("today"), _("tomorrow"))[days]
    return _("in {days} days").format(days=f"{days:,}")
