"""What works by itself: who is at what, what waits and for what, what failed and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from refloat.app.working import overview
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.settings_accounts import moment
from refloat.locale import translator
from refloat.store import DueRow
from refloat.wording.working import waits_text, what_text, why_text

_LATER = 20


@page("viewer")
def health(request: Request) -> HttpResponse:
    """Of the accounts that the person may see; what concerns the whole store, for those who see all."""
    found, _, access = overview(desk.store(), None, desk.clock().now()), translator(request.language), request.access
    seen = access.accounts()

    def own(rows: tuple[DueRow, ...]) -> list[DueRow]:
        return [row for row in rows if (seen is None if row.account is None else access.may("viewer", row.account))]

    def told(row: DueRow) -> dict[str, Any]:
        return {
            "what": what_text(row, request.language),
            "since": moment(row.begun_at, _),
            "worker": row.worker or "",
            "due": moment(row.due_at, _),
            "waits": waits_text(row.waits_for, request.language) if row.waits_for else "",
            "why": why_text(row, request.language) if row.failures else "",
            "times": row.failures,
            "troubled": moment(row.troubled_since, _),
        }

    lists = {name: [told(row) for row in own(getattr(found, name))] for name in ("running", "broken_off", "failed", "waiting", "later")}
    more = max(0, len(lists["later"]) - _LATER)
    lists["later"] = lists["later"][:_LATER]
    return shown(request, "console/settings_work.html", {**lists, "more": more, "workers": found.workers, "database": desk.store().database if access.everywhere("admin") else ""})
