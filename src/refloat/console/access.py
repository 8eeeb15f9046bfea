"""What the person who looks may do, and for which accounts."""

from __future__ import annotations

from django.http import HttpRequest

from refloat.app.access import Access
from refloat.console import desk

__all__ = ["Access", "Request", "access_of"]


class Request(HttpRequest):
    """A request as every guarded page gets it: somebody is signed in, and their language is known."""

    access: Access
    language: str


def access_of(request: HttpRequest) -> Access | None:
    """Of the person who is signed in; None when nobody is."""
    if not request.user.is_authenticated:
        return None
    person = request.user
    # Django has read the person anew for this request already, and leaves out who is no longer active.
    return Access(person.pk, person.name, person.email, person.language, desk.store().people.roles_of(person.pk))  # type: ignore[attr-defined]
