"""What people do with plans by a program of theirs: ask for one, approve, refuse, carry out, stop, put back."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from refloat.api.callers import Request
from refloat.api.doors import Made, write
from refloat.api.kinds import MANY_MOST, Asked, Fingerprint, LongText, Number, Text
from refloat.api.plan_rows import Plan, Progress
from refloat.api.plans import PlanId, account_of, progress, seen
from refloat.api.problems import Problem
from refloat.api.strandings import Filters, asked_of
from refloat.api.words import language_of, say
from refloat.app import served
from refloat.app.showing import days
from refloat.model import plan as nouns
from refloat.store.finding_rows import Asked as AskedFindings


def _some(asked: Any) -> Any:
    """Nothing is no short word for everything: a program that filtered its list down to nothing meant none of them."""
    if asked == []:
        raise PydanticCustomError("no_actions", "no actions")
    return asked


Actions = Annotated[list[Text] | None, Field(description="Ids of actions, one at least; null: all of the plan's.", min_length=1, max_length=MANY_MOST), BeforeValidator(_some)]


class Lifted(Asked):
    """A guard that may be passed, by name."""

    guard: Text
    why: LongText


class PlanWanted(Asked):
    """What to plan for: these strandings, those that fit the filters, those that are both, or all of the account."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": "harbour", "filters": {"cause": ["listing-closed"], "marketplace": ["DE"]}}]})
    account: Text
    strandings: Annotated[list[Number] | None, Field(min_length=1, max_length=MANY_MOST)] = None
    filters: Filters | None = None
    remedy: Annotated[Text | None, Field(description="This one instead of the next of each cause.")] = None
    disposition: Annotated[Literal["Return", "Disposal", "Liquidations"] | None, Field(description="How the units of a removal leave.")] = None
    lifted: Annotated[list[Lifted], Field(default_factory=list, max_length=50)]


class Approval(Asked):
    """A person's word for exactly this plan, or for some of its actions."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"fingerprint": "0" * 64, "actions": None}]})
    fingerprint: Fingerprint
    actions: Actions = None


class NotThese(Asked):
    """A person's no, with the reason."""

    why: LongText
    actions: Actions = None


class Carry(Asked):
    """For exactly this plan."""

    fingerprint: Fingerprint


class PutBack(Asked):
    """Which actions shall be undone."""

    actions: Actions = None


def _exactly(plan: nouns.Plan, fingerprint: str) -> None:
    if plan.fingerprint != fingerprint:
        raise Problem("fingerprint-differs")


def _ids(plan: nouns.Plan, asked: list[str] | None) -> list[str]:
    known = [action.id for action in plan.actions]
    if asked is None:
        return known
    if set(asked) - set(known):
        raise Problem("not-there")
    return [name for name in known if name in set(asked)]


def _address(plan_id: str, more: str = "") -> str:
    return f"/api/v1/plans/{plan_id}{more}"


@write("/plans", Plan, say("Make a plan; nothing is sent by it"), tag="plans", scope="plan", code=201)
def make_plan(request: Request, body: PlanWanted) -> Any:
    """For one account; by the notes on record. What is left alone says why."""
    from refloat.app.planning import PlanQuestion
    from refloat.app.wanted import Wanted, plan_for

    request.auth.need_role("operator", body.account)
    wanted = Wanted(request.auth.access.name, body.remedy, body.disposition, {one.guard: one.why for one in body.lifted}, language_of(request))
    plan = plan_for(served.store(), PlanQuestion(body.account, chosen=_chosen(request, body)), wanted, served.own_clock())
    return Made(plan.as_json(), _address(plan.id))


def _chosen(request: Request, body: PlanWanted) -> frozenset[tuple[str, str]] | None:
    """(marketplace, SKU) of what is asked for; None: all of the account."""
    if body.strandings is None and body.filters is None:
        return None
    question = AskedFindings(accounts=(body.account,)) if body.filters is None else replace(asked_of(body.filters, request.auth), accounts=(body.account,))
    found = list(served.store().pages.keys(replace(question, ids=tuple(body.strandings or ())), days(served.clock().now())))
    if body.filters is None and {one[0] for one in found} != set(body.strandings or ()):
        raise Problem("not-there")
    return frozenset((place, sku) for _, _, place, sku in found)


@write("/plans/{plan_id}/approve", Progress, say("Approve a plan as it stands, or some of its actions"), tag="plans", scope="approve")
def approve_plan(request: Request, plan_id: PlanId, body: Approval) -> Any:
    """Your word under your name; nothing is sent by it. Where the policy asks for two people, two must give it."""
    from refloat.app.approving import approve

    plan = seen(request, plan_id, "approver")
    _exactly(plan, body.fingerprint)
    approve(served.store(), plan, request.auth.access.name, _ids(plan, body.actions), served.clock().now())
    return progress(request, plan.id)


@write("/plans/{plan_id}/refuse", Progress, say("Refuse actions of a plan, with the reason"), tag="plans", scope="approve")
def refuse_plan(request: Request, plan_id: PlanId, body: NotThese) -> Any:
    """They are not carried out, and not proposed again unchanged."""
    from refloat.app.policies import named
    from refloat.app.runs import approvable

    plan = seen(request, plan_id, "approver")
    ids = set(approvable(served.store(), plan, _ids(plan, body.actions)))
    served.store().asking.refuse(plan, [action for action in plan.actions if action.id in ids], named(request.auth.access.name), body.why, served.clock().now())
    return progress(request, plan.id)


@write("/plans/{plan_id}/apply", Progress, say("Carry out what is approved of a plan"), tag="plans", scope="approve", code=202)
def apply_plan(request: Request, plan_id: PlanId, body: Carry) -> Any:
    """Begins, or goes on, beside other requests; “Location” tells how far it is. Nothing is sent twice."""
    from refloat.app.approving import refuse_unapproved
    from refloat.app.runs import begin_run

    plan = seen(request, plan_id, "approver")
    _exactly(plan, body.fingerprint)
    refuse_unapproved(served.store(), plan, served.clock().now())
    begin_run(served.store(), plan, request.auth.access.name, served.own_clock)
    return Made(progress(request, plan.id), _address(plan.id, "/progress"))


@write("/plans/{plan_id}/stop", Progress, say("Stop carrying out a plan before whatever would leave next"), tag="plans", scope="plan")
def stop_plan(request: Request, plan_id: PlanId) -> Any:
    """What is sent is sent. Where nothing runs, nothing changes."""
    from refloat.app.runs import stop_run

    account_of(request, plan_id, "operator")
    stop_run(served.store(), plan_id, request.auth.access.name, served.clock().now())
    return progress(request, plan_id)


@write("/plans/{plan_id}/undo", Plan, say("Make a plan that puts back what a plan changed"), tag="plans", scope="plan", code=201)
def undo_plan(request: Request, plan_id: PlanId, body: PutBack) -> Any:
    """To be approved like any other; what was removed stays so."""
    from refloat.app import carrying
    from refloat.app.policies import named

    plan = seen(request, plan_id, "operator")
    made = carrying.undo_plan(served.store(), plan, [] if body.actions is None else _ids(plan, body.actions), clock=served.own_clock())
    served.store().asking.asked_for(made, named(request.auth.access.name), {"undo": plan.id}, served.clock().now())
    return Made(made.as_json(), _address(made.id))
