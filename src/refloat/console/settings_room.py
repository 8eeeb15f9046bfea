"""What all pages of the settings share: whose account it is, how a form is read, and how it says what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NoReturn

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from refloat.console import desk
from refloat.console.access import Access, Request
from refloat.console.guarding import page
from refloat.errors import RefloatError, WrongUse
from refloat.locale import translator
from refloat.store import AccountRow

#: A field of a form holds no more than that; texts of their own have limits of their own.
_FIELD_MOST = 5000


def of_account(role: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """A page about one account, for people who have this role for it; who may not even see it is told that there is none."""

    def of(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @page("viewer")
        def guarded(request: Request, account: int, **named: object) -> HttpResponse:
            from refloat.console.faults import refused

            row = account_of(request.access, account)
            if not request.access.may(role, row.name):
                return refused(request, role)
            return view(request, row, **named)

        return guarded

    return of


def everywhere(role: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """A page about what concerns all accounts, those to come as well."""

    def of(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @page("viewer")
        def guarded(request: Request, **named: object) -> HttpResponse:
            from refloat.console.faults import refused

            return view(request, **named) if request.access.everywhere(role) else refused(request, role)

        return guarded

    return of


def account_of(access: Access, number: int) -> AccountRow:
    """The account of that number, where the person may see it."""
    found = next((row for row in desk.store().accounts.list() if row.id == number), None)
    if found is None or not access.may("viewer", found.name):
        raise Http404
    return found


def accounts_seen(access: Access) -> list[AccountRow]:
    """Every account that the person may see, by name."""
    return [row for row in desk.store().accounts.list() if access.may("viewer", row.name)]


class Form:
    """What was typed, and what is wrong with it: field → what, why, what to do. Secrets are never given back."""

    def __init__(self, request: Request, *secret: str) -> None:
        self._posted, self._say, self._secret = request.POST, translator(request.language), frozenset(secret)
        self.wrong: dict[str, dict[str, str]] = {}

    def text(self, name: str) -> str:
        """The field without blanks around it; a NUL is none of a person's letters."""
        return (self._posted.get(name) or "").strip()[:_FIELD_MOST].replace("\0", "")

    def all(self, name: str) -> list[str]:
        """Every value of a field of which several may be chosen."""
        return [one[:_FIELD_MOST] for one in self._posted.getlist(name) if one]

    def ticked(self, name: str) -> bool:
        """Is the box ticked?"""
        return name in self._posted

    @property
    def typed(self) -> dict[str, str]:
        """What is shown again."""
        return {name: self.text(name) for name in self._posted if name not in self._secret}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """What the block raises stands beside the field; the empty name: above the form."""
        try:
            yield
        except RefloatError as error:
            self.wrong[name] = worded(error, self._say)

    def needed(self, name: str, label: str) -> str:
        """The field, which must not be empty."""
        text = self.text(name)
        with self.of(name):
            if not text:
                raise missing(label)
        return text

    def day(self, name: str, label: str) -> date | None:
        """The field as a day; None where it is empty, or is none."""
        text = self.text(name)
        with self.of(name):
            return _day(text, label) if text else None
        return None

    def number(self, name: str, label: str) -> int | None:
        """The field as a whole number; None where it is empty, or is none."""
        text = self.text(name)
        with self.of(name):
            return _number(text, label) if text else None
        return None


def missing(label: str) -> WrongUse:
    """A field was left empty."""
    return WrongUse("{label} is missing.", why="It is needed here, and nothing was changed.", todo="Fill it in, and send the form again.", label=label)


def _day(text: str, label: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _no(label, text, "2026-11-22")


def _number(text: str, label: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        _no(label, text, "30")
    return int(text)


def _no(label: str, text: str, example: str) -> NoReturn:
    raise WrongUse("{label} cannot be “{text}”.", why="It is read exactly, so that nothing is guessed.", todo="Write it as in {example}.", label=label, text=text[:60], example=example)


def worded(error: RefloatError, say: Callable[[str], str]) -> dict[str, str]:
    """The error's parts in the reader's language."""
    return {name: error.filled(say(getattr(error, name) or "")) for name in ("what", "why", "todo")}


def gone_to(name: str, *args: Any, **query: Any) -> HttpResponse:
    """On to that page, by a request of its own."""
    response = HttpResponseRedirect(reverse(name, args=args or None, query=query or None))
    response.status_code = 303
    return response
