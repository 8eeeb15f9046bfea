"""Plans: the list of them, and each like a pull request: what would change, what is left alone and why, who approved, how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from refloat.console import desk
from refloat.console.access import Request
from refloat.console.faults import not_there
from refloat.console.guarding import page
from refloat.console.plan_words import Words, action_words, approvals, filtered, left_alone, missing, words_of
from refloat.console.rendering import shown
from refloat.console.running import moment, progress, run_words, stand
from refloat.errors import WrongUse
from refloat.knowledge.labels import label
from refloat.locale import translator
from refloat.model.plan import Plan
from refloat.model.ports import Deed
from refloat.wording import plans as wording
from refloat.wording.labels import Say, safety_labels
from refloat.wording.verdicts import stage_label

#: Plans, and actions, on a page.
_PLANS, _ACTIONS = 50, 50


@require_GET
@page("viewer")
def listed(request: Request) -> HttpResponse:
    """The newest plans of the accounts that the person sees; of one where the address names it."""
    store, _, now, seen = desk.store(), translator(request.language), desk.clock().now(), request.access.accounts()
    only, before = request.GET.get("account") or "", _moment(request.GET.get("before"))
    accounts = seen if not only else tuple(name for name in (only,) if seen is None or name in seen)
    found = store.plans.listed_of(accounts, _PLANS + 1, before)
    rows = []
    for account, row in found[:_PLANS]:
        run, asked = store.runs.newest(row.id), store.asking.who_asked(row.id)
        code, text = stand(row, run, len(store.asking.refusals(row.id)), now, _)
        rows.append({
            "id": row.id, "account": account, "made": moment(row.made_at), "by": asked.by if asked else "", "code": code, "stand": text, "good": moment(row.good_until) if row.good_until else "?",
            "actions": f"{row.actions:,}", "approved": f"{row.approved:,}", "sent": f"{row.count('answered', 'shown', 'undone'):,}", "refused": f"{row.count('refused'):,}",
            "cured": f"{row.verdicts.get('cured', 0) + row.verdicts.get('removed', 0) + row.verdicts.get('sold-out', 0):,}", "verdicts": f"{sum(row.verdicts.values()):,}",
        })  # fmt: skip
    more = found[_PLANS - 1][1].made_at.isoformat() if len(found) > _PLANS else None
    names = [one.name for one in store.accounts.list() if seen is None or one.name in seen]
    next_ = None if more is None else urlencode({**({"account": only} if only else {}), "before": more})
    return shown(request, "console/plans.html", {"rows": rows, "next": next_, "accounts": names, "only": only, "operator": request.access.any("operator")})


def _moment(text: str | None) -> datetime | None:
    with suppress(ValueError):
        found = datetime.fromisoformat(text) if text else None
        return found if found is None or found.tzinfo else None
    return None


def plan_seen(request: Request, plan_id: str) -> Plan | None:
    """The plan, where there is one and the person may look at its account."""
    try:
        plan = desk.store().plans.get(plan_id)
    except WrongUse:
        return None
    return plan if request.access.may("viewer", plan.account) else None


@require_GET
@page("viewer")
def one(request: Request, plan_id: str) -> HttpResponse:
    """The plan's page."""
    plan = plan_seen(request, plan_id)
    return not_there(request) if plan is None else review(request, plan)


@require_GET
@page("viewer")
def going(request: Request, plan_id: str) -> HttpResponse:
    """How far it is: the part of the page that asks again every few seconds."""
    found = desk.store().plans.numbers(plan_id)
    if found is None or not request.access.may("viewer", found[0]):
        return not_there(request)
    now = progress(plan_id, request.language)
    answer = shown(request, "console/plan_going.html", {"going": now, "may": _may(request, found[0])})
    if now is not None and not (now["run"] and now["run"]["running"]):
        # It has ended: the rest of the page says something else now.
        answer["HX-Refresh"] = "true"
    return answer


