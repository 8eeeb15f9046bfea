"""What a page says after something was done: a line on the next page; and a page of its own where it could not be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from refloat.console.faults import of_error
from refloat.errors import RefloatError
from refloat.locale import translator


def say(request: HttpRequest, text: str) -> None:
    """A line that the next page shows."""
    messages.success(request, text)


def warn(request: HttpRequest, text: str) -> None:
    """A line that the next page shows as something that went wrong."""
    messages.warning(request, text)


def in_words(error: RefloatError, language: str) -> str:
    """The error in one line: what, why, what to do."""
    told = translator(language)
    return " ".join(error.filled(told(part)) for part in (error.what, error.why, error.todo) if part)


def back(request: HttpRequest, address: str) -> HttpResponse:
    """Go there; htmx as well."""
    del request
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer


def could_not(request: HttpRequest, error: RefloatError, **named: Any) -> HttpResponse:
    """The error as a page of its own."""
    return of_error(request, error, **named)
