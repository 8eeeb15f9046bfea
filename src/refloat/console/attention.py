"""Needs attention: what a person should look at first."""

from __future__ import annotations

from django.http import HttpResponse

from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.model.money import Money
from refloat.store.finding_rows import Asked
from refloat.wording.labels import left_text, money_text, safety_labels, skus_text, units_text

_INCIDENTS = 40


@page("viewer")
def home(request: Request) -> HttpResponse:
    """Incidents by deadline and money; what waits for whom."""
    store, today = desk.store(), desk.clock().now().date()
    asked = Asked(accounts=request.access.accounts(), held=False)
    wording = Wording(desk.known(), request.language, today)
    _ = wording._
    skus, units, worth = store.pages.totals(asked)
    safeties = safety_labels(_)
    incidents = [
        {
            "one": one,
            "cause": wording.cause(one.cause),
            "remedy": wording.remedy(one.remedy),
            "safety": safeties.get(one.safety or "", one.safety or ""),
            "amount": " · ".join((skus_text(one.skus, _), units_text(one.units, _))),
            "worth": _("unknown") if one.worth is None else money_text(Money(one.worth, one.currency), _),
            "due": "" if one.due_on is None else one.due_on.isoformat(),
            "left": "" if one.due_on is None else left_text((one.due_on - today).days, _),
            "late": one.due_on is not None and one.due_on < today,
        }
        for one in store.pages.incidents(asked, _INCIDENTS)
    ]
    total = {"skus": skus_text(skus, _), "units": units_text(units, _), "worth": [money_text(Money(amount, currency), _) for currency, amount in worth.items()]}
    return shown(request, "console/home.html", {"incidents": incidents, "total": total, "skus": skus})
