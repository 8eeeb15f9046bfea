"""What a person chose in the table: the rows that they ticked, or the question itself, which may be a million rows; never beyond what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from refloat.app.showing import days
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.asking import View, view_of
from refloat.model.money import Money
from refloat.store.finding_rows import Asked, Days, FindingRow
from refloat.wording.labels import Say, money_text, skus_text, units_text

#: So many rows may be ticked one by one; a page has 50.
_IDS_MOST = 1000
#: So many are added up row by row where no count lies ready.
_ADDED_MOST = 20_000


@dataclass(frozen=True)
class Chosen:
    """``all``: whatever fits the question when it is asked; else the ticked rows."""

    view: View
    asked: Asked
    all: bool
    today: Days

    def each(self) -> Iterator[tuple[int, str, str, str]]:
        """(id, account, marketplace, SKU) of each, the most urgent first."""
        return iter(()) if self.nothing else desk.store().pages.keys(self.asked, self.today)

    def by_account(self) -> dict[str, list[tuple[str, str]]]:
        """Account → (marketplace, SKU) of each."""
        found: dict[str, list[tuple[str, str]]] = {}
        for _, account, place, sku in self.each():
            found.setdefault(account, []).append((place, sku))
        return found

    @property
    def nothing(self) -> bool:
        """No row is ticked, and it is not the question that is meant."""
        return self.asked.accounts == () or (not self.all and not self.asked.ids)

    def fields(self) -> list[tuple[str, str]]:
        """The same again, as the fields of the next form."""
        return [("all", "yes"), *self.view.fields()] if self.all else [("id", str(one)) for one in self.asked.ids]


def chosen(request: Request, role: str = "operator") -> Chosen:
    """What the form names, of the accounts for which the person has the role."""
    view, all_ = view_of(request), request.POST.get("all") == "yes"
    allowed = request.access.accounts_as(role)
    ids = tuple(dict.fromkeys(int(one) for one in request.POST.getlist("id") if one.isascii() and one.isdigit() and len(one) < 19))[:_IDS_MOST]
    asked = view.of(request.access) if all_ else Asked(ids=ids)
    if allowed is not None:
        asked = replace(asked, accounts=allowed if asked.accounts is None else tuple(name for name in asked.accounts if name in allowed))
    return Chosen(view, asked, all_, days(desk.clock().now()))


@dataclass(frozen=True)
class Sum:
    """What was chosen, in numbers. ``accounts``: each with its marketplaces; ``unknown_units``, ``unknown_worth``: of how many SKUs none are known, which is
    not in the sums; None where the counts do not tell of how many."""

    skus: int
    units: int | None
    worth: dict[str | None, Any]
    accounts: dict[str, set[str]]
    unknown_units: int | None = 0
    unknown_worth: int | None = 0

    def words(self, _: Say) -> dict[str, Any]:
        """As a person reads it."""
        worth = [money_text(Money(amount, currency), _) for currency, amount in self.worth.items()]
        names = [f"{account} ({', '.join(sorted(places))})" for account, places in sorted(self.accounts.items())]
        return {"skus": skus_text(self.skus, _), "units": units_text(self.units, _), "worth": worth, "accounts": names, "unknown": list(self._unknown(_))}

    def _unknown(self, _: Say) -> Iterator[str]:
        if self.unknown_units is None or self.unknown_worth is None:
            yield _("SKUs whose units or worth are unknown are not in these units and this worth.")
        if self.unknown_units:
            yield _("Not in these units: {skus} whose units are unknown.").format(skus=skus_text(self.unknown_units, _))
        if self.unknown_worth:
            yield _("Not in this worth: {skus} whose worth is unknown.").format(skus=skus_text(self.unknown_worth, _))


def summed(found: Chosen) -> Sum:
    """Add it up: row by row, or of very many from the counts, where those tell it."""
    pages, accounts, skus, ids = desk.store().pages, dict[str, set[str]](), 0, list[int]()
    for number, account, place, _ in found.each():
        accounts.setdefault(account, set()).add(place)
        skus += 1
        if skus <= _ADDED_MOST:
            ids.append(number)
    if skus <= _ADDED_MOST:
        return _by_row(skus, accounts, pages.rows(ids))
    if not pages.counted(found.asked, found.today):
        return Sum(skus, None, {}, accounts)
    _, units, worth = pages.totals(found.asked)
    return Sum(skus, units, worth, accounts, None, None)


def _by_row(skus: int, accounts: dict[str, set[str]], rows: Iterable[FindingRow]) -> Sum:
    """Of a pool the units count once, with one of its marketplaces."""
    units: int | None = None
    worth: dict[str | None, Any] = {}
    unknown_units = unknown_worth = 0
    for row in (one for one in rows if one.counted):
        if row.units_stranded is None:
            unknown_units += 1
        else:
            units = (units or 0) + row.units_stranded
        if row.worth_amount is None:
            unknown_worth += 1
        else:
            worth[row.price_currency] = worth.get(row.price_currency, 0) + row.worth_amount
    return Sum(skus, units, worth, accounts, unknown_units, unknown_worth)
