"""Coming in and leaving: the one-time link of a laptop, the language, the way out. Sign-in with a password is allauth's."""

from __future__ import annotations

from django.contrib.auth import get_user_model, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from refloat.console import desk
from refloat.console.rendering import shown
from refloat.locale import translator

_BACKEND = "refloat.console.adapter.Backend"
_YEAR_SECONDS = 365 * 24 * 3600


def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign the person of the link in, once. A link that is used up says what to do."""
    if request.method == "HEAD":
        # Whatever looks ahead at addresses must not use the link up.
        return HttpResponse(status=204)
    person = desk.store().people.enter(token, timezone.now())
    if person is None:
        say = translator(request.language)  # type: ignore[attr-defined]
        fault = {
            "what": say("This link lets nobody in any more."),
            "why": say("Each link works once, for a quarter of an hour."),
            "todo": say("Run refloat serve again, and open the link that it shows. For somebody else: refloat people link EMAIL"),
            "more": None,
        }
        return shown(request, "console/fault.html", {"fault": fault}, code=403)
    login(request, get_user_model().objects.get(pk=person), backend=_BACKEND)
    return redirect("home")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("account_login")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language of the pages, kept with the person, and in a cookie for whoever is not signed in."""
    language = "zh-Hans" if request.POST.get("language") == "zh-Hans" else "en"
    access = request.access  # type: ignore[attr-defined]
    if access is not None:
        desk.store().people.choose_language(access.id, language)
    back = request.POST.get("back") or "/"
    response = redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")
    response.set_cookie("refloat_language", language, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure())
    return response
