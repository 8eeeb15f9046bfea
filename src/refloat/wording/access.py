"""What all doors call roles, and what happened with access."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refloat.store.access_record import AccessRow

Say = Callable[[str], str]


def role_labels(_: Say) -> dict[str, str]:
    """Each role as a person calls it."""
    return {"viewer": _("viewer"), "operator": _("operator"), "approver": _("approver"), "admin": _("administrator")}


def role_text(role: str, account: str | None, _: Say) -> str:
    """A role with what it is for."""
    label = role_labels(_).get(role, role)
    return _("{role} for all accounts").format(role=label) if account is None else _("{role} for {account}").format(role=label, account=account)


def roles_text(roles: dict[str | None, str], _: Say) -> list[str]:
    """Every role, that for all accounts first."""
    return [role_text(role, account, _) for account, role in sorted(roles.items(), key=lambda one: (one[0] is not None, one[0] or ""))]


def reach_text(role: str, accounts: Sequence[str] | None, _: Say) -> str:
    """What an invitation gives."""
    if not role:
        return _("a new password")
    return role_text(role, None, _) if accounts is None else role_text(role, ", ".join(accounts), _)


def kind_labels(_: Say) -> dict[str, str]:
    """What happened, by the name it has on record."""
    return {
        "signed-in": _("signed in"),
        "sign-in-failed": _("failed to sign in"),
        "signed-out": _("signed out"),
        "link-made": _("made a link that lets in once"),
        "invited": _("invited"),
        "invitation-withdrawn": _("withdrew an invitation"),
        "invitation-accepted": _("accepted an invitation"),
        "password-link-made": _("made a link for a new password"),
        "roles-changed": _("changed roles"),
        "person-removed": _("removed a person"),
        "sessions-ended": _("ended sessions"),
        "password-changed": _("changed the password"),
        "email-changed": _("changed the e-mail address"),
        "token-made": _("made a token for programs"),
        "token-revoked": _("revoked a token"),
        "factor-added": _("added a second factor"),
        "factor-removed": _("removed a second factor"),
        "factor-asked": _("required a second factor of approvers and administrators"),
        "account-removed": _("removed an account"),
        "recipient-added": _("added a recipient of alarms"),
        "recipient-changed": _("changed a recipient of alarms"),
        "recipient-removed": _("removed a recipient of alarms"),
        "factor-not-asked": _("no longer requires a second factor"),
    }


def how_labels(_: Say) -> dict[str, str]:
    """By which means somebody signed in."""
    return {"password": _("password"), "mfa": _("second factor"), "link": _("link for one entry"), "totp": _("authenticator app"), "webauthn": _("passkey"), "recovery_codes": _("recovery codes")}


def told_text(row: AccessRow, _: Say) -> str:
    """What else an entry tells, in one line."""
    hows = how_labels(_)
    parts = [hows.get(one, one) for one in row.told.get("how", "").split(" + ") if one]
    if "role" in row.told:
        parts.append(reach_text(row.told["role"], None if row.told.get("all") else row.told.get("accounts", "").split("\n"), _))
    if "before" in row.told or "after" in row.told:
        parts.append(f"{row.told.get('before') or '–'} → {row.told.get('after') or row.whom or '–'}")
    if "where" in row.told:
        parts.append(row.told["where"])
    if "history" in row.told:
        parts.append(_("with its history"))
    return " · ".join(parts)
