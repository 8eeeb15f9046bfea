"""Removals: ordered, under way, unclear, and what Amazon will remove by itself. One account at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from refloat.app import removals
from refloat.app.audit import audited
from refloat.app.carrying import settle_order
from refloat.app.deadlines import deadlines_due
from refloat.app.showing import days, today_in
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.faults import refused
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.model.ports import Deed
from refloat.store import DeadlineRow
from refloat.store.finding_rows import Asked
from refloat.wording.automatic import event_text
from refloat.wording.labels import money_text, skus_text, worth_text
from refloat.wording.moments import local
from refloat.wording.verdicts import stage_label, verdict_label

#: So many of our removals a page shows, and so many deadlines that are near.
_OURS_MOST, _NEAR_MOST, _NEAR_DAYS = 200, 100, 14
_NOTE_MOST = 1000
#: So many SKUs of an order stand in a line; the page on which it is settled has all.
_SKUS_NAMED = 10


def chosen_account(request: Request) -> tuple[str, list[str]]:
    """(the account that is asked for, or the first that the person sees; all that they see).

    Raises:
        Http404: they see none, or not that one.
    """
    seen = request.access.accounts()
    names = [row.name for row in desk.store().accounts.list() if seen is None or row.name in seen]
    asked = (request.POST if request.method == "POST" else request.GET).get("account") or (names[0] if names else "")
    if names and asked not in names:
        raise Http404
    return asked, names


@page("viewer")
def listed(request: Request) -> HttpResponse:
    """What we ordered and proposed, what Amazon's reports show, which deadlines are near and who has taken them."""
    account, names = chosen_account(request)
    wording = Wording(desk.known(), request.language, desk.clock().now().date())
    if not names:
        return shown(request, "console/removals.html", {"account": "", "accounts": [], "ours": [], "unclear": [], "reported": [], "near": [], "may": False, "may_settle": False})
    store = desk.store()
    deeds = store.plans.removals(account, _OURS_MOST)
    ids = store.strandings.ids(account, {(deed.marketplace, deed.sku) for deed in deeds})
    told = {
        "account": account,
        "accounts": names,
        "ours": _ours(deeds, ids, wording),
        "unclear": [_unclear(order, own) for order, own in removals.unclear(store, account).items()],
        "reported": _reported(account, wording),
        "near": _near(account, wording),
        "may": request.access.may("operator", account),
        "may_settle": request.access.may("approver", account),
    }
    return shown(request, "console/removals.html", told)


def _unclear(order: str, own: Sequence[Deed]) -> dict[str, str]:
    more = len(own) - _SKUS_NAMED
    return {"order": order, "skus": ", ".join(deed.sku for deed in own[:_SKUS_NAMED]), "more": f"{more:,}" if more > 0 else "", "at": local(own[0].at, own[0].marketplace)}


def _ours(deeds: tuple[Deed, ...], ids: Mapping[tuple[str, str], int], wording: Wording) -> list[dict[str, Any]]:
    store, _ = desk.store(), wording._
    words = {plan: [word.by for word in store.plans.consents(plan)] for plan in {deed.plan_id for deed in deeds}}
    return [
        {
            "sku": deed.sku, "stranding": deed.stranding_id or ids.get((deed.marketplace, deed.sku)), "marketplace": deed.marketplace, "order": deed.feed or "", "plan": deed.plan_id,
            "units": _("unknown") if deed.units is None else f"{deed.units:,}", "stage": stage_label(deed.stage, _), "verdict": verdict_label(deed.verdict or "", _),
            "at": local(deed.at, deed.marketplace), "by": ", ".join(dict.fromkeys(words[deed.plan_id])),
        }
        for deed in deeds
    ]  # fmt: skip


def _reported(account: str, wording: Wording) -> list[dict[str, Any]]:
    _ = wording._
    return [
        {
            "marketplace": place,
            "known": lines is not None,
            "lines": [
                {
                    "order": one.order_id or _("unknown"), "sku": one.sku or _("unknown"), "on": one.requested_on.isoformat() if one.requested_on else _("unknown"), "kind": one.kind or "",
                    "said": one.status_said or "", "ours": one.ours, "fee": money_text(one.fee, _),
                    "counts": [_("unknown") if units is None else f"{units:,}" for units in (one.requested, one.shipped, one.disposed, one.cancelled, one.under_way)],
                }
                for one in lines or ()
            ],
        }
        for place, lines in removals.reported(desk.store(), account).items()
    ]  # fmt: skip


