"""What people do with a plan: approve, reject, carry out, stop, undo, lift a guard. Every role is asked for the plan's own account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from refloat.app import approving
from refloat.app.carrying import undo_plan
from refloat.app.policies import named
from refloat.app.runs import approvable, begin_run, stop_run
from refloat.app.wanted import lift
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.faults import not_there, refused
from refloat.console.guarding import page
from refloat.console.plans import plan_seen, review
from refloat.console.rendering import shown
from refloat.console.saying import back, say
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.model.money import totals
from refloat.model.plan import Plan
from refloat.wording.labels import units_text, worth_text

_REASON_MOST = 2000


def _of_plan(role: str) -> Callable[[Callable[[Request, Plan], HttpResponse]], Callable[..., HttpResponseBase]]:
    """The view gets the plan, where the person has the role for its account; a form, never a link."""

    def of(view: Callable[[Request, Plan], HttpResponse]) -> Callable[..., HttpResponseBase]:
        @require_POST
        @page("viewer")
        @wraps(view)
        def guarded(request: Request, plan_id: str) -> HttpResponse:
            plan = plan_seen(request, plan_id)
            if plan is None:
                return not_there(request)
            return view(request, plan) if request.access.may(role, plan.account) else refused(request, role)

        return guarded

    return of


def _to(plan: Plan) -> str:
    return reverse("plan", args=[plan.id])


def _ids(request: Request, plan: Plan) -> list[str]:
    """The actions that the form means: all of the plan, or those that are ticked."""
    if request.POST.get("which") == "all":
        return [action.id for action in plan.actions]
    ticked = set(request.POST.getlist("action"))
    return [action.id for action in plan.actions if action.id in ticked]


@_of_plan("approver")
def approve(request: Request, plan: Plan) -> HttpResponse:
    """A named person's word for exactly this plan, or for some of its actions. What cannot be undone is asked about once more, in words."""
    _ = translator(request.language)
    store, now = desk.store(), desk.clock().now()
    by = approving.may(store, plan, request.access.name, now)
    if request.POST.get("fingerprint") != plan.fingerprint:
        raise WrongUse("The plan {plan} was not approved.", why="The form was not that of this plan.", todo="Open the plan's page again and read it.", plan=plan.id)
    ids = approvable(store, plan, _ids(request, plan))
    if not ids:
        return review(request, plan, code=422, typed={"approve": _("Tick the actions that you approve, or approve all of them.")})
    if final := [action for action in plan.actions if action.id in set(ids) and action.irreversible and action.undo is None]:
        words = {
            "plan": plan, "ids": ids, "all": len(ids) == len(plan.actions), "count": len(final), "units": units_text(_sum([action.units for action in final]), _),
            "worth": worth_text(totals([action.worth for action in final]), _), "places": sorted({action.marketplace for action in final}), "wrong": "sure" in request.POST,
        }  # fmt: skip
        if request.POST.get("sure") != str(len(final)):
            return shown(request, "console/plan_final.html", words, code=422 if "sure" in request.POST else 200)
    approving.approve(store, plan, by, ids, now)
    say(request, _("Approved by {name}: {count} actions. Nothing was sent yet.").format(name=by, count=f"{len(ids):,}"))
    return back(request, _to(plan))


def _sum(units: list[int | None]) -> int | None:
    known = [one for one in units if one is not None]
    return sum(known) if len(known) == len(units) else None


@_of_plan("approver")
def reject(request: Request, plan: Plan) -> HttpResponse:
    """A person's no, with the reason: it is on record, and is not proposed again unchanged."""
    _ = translator(request.language)
    why, ids = request.POST.get("why", "").strip().replace("\0", "")[:_REASON_MOST], set(approvable(desk.store(), plan, _ids(request, plan)))
    if not why:
        return review(request, plan, code=422, typed={"reject": _("Say why: whoever plans next has to know.")})
    if not ids:
        return review(request, plan, code=422, typed={"reject": _("Tick the actions that you reject, or reject all of them. What was sent can only be undone."), "why": why})
    count = desk.store().asking.refuse(plan, [action for action in plan.actions if action.id in ids], named(request.access.name), why, desk.clock().now())
    say(request, _("Rejected: {count} actions. They are not proposed again unchanged.").format(count=f"{count:,}"))
    return back(request, _to(plan))


@_of_plan("approver")
def carry_out(request: Request, plan: Plan) -> HttpResponse:
    """Begin, or go on, in a thread of this server; the page shows how far it is."""
    _ = translator(request.language)
    begin_run(desk.store(), plan, request.access.name, desk.own_clock)
    say(request, _("It is being carried out. You may close this page; it goes on."))
    return back(request, _to(plan))


@_of_plan("operator")
def stop(request: Request, plan: Plan) -> HttpResponse:
    """Before whatever would leave next; what is sent is sent."""
    _ = translator(request.language)
    if stop_run(desk.store(), plan.id, request.access.name, desk.clock().now()):
        say(request, _("It stops before whatever would leave next. What is sent is sent."))
    else:
        say(request, _("Nothing is being carried out, so there is nothing to stop."))
    return back(request, _to(plan))


@_of_plan("operator")
def undo(request: Request, plan: Plan) -> HttpResponse:
    """A plan that puts back what can be put back; to be approved like any other."""
    _, ids = translator(request.language), [] if request.POST.get("which") == "all" else _ids(request, plan)
    if not ids and request.POST.get("which") != "all":
        return review(request, plan, code=422, typed={"undo": _("Tick the actions that shall be put back, or undo all of them.")})
    made = undo_plan(desk.store(), plan, ids, clock=desk.own_clock())
    desk.store().asking.asked_for(made, named(request.access.name), {"undo": plan.id}, desk.clock().now())
    return back(request, _to(made))


@_of_plan("operator")
def lift_guard(request: Request, plan: Plan) -> HttpResponse:
    """A new plan for what one guard keeps back, with the guard lifted by name and the reason on record."""
    _, guard, why = translator(request.language), request.POST.get("guard", ""), request.POST.get("why", "").strip().replace("\0", "")[:_REASON_MOST]
    if not why:
        typed: dict[str, Any] = {"lift": guard, "lift_said": _("Say why the guard is lifted: whoever approves the plan has to know.")}
        return review(request, plan, code=422, typed=typed)
    return back(request, _to(lift(desk.store(), plan, guard, why, by=request.access.name, clock=desk.own_clock())))
