"""What a person enters about strandings: holds, opt-outs, prices, remarks, whose matter they are. Nothing is sent by it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from refloat.api.callers import Request
from refloat.api.doors import write
from refloat.api.kinds import MANY_MOST, Amount, Asked, Day, LongText, Number, Place, Text, Told
from refloat.api.problems import Problem
from refloat.api.words import say
from refloat.app import entering, served
from refloat.app.showing import days
from refloat.store.finding_rows import Asked as AskedFindings


class SkuIn(Asked):
    """A SKU in a marketplace."""

    marketplace: Place
    sku: Text


Skus = Annotated[list[SkuIn], Field(min_length=1, max_length=MANY_MOST)]


class Hold(Asked):
    """Nothing acts on these SKUs until after that day; null: no longer held."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": "harbour", "skus": [{"marketplace": "DE", "sku": "KETTLE-1"}], "until": "2030-01-31"}]})
    account: Text
    skus: Skus
    until: Day | None


class OptOut(Asked):
    """Nothing runs by itself for these SKUs; out false: again it may."""

    account: Text
    skus: Skus
    out: bool = True


class Price(SkuIn):
    """At which price the offer shall stand, in the marketplace's currency, until it is ended; null: the one entered before counts no more."""

    amount: Amount | None


class Prices(Asked):
    """Prices."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"account": "harbour", "prices": [{"marketplace": "DE", "sku": "KETTLE-1", "amount": "19.90"}, {"marketplace": "DE", "sku": "CUP-2", "amount": None}]}]}
    )
    account: Text
    prices: Annotated[list[Price], Field(min_length=1, max_length=MANY_MOST)]


class Remark(Asked):
    """A note of a person about these SKUs, in the journal."""

    account: Text
    skus: Skus
    text: LongText


class Assignment(Asked):
    """Whose matter these strandings are, by the person's name; null: nobody's."""

    account: Text
    strandings: Annotated[list[Number], Field(min_length=1, max_length=MANY_MOST)]
    person: Text | None


class Entered(Told):
    """What became of it."""

    changed: Annotated[int, Field(description="For how many it is other than before.")]


class EnteredHold(Entered):
    """What became of a hold."""

    still_held: Annotated[list[str], Field(description="SKUs whose hold was to end and stands in the notes file, which is entered as a whole.")]


def _keys(asked: list[Any]) -> list[tuple[str, str]]:
    return [(one.marketplace, one.sku) for one in asked]


def _by(request: Request, account: str) -> dict[str, Any]:
    request.auth.need_role("operator", account)
    return {"by": request.auth.access.name, "clock": served.clock()}


@write("/holds", EnteredHold, say("Hold SKUs until a day, or end their hold"), tag="strandings-entered", scope="plan")
def enter_hold(request: Request, body: Hold) -> Any:
    """Stranded on purpose until a date; nothing acts on it."""
    by = _by(request, body.account)
    held = entering.hold(served.store(), body.account, _keys(body.skus), body.until, **by)
    entering.shown_anew(served.store(), body.account, served.clock())
    return {"changed": held.changed, "still_held": list(held.still)}


@write("/opt-outs", Entered, say("Take SKUs out of what runs by itself, or let it run again"), tag="strandings-entered", scope="plan")
def enter_opt_out(request: Request, body: OptOut) -> Any:
    """A plan that a person asks for may still act on them."""
    by = _by(request, body.account)
    return {"changed": entering.opt_out(served.store(), body.account, _keys(body.skus), out=body.out, **by)}


@write("/prices", Entered, say("Enter the prices at which offers shall stand, or end them"), tag="strandings-entered", scope="plan")
def enter_prices(request: Request, body: Prices) -> Any:
    """For every plan and rule from now on, until it is ended; nothing is sent by it."""
    by, prices = _by(request, body.account), {(one.marketplace, one.sku): None if one.amount is None else Decimal(one.amount) for one in body.prices}
    return {"changed": entering.set_prices(served.store(), body.account, prices, **by)}


@write("/remarks", Entered, say("Write a note about SKUs into the journal"), tag="strandings-entered", scope="plan")
def enter_remark(request: Request, body: Remark) -> Any:
    """What the next person has to know."""
    by = _by(request, body.account)
    return {"changed": entering.remark(served.store(), body.account, _keys(body.skus), body.text, **by)}


@write("/assignments", Entered, say("Say whose matter strandings are"), tag="strandings-entered", scope="plan")
def enter_assignment(request: Request, body: Assignment) -> Any:
    """To somebody who may act for the account."""
    by, store = _by(request, body.account), served.store()
    found = list(store.pages.keys(AskedFindings(accounts=(body.account,), ids=tuple(body.strandings)), days(served.clock().now())))
    named = [one for one, name in store.asking.people_for(body.account).items() if name == body.person]
    if {one[0] for one in found} != set(body.strandings) or (body.person is not None and len(named) != 1):
        raise Problem("not-there")
    return {"changed": store.asking.assign(body.account, body.strandings, named[0] if named else None, body.person, by["by"], served.clock().now())}
