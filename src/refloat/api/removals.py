"""Removals: ours, what Amazon's reports show, orders of uncertain fate, and deadlines that somebody has to take."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query
from pydantic import Field

from refloat.api.callers import Request
from refloat.api.doors import read, write
from refloat.api.kinds import SIZE, Asked, Money, OfAccount, OneAccount, Paged, PageOfAccount, Text, Told
from refloat.api.places_in import sliced
from refloat.api.plain import json_of
from refloat.api.plan_rows import DeedOfPlan, deed_of
from refloat.api.words import language_of, say
from refloat.app import served


class Removals(Told):
    """Removals that were sent, the newest first."""

    items: list[DeedOfPlan]


@read("/removals", Removals, say("The removals of an account, the newest first"), tag="removals")
def list_removals(request: Request, asked: Query[OneAccount]) -> Any:
    """Each with how far it is."""
    request.auth.need_role("viewer", asked.account)
    return {"items": [deed_of(one, language_of(request)) for one in served.store().plans.removals(asked.account, asked.size)]}


class ReportedLine(Told):
    """A line of Amazon's removal order report. Units are pieces; null is unknown."""

    order_id: str | None
    sku: str | None
    requested_on: date | None
    kind: str | None
    status_said: str | None
    requested: int | None
    shipped: int | None
    disposed: int | None
    cancelled: int | None
    under_way: int | None
    fee: Money | None
    ours: Annotated[bool, Field(description="The order's number is one that we gave.")]


class ReportedPlace(Told):
    """A marketplace's last report."""

    marketplace: str
    lines: Annotated[list[ReportedLine] | None, Field(description="null: none was read, so what left there is unknown.")]


class Reports(Told):
    """Every marketplace in which the account sells."""

    items: list[ReportedPlace]


@read("/removals/reported", Reports, say("What Amazon's removal reports show"), tag="removals")
def list_reported(request: Request, asked: Query[OfAccount]) -> Any:
    """Also what Amazon removed by itself; the newest lines first, 500 of each marketplace at most."""
    from refloat.app import removals

    request.auth.need_role("viewer", asked.account)
    found = removals.reported(served.store(), asked.account)
    return {"items": [{"marketplace": place, "lines": None if lines is None else json_of(lines)} for place, lines in found.items()]}


class Unclear(Told):
    """An order of which nobody knows whether Amazon made it; no other removal leaves until a person has looked."""

    order: str
    skus: list[str]
    sent_at: datetime


class AllUnclear(Paged):
    """In the order in which they were planned."""

    items: list[Unclear]


@read("/removals/unclear", AllUnclear, say("Removal orders whose fate is not certain"), tag="removals")
def list_unclear(request: Request, asked: Query[PageOfAccount]) -> Any:
    """Look in Seller Central, and say what is there."""
    request.auth.need_role("viewer", asked.account)
    return sliced(_unclear(asked.account), asked.at, asked.size)


def _unclear(account: str) -> list[dict[str, Any]]:
    from refloat.app import removals

    found = removals.unclear(served.store(), account)
    return [{"order": order, "skus": [deed.sku for deed in own], "sent_at": own[0].intended_at or own[0].at} for order, own in found.items()]


class Settled(Asked):
    """What a person saw in Seller Central."""

    account: Text
    order: Annotated[Text, Field(description="The order's number, as the list of unclear ones has it.")]
    made: Annotated[bool, Field(description="true: Amazon made the order; false: it never did, and the goods may be ordered away again.")]


@write("/removals/settle", AllUnclear, say("Say whether Amazon made a removal order whose fate is not certain"), tag="removals", scope="approve")
def settle_removal(request: Request, body: Settled) -> Any:
    """Only a person who has looked can know; one that Amazon still works on is refused. What is still unclear is the answer."""
    from refloat.app.carrying import settle_order

    request.auth.need_role("approver", body.account)
    settle_order(served.store(), body.account, body.order, request.auth.access.name, made=body.made, clock=served.clock())
    return sliced(_unclear(body.account), None, SIZE)


class Deadline(Told):
    """A stranding that Amazon removes soon."""

    stranding_id: int
    marketplace: str
    sku: str
    title: str | None
    units: Annotated[int | None, Field(description="null: unknown.")]
    worth: Money | None
    due_on: date
    days_left: Annotated[int, Field(description="In the marketplace's own days; less than 0: it is over.")]
    step: Annotated[int, Field(description="The step that it has reached: so many days before Amazon's date.")]
    since: Annotated[datetime, Field(description="When a look found that the step was reached; this moment, where none has looked since.")]
    taken_by: Annotated[str | None, Field(description="Who has taken this step; null: it waits for somebody.")]
    note: str


class Deadlines(Paged):
    """The nearest first, among those the most valuable."""

    items: list[Deadline]


@read("/deadlines", Deadlines, say("Removal deadlines that are near, and who has taken them"), tag="removals")
def list_deadlines(request: Request, asked: Query[PageOfAccount]) -> Any:
    """By the dates that Amazon gives now; without what already leaves by an order of yours."""
    request.auth.need_role("viewer", asked.account)
    return sliced(_deadlines(asked.account), asked.at, asked.size)


def _deadlines(account: str) -> list[dict[str, Any]]:
    from refloat.app.deadlines import deadlines_on_record

    return [one.as_json() for one in deadlines_on_record(served.store(), account, served.clock().now())]


class Taken(Asked):
    """A person takes the deadline of a SKU."""

    account: Text
    sku: Text
    note: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""


@write("/deadlines/take", Deadlines, say("Take a removal deadline: from now on it is yours to see to"), tag="removals", scope="plan")
def take_deadline(request: Request, body: Taken) -> Any:
    """Every step of the SKU that is open; the next one climbs again. The SKU's deadlines are the answer."""
    from refloat.app.deadlines import deadlines_due

    request.auth.need_role("operator", body.account)
    store, now = served.store(), served.clock().now()
    # A step is reached by a look; nobody may have looked since.
    deadlines_due(store, body.account, now)
    store.deadlines.take(body.account, body.sku, request.auth.access.name, now, note=body.note)
    return sliced([one for one in _deadlines(body.account) if one["sku"] == body.sku], None, SIZE)