def _near(account: str, wording: Wording) -> list[dict[str, Any]]:
    """Deadlines of two weeks, and who has taken the nearest step that was reached."""
    store, steps, now = desk.store(), dict[int, DeadlineRow](), desk.clock().now()
    for one in store.deadlines.open_steps(account):
        if one.stranding_id not in steps or one.step < steps[one.stranding_id].step:
            steps[one.stranding_id] = one
    found = store.pages.page(Asked(accounts=(account,), due=_NEAR_DAYS), days(now), None, _NEAR_MOST)
    rows = []
    for row in found.rows:
        step = steps.get(row.id)
        # Another date of Amazon's begins anew.
        taken = step if step is not None and step.due_on == row.removal_due_on and step.taken_by else None
        word = Wording(wording.known, wording.language, today_in(row.marketplace, now)).row(row)
        rows.append({"row": word, "taken": taken.taken_by if taken else "", "note": taken.note if taken else ""})
    return rows


@page("viewer")
def ahead(request: Request) -> HttpResponse:
    """What Amazon will do by itself, day by day, reckoned from everything on record at this moment."""
    account, names = chosen_account(request)
    if not names:
        raise Http404
    wording = Wording(desk.known(), request.language, desk.clock().now().date())
    _, told = wording._, audited(desk.store(), account, desk.clock())
    events = [
        {
            "text": event_text(event, _),
            "skus": event.skus[:10],
            "more": max(0, len(event.skus) - 10),
            "count": skus_text(len(event.skus), _),
            "worth": worth_text(event.worth, _) if event.worth else _("unknown"),
            "fee": "" if event.what in {"relist", "change-to-fba"} else worth_text(event.fee, _) if event.fee else _("unknown"),
            "instead": [(wording.remedy(name), count) for name, count in event.instead.items()],
        }
        for event in told.events
    ]
    unset = [one.name for one in told.settings if one.value is None]
    return shown(request, "console/ahead.html", {"account": account, "events": events, "unset": unset})


@require_POST
@page("operator")
def take(request: Request) -> HttpResponse:
    """The person takes the removal deadline of a SKU: from now on it is theirs to see to."""
    account, _names = chosen_account(request)
    if not request.access.may("operator", account):
        return refused(request, "operator")
    store, now = desk.store(), desk.clock().now()
    # A step is reached by a look; nobody may have looked since.
    deadlines_due(store, account, now)
    store.deadlines.take(account, request.POST.get("sku") or "", request.access.name, now, note=(request.POST.get("note") or "")[:_NOTE_MOST])
    return _back(account)


@page("approver")
def settle(request: Request) -> HttpResponse:
    """A person looked in Seller Central, and says whether Amazon made an order whose fate is not certain. Asked in words."""
    account, names = chosen_account(request)
    if not names or not request.access.may("approver", account):
        return refused(request, "approver")
    given = request.POST if request.method == "POST" else request.GET
    order = given.get("order") or ""
    own = removals.unclear(desk.store(), account).get(order)
    if own is None:
        raise Http404
    wording = Wording(desk.known(), request.language, desk.clock().now().date())
    sent = local(own[0].intended_at or own[0].at, own[0].marketplace)
    told = {
        "account": account,
        "order": order,
        "deeds": [(deed.sku, deed.units) for deed in own],
        "sent": sent,
        "fault": "",
        "made": given.get("made") or "",
    }
    if request.method != "POST":
        return shown(request, "console/settle.html", told)
    if given.get("typed", "").strip() != order or given.get("made") not in {"yes", "no"}:
        text = wording._("Choose one of the two, and type the order's number as it stands there.")
        return shown(request, "console/settle.html", told | {"fault": text}, code=422)
    settle_order(desk.store(), account, order, request.access.name, made=given["made"] == "yes", clock=desk.clock())
    return _back(account)


def _back(account: str) -> HttpResponse:
    return redirect(f"{reverse('removals')}?{urlencode({'account': account})}")
