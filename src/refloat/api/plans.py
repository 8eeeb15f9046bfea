"""Plans: as they were shown, how far they are, and what became of each action."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query
from pydantic import Field

from refloat.api.callers import Request
from refloat.api.doors import read
from refloat.api.kinds import SIZE, Asked, At, Size, Text
from refloat.api.places_in import moment, packed, unpacked, whole
from refloat.api.plan_rows import Deeds, Plan, Plans, Progress, deed_of, in_numbers, run_of
from refloat.api.problems import Problem
from refloat.api.words import language_of, say
from refloat.app import served
from refloat.model import plan as nouns

PlanId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^/\x00]+$")]


class AskedPlans(Asked):
    """Which plans."""

    account: list[Text] = Field(default_factory=list, max_length=100)
    at: At | None = None
    size: Size = SIZE


class AskedDeeds(Asked):
    """Which part of a plan's actions."""

    at: At | None = None
    size: Size = SIZE


def seen(request: Request, plan_id: str, role: str = "viewer") -> nouns.Plan:
    """The plan, where the caller sees its account and may do that for it.

    Raises:
        Problem: there is none, it is not theirs, or they may not.
    """
    account_of(request, plan_id, role)
    return served.store().plans.get(plan_id)


def account_of(request: Request, plan_id: str, role: str = "viewer") -> str:
    """Whose plan it is; it is not unpacked for that.

    Raises:
        Problem: as of ``seen``.
    """
    found = served.store().plans.numbers(plan_id)
    if found is None:
        raise Problem("not-there")
    request.auth.need_role(role, found[0])
    return found[0]


@read("/plans", Plans, say("Plans, the newest first, in numbers"), tag="plans")
def list_plans(request: Request, asked: Query[AskedPlans]) -> Any:
    """Nothing is unpacked for it."""
    before = unpacked(asked.at, moment)
    rows = served.store().plans.listed_of(request.auth.of(asked.account), asked.size + 1, before[0] if before else None)
    shown = rows[: asked.size]
    return {"items": [in_numbers(account, row) for account, row in shown], "next": packed([shown[-1][1].made_at]) if len(rows) > asked.size else None}


@read("/plans/{plan_id}", Plan, say("A plan, exactly as it was shown"), tag="plans")
def get_plan(request: Request, plan_id: PlanId) -> Any:
    """The contract refloat.plan/1; read it before you approve it."""
    return seen(request, plan_id).as_json()


@read("/plans/{plan_id}/progress", Progress, say("How far a plan is, and whose word it has"), tag="plans")
def get_plan_progress(request: Request, plan_id: PlanId) -> Any:
    """Ask again every few seconds while “run” is running."""
    account_of(request, plan_id)
    return progress(request, plan_id)


def progress(request: Request, plan_id: str) -> dict[str, Any]:
    """How far it is now."""
    store = served.store()
    found = store.plans.numbers(plan_id)
    assert found is not None
    consents, refusals = store.plans.consents(plan_id), store.asking.refusals(plan_id).values()
    return in_numbers(*found) | {
        "consents": [{"by": one.by, "at": one.at, "fingerprint": one.fingerprint, "actions": None if one.actions is None else list(one.actions)} for one in consents],
        "refusals": list(refusals),
        "run": run_of(store.runs.newest(plan_id), language_of(request)),
    }


@read("/plans/{plan_id}/deeds", Deeds, say("How far each action of a plan is, and its verdict"), tag="plans")
def list_deeds(request: Request, plan_id: PlanId, asked: Query[AskedDeeds]) -> Any:
    """That Amazon accepted it proves nothing; a verdict does."""
    account, begins = account_of(request, plan_id), unpacked(asked.at, whole)
    start = begins[0] if begins else 0
    deeds = list(served.store().ledger(account).deeds(plan_id).values())
    if start < 0:
        raise Problem("no-such-page")
    ends = start + asked.size
    return {"items": [deed_of(one, language_of(request)) for one in deeds[start:ends]], "next": packed([ends]) if ends < len(deeds) else None}