def review(request: Request, plan: Plan, *, code: int = 200, typed: dict[str, Any] | None = None) -> HttpResponse:
    """The page; ``typed``: what a form held that was refused, and why."""
    store, _, now = desk.store(), translator(request.language), desk.clock().now()
    deeds, words, asked = store.ledger(plan.account).deeds(plan.id), words_of(plan, now), store.asking.who_asked(plan.id)
    fitting, at = filtered(plan, deeds, words, request.GET), _number(request.GET.get("page"))
    part = fitting[at * _ACTIONS : (at + 1) * _ACTIONS]
    can_approve = [action for action in plan.actions if deeds[action.id].stage == "planned" and action.id not in words.refused]
    told = {
        "plan": plan,
        "title": wording.title(plan, _),
        "made": moment(plan.made_at),
        "good": moment(plan.good_until),
        "old": plan.good_until < now,
        "asked": asked,
        "asked_at": moment(asked.at) if asked else "",
        "contents": list(wording.contents(plan, _)),
        "roads": [wording.road_text(road, _) for road in plan.roads],
        "actions": [action_words(action, deeds[action.id], words, request.language) for action in part],
        "fitting": f"{len(fitting):,}",
        "narrowed": fitting is not plan.actions,
        "left_alone": left_alone(plan, request.language),
        "approvals": approvals(words, plan, request.language),
        "missing": missing(plan, words, deeds, request.language),
        "refusals": [{"by": row.by, "at": moment(row.at), "why": row.why, "count": count} for row, count in _refusals(words)],
        "may": _may(request, plan.account),
        "can_approve": len(can_approve),
        "final": sum(action.irreversible and action.undo is None for action in can_approve),
        "can_apply": _can_apply(deeds, words),
        "can_undo": any(action.undo is not None and deeds[action.id].stage in {"answered", "shown"} for action in plan.actions),
        "going": progress(plan.id, request.language),
        "runs": [run_words(run, request.language) for run in store.runs.of_plan(plan.id)[1:]],
        "filters": _filters(request, plan, deeds, words, _),
        "pages": _pages(request, at, len(fitting)),
        "typed": dict.fromkeys(("approve", "reject", "why", "undo", "lift", "lift_said"), "") | (typed or {}),
    }
    return shown(request, "console/plan.html", told, code=code)


def _may(request: Request, account: str) -> dict[str, bool]:
    return {role: request.access.may(role, account) for role in ("operator", "approver")}


def _number(text: str | None) -> int:
    return min(int(text), 100_000) if text and text.isascii() and text.isdigit() else 0


def _refusals(words: Words) -> list[tuple[Any, int]]:
    """Each refusal once, with how many actions it is of."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in words.refused.values():
        found.setdefault((row.by, row.at, row.why), []).append(row)
    return [(own[0], len(own)) for own in found.values()]


def _can_apply(deeds: Mapping[str, Deed], words: Words) -> int:
    """How many actions have something to come from us: approved and not begun, or begun and not at their last step, or open."""
    later = sum(deed.stage in {"intended", "unclear"} or (deed.stage in {"answered", "shown"} and deed.step + 1 < deed.steps) for deed in deeds.values())
    return later + sum(name in words.enough and deed.stage == "planned" for name, deed in deeds.items())


def _filters(request: Request, plan: Plan, deeds: Mapping[str, Deed], words: Words, _: Say) -> dict[str, Any]:
    """What the actions can be narrowed by, and what is chosen."""
    known, safeties = desk.known(), safety_labels(_)
    remedies = [(name, label(known.remedies[name].page, request.language) if name in known.remedies else name) for name in dict.fromkeys(action.remedy for action in plan.actions)]
    safety = [(name, safeties.get(name, name)) for name in dict.fromkeys(action.safety for action in plan.actions)]
    stages = [(name, stage_label(name, _)) for name in dict.fromkeys(deed.stage for deed in deeds.values())] + ([("refused-here", _("rejected"))] if words.refused else [])
    lists = [("remedy", _("What to do"), remedies), ("safety", _("Safety"), safety), ("stage", _("How far"), stages)]
    return {"q": request.GET.get("q", ""), "lists": [{"name": name, "title": title, "options": options, "chosen": request.GET.get(name, "")} for name, title, options in lists]}


def _pages(request: Request, at: int, count: int) -> dict[str, str | None]:
    kept = {name: value for name in ("q", "remedy", "safety", "stage") if (value := request.GET.get(name))}
    return {
        "before": urlencode({**kept, "page": at - 1}) if at > 0 else None,
        "next": urlencode({**kept, "page": at + 1}) if (at + 1) * _ACTIONS < count else None,
        "this": urlencode({**kept, "page": at}),
    }
