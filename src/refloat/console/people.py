"""People and roles: who may what for which account; changing it, removing somebody, and what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from refloat.console import desk
from refloat.console.access import Access, Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.watching import record
from refloat.locale import translator
from refloat.store.people import PersonRow
from refloat.wording.access import how_labels, kind_labels, reach_text, role_labels, role_text, roles_text, told_text

_PAGE = 100


@require_GET
@page("admin")
def listed(request: Request) -> HttpResponse:
    """Everybody whom the administrator may see, and who is invited."""
    return shown(request, "console/people.html", overview(request))


def overview(request: Request, **more: Any) -> dict[str, Any]:
    """What the page shows; ``more``: what was typed, and what was wrong with it."""
    access, _, store = request.access, translator(request.language), desk.store()
    factors, hows = _factors(), how_labels(_)
    people = [
        {"id": one.id, "name": one.name, "email": one.email, "roles": roles_text(one.roles, _), "factors": [hows[kind] for kind in factors[one.id]], "signed_in": moment(one.signed_in_at, _)}
        for one in store.people.everyone()
        if _seen(access, one)
    ]
    invited = [
        {"id": one.id, "email": one.email, "gives": reach_text(one.role, one.accounts, _), "by": one.invited_by, "until": moment(one.until, _)}
        for one in store.invitations.open(timezone.now())
        if may_give(access, one.accounts)
    ]
    return {
        "people": people,
        "invited": invited,
        "roles": role_labels(_),
        "accounts": administered(access),
        "everywhere": access.everywhere("admin"),
        "second_factor": store.people.second_factor_asked(),
        "mails": desk.config().smtp_url is not None,
        "typed": {"email": "", "role": "viewer", "accounts": [], "all": False},
        "wrong": None,
    } | more


@page("admin")
def one(request: Request, person: int) -> HttpResponse:
    """One person's roles; they are changed for the accounts of which one is an administrator."""
    row, access, _ = _person(request, person), request.access, translator(request.language)
    accounts: list[str | None] = [*([None] if access.everywhere("admin") else []), *administered(access)]
    if request.method == "POST":
        wanted = {account: request.POST[field] or None for account in accounts if (field := _field(account)) in request.POST}
        changed = {account: role for account, role in wanted.items() if role != row.roles.get(account)}
        if changed:
            before = desk.store().people.change_roles(row.id, changed)
            for account, role in changed.items():
                was = role_text(before[account], account, _english) if account in before else ""
                record(request, "roles-changed", whom=row.name, before=was, after=role_text(role, account, _english) if role else "")
            messages.success(request, _("The roles of {name} are changed.").format(name=row.name))
        return redirect("people")
    fields = [{"name": _field(account), "label": _("All accounts") if account is None else account, "held": row.roles.get(account, "")} for account in accounts]
    told = {"row": row, "fields": fields, "roles": role_labels(_), "everywhere": access.everywhere("admin"), "factors": _factors()[row.id], "self": row.id == access.id}
    return shown(request, "console/person.html", told)


@page("admin")
def remove(request: Request, person: int) -> HttpResponse:
    """Ask in words first; then every session of theirs ends at once."""
    row, _ = of_everywhere(request, person), translator(request.language)
    if request.method != "POST":
        return shown(request, "console/person_remove.html", {"row": row, "self": row.id == request.access.id})
    revoked = desk.store().people.remove(row.id, timezone.now())
    _end(row.id)
    Authenticator.objects.filter(user_id=row.id).delete()
    record(request, "person-removed", whom=f"{row.name} <{row.email}>")
    for token in revoked:
        record(request, "token-revoked", whom=f"{token} ({row.name})")
    messages.success(request, _("{name} is removed; their sessions have ended.").format(name=row.name))
    return redirect("people")


@require_POST
@page("admin")
def end_sessions(request: Request, person: int) -> HttpResponse:
    """The person must sign in again, everywhere."""
    row, _ = of_everywhere(request, person), translator(request.language)
    _end(row.id)
    record(request, "sessions-ended", whom=row.name)
    messages.success(request, _("{name} must sign in again, everywhere.").format(name=row.name))
    return redirect("people")


@require_POST
@page("admin")
def drop_factors(request: Request, person: int) -> HttpResponse:
    """For somebody who lost their telephone: the password alone lets them in until they set up another one."""
    row, _ = of_everywhere(request, person), translator(request.language)
    for kind in _factors()[row.id]:
        record(request, "factor-removed", whom=row.name, how=kind)
    Authenticator.objects.filter(user_id=row.id).delete()
    _end(row.id)
    messages.success(request, _("{name} signs in with the password alone, until they set up a second factor again.").format(name=row.name))
    return redirect("people")


@require_POST
@page("admin")
def second_factor(request: Request) -> HttpResponse:
    """Approvers and administrators must have one, or need not."""
    if not request.access.everywhere("admin"):
        raise PermissionDenied("admin")
    on = request.POST.get("on") == "yes"
    if on != desk.store().people.second_factor_asked():
        desk.store().people.ask_second_factor(on=on)
        record(request, "factor-asked" if on else "factor-not-asked")
    return redirect("people")


@require_GET
@page("admin")
def happened(request: Request) -> HttpResponse:
    """The record of access, the newest first."""
    if not request.access.everywhere("admin"):
        raise PermissionDenied("admin")
    _, before = translator(request.language), request.GET.get("before", "")
    found = desk.store().access_record.page(int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None, _PAGE)
    kinds, here = kind_labels(_), _("this server's command line")
    rows = [
        {"at": moment(row.at, _), "by": row.by, "kind": kinds.get(row.kind, row.kind), "whom": row.whom, "told": told_text(row, _), "address": row.address or here}
        for row in found
    ]  # fmt: skip
    return shown(request, "console/people_record.html", {"rows": rows, "next": found[-1].id if len(found) == _PAGE else None})


def administered(access: Access) -> list[str]:
    """The accounts of which the person is an administrator."""
    return [row.name for row in desk.store().accounts.list() if access.may("admin", row.name)]


def may_give(access: Access, accounts: Collection[str] | None) -> bool:
    """May the person give a role for these accounts (None: for all of them, those to come as well)?"""
    return access.everywhere("admin") or (bool(accounts) and all(access.may("admin", account) for account in accounts or ()))


def moment(at: datetime | None, _: Any) -> str:
    """An instant as the pages of access show it."""
    return _("never") if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def _seen(access: Access, row: PersonRow) -> bool:
    return access.everywhere("admin") or any(account is None or access.may("admin", account) for account in row.roles)


def _person(request: Request, person: int) -> PersonRow:
    row = desk.store().people.get(person)
    if row is None or not _seen(request.access, row):
        raise Http404
    return row


def of_everywhere(request: Request, person: int) -> PersonRow:
    """What is done to the person themselves, and not to a role of theirs for an account, is for administrators of all accounts."""
    row = _person(request, person)
    if not request.access.everywhere("admin"):
        raise PermissionDenied("admin")
    return row


def _end(person: int) -> None:
    for session in UserSession.objects.filter(user_id=person):
        session.end()


def _factors() -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for person, kind in Authenticator.objects.exclude(type="recovery_codes").values_list("user_id", "type").order_by("type").distinct():
        found[person].append(kind)
    return found


def _field(account: str | None) -> str:
    return "role" if account is None else f"role:{account}"


def _english(text: str) -> str:
    """The record is one for readers of both languages."""
    return text
