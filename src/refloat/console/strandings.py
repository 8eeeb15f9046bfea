"""The table of what is stranded: filters with counts, search, order, pages."""

from __future__ import annotations

from django.http import HttpResponse

from refloat.app.asked import cursor_text
from refloat.app.showing import days
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.asking import view_of
from refloat.console.filters import beside
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.store.finding_rows import FACETS

PAGE = 50


@page("viewer")
def listed(request: Request) -> HttpResponse:
    """A page of the table; only the table where htmx asks for it."""
    view, store, today = view_of(request), desk.store(), days(desk.clock().now())
    asked = view.of(request.access)
    wording = Wording(desk.known(), request.language, today)
    found = store.pages.page(asked, today, view.cursor, PAGE)
    count, whole = store.pages.count(asked, today)
    offered = None if asked.beyond_counts else beside(store.pages.facets(asked, FACETS), view.asked, request.language, view.accounts)
    told = {
        "rows": wording.rows(found.rows),
        "next": None if found.next is None else view.address(at=cursor_text(found.next)),
        "before": None if found.before is None else view.address(at=cursor_text(found.before)),
        "count": f"{count:,}" if whole else wording._("more than {count}").format(count=f"{count:,}"),
        "view": view,
        "operator": request.access.any("operator"),
        "assignees": {number: wording._("with {name}").format(name=name) for number, name in store.asking.assignees([row.id for row in found.rows]).items()},
        "sorts": sort_labels(wording),
        "filters": offered.html if offered else "",
        "kept": list(view.fields(*(offered.names if offered else ()), "q", "sort", *(["day"] if view.asked.stranded_on else []))),
        "counted_on": store.pages.counted_on(asked) if offered and offered.names and store.pages.of_another_day(asked, today) else None,
        "several": asked.accounts is None or len(asked.accounts) > 1,
    }
    return shown(request, "console/strandings.html", told)


def sort_labels(wording: Wording) -> list[tuple[str, str]]:
    """The orders of the table, as a person calls them."""
    _ = wording._
    return [("urgency", _("deadline × money")), ("worth", _("worth")), ("age", _("age")), ("units", _("units")), ("cost", _("cost so far")), ("sku", _("SKU"))]
