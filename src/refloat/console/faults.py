"""When something goes wrong, the page says what, why, and what to do; never how it looks inside."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from refloat.console.rendering import shown
from refloat.errors import RefloatError
from refloat.locale import translator
from refloat.store.people import ROLES
from refloat.wording.access import role_labels

_log = logging.getLogger(__name__)
Answering = Callable[[HttpRequest], HttpResponse]


def told(answering: Answering) -> Answering:
    """An error of ours that a page raises becomes a page of its own: it has all four parts already."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answering(request)

    def answered(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return of_error(request, error) if isinstance(error, RefloatError) else None

    # So Django calls what it asks when a page raises.
    setattr(middleware, "process_exception", answered)  # noqa: B010 - a function has no such attribute for the type checker
    return middleware


def of_error(request: HttpRequest, error: RefloatError, *, code: int = 409) -> HttpResponse:
    """The error in the reader's language."""
    say = translator(getattr(request, "language", "en"))
    parts = {"what": error.filled(say(error.what)), "why": error.filled(say(error.why or "")), "todo": error.filled(say(error.todo or "")), "more": error.more}
    return shown(request, "console/fault.html", {"fault": parts}, code=code)


def refused(request: HttpRequest, role: str) -> HttpResponse:
    """The person may not."""
    say = translator(getattr(request, "language", "en"))
    roles = role_labels(say)
    fault = {
        "what": say("You may not do that."),
        "why": say("It needs the role {role} for this account.").format(role=roles[role]),
        "todo": say("Ask an administrator of your Refloat for it. Nothing was changed."),
        "more": None,
    }
    return shown(request, "console/fault.html", {"fault": fault}, code=403)


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    say = translator(getattr(request, "language", "en"))
    fault = {"what": say("There is no such page."), "why": say("The address is misspelt, or what it showed is no longer there."), "todo": say("Begin at the first page."), "more": None}
    return shown(request, "console/fault.html", {"fault": fault}, code=404)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    say = translator(getattr(request, "language", "en"))
    fault = {"what": say("That was not understood."), "why": say("The address or the form holds something that Refloat does not know."), "todo": say("Go back and try again."), "more": None}
    return shown(request, "console/fault.html", {"fault": fault}, code=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    role = str(exception.args[0]) if exception is not None and exception.args else "viewer"
    return refused(request, role if role in ROLES else "viewer")


def too_many(request: HttpRequest) -> HttpResponse:
    say = translator(getattr(request, "language", "en"))
    fault = {
        "what": say("Too many tries."),
        "why": say("Whoever tries many passwords is slowed down."),
        "todo": say("Wait five minutes, then try again."),
        "more": None,
    }
    return shown(request, "console/fault.html", {"fault": fault}, code=429)


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as Django calls it
    say = translator(getattr(request, "language", "en"))
    fault = {
        "what": say("Nothing was changed."),
        "why": say("The form did not come from a page of this session; the session may have ended meanwhile."),
        "todo": say("Open the page again and repeat it."),
        "more": None,
    }
    return shown(request, "console/fault.html", {"fault": fault}, code=403)


def broken(request: HttpRequest) -> HttpResponse:
    say = translator(getattr(request, "language", "en"))
    fault = {
        "what": say("Something broke inside Refloat."),
        "why": say("It is our mistake. What was on record stays as it was."),
        "todo": say("Try again. If it stays, tell us, with the lines that the server wrote at this moment."),
        "more": None,
    }
    return shown(request, "console/fault.html", {"fault": fault}, code=500)
