"""What happens at sign-in is written down: who, when, from which address, how; never a password, a code or a link."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as factors
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as auth
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from refloat.console import desk
from refloat.store.models import Person


def begin() -> None:
    """Listen; called once a process."""
    auth.user_logged_in.connect(_came)
    auth.user_logged_out.connect(_left)
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password)
    account.email_changed.connect(_address)
    factors.authentication_failed.connect(_factor_failed)
    factors.authenticator_added.connect(_factor_added)
    factors.authenticator_removed.connect(_factor_removed)
    factors.authenticator_reset.connect(_factor_added)


def record(request: HttpRequest, kind: str, *, by: str = "", whom: str = "", **told: str) -> None:
    """Write it down; ``by``: the person who is signed in where nobody else is named."""
    access = getattr(request, "access", None)
    desk.store().access_record.add(kind, timezone.now(), by=by or (access.name if access else ""), whom=whom, address=address_of(request), **told)


def address_of(request: HttpRequest) -> str:
    """From where the request came; behind a proxy of ours, as that says."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def _came(request: HttpRequest, user: Person, **_: Any) -> None:
    request.session["began"] = request.session["seen"] = timezone.now().timestamp()
    methods = [str(one.get("type") or one["method"]) for one in request.session.get("account_authentication_methods", [])]
    UserSession.objects.create_from_request(request)
    record(request, "signed-in", by=user.name, how=" + ".join(dict.fromkeys(methods)) or "link")


def _left(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        record(request, "signed-out", by=user.name)


def _password(request: HttpRequest, user: Person, **_: Any) -> None:
    record(request, "password-changed", by=user.name)


def _address(request: HttpRequest, user: Person, to_email_address: Any, from_email_address: Any = None, **_: Any) -> None:
    record(request, "email-changed", by=user.name, whom=to_email_address.email, before=from_email_address.email if from_email_address else "")


def _factor_failed(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    record(request, "sign-in-failed", whom=user.email, how=str(authenticator.type))


def _factor_added(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    record(request, "factor-added", by=user.name, how=str(authenticator.type))


def _factor_removed(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    record(request, "factor-removed", by=user.name, how=str(authenticator.type))
