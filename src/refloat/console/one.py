"""One stranding: what it is, why, what happened to it, what it costs, what can become of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from refloat.app.entering import set_prices
from refloat.app.episode import Episode, episode
from refloat.app.policies import notes_on_record
from refloat.app.tasks import Desk, open_task
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.episode_words import EpisodeWords
from refloat.console.explained import sections
from refloat.console.guarding import needed, page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.console.saying import say
from refloat.console.task_words import TaskWords
from refloat.locale import translator
from refloat.store import StrandingRow


@page("viewer")
def stranding(request: Request, number: int) -> HttpResponse:
    """Everything that is on record of it; of a closed one too."""
    one = _seen(request, number)
    wording = Wording(desk.known(), request.language, one.today)
    words, tasks, cause = EpisodeWords(one, wording), TaskWords(wording), wording.known.causes.get(one.stranding.now.cause or "")
    told = {
        "head": words.head(),
        "facts": list(words.facts()),
        "why": words.why(),
        "explained": sections(cause.page, request.language) if cause else [],
        "choices": words.choices(),
        "moments": words.moments(),
        "more_moments": len(one.moments) > len(words.moments()),
        "sources": words.sources(),
        "pages": words.pages(),
        "incident": words.incident(),
        "actions": words.actions(),
        "notes": words.notes(),
        "price": words.price(),
        "documents": words.documents(),
        "tasks": [tasks.whole(task) for task in one.tasks],
        "fallbacks": [(name, wording.remedy(name)) for name in one.fallbacks],
        "others": [(other.id, other.opened_at.date().isoformat()) for other in one.others],
        "may": request.access.may("operator", one.account),
    }
    return shown(request, "console/one.html", told)


def _seen(request: Request, number: int) -> Episode:
    """The stranding, where the person may see its account; else there is no such page."""
    found = episode(desk.store(), number, desk.clock(), request.language, desk.config().pages)
    if found is None or not request.access.may("viewer", found.account):
        raise Http404
    return found


def _operated(request: Request, number: int) -> tuple[str, StrandingRow]:
    """Account and stranding, of which the person may change something."""
    if (there := desk.store().strandings.one(number)) is None:
        raise Http404
    needed(request, "operator", there[0])
    return there


@require_POST
@page("operator")
def open_fallback(request: Request, number: int) -> HttpResponse:
    """A task for another remedy by hand than the first."""
    store, (account, row) = desk.store(), _operated(request, number)
    asked = Desk(store, account, notes_on_record(store, account)[0], request.language, desk.clock(), desk.config().pages)
    opened = open_task(asked, row.sku, request.POST.get("remedy") or "", row.marketplace, by=request.access.name)
    return redirect("task", opened.id)


@require_POST
@page("operator")
def end_price(request: Request, number: int) -> HttpResponse:
    """The price that was entered counts no more: plans and rules go by the offer's own, or the notes file's."""
    _, (account, row) = translator(request.language), _operated(request, number)
    set_prices(desk.store(), account, {(row.marketplace, row.sku): None}, by=request.access.name, clock=desk.clock())
    say(request, _("The price counts no more. What an approved plan sets stays in that plan."))
    return redirect("stranding", number)
