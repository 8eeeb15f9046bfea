"""The journal: what happened, entry by entry, and whether its chains hold."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from refloat.app.policies import zone_of
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.removals import chosen_account
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.store.page_rows import AskedEntries, EntryCursor, PlacedEntry
from refloat.wording.moments import local

PAGE = 50
#: How the chain of the whole account is asked for: its name in the store is empty, as an unfilled field is.
_OWN = "-"
_FIELDS = ("account", "marketplace", "kind", "sku", "plan", "day")


@page("viewer")
def listed(request: Request) -> HttpResponse:
    """A page of entries, the newest first, of one account."""
    account, names = chosen_account(request)
    store, given = desk.store(), request.GET
    say = Wording(desk.known(), request.language, desk.clock().now().date())._
    if not names:
        return shown(request, "console/journal.html", {"account": "", "accounts": [], "entries": [], "given": {}, "narrowed": False, "chains": [], "kinds": [], "next": None, "before": None})
    place = given.get("marketplace") or ""
    since, until = _day(given.get("day"), zone_of(store, account))
    asked = AskedEntries(account, None if not place else "" if place == _OWN else place, _text(given.get("kind")), _text(given.get("sku")), _text(given.get("plan")), since, until)
    found = store.journal.page(asked, _cursor(given.get("at")), PAGE)
    kept = {name: given[name] for name in _FIELDS if given.get(name)}
    told = {
        "account": account,
        "accounts": names,
        "entries": [_worded(one) for one in found.entries],
        "given": dict.fromkeys(_FIELDS, "") | kept,
        "narrowed": len(kept.keys() - {"account"}) > 0,
        "chains": [(row.marketplace, row.marketplace) for row in store.accounts.places(account)] + [(_OWN, say("the whole account"))],
        "kinds": store.journal.kinds((account,)),
        "next": _address(kept, found.next),
        "before": _address(kept, found.before),
    }
    return shown(request, "console/journal.html", told)


def _worded(one: PlacedEntry) -> dict[str, Any]:
    entry, body = one.entry, one.entry.body
    named = [str(body[name]) for name in ("sku", "plan", "action", "remedy", "stage", "verdict", "result", "by") if body.get(name)]
    short = " · ".join(named or [f"{name} {body[name]}" for name in ("opened", "came_back", "changed", "closed", "version") if body.get(name)])
    whole = json.dumps({"number": entry.number, "at": entry.at.isoformat(), "kind": entry.kind, "body": body, "hash": entry.hash}, ensure_ascii=False, indent=2, sort_keys=True)
    return {"number": entry.number, "marketplace": one.marketplace, "at": local(entry.at, one.marketplace), "iso": entry.at.isoformat(), "kind": entry.kind, "short": short, "whole": whole}


def _text(given: str | None) -> str | None:
    return (given or "").strip()[:500] or None


def _day(text: str | None, zone: str) -> tuple[datetime | None, datetime | None]:
    """From the day's first moment to the next day's, in the account's time zone; what is no day narrows nothing."""
    with suppress(ValueError, OverflowError):
        day = date.fromisoformat(text or "")
        first, last = (datetime.combine(one, time(), ZoneInfo(zone)).astimezone(UTC) for one in (day, day + timedelta(days=1)))
        return first, last
    return None, None


def _address(kept: dict[str, str], cursor: EntryCursor | None) -> str | None:
    if cursor is None:
        return None
    at = base64.urlsafe_b64encode(json.dumps([cursor.at.isoformat(), cursor.id, cursor.back]).encode()).decode().rstrip("=")
    return urlencode(kept | {"at": at})


def _cursor(text: str | None) -> EntryCursor | None:
    """What is not understood is the first page."""
    with suppress(ValueError, TypeError, RecursionError, OverflowError):
        value, number, back = json.loads(base64.urlsafe_b64decode((text or "") + "=" * (-len(text or "") % 4)))
        if isinstance(number, int) and abs(number) < 2**63:
            at = datetime.fromisoformat(value)
            return EntryCursor(at if at.tzinfo else at.replace(tzinfo=UTC), number, bool(back))
    return None


@page("viewer")
def check(request: Request) -> HttpResponse:
    """Walk every chain of the account from its first entry to its last; nothing is changed by it."""
    account, names = chosen_account(request)
    found = list(desk.store().journal.checked(account)) if names else []
    chains = [{"marketplace": one.marketplace, "entries": f"{one.entries:,}", "head": one.head, "broken": one.broken, "how": one.how} for one in found]
    return shown(request, "console/chains.html", {"account": account, "chains": chains, "broken": any(one.broken is not None for one in found)})
