"""Invitations: a link that an administrator hands over; good for a week, used once, and only its hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from refloat.errors import WrongUse
from refloat.store.models import Account, Invitation, Person, Role
from refloat.store.names import INVITATION_DAYS, cleaned_address, cleaned_name
from refloat.store.people import ROLES, hashed
from refloat.store.tokens import revoke_all
from refloat.store.turns import reading, writing


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation without its link; ``accounts``: None for all; ``person_id``: whose new password it is, None for a newcomer."""

    id: int
    email: str
    role: str
    accounts: tuple[str, ...] | None
    person_id: int | None
    invited_by: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came; ``revoked``: the names of tokens that they had when they were here before, and that let nobody in any more."""

    person_id: int
    revoked: tuple[str, ...] = ()


class Invitations:
    """Who is invited, and who came."""

    def invite(self, email: str, role: str, accounts: Sequence[str] | None, *, by: str, at: datetime) -> str:
        """The token of a new invitation, for these accounts or, None, for all; one that is open for the same address is withdrawn.

        Raises:
            WrongUse: no address, a role or an account that there is not, or a person who is there already.
        """
        address = cleaned_address(email)
        if role not in ROLES:
            raise WrongUse("There is no role {role}.", why="A person is one of viewer, operator, approver, admin.", todo="Choose one of them.", role=role)
        with writing():
            if Person.objects.filter(email__iexact=address, is_active=True).exists():
                raise WrongUse("{email} is there already.", why="A person is invited once.", todo="Change their roles instead.", email=address)
            return _made(address, role, None if accounts is None else _ids(accounts), None, by, at)

    def new_password(self, person_id: int, *, by: str, at: datetime) -> str:
        """The token by which a person who is there chooses a new password; their roles stay."""
        with writing():
            person = Person.objects.get(pk=person_id, is_active=True)
            return _made(person.email, "", [], person, by, at)

    def open(self, at: datetime) -> list[InvitationRow]:
        """Those that still let somebody in, the newest first."""
        with reading():
            names = dict(Account.objects.values_list("id", "name"))
            return [_row(one, names) for one in Invitation.objects.filter(used_at=None, withdrawn_at=None, until__gt=at).order_by("-at", "-id")]

    def find(self, token: str, at: datetime) -> InvitationRow | None:
        """The invitation of that token; None when it was used or withdrawn, is too old, or never was one."""
        with reading():
            found = Invitation.objects.filter(hash=hashed(token), used_at=None, withdrawn_at=None, until__gt=at).first()
            return None if found is None else _row(found, dict(Account.objects.values_list("id", "name")))

    def withdraw(self, invitation_id: int, at: datetime) -> None:
        """It lets nobody in any more."""
        with writing():
            Invitation.objects.filter(pk=invitation_id, used_at=None, withdrawn_at=None).update(withdrawn_at=at)

    def accept(self, token: str, *, name: str, language: str, password: str, at: datetime) -> Arrival | None:
        """Make the person, or give the one who is there the password; who it is. None where the invitation lets nobody in, also when two come at once. ``password`` was looked at before.

        Raises:
            WrongUse: the name is none, or taken; the invitation stays as it was.
        """
        # Hashing a password takes its time on purpose; nobody waits for it.
        password_hash = make_password(password)
        with writing():
            if not Invitation.objects.filter(hash=hashed(token), used_at=None, withdrawn_at=None, until__gt=at).update(used_at=at):
                return None
            found = Invitation.objects.get(hash=hashed(token))
            person, revoked = (found.person, ()) if found.person else _newcomer(found, name, at)
            person.language = language
            person.password = password_hash
            person.save()
            return Arrival(int(person.pk), revoked)


def _newcomer(found: Invitation, name: str, at: datetime) -> tuple[Person, tuple[str, ...]]:
    """One who was there once comes back as the same person, for the record knows them, and with nothing else of what they had; the tokens that ended by it."""
    person = Person.objects.filter(email__iexact=found.email).first() or Person(email=found.email, added_at=at)
    person.name = cleaned_name(name, Person.objects.exclude(pk=person.pk).values_list("name", flat=True))
    person.is_active = True
    person.save()
    # Of one who was removed before tokens ended with their person.
    revoked = revoke_all(person.pk, at)
    Role.objects.filter(person=person).delete()
    for account in [None] if found.account_ids is None else Account.objects.filter(pk__in=found.account_ids):
        Role.objects.create(person=person, account=account, role=found.role)
    return person, revoked


def _made(email: str, role: str, account_ids: list[int] | None, person: Person | None, by: str, at: datetime) -> str:  # noqa: PLR0917 - the columns of a row
    token = secrets.token_urlsafe(32)
    Invitation.objects.filter(email=email, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    Invitation.objects.create(hash=hashed(token), email=email, role=role, account_ids=account_ids, person=person, invited_by=by, at=at, until=at + timedelta(days=INVITATION_DAYS))
    return token


def _ids(accounts: Sequence[str]) -> list[int]:
    found = dict(Account.objects.filter(removed_at=None, name__in=accounts).values_list("name", "id"))
    for name in accounts:
        if name not in found:
            raise WrongUse("There is no account {name}.", why="A role is given for accounts that are connected.", todo="See what is there: refloat accounts list", name=name)
    if not found:
        raise WrongUse("The invitation names no account.", why="Whoever came would see nothing.", todo="Choose an account, or all of them.")
    return list(found.values())


def _row(one: Invitation, names: dict[int, str]) -> InvitationRow:
    accounts = None if one.account_ids is None else tuple(sorted(names[account] for account in one.account_ids if account in names))
    return InvitationRow(one.pk, one.email, one.role, accounts, one.person_id, one.invited_by, one.at, one.until)
