"""One's own tokens for programs: made and shown once, listed without themselves, revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from refloat.console import desk
from refloat.console.access import Request
from refloat.console.faults import not_there
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.saying import say
from refloat.console.watching import record
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.store.people import ROLES
from refloat.store.tokens import SCOPES, TokenRow
from refloat.wording.labels import Say

#: For so many days a token is good; 0: until it is revoked.
_DAYS = (30, 90, 365, 0)
#: Use → the least role that makes anything of it.
_NEEDS = dict(zip(SCOPES, ROLES, strict=True))


@page("viewer")
def mine(request: Request) -> HttpResponse:
    """The person's tokens."""
    return _shown(request)


def _shown(request: Request, *, code: int = 200, **more: Any) -> HttpResponse:
    _, now = translator(request.language), datetime.now(UTC)
    rows = [_row(one, now, _) for one in desk.store().tokens.of(request.access.id)]
    scopes = [(name, text) for name, text in _scopes(_).items() if request.access.any(_NEEDS[name])]
    days = [(days, _("{days} days").format(days=days) if days else _("until it is revoked")) for days in _DAYS]
    return shown(request, "console/tokens.html", {"rows": rows, "scopes": scopes, "days": days, "new": None, "name": "", "chosen": ("read",), "fault": None, **more}, code=code)


def _scopes(_: Say) -> dict[str, str]:
    return {
        "read": _("read: see what you see"),
        "plan": _("plan: look, plan, hold, enter results"),
        "approve": _("approve: approve and carry out in your name"),
        "admin": _("administer: enter a policy"),
    }


def _row(one: TokenRow, now: datetime, _: Say) -> dict[str, Any]:
    ended = _("revoked") if one.revoked_at else _("expired") if not one.lives(now) else ""
    return {
        "id": one.id,
        "name": one.name,
        "prefix": f"{one.prefix}…",
        "scopes": " ".join(one.scopes),
        "made": f"{one.made_at:%Y-%m-%d}",
        "expires": _("until it is revoked") if one.expires_at is None else f"{one.expires_at:%Y-%m-%d}",
        "used": _("never") if one.used_at is None else f"{one.used_at:%Y-%m-%d %H:%M} UTC",
        "ended": ended,
    }


@require_POST
@page("viewer")
def make(request: Request) -> HttpResponse:
    """A new token, shown on the page that answers, and never again."""
    asked, now = request.POST, datetime.now(UTC)
    allowed = [name for name in SCOPES if request.access.any(_NEEDS[name])]
    chosen, name = [one for one in asked.getlist("scope") if one in allowed], asked.get("name", "")
    days = next((one for one in _DAYS if str(one) == asked.get("days")), _DAYS[0])
    try:
        row, text = desk.store().tokens.make(request.access.id, name, chosen, now, expires_at=now + timedelta(days=days) if days else None)
    except WrongUse as error:
        words = translator(request.language)
        return _shown(request, code=422, name=name, chosen=chosen, fault=" ".join(error.filled(words(part)) for part in (error.what, error.why, error.todo)))
    record(request, "token-made", whom=row.name, how=" ".join(chosen))
    return _shown(request, new={"name": row.name, "text": text})


@require_POST
@page("viewer")
def revoke(request: Request, token_id: int) -> HttpResponse:
    """End one of one's own tokens at once."""
    row = desk.store().tokens.revoke(request.access.id, token_id, datetime.now(UTC))
    if row is None:
        return not_there(request)
    record(request, "token-revoked", whom=row.name)
    say(request, translator(request.language)("The token {name} lets nobody in any more.").format(name=row.name))
    return redirect("tokens")
