"""What operators do with the strandings that they chose: plans of a cure, holds, opt-outs, assignments, notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from refloat.app import entering
from refloat.app.wanted import Made, Wanted, plans_for
from refloat.console import desk, leaving, prices
from refloat.console.access import Request
from refloat.console.choosing import Chosen, chosen, summed
from refloat.console.faults import not_understood, of_error, refused
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.saying import back, in_words, say, warn
from refloat.errors import RefloatError
from refloat.locale import translator
from refloat.wording.labels import skus_text

#: Buttons that make a plan at once: a plan sends nothing.
_CURES = {"next": None, "relist": "relist-offer", "change": "change-to-fba", "create": "create-listing"}


@require_POST
@page("operator")
def act(request: Request) -> HttpResponse:
    """Whatever the button says, to what is chosen; what needs more to be said has a page of its own first."""
    what, found = request.POST.get("what", ""), chosen(request)
    if what in {"unhold", "opt-in"}:
        what = {"unhold": "hold", "opt-in": "opt-out"}[what]
    if found.nothing or next(found.each(), None) is None:
        return _nothing(request, found)
    if what in _CURES:
        return planned(request, found, Wanted(request.access.name, _CURES[what], language=request.language))
    deed = _DEEDS.get(what)
    return not_understood(request) if deed is None else deed(request, found)


def _nothing(request: Request, found: Chosen) -> HttpResponse:
    """No row is ticked, or only rows of accounts that the person may only look at."""
    if (found.all or request.POST.getlist("id")) and next(chosen(request, "viewer").each(), None) is not None:
        return refused(request, "operator")
    _ = translator(request.language)
    warn(request, _("Nothing is chosen. Tick rows, or all that match, first."))
    return back(request, to_table(found))


def to_table(found: Chosen) -> str:
    """The table as it was asked for."""
    return f"{reverse('strandings')}?{found.view.address()}"


def planned(request: Request, found: Chosen, wanted: Wanted) -> HttpResponse:
    """A plan for each account, and on to it; where there are several, on to the list."""
    made = plans_for(desk.store(), found.by_account(), wanted, desk.own_clock)
    return on_to(request, made)


def on_to(request: Request, made: Made) -> HttpResponse:
    """The plan that was made, or the list of them; and why there is none for an account."""
    _ = translator(request.language)
    if not made.plans and len(made.failed) == 1:
        return of_error(request, next(iter(made.failed.values())))
    for account, error in made.failed.items():
        warn(request, _("No plan for {account}: {why}").format(account=account, why=in_words(error, request.language)))
    if len(made.plans) == 1:
        return back(request, reverse("plan", args=[made.plans[0].id]))
    say(request, _("{count} plans were made, one for each account. Nothing was sent.").format(count=len(made.plans)))
    return back(request, reverse("plans"))


def _hold(request: Request, found: Chosen) -> HttpResponse:
    ends = request.POST.get("what") == "unhold"
    until = None if ends else _day(request.POST.get("until"))
    if not ends and until is None:
        return _asks(request, found, "hold", wrong="until" in request.POST)
    return _entered(request, found, lambda account, keys: _held(request, account, keys, until))


def _held(request: Request, account: str, keys: list[tuple[str, str]], until: date | None) -> int:
    """How many changed; what the notes file holds on is told beside it."""
    held, _ = entering.hold(desk.store(), account, keys, until, by=request.access.name, clock=desk.clock()), translator(request.language)
    if held.still:
        text = _("{skus} of {account} stay held by the notes file, {sku} for one. Take the rows out of its table holds and enter it again: refloat policy notes {account} FILE")
        warn(request, text.format(skus=skus_text(len(held.still), _), account=account, sku=held.still[0]))
    return held.changed


def _opt_out(request: Request, found: Chosen) -> HttpResponse:
    out = request.POST.get("what") != "opt-in"
    if out and "sure" not in request.POST:
        return _asks(request, found, "opt-out")
    return _entered(request, found, lambda account, keys: entering.opt_out(desk.store(), account, keys, by=request.access.name, clock=desk.clock(), out=out))


def _note(request: Request, found: Chosen) -> HttpResponse:
    text = request.POST.get("text", "")
    if not text.strip():
        return _asks(request, found, "note", wrong="text" in request.POST)
    return _entered(request, found, lambda account, keys: entering.remark(desk.store(), account, keys, text, by=request.access.name, clock=desk.clock()), again=False)


def _assign(request: Request, found: Chosen) -> HttpResponse:
    store, to = desk.store(), request.POST.get("person", "")
    if not to:
        return _asks(request, found, "assign", wrong="person" in request.POST)
    ids: dict[str, list[int]] = {}
    for number, account, _place, _sku in found.each():
        ids.setdefault(account, []).append(number)
    count, unfit = 0, []
    for account, own in ids.items():
        people = store.asking.people_for(account)
        if to != "nobody" and (not to.isdigit() or int(to) not in people):
            unfit.append(account)
            continue
        person = None if to == "nobody" else int(to)
        count += store.asking.assign(account, own, person, people.get(person or 0), request.access.name, desk.clock().now())
    _ = translator(request.language)
    for account in unfit:
        warn(request, _("That person may do nothing for {account}, so nothing of it was assigned.").format(account=account))
    say(request, _("Assigned: {count}.").format(count=skus_text(count, _)))
    return back(request, to_table(found))


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None


def _asks(request: Request, found: Chosen, what: str, *, wrong: bool = False) -> HttpResponse:
    """The page that asks what is still to be said; what was chosen goes with it."""
    _ = translator(request.language)
    total = summed(found)
    people: Mapping[int, str] = {}
    if what == "assign":
        people = {number: name for account in total.accounts for number, name in desk.store().asking.people_for(account).items()}
    told = {"what": what, "fields": found.fields(), "sum": total.words(_), "to_table": to_table(found), "wrong": wrong, "people": people, "today": desk.clock().now().date().isoformat()}
    return shown(request, "console/bulk.html", told, code=422 if wrong else 200)


def _entered(request: Request, found: Chosen, enter: Callable[[str, list[tuple[str, str]]], int], *, again: bool = True) -> HttpResponse:
    """Enter it account by account; the table shows it at once where nobody else is at work on the account."""
    store, _ = desk.store(), translator(request.language)
    count, later = 0, []
    for account, keys in found.by_account().items():
        try:
            count += enter(account, keys)
        except RefloatError as error:
            warn(request, in_words(error, request.language))
        if again and not entering.shown_anew(store, account, desk.clock()):
            later.append(account)
    say(request, _("Entered: {count}.").format(count=skus_text(count, _)))
    for account in later:
        say(request, _("The table shows it for {account} after the next look.").format(account=account))
    return back(request, to_table(found))


_DEEDS: dict[str, Callable[[Request, Chosen], HttpResponse]] = {
    "hold": _hold, "opt-out": _opt_out, "note": _note, "assign": _assign, "removal": leaving.removal, "prices": prices.grid,
}  # fmt: skip
