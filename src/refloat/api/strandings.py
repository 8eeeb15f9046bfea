"""What is stranded: the same filters, order, search and pages as the table of the console."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from refloat.api.callers import Caller, Request
from refloat.api.doors import read
from refloat.api.kinds import SIZE, Age, Asked, At, Day, Due, Number, Place, Size, Text, YesNo, money_of
from refloat.api.plain import json_of
from refloat.api.problems import Problem
from refloat.api.stranding_rows import Facets, Incidents, StrandingInFull, Strandings, facets_of, incident_of, stranding_of
from refloat.api.words import language_of, say
from refloat.app import served
from refloat.app.asked import MANY, cursor_of, cursor_text, values_of
from refloat.app.showing import days
from refloat.store import finding_rows
from refloat.store.finding_rows import FACETS

Standing = Literal["confirmed", "suspected", "clearing", "conflicting", "unknown"]
Safety = Literal["safe", "consent", "by-hand", "none"]
Sort = Literal["urgency", "worth", "age", "units", "cost", "sku"]


class Filters(Asked):
    """Which strandings; several values of one filter are “or”, filters among each other “and”."""

    account: list[Text] = Field(default_factory=list, max_length=100)
    marketplace: list[Place] = Field(default_factory=list, max_length=100)
    cause: list[Text] = Field(default_factory=list, max_length=100)
    recommended: list[Text] = Field(default_factory=list, max_length=100)
    remedy: list[Text] = Field(default_factory=list, max_length=100)
    standing: list[Standing] = Field(default_factory=list, max_length=10)
    safety: list[Safety] = Field(default_factory=list, max_length=10)
    due: Annotated[Due | None, Field(description="Amazon removes it within so many days; 0: overdue.")] = None
    age: Annotated[Age | None, Field(description="Stranded for more than so many days.")] = None
    held: YesNo | None = None
    day: Annotated[Day | None, Field(description="Stranded on that day.")] = None
    q: Annotated[Text | None, Field(description="Words of the title, or the beginning of a SKU, ASIN or FNSKU.")] = None


class Table(Filters):
    """A page of the table."""

    sort: Sort = "urgency"
    at: At | None = None
    size: Size = SIZE


def asked_of(filters: Filters, caller: Caller, sort: str = "urgency") -> finding_rows.Asked:
    """The question, over no account that the caller may not see."""
    lists: dict[str, Any] = {field: values_of(name, getattr(filters, name)) for name, field in MANY.items()}
    held = None if filters.held is None else filters.held == "true"
    return finding_rows.Asked(**lists, accounts=caller.of(filters.account), due=filters.due, age=filters.age, held=held, stranded_on=filters.day, text=filters.q or "", sort=sort)


@read("/strandings", Strandings, say("A page of what is stranded"), tag="strandings")
def list_strandings(request: Request, asked: Query[Table]) -> Any:
    """Filtered, searched and sorted; follow “next” for the rest."""
    today, pages = days(served.clock().now()), served.store().pages
    cursor = cursor_of(asked.at, asked.sort)
    if asked.at is not None and cursor is None:
        raise Problem("no-such-page")
    question = asked_of(asked, request.auth, asked.sort)
    found = pages.page(question, today, cursor, asked.size)
    count, whole = pages.count(question, today)
    return {
        "items": [stranding_of(row, today.at(row.marketplace)) for row in found.rows],
        "next": cursor_text(found.next),
        "before": cursor_text(found.before),
        "count": count,
        "count_is_whole": whole,
    }


@read("/strandings/facets", Facets, say("How many strandings each filter's values have"), tag="strandings")
def count_strandings(request: Request, asked: Query[Filters]) -> Any:
    """As counted at each account's last look; a search by words, and a day, do not narrow them."""
    return facets_of(served.store().pages.facets(asked_of(asked, request.auth), FACETS))


class Urgent(Asked):
    """Which incidents."""

    account: list[Text] = Field(default_factory=list, max_length=100)
    marketplace: list[Place] = Field(default_factory=list, max_length=100)
    cause: list[Text] = Field(default_factory=list, max_length=100)
    remedy: list[Text] = Field(default_factory=list, max_length=100)
    held: YesNo | None = None
    size: Size = SIZE


@read("/incidents", Incidents, say("Strandings that share a cause and a day, the most urgent first"), tag="strandings")
def list_incidents(request: Request, asked: Query[Urgent]) -> Any:
    """Cure one thing, not 412."""
    question = asked_of(Filters(**asked.model_dump(exclude={"size"})), request.auth)
    skus, units, worth = served.store().pages.totals(question)
    items = [incident_of(row) for row in served.store().pages.incidents(question, asked.size)]
    return {"items": items, "skus": skus, "units": units, "worth": [money_of(amount, currency) for currency, amount in sorted(worth.items(), key=lambda one: str(one[0]))]}


@read("/strandings/{stranding_id}", StrandingInFull, say("One stranding with evidence, history and timeline"), tag="strandings")
def get_stranding(request: Request, stranding_id: Number) -> Any:
    """Open or closed."""
    from refloat.app.episode import episode

    there = served.store().strandings.one(stranding_id)
    if there is None or not request.auth.sees(there[0]):
        raise Problem("not-there")
    found = episode(served.store(), stranding_id, served.clock(), language_of(request), served.config().pages)
    if found is None:
        raise Problem("not-there")
    row = found.stranding
    plain = {name: getattr(row, name) for name in ("id", "marketplace", "sku", "fnsku", "opened_at", "closed_at", "outcome", "times_back")}
    return plain | {
        "account": found.account,
        "held_until_on": found.held_until_on,
        "assigned_to": served.store().asking.assignees([row.id]).get(row.id),
        "finding": None if found.finding is None else found.finding.as_json(),
        "history": [asdict(one) | {"worth": money_of(one.worth_amount, one.worth_currency)} for one in row.intervals],
        "timeline": [{"at": one.at.isoformat(), "kind": one.kind, "facts": json_of(one.facts)} for one in found.moments],
        "choices": [json_of(one) for one in found.choices],
        "deeds": [json_of(one) for one in found.deeds],
        "tasks": [one.as_json() for one in found.tasks],
        "sources": [json_of(one) for one in found.sources],
        "others": [one.id for one in found.others],
    }
