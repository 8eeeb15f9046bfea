"""Removals: how units shall leave, with the numbers beside it. It only makes a plan; of everything that matches it asks twice, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

from django.http import HttpResponse

from refloat.app.policies import notes_on_record
from refloat.app.wanted import Wanted, plans_for
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.choosing import Chosen, summed
from refloat.console.rendering import shown
from refloat.knowledge.tables import marketplaces
from refloat.locale import translator
from refloat.loop.kept_rows import row_of
from refloat.model.cure import Disposition
from refloat.model.money import Money
from refloat.wording.labels import Say, listed, money_text, skus_text
from refloat.wording.plans import value_label

#: Of so many the removal fee is added up row by row; above, the plan tells it.
_FEES_MOST = 20_000


def removal(request: Request, found: Chosen) -> HttpResponse:
    """Ask how; of everything that matches ask again, in words; then make the plans."""
    _, how = translator(request.language), request.POST.get("disposition", "")
    if how not in get_args(Disposition):
        return shown(request, "console/removal.html", _words(found, _), code=422 if "sure" in request.POST else 200)
    total = summed(found)
    if found.all and request.POST.get("sure") != str(total.skus):
        told = {**_words(found, _), "how": how, "how_said": value_label(how, _), "count": total.skus, "wrong": "sure" in request.POST}
        return shown(request, "console/removal_sure.html", told, code=422 if told["wrong"] else 200)
    from refloat.console.bulk import on_to

    disposition: Disposition = next(one for one in get_args(Disposition) if one == how)
    wanted = Wanted(request.access.name, "create-removal", disposition, language=request.language)
    return on_to(request, plans_for(desk.store(), found.by_account(), wanted, desk.own_clock))


def _words(found: Chosen, _: Say) -> dict[str, Any]:
    total = summed(found)
    fees, unknown = _fees(found)
    addresses = {account: notes_on_record(desk.store(), account)[1].addresses for account in total.accounts}
    known = marketplaces()
    places = []
    for account, own in sorted(total.accounts.items()):
        for place in sorted(own):
            address = addresses[account].get(place, {})
            to = listed([address[name] for name in ("AddressName", "AddressFieldOne", "AddressCity", "AddressPostalCode", "AddressCountryCode") if address.get(name)], _)
            places.append({"account": account, "place": place, "address": to, "liquidations": bool(place in known and known[place].liquidations)})
    return {
        "fields": found.fields(), "sum": total.words(_), "places": places, "all": found.all,
        "fees": [money_text(Money(amount, currency), _) for currency, amount in fees.items()],
        "unknown_fees": "" if not unknown else skus_text(unknown, _),
        "returns": any(one["address"] for one in places), "liquidations": any(one["liquidations"] for one in places),
    }  # fmt: skip


def _fees(found: Chosen) -> tuple[dict[str | None, Decimal], int]:
    """Currency → the removal fees that Amazon's reports tell, and of how many SKUs they tell none."""
    ids = [number for number, *_rest in found.each()]
    if len(ids) > _FEES_MOST:
        return {}, len(ids)
    fees: dict[str | None, Decimal] = {}
    unknown = len(ids)
    for text in desk.store().pages.diagnosed(ids).values():
        row = row_of(text)
        if row["removal_cost"] is not None:
            unknown -= 1
            if row["counted"] is not False:
                fees[row["removal_cost_currency"]] = fees.get(row["removal_cost_currency"], Decimal(0)) + row["removal_cost"]
    return fees, unknown
