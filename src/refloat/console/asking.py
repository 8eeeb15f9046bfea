"""A question in an address, and back: filters, order, search, and where a page begins. What is not understood is left out, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from refloat.app.asked import MANY, TEXT_MOST, UNKNOWN, cursor_of, values_of
from refloat.console.access import Access
from refloat.store.finding_rows import AGE_DAYS, DUE_DAYS, SORTS, Asked, Cursor


@dataclass(frozen=True)
class View:
    """A question as somebody asks it, without whose accounts they may see: ``accounts`` are those that they chose."""

    asked: Asked
    accounts: tuple[str, ...]
    cursor: Cursor | None = None

    def of(self, access: Access) -> Asked:
        """The question, over no account that the person may not see."""
        seen = access.accounts()
        if not self.accounts:
            return replace(self.asked, accounts=seen)
        return replace(self.asked, accounts=tuple(name for name in self.accounts if seen is None or name in seen))

    @property
    def narrowed(self) -> bool:
        """Is anything filtered?"""
        return bool(self.accounts) or self.asked != Asked(sort=self.asked.sort)

    def address(self, **changed: Any) -> str:
        """The question as a query string; ``changed`` parameters stand for its own, None leaves one out."""
        pairs = dict(self._pairs()) | changed
        return urlencode([(name, one) for name, value in pairs.items() for one in _listed(value)])

    def fields(self, *without: str) -> Iterator[tuple[str, str]]:
        """The same as the fields of a form."""
        yield from ((name, str(one)) for name, value in self._pairs() if name not in without for one in _listed(value))

    def _pairs(self) -> Iterator[tuple[str, Any]]:
        yield "account", self.accounts
        for name, field in MANY.items():
            yield name, [UNKNOWN if one is None else one for one in getattr(self.asked, field)]
        yield "due", self.asked.due
        yield "age", self.asked.age
        yield "held", None if self.asked.held is None else ("yes" if self.asked.held else "no")
        yield "day", UNKNOWN if self.asked.day_unknown else self.asked.stranded_on and self.asked.stranded_on.isoformat()
        yield "q", self.asked.text or None
        yield "sort", None if self.asked.sort == "urgency" else self.asked.sort


def _listed(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def view_of(request: HttpRequest) -> View:
    """The question that the address, or the form, asks."""
    return view_in(request.POST if request.method == "POST" else request.GET)


def view_in(given: QueryDict | Mapping[str, str]) -> View:
    """The question of these parameters."""
    many = given.getlist if isinstance(given, QueryDict) else (lambda name: [given[name]] if name in given else [])
    lists: dict[str, Any] = {field: values_of(name, (one[:TEXT_MOST] for one in many(name) if one)) for name, field in MANY.items()}
    sort = given.get("sort") or "urgency"
    asked = Asked(
        **lists,
        due=_among(given.get("due"), DUE_DAYS),
        age=_among(given.get("age"), AGE_DAYS),
        held={"yes": True, "no": False}.get(given.get("held") or ""),
        stranded_on=_day(given.get("day")),
        day_unknown=given.get("day") == UNKNOWN,
        text=(given.get("q") or "").strip()[:TEXT_MOST].replace("\0", ""),
        sort=sort if sort in SORTS else "urgency",
    )
    return View(asked, tuple(one for one in many("account") if one), cursor_of(given.get("at"), asked.sort))


def _among(text: str | None, known: tuple[int, ...]) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) in known else None


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None
