"""Around every page: what a browser may load, who is looking, and in which language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from refloat.console.access import Access, access_of

Answering = Callable[[HttpRequest], HttpResponse]
#: Nothing from elsewhere, nothing inline; images of ours may be written into a page.
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
_IDLE = timedelta(hours=12)


def fenced(answering: Answering) -> Answering:
    """A strict content policy on every answer; pages are not kept by anybody on the way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answering(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def reader(answering: Answering) -> Answering:
    """Who is looking (``request.access``), and the language that they read (``request.language``)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        _end_idle(request)
        request.access = access_of(request)  # type: ignore[attr-defined]
        request.language = _language(request)  # type: ignore[attr-defined]
        with translation.override(request.language.lower()):  # type: ignore[attr-defined]
            return answering(request)

    return middleware


def _end_idle(request: HttpRequest) -> None:
    """A session left open ends by itself. The moment is written at most once in five minutes."""
    if not request.user.is_authenticated:
        return
    now, seen = timezone.now().timestamp(), request.session.get("seen")
    if seen is not None and now - seen > _IDLE.total_seconds():
        logout(request)
    elif seen is None or now - seen > 300:
        request.session["seen"] = now


def _language(request: HttpRequest) -> str:
    chosen = getattr(request.access, "language", "") or request.COOKIES.get("refloat_language", "")  # type: ignore[attr-defined]
    if chosen in _LANGUAGES.values():
        return chosen
    return _LANGUAGES.get(translation.get_language_from_request(request), "en")


def page(role: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """The page is for people who have this role for at least one account; which ones, it asks itself."""

    def of(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **named: object) -> HttpResponseBase:
            access: Access | None = request.access  # type: ignore[attr-defined]
            if access is None:
                return _to_sign_in(request)
            if not access.any(role):
                from refloat.console.faults import refused

                return refused(request, role)
            return view(request, *args, **named)

        return guarded

    return of


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # Let the whole page go there, not a part of it.
        return HttpResponse(status=204, headers={"HX-Redirect": "/account/login/"})
    response: HttpResponseRedirect = redirect(f"{settings.LOGIN_URL}")
    response["Location"] += f"?next={request.get_full_path()}"
    return response
