"""Around every page: what a browser may load, who is looking, and in which language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation

from refloat.app.second_factor import lacks_second_factor
from refloat.console.access import Access, access_of

Answering = Callable[[HttpRequest], HttpResponse]
#: Nothing from elsewhere, nothing inline; images of ours may be written into a page.
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
#: A session ends so long after the last page, and at the latest so long after it began.
IDLE, LONGEST = timedelta(hours=12), timedelta(days=14)


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
        _end_old(request)
        request.access = access_of(request)  # type: ignore[attr-defined]
        request.language = _language(request)  # type: ignore[attr-defined]
        with translation.override(request.language.lower()):  # type: ignore[attr-defined]
            return answering(request)

    return middleware


def _end_old(request: HttpRequest) -> None:
    """A session left open ends by itself, and none lasts for ever. The moment is written at most once in five minutes."""
    if not request.user.is_authenticated:
        return
    now, session = timezone.now().timestamp(), request.session
    seen, began = session.get("seen"), session.setdefault("began", now)
    if now - began > LONGEST.total_seconds() or (seen is not None and now - seen > IDLE.total_seconds()):
        logout(request)
    elif seen is None or now - seen > 300:
        session["seen"] = now


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
            if lacks_second_factor(access):
                return _sent_to(request, reverse("yourself"))
            return view(request, *args, **named)

        return guarded

    return of


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page is for everybody who is signed in: their own matters, a second factor that they have yet to set up among them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        return _to_sign_in(request) if request.access is None else view(request, *args, **named)  # type: ignore[attr-defined]

    return guarded


def needed(request: HttpRequest, role: str, account: str) -> None:
    """The person needs this role for this account. Without any for it, its pages are not there: that there is such an account is nobody else's business.

    Raises:
        Http404: the person has no role for it.
        PermissionDenied: a weaker one.
    """
    access: Access = request.access  # type: ignore[attr-defined]
    if access.role(account) is None:
        raise Http404
    if not access.may(role, account):
        raise PermissionDenied(role)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return _sent_to(request, f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")


def _sent_to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # Let the whole page go there, not a part of it.
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
