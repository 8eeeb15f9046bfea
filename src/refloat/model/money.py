"""Money: a Decimal and a currency, never a float, never added across currencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: Digits after the point where they are not two (ISO 4217, marketplaces of Amazon only).
DIGITS = {"JPY": 0}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; ``currency`` is None when the marketplace is unknown."""

    amount: Decimal
    currency: str | None

    def rounded(self) -> Decimal:
        """The amount in the currency's own digits; two when the currency is unknown."""
        digits = DIGITS.get(self.currency or "", 2)
        return self.amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)

    def as_json(self) -> dict[str, str | None]:
        return {"amount": format(self.rounded(), "f"), "currency": self.currency}

    @classmethod
    def from_json(cls, said: Mapping[str, str | None] | None) -> Money | None:
        """What ``as_json`` wrote; None stays None."""
        return None if said is None else cls(Decimal(str(said["amount"])), said["currency"])


def totals(amounts: Iterable[Money | None]) -> list[Money]:
    """One sum per currency, the largest first; an unknown currency is summed apart and comes last."""
    sums: dict[str | None, Decimal] = {}
    for money in amounts:
        if money is not None:
            sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return sorted((Money(amount, currency) for currency, amount in sums.items()), key=lambda m: (m.currency is None, -m.amount, m.currency or ""))
