"""Rows as a page shows them: every value is a text before the template sees it, because templates are slow and tables are long; the addresses too, for Django looks each of them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from refloat.console.explained import in_short
from refloat.console.shown_rows import Shown
from refloat.knowledge.catalogue import Catalogue, Cause, Remedy
from refloat.knowledge.labels import label
from refloat.knowledge.tables import marketplaces
from refloat.locale import translator
from refloat.model.money import Money
from refloat.store.finding_rows import Days, FindingRow
from refloat.wording.labels import due_text, left_text, money_text, safety_labels, standing_labels

_SHOP = "https://{host}/dp/{asin}"


class Wording:
    """How rows are worded in one language; made once, used for all of a table."""

    def __init__(self, known: Catalogue, language: str, today: date | Days) -> None:
        self._ = _ = translator(language)
        self.known, self.language, self.days = known, language, today if isinstance(today, Days) else Days(today)
        self.today = self.days.usual
        self._safety, self._standing = safety_labels(_), standing_labels(_)

    def rows(self, found: Sequence[FindingRow]) -> list[Shown]:
        """The rows in words."""
        return [self.row(one) for one in found]

    def row(self, one: FindingRow) -> Shown:
        """One row in words; what is unknown is called so, or is a dash where a column of numbers stays easier to read."""
        _, today = self._, self.days.at(one.marketplace)
        left = None if one.removal_due_on is None else (one.removal_due_on - today).days
        held = one.held_until_on is not None and one.held_until_on > today
        return Shown(
            id=one.id,
            path=f"/strandings/{one.id}/",
            choose=_("Choose {sku}").format(sku=one.sku),
            account=one.account,
            marketplace=one.marketplace,
            sku=one.sku,
            asin=one.asin or "–",
            fnsku=one.fnsku or "–",
            title=one.title or "–",
            cause=self.cause(one.cause),
            cause_name=one.cause or "",
            cause_path=f"/causes/{one.cause}/",
            help=in_short(page.page, self.language) if (page := self.known.causes.get(one.cause or "")) else "",
            said=one.said or "",
            advised=_("Amazon recommends: {said}").format(said=self.remedy(one.recommended) if one.recommended else (one.recommended_said or "")),
            differs=bool(one.recommended_said) and one.recommended != one.remedy,
            remedy=self.remedy(one.remedy),
            remedy_name=one.remedy or "",
            safety=one.safety or "",
            safety_name=self._safety.get(one.safety or "", one.safety or ""),
            standing=self._standing.get(one.standing, one.standing),
            sure=one.standing == "confirmed",
            since=one.stranded_on.isoformat() if one.stranded_on else _("unknown"),
            age="–" if one.stranded_on is None else _("{days} d").format(days=(today - one.stranded_on).days),
            due=due_text(one.removal_due_on, one.removal_due_from, _),
            left="" if left is None else left_text(left, _),
            late=left is not None and left < 0,
            soon=left is not None and left <= 7,
            held=_("held until {day}").format(day=one.held_until_on) if held else "",
            units=_("unknown") if one.units_stranded is None else f"{one.units_stranded:,}",
            unfulfillable=_("+ {count} unfulfillable").format(count=f"{one.units_unfulfillable:,}") if one.units_unfulfillable else "",
            price=self._amount(one.price_amount, one.price_currency),
            worth=self._amount(one.worth_amount, one.price_currency),
            elsewhere="" if one.counted else _("shared stock, counted elsewhere"),
            cost=self._amount(one.cost_by(today), one.cost_currency),
            cost_day="" if one.cost_per_day is None else _("{amount} a day").format(amount=money_text(Money(one.cost_per_day, one.cost_currency), _)),
        )

    def cause(self, name: str | None) -> str:
        """The title of a cause's page."""
        return self._title(name, self.known.causes)

    def remedy(self, name: str | None) -> str:
        """The title of a remedy's page."""
        return self._title(name, self.known.remedies)

    def _title(self, name: str | None, shelf: Mapping[str, Cause] | Mapping[str, Remedy]) -> str:
        """A page of the user's own that has gone since is called by its name."""
        if name is None:
            return self._("unknown")
        return label(shelf[name].page, self.language) if name in shelf else name

    def _amount(self, amount: Decimal | None, currency: str | None) -> str:
        return self._("unknown") if amount is None else money_text(Money(amount, currency), self._)


def shop_page(marketplace: str, asin: str | None) -> str | None:
    """The product's own page at Amazon; None where either is unknown."""
    place = marketplaces().get(marketplace)
    return None if place is None or not asin else _SHOP.format(host=f"www.{place.site}", asin=asin)
