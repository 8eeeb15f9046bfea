"""What can become of the units of one stranding, each way with its numbers: cure, return, dispose of, liquidate, wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from refloat.app.planning import goods_of
from refloat.app.weighing import reckoned_fee
from refloat.loop.disposing import Goods, disposition
from refloat.model.cure import Case
from refloat.model.money import Money
from refloat.model.notes import Notes
from refloat.model.policy import RemovalRule

Row = Mapping[str, Any]
Way = Literal["cure", "Return", "Disposal", "Liquidations", "wait"]
#: What Amazon does with what it removes by itself, where the seller has set nothing (Amazon's help on automatic removals).
_BY_DEFAULT: Way = "Disposal"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way. None is unknown, never nothing.

    ``days``: until then storage is paid; ``storage``: for these days; ``fee``: what Amazon charges for the way itself, where
    ``free`` is False; ``left``: what the seller has afterwards; ``lost``: what is gone, storage included.
    ``then``: what Amazon does at the end of a wait, and ``assumed``: nobody entered that, it is Amazon's default.
    """

    way: Way
    worth: Money | None
    fee: Money | None
    free: bool
    days: int | None
    storage: Money | None
    left: Money | None
    lost: Money | None
    by_rule: bool = False
    diagnosed: bool = False
    then: Way | None = None
    assumed: bool = False


def choices(row: Row, rule: RemovalRule, notes: Notes, now: datetime) -> list[Choice]:
    """Every way that there is for the units, as far as its numbers are known."""
    goods = _goods(row, rule, notes, now)
    proposed, removing = disposition(rule, goods), row["remedy"] == "create-removal"
    found = [replace(one, by_rule=one.way == proposed, diagnosed=removing and one.way == proposed) for one in _removals(goods, rule)]
    waiting = row["remedy"] in {"wait", "hold"}
    cure = [] if removing or waiting or goods.unsaleable else [Choice("cure", goods.worth, None, True, None, None, goods.worth, None, diagnosed=True)]
    return [*cure, *found, replace(_wait(row, goods, rule, notes), diagnosed=waiting)]


def _goods(row: Row, rule: RemovalRule, notes: Notes, now: datetime) -> Goods:
    place, sku, asin, fnsku = row["marketplace"] or "", row["sku"], row["asin"], row["fnsku"]
    case = Case(place, sku, asin, fnsku, row, listing=None, listing_at=None, now=now, notes=notes)
    known = goods_of(case)
    return replace(known, fee=known.fee or reckoned_fee(rule, row))


def _removals(goods: Goods, rule: RemovalRule) -> Iterator[Choice]:
    worth, fee = goods.worth, goods.fee
    none_left = None if worth is None else Money(Decimal(0), worth.currency)
    kept = none_left if goods.unsaleable else worth
    yield Choice("Return", worth, fee, False, None, None, _plus(kept, _minus(fee)), _plus(fee, worth) if goods.unsaleable else fee)
    yield Choice("Disposal", worth, fee, False, None, None, _minus(fee), _plus(worth, fee))
    if goods.liquidations and not goods.unsaleable:
        share = None if worth is None else Money(worth.amount * rule.liquidation_percent / Decimal(100), worth.currency)
        # Amazon takes its fee out of what the goods bring: the seller's own share is what is reckoned with.
        yield Choice("Liquidations", worth, None, True, None, None, share, _plus(worth, _minus(share)))


def _wait(row: Row, goods: Goods, rule: RemovalRule, notes: Notes) -> Choice:
    """Doing nothing until Amazon removes the units by itself; without a date of its own nobody knows how long that is."""
    days, a_day = row["days_left"], None if row["cost_per_day"] is None else Money(row["cost_per_day"], row["cost_currency"])
    days = None if days is None else max(0, days)
    storage = None if days is None or a_day is None else Money(a_day.amount * days, a_day.currency)
    if days is None:
        return Choice("wait", goods.worth, None, True, None, None, None, None)
    entered = notes.settings.removal_disposition
    then: Way = next((way for way in ("Return", "Disposal", "Liquidations") if way == entered), _BY_DEFAULT)
    end = next((one for one in _removals(goods, rule) if one.way == then), None)
    left, lost, fee = (end.left, end.lost, end.fee) if end else (None, None, None)
    return Choice("wait", goods.worth, fee, False, days, storage, _plus(left, _minus(storage)), _plus(lost, storage), then=then, assumed=entered is None)


def _plus(*amounts: Money | None) -> Money | None:
    """The sum; None where one is unknown, or where they are of different currencies."""
    known = [one for one in amounts if one is not None]
    if len(known) < len(amounts) or len({one.currency for one in known}) != 1:
        return None
    return Money(sum((one.amount for one in known), Decimal(0)), known[0].currency)


def _minus(amount: Money | None) -> Money | None:
    return None if amount is None else Money(-amount.amount, amount.currency)
