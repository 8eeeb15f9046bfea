"""Needs attention: what a person should look at first, what waits for whom, what came of what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from refloat.app.asked import UNKNOWN
from refloat.app.live import troubles_told
from refloat.app.showing import days
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.asking import view_in
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.knowledge.messages import text_of
from refloat.model.money import Money
from refloat.store.finding_rows import Asked, IncidentRow
from refloat.wording.labels import left_text, money_text, safety_labels, skus_text, units_text
from refloat.wording.verdicts import verdict_label

_INCIDENTS, _VERDICTS, _TROUBLED = 40, 8, 20
#: What came in within so many days is news.
_NEWS = timedelta(days=7)


@page("viewer")
def home(request: Request) -> HttpResponse:
    """Everything on one page; each number leads to what it counts."""
    store, today, accounts = desk.store(), days(desk.clock().now()), request.access.accounts()
    wording = Wording(desk.known(), request.language, today)
    asked, since = Asked(accounts=accounts, held=False), desk.clock().now() - _NEWS
    told = {
        "total": _total(wording, asked),
        "ways": list(_ways(wording, asked)),
        "waiting": list(_waiting(request, wording)),
        "verdicts": [_came_in(word, many, wording) for word, many in sorted(store.attention.verdicts(accounts, since).items())],
        "judged": [_judged(one, wording) for one in store.attention.judged(accounts, since, _VERDICTS)],
        "troubles": list(_troubles(request, wording)),
        "incidents": [_incident(one, wording) for one in store.pages.incidents(asked, _INCIDENTS)],
        "views": [_view(one, request, today) for one in store.views.of(request.access.id)],
        "accounts": len(store.accounts.list()) if accounts is None else len(accounts),
    }
    return shown(request, "console/home.html", told)


def _total(wording: Wording, asked: Asked) -> dict[str, Any]:
    _ = wording._
    skus, units, worth = desk.store().pages.totals(asked)
    return {"skus": skus_text(skus, _), "any": skus > 0, "units": units_text(units, _), "worth": [money_text(Money(amount, currency), _) for currency, amount in worth.items()]}


def _ways(wording: Wording, asked: Asked) -> Iterator[dict[str, str]]:
    """How many can be cured how, and what is due this week."""
    _, pages = wording._, desk.store().pages
    names = safety_labels(_)
    for one in pages.facets(asked, ("safety",))["safety"]:
        if one.value in names:
            yield {"text": names[one.value], "many": f"{one.skus:,}", "query": f"safety={one.value}&held=no"}
    for due, text in ((0, _("overdue")), (7, _("due within 7 days"))):
        many, whole = pages.count(Asked(accounts=asked.accounts, due=due), wording.days)
        if many:
            yield {"text": text, "many": _many(many, whole=whole), "query": f"due={due}"}
    many, whole = pages.count(Asked(accounts=asked.accounts, held=True), wording.days)
    if many:
        yield {"text": _("on hold"), "many": _many(many, whole=whole), "query": "held=yes"}


def _many(many: int, *, whole: bool) -> str:
    return f"{many:,}" if whole else f"{many:,}+"


def _waiting(request: Request, wording: Wording) -> Iterator[dict[str, str]]:
    """What waits for a person; each with its page."""
    _, store, accounts = wording._, desk.store(), request.access.accounts()
    for one in store.attention.proposals(accounts):
        text = _("{account}: a plan of {count} actions waits for approval since {day}").format(account=one.account, count=f"{one.actions:,}", day=one.opened_at.date())
        yield {"text": text, "path": f"/plans/{one.plan_id}/"}
    many, first = store.attention.untaken(accounts, wording.days.usual)
    if many and first:
        yield {"text": _("{skus} that Amazon removes soon, the first on {day}, and nobody has taken it").format(skus=skus_text(many, _), day=first), "path": "/removals/"}
    tasks = store.attention.tasks(accounts, wording.days.usual)
    if tasks.open:
        yield {"text": _("Open tasks: {count}, of which to follow up now: {late}").format(count=tasks.open, late=tasks.late), "path": "/tasks/"}
    if unclear := store.attention.unclear(accounts):
        yield {"text": _("{count} actions of which nobody knows whether Amazon did them").format(count=f"{unclear:,}"), "path": "/plans/"}


def _came_in(word: str, many: int, wording: Wording) -> dict[str, Any]:
    return {"text": verdict_label(word, wording._), "many": f"{many:,}", "good": word in {"cured", "sold-out", "removed"}}


def _judged(one: Any, wording: Wording) -> dict[str, Any]:
    return {"one": one, "verdict": verdict_label(one.verdict, wording._), "remedy": wording.remedy(one.remedy), "day": one.at.date().isoformat()}


def _troubles(request: Request, wording: Wording) -> Iterator[dict[str, str]]:
    """Accounts of which nothing is known, and sources that cannot be had: a sentence each."""
    store, now = desk.store(), desk.clock().now()
    rows = store.attention.troubles(request.access.accounts())
    for one in rows:
        if one.source is None:
            yield {"who": one.account, "text": wording._("Nobody has looked at this account yet, so what is stranded is unknown.")}
    for account, place in list(dict.fromkeys((one.account, one.marketplace) for one in rows if one.source is not None))[:_TROUBLED]:
        for warning in troubles_told(store, account, place, now):
            yield {"who": account, "text": text_of(warning, request.language)}


def _incident(one: IncidentRow, wording: Wording) -> dict[str, Any]:
    _, today = wording._, wording.days.at(one.marketplace)
    return {
        "one": one,
        "cause": wording.cause(one.cause),
        "remedy": wording.remedy(one.remedy),
        "safety": safety_labels(_).get(one.safety or "", one.safety or ""),
        "amount": " · ".join((skus_text(one.skus, _), units_text(one.units, _))),
        "worth": _("unknown") if one.worth is None else money_text(Money(one.worth, one.currency), _),
        "due": _("no date") if one.due_on is None else one.due_on.isoformat(),
        "left": "" if one.due_on is None else left_text((one.due_on - today).days, _),
        "late": one.due_on is not None and one.due_on < today,
        "query": _query(one),
    }


def _query(one: IncidentRow) -> str:
    """The table of exactly what the incident counts."""
    asked = {"account": one.account, "marketplace": one.marketplace, "cause": one.cause or UNKNOWN, "remedy": one.remedy or UNKNOWN, "safety": one.safety or UNKNOWN}
    return urlencode(asked | {"day": one.stranded_on.isoformat() if one.stranded_on else UNKNOWN, "held": "yes" if one.held else "no"})


def _view(one: Any, request: Request, today: Any) -> dict[str, Any]:
    many, whole = desk.store().pages.count(view_in(QueryDict(one.address)).of(request.access), today)
    return {"id": one.id, "name": one.name, "address": one.address, "many": _many(many, whole=whole)}


@require_POST
@page("viewer")
def save_view(request: Request) -> HttpResponse:
    """Keep what the table asks now under a name; only what the table understands is kept."""
    address = view_in(QueryDict(request.POST.get("address", ""))).address()
    desk.store().views.save(request.access.id, request.POST.get("name", ""), address, timezone.now())
    return redirect(f"/strandings/?{address}")


@require_POST
@page("viewer")
def delete_view(request: Request, view_id: int) -> HttpResponse:
    """Forget a view of one's own."""
    desk.store().views.delete(request.access.id, view_id)
    return redirect("home")
