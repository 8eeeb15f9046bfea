"""Alarms: what somebody should know, who takes it, and the messages that could not be delivered."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from refloat.app.telling import Reader, titled
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.faults import refused
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.settings_room import Form, gone_to, missing, worded
from refloat.errors import RefloatError
from refloat.locale import translator
from refloat.model.message import one_line
from refloat.store import AlarmRow, DeliveryRow
from refloat.wording.alarms import letter_text, state_text, undelivered_text


@page("viewer")
def listed(request: Request) -> HttpResponse:
    """Every open alarm of the accounts that the person may see, and the dead letters."""
    return _page(request)


def _page(request: Request, *, code: int = 200, **more: Any) -> HttpResponse:
    store, access, reader = desk.store(), request.access, Reader(request.language, "UTC", desk.config().pages)
    alarms = [row for row in store.alarms.list() if access.may("viewer", row.account)]
    letters = store.deliveries.of_alarms(row.id for row in alarms)
    told = {
        "alarms": [_alarm(row, letters.get(row.id, []), reader, request) for row in alarms],
        "dead": [_letter(one, reader, request) for one in store.deliveries.dead() if _seen(one, request)],
        "waiting": len([one for one in store.deliveries.waiting() if _seen(one, request)]),
        "may_retry": access.everywhere("operator"),
        "form": Form(request),
        "of": None,
    }
    return shown(request, "console/settings_alarms.html", told | more, code=code)


def _seen(one: DeliveryRow, request: Request) -> bool:
    """A digest tells of all accounts of its recipient, so it is for those who see all."""
    return request.access.accounts() is None if one.alarm is None else request.access.may("viewer", one.alarm.account)


def _alarm(row: AlarmRow, letters: list[DeliveryRow], reader: Reader, request: Request) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": one_line(titled(row, reader)),
        "raised": reader.moment(row.raised_at),
        "state": state_text(row, reader).removeprefix(" · "),
        "taken": row.acknowledged_at is not None,
        "skus": one_line(reader.listed(row.facts["first"], row.facts["skus"])) if row.facts.get("first") else "",
        "letters": [letter_text(one, reader.say) for one in letters],
        "may": request.access.may("operator", row.account),
    }


def _letter(one: DeliveryRow, reader: Reader, request: Request) -> dict[str, Any]:
    what = one.about if one.alarm is None else one_line(titled(one.alarm, reader))
    may = request.access.everywhere("operator") if one.alarm is None else request.access.may("operator", one.alarm.account)
    return {"id": one.id, "to": one.recipient, "what": what, "tries": one.tries, "at": reader.moment(one.ended_at), "why": undelivered_text(one.trouble, reader.say), "may": may}


@require_POST
@page("viewer")
def taken(request: Request, alarm: int) -> HttpResponse:
    """Take an alarm, or let it sleep; with a reason, because whoever reads the journal later wants to know why nothing was done."""
    store, say = desk.store(), translator(request.language)
    row = next((one for one in store.alarms.list() if one.id == alarm and request.access.may("viewer", one.account)), None)
    if row is None:
        raise Http404
    if not request.access.may("operator", row.account):
        return refused(request, "operator")
    form = Form(request)
    why, until = form.needed("why", say("The reason")), form.day("until", say("The day"))
    with form.of("until"):
        if form.text("how") == "snooze" and until is None and "until" not in form.wrong:
            raise missing(say("The day"))
    if not form.wrong:
        with form.of("until"):
            now = desk.clock().now()
            if until is not None and form.text("how") == "snooze":
                store.alarms.snooze(alarm, datetime.combine(until, time(0), UTC), request.access.name, why, now)
            else:
                store.alarms.acknowledge(alarm, request.access.name, why, now)
    if form.wrong:
        return _page(request, code=422, form=form, of=alarm)
    messages.success(request, say("Alarm {id} sleeps until {day}.").format(id=alarm, day=until) if form.text("how") == "snooze" else say("You have taken alarm {id}.").format(id=alarm))
    return gone_to("alarms")


@require_POST
@page("operator")
def retry(request: Request) -> HttpResponse:
    """Try dead letters again: one, or all."""
    form, say, store = Form(request), translator(request.language), desk.store()
    number = form.number("letter", say("The message"))
    allowed = [one for one in store.deliveries.dead() if (request.access.everywhere("operator") if one.alarm is None else request.access.may("operator", one.alarm.account))]
    chosen = [one.id for one in allowed if number is None or one.id == number]
    if number is not None and not chosen:
        raise Http404
    try:
        count = sum(store.deliveries.retry(desk.clock().now(), one) for one in chosen)
    except RefloatError as error:
        return _page(request, code=409, wrong=worded(error, say))
    messages.success(request, say("To be tried again: {count}. They are sent by refloat work, or at once by refloat notify send.").format(count=count))
    return gone_to("alarms")
