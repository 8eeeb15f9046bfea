"""Numbers over accounts: what waits for somebody, verdicts that came in, how much was stranded each day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import BeforeValidator, Field

from refloat.api.callers import Request
from refloat.api.doors import read
from refloat.api.kinds import Asked, Money, Text, Told, YesNo, money_of, whole_number
from refloat.api.words import say
from refloat.app import served

Days = Annotated[Literal[7, 30, 90, 365], BeforeValidator(whole_number), Field(description="So many days back.")]


class Since(Asked):
    """Over which accounts, and how far back."""

    account: list[Text] = Field(default_factory=list, max_length=100)
    days: Days = 30


class Over(Asked):
    """Over which accounts; none named: all that you see."""

    account: list[Text] = Field(default_factory=list, max_length=100)


class Proposal(Told):
    """A plan that waits for a person."""

    account: str
    plan: str
    opened_at: datetime
    actions: int


class Trouble(Told):
    """A source that cannot be had; source null: nothing was ever seen of the account."""

    account: str
    marketplace: str
    source: str | None
    code: str
    since: datetime | None
    last_good_at: datetime | None


class Attention(Told):
    """What waits for somebody."""

    proposals: list[Proposal]
    tasks_open: int
    tasks_late: int
    deadlines_untaken: int
    deadline_next_on: date | None
    actions_unclear: Annotated[int, Field(description="Nobody knows whether Amazon did them.")]
    troubles: list[Trouble]


class VerdictCount(Told):
    """How many actions of a remedy got a verdict."""

    remedy: str
    verdict: str
    actions: int


class Verdicts(Told):
    """By remedy and verdict."""

    items: list[VerdictCount]


class DayOfTrend(Told):
    """What was open on a day, in one currency, of one cause where that is asked; a marketplace without a look on that day counts with its last known figures, for 7 days."""

    day: date
    cause: str | None
    skus: int
    units: int | None
    worth: Money | None
    currency: str | None


class Trends(Told):
    """By day."""

    items: list[DayOfTrend]


class AskedTrends(Since):
    """Also by cause?"""

    by_cause: YesNo = "false"


@read("/attention", Attention, say("What waits for somebody"), tag="numbers")
def get_attention(request: Request, asked: Query[Over]) -> Any:
    """Proposals, tasks, deadlines that nobody has taken, actions whose fate is not certain, sources that cannot be had."""
    accounts, today, waiting = request.auth.of(asked.account), served.clock().now().date(), served.store().attention
    tasks, (untaken, first) = waiting.tasks(accounts, today), waiting.untaken(accounts, today)
    proposals = [{"account": one.account, "plan": one.plan_id, "opened_at": one.opened_at, "actions": one.actions} for one in waiting.proposals(accounts)]
    numbers = {"tasks_open": tasks.open, "tasks_late": tasks.late, "deadlines_untaken": untaken, "deadline_next_on": first, "actions_unclear": waiting.unclear(accounts)}
    return {"proposals": proposals, "troubles": waiting.troubles(accounts), **numbers}


@read("/verdicts", Verdicts, say("How many actions got which verdict"), tag="numbers")
def count_verdicts(request: Request, asked: Query[Since]) -> Any:
    """By later looks, never by Amazon's answer alone."""
    since = served.clock().now() - timedelta(days=asked.days)
    return {"items": [{"remedy": remedy, "verdict": verdict, "actions": many} for remedy, verdict, many in served.store().views.verdicts(request.auth.of(asked.account), since)]}


@read("/trends", Trends, say("How much was stranded each day"), tag="numbers")
def list_trends(request: Request, asked: Query[AskedTrends]) -> Any:
    """Amounts in different currencies are never added."""
    today = served.clock().now().date()
    rows = served.store().views.days(request.auth.of(asked.account), today - timedelta(days=asked.days), today, by_cause=asked.by_cause == "true")
    return {
        "items": [
            {"day": one.day, "cause": one.cause, "skus": one.skus, "units": one.units, "worth": money_of(one.worth, one.currency), "currency": one.currency} for one in rows
        ]
    }  # fmt: skip
