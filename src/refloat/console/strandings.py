"""The table of what is stranded: filters with counts, search, order, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from refloat.app.asked import UNKNOWN, cursor_text
from refloat.app.showing import days
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.asking import view_of
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.store.finding_rows import FACETS, Facet
from refloat.wording.labels import safety_labels, standing_labels

PAGE = 50


@page("viewer")
def listed(request: Request) -> HttpResponse:
    """A page of the table; only the table where htmx asks for it."""
    view, store, today = view_of(request), desk.store(), days(desk.clock().now())
    asked = view.of(request.access)
    wording = Wording(desk.known(), request.language, today)
    found = store.pages.page(asked, today, view.cursor, PAGE)
    count, whole = store.pages.count(asked, today)
    shown_facets = [] if asked.beyond_counts else facets(store.pages.facets(asked, FACETS), view.asked, wording, view.accounts)
    told = {
        "rows": wording.rows(found.rows),
        "next": None if found.next is None else view.address(at=cursor_text(found.next)),
        "before": None if found.before is None else view.address(at=cursor_text(found.before)),
        "count": f"{count:,}" if whole else wording._("more than {count}").format(count=f"{count:,}"),
        "view": view,
        "operator": request.access.any("operator"),
        "assignees": {number: wording._("with {name}").format(name=name) for number, name in store.asking.assignees([row.id for row in found.rows]).items()},
        "sorts": sort_labels(wording),
        "facets": shown_facets,
        "kept": list(view.fields(*(one["name"] for one in shown_facets), "q", "sort", *(["day"] if view.asked.stranded_on else []))),
        "counted_on": store.pages.counted_on(asked) if shown_facets and store.pages.of_another_day(asked, today) else None,
        "several": asked.accounts is None or len(asked.accounts) > 1,
    }
    return shown(request, "console/strandings.html", told)


def sort_labels(wording: Wording) -> list[tuple[str, str]]:
    """The orders of the table, as a person calls them."""
    _ = wording._
    return [("urgency", _("deadline × money")), ("worth", _("worth")), ("age", _("age")), ("units", _("units")), ("cost", _("cost so far")), ("sku", _("SKU"))]


def facets(found: Mapping[str, Sequence[Facet]], asked: Any, wording: Wording, accounts: Sequence[str]) -> list[dict[str, Any]]:
    """Each filter with its choices, how many fit each, and which are chosen."""
    _ = wording._
    due, age = [_("overdue"), _("within 7 days"), _("within 14 days"), _("within 30 days")], [_("more than {days} days").format(days=days) for days in (7, 14, 30, 90)]
    made = [
        _choices("account", _("Account"), found["account"], accounts, str),
        _choices("marketplace", _("Marketplace"), found["marketplace"], asked.marketplaces, str),
        _choices("cause", _("Reason"), found["cause"], asked.causes, wording.cause),
        _choices("recommended", _("Amazon recommends"), found["recommended"], asked.recommended, lambda name: wording.remedy(name) if name else _("nothing")),
        _choices("remedy", _("What to do"), found["remedy"], asked.remedies, wording.remedy),
        _choices("safety", _("How it is done"), found["safety"], asked.safeties, lambda name: safety_labels(_).get(name, name or _("unknown"))),
        _choices("standing", _("Standing"), found["standing"], asked.standings, lambda name: standing_labels(_).get(name, name)),
        _bands("due", _("Deadline"), found["due"], asked.due, list(zip((0, 7, 14, 30), due, strict=True)), reach=lambda band, at: band <= at),
        _bands("age", _("Stranded for"), found["age"], asked.age, list(zip((7, 14, 30, 90), age, strict=True)), reach=lambda band, at: at < band <= 4),
        _yes_no(_("On hold"), found["held"], asked.held, (_("on hold"), _("not on hold"))),
    ]
    return [one for one in made if len(one["choices"]) > 1 or one["chosen"]]


def _choices(name: str, title: str, found: Sequence[Facet], chosen: Sequence[str | None], worded: Any) -> dict[str, Any]:
    there = [_choice(one.value, worded, one.skus, chosen=one.value in chosen) for one in found]
    gone = [_choice(one, worded, 0, chosen=True) for one in chosen if one not in {facet.value for facet in found}]
    return _facet(name, title, there + gone, one=False)


def _choice(value: str | None, worded: Any, skus: int, *, chosen: bool) -> dict[str, Any]:
    return {"value": UNKNOWN if value is None else value, "text": worded(value), "skus": f"{skus:,}", "chosen": chosen}


def _bands(name: str, title: str, found: Sequence[Facet], chosen: int | None, bands: Sequence[tuple[int, str]], *, reach: Any) -> dict[str, Any]:
    choices = [{"value": str(days), "text": text, "skus": f"{sum(one.skus for one in found if reach(one.value, at)):,}", "chosen": days == chosen} for at, (days, text) in enumerate(bands)]
    return _facet(name, title, choices, one=True)


def _yes_no(title: str, found: Sequence[Facet], chosen: bool | None, texts: tuple[str, str]) -> dict[str, Any]:
    counts = {bool(one.value): one.skus for one in found}
    choices = [
        {"value": value, "text": text, "skus": f"{counts.get(truth, 0):,}", "chosen": chosen is truth} for value, text, truth in (("yes", texts[0], True), ("no", texts[1], False)) if counts.get(truth)
    ]
    return _facet("held", title, choices, one=True)


def _facet(name: str, title: str, choices: list[dict[str, Any]], *, one: bool) -> dict[str, Any]:
    return {"name": name, "title": title, "choices": choices, "one": one, "chosen": any(choice["chosen"] for choice in choices)}
