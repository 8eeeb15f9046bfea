"""Everybody's own matters: how they sign in, where they are signed in; and what is said where nothing can be mailed."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from refloat.app.second_factor import lacks_second_factor
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import signed_in
from refloat.console.people import moment
from refloat.console.rendering import shown
from refloat.console.watching import record
from refloat.locale import translator
from refloat.store.models import Person
from refloat.wording.access import roles_text


@require_GET
@signed_in
def yourself(request: Request) -> HttpResponse:
    """What one may, and how one signs in."""
    kinds = set(Authenticator.objects.filter(user_id=request.access.id).values_list("type", flat=True))
    told = {
        "roles": roles_text(request.access.roles, translator(request.language)),
        "kinds": kinds,
        "passkeys": Authenticator.objects.filter(user_id=request.access.id, type="webauthn").count(),
        "asked": lacks_second_factor(request.access),
        "password": Person.objects.get(pk=request.access.id).has_usable_password(),
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
        "mails": desk.config().smtp_url is not None,
    }
    return shown(request, "console/yourself.html", told)


@signed_in
def sessions(request: Request) -> HttpResponse:
    """Where one is signed in: end one of them, all others, or all."""
    there = sorted(UserSession.objects.purge_and_list(request.user), key=lambda one: (not one.is_current(), -one.created_at.timestamp()))
    if request.method != "POST":
        _ = translator(request.language)
        rows = [{"id": one.pk, "began": moment(one.created_at, _), "address": one.ip, "browser": one.user_agent, "this": one.is_current()} for one in there]
        return shown(request, "usersessions/usersession_list.html", {"rows": rows})
    _ended(request, _chosen(there, request.POST.get("end", "")))
    return redirect("usersessions_list")


def _chosen(there: list[Any], text: str) -> list[Any]:
    if text == "others":
        return [one for one in there if not one.is_current()]
    found = [one for one in there if str(one.pk) == text]
    if not found:
        raise Http404
    return found


def _ended(request: Request, chosen: list[Any]) -> None:
    for one in chosen:
        one.end()
    if chosen:
        record(request, "sessions-ended", whom=request.access.name)
        messages.success(request, translator(request.language)("Signed out there."))


def password_reset(request: HttpRequest) -> HttpResponse:
    """By mail where mails are sent; else somebody hands a link over."""
    return _without_mail(request) if desk.config().smtp_url is None else allauth.password_reset(request)


@signed_in
def email(request: Request) -> HttpResponse:
    """A new address is proven by a mail to it."""
    return _without_mail(request) if desk.config().smtp_url is None else allauth.email(request)


def _without_mail(request: HttpRequest) -> HttpResponse:
    say = translator(request.language)  # type: ignore[attr-defined]
    fault = {
        "what": say("This Refloat sends no mails."),
        "why": say("No mail server is configured, so nothing can be sent to your address."),
        "todo": say("Ask an administrator: People and roles makes a link by which you choose a new password."),
        "more": None,
    }
    return shown(request, "console/fault.html", {"fault": fault}, code=200 if request.method == "GET" else 409)
