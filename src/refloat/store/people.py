"""People, their roles, and the links that let them in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from refloat.errors import WrongUse
from refloat.store.models import AccessRule, Account, EntryLink, Invitation, Person, Role
from refloat.store.sql import answers
from refloat.store.tokens import revoke_all
from refloat.store.turns import reading, writing

#: Each may what those before it may.
ROLES = ("viewer", "operator", "approver", "admin")
#: So long a link for one entry is good.
LINK_MINUTES = 15
#: The rule that approvers and administrators have a second factor.
SECOND_FACTOR = "second-factor"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person; ``roles``: account → role, None for all accounts; ``signed_in_at``: None, never."""

    id: int
    email: str
    name: str
    language: str
    roles: dict[str | None, str] = field(default_factory=dict)
    signed_in_at: datetime | None = None


class People:
    """Who may do what; every change of it is for the doors to ask a person for."""

    def on_this_machine(self, login: str, at: datetime) -> PersonRow:
        """The person who started the console on this machine: may everything, as they may with the command line."""
        with writing():
            person, made = Person.objects.get_or_create(email=f"{login}@localhost", defaults={"name": login, "added_at": at})
            if made:
                person.set_unusable_password()
                person.save()
                Role.objects.create(person=person, account=None, role="admin")
            return _row(person)

    def get(self, person_id: int) -> PersonRow | None:
        """The person; None when there is none, or no more."""
        with reading():
            found = Person.objects.filter(pk=person_id, is_active=True).first()
            return None if found is None else _row(found)

    def roles_of(self, person_id: int) -> dict[str | None, str]:
        """Account → role, None for all accounts; of somebody who is known to be there."""
        with reading():
            return dict(answers("SELECT a.name, r.role FROM store_role r LEFT JOIN store_account a ON a.id = r.account_id WHERE r.person_id = %s", [person_id]))

    def called(self, email: str) -> PersonRow:
        """The person of that e-mail address.

        Raises:
            WrongUse: there is none.
        """
        with reading():
            found = Person.objects.filter(email__iexact=email, is_active=True).first()
        if found is None:
            raise WrongUse("Nobody signs in as {email}.", why="No person of that e-mail address may do anything here.", todo="See who there is: refloat people list", email=email)
        return _row(found)

    def everyone(self) -> list[PersonRow]:
        """Everybody who may sign in, by name."""
        with reading():
            roles: dict[int, dict[str | None, str]] = {}
            for person, account, role in Role.objects.values_list("person_id", "account__name", "role"):
                roles.setdefault(person, {})[account] = role
            return [_row(person, roles.get(person.pk, {})) for person in Person.objects.filter(is_active=True).order_by("name", "id")]

    def change_roles(self, person_id: int, roles: Mapping[str | None, str | None]) -> dict[str | None, str]:
        """Give these roles, account → role, None as account for all of them; None as role takes it away. Those that are not named stay. What held before.

        Raises:
            WrongUse: an account or a role that there is not, or nobody would be left who may invite people.
        """
        accounts: dict[str | None, int] = {}
        with writing():
            accounts.update(Account.objects.filter(removed_at=None, name__in=[name for name in roles if name]).values_list("name", "id"))
            before = dict(Role.objects.filter(person_id=person_id).values_list("account__name", "role"))
            for name, role in roles.items():
                _refuse_unknown(name, role, accounts)
                of = None if name is None else accounts[name]
                Role.objects.filter(person_id=person_id, account_id=of).delete()
                if role is not None:
                    Role.objects.create(person_id=person_id, account_id=of, role=role)
            _refuse_without_admin()
        return before

    def remove(self, person_id: int, at: datetime) -> tuple[str, ...]:
        """Take everything from the person that lets them in: their sessions end with their password, their tokens are revoked, and whom they invited is not let in.
        What they did stays on record under their name. The names of the tokens that were revoked by it, for the record of access.

        Raises:
            WrongUse: nobody would be left who may invite people.
        """
        with writing():
            person = Person.objects.get(pk=person_id)
            person.is_active = False
            person.set_unusable_password()
            person.save(update_fields=["is_active", "password"])
            Role.objects.filter(person=person).delete()
            EntryLink.objects.filter(person=person).delete()
            Invitation.objects.filter(Q(person=person) | Q(invited_by=person.name), used_at=None, withdrawn_at=None).update(withdrawn_at=at)
            revoked = revoke_all(person_id, at)
            _refuse_without_admin()
        return revoked

    def choose_language(self, person_id: int, language: str) -> None:
        """The language in which the person reads."""
        with writing():
            Person.objects.filter(pk=person_id).update(language=language)

    def link(self, person_id: int, at: datetime) -> str:
        """A token that lets the person in once, within ``LINK_MINUTES``."""
        token = secrets.token_urlsafe(32)
        with writing():
            EntryLink.objects.filter(until__lt=at - timedelta(days=1)).delete()
            EntryLink.objects.create(hash=hashed(token), person_id=person_id, until=at + timedelta(minutes=LINK_MINUTES))
        return token

    def enter(self, token: str, at: datetime) -> int | None:
        """Whom the token lets in; None when it was used, is too old, or never was one. Using it uses it up."""
        with writing():
            used = EntryLink.objects.filter(hash=hashed(token), used_at=None, until__gt=at, person__is_active=True).update(used_at=at)
            return EntryLink.objects.values_list("person_id", flat=True).get(hash=hashed(token)) if used else None

    def second_factor_asked(self) -> bool:
        """Must approvers and administrators have a second factor?"""
        with reading():
            return bool(answers("SELECT 1 FROM store_accessrule WHERE name = %s", [SECOND_FACTOR]))

    def ask_second_factor(self, *, on: bool) -> None:
        """Let them need one from now on, or no more."""
        with writing():
            AccessRule.objects.filter(name=SECOND_FACTOR).delete()
            if on:
                AccessRule.objects.create(name=SECOND_FACTOR)


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_unknown(account: str | None, role: str | None, accounts: Mapping[str | None, int]) -> None:
    if account is not None and account not in accounts:
        raise WrongUse("There is no account {name}.", why="A role is given for accounts that are connected.", todo="See what is there: refloat accounts list", name=account)
    if role is not None and role not in ROLES:
        raise WrongUse("There is no role {role}.", why="A person is one of viewer, operator, approver, admin.", todo="Choose one of them.", role=role)


def _refuse_without_admin() -> None:
    """Called at the end of a turn that writes: the turn is undone where it leaves nobody. Two who do it at once wait for each other."""
    if not list(Role.objects.select_for_update(of=("self",)).filter(account=None, role="admin", person__is_active=True)):
        raise WrongUse("The last administrator stays.", why="Nobody would be left who may invite people and give roles.", todo="Make somebody else an administrator for all accounts first.")


def _row(person: Person, roles: dict[str | None, str] | None = None) -> PersonRow:
    held = dict(Role.objects.filter(person=person).values_list("account__name", "role")) if roles is None else roles
    return PersonRow(person.pk, person.email, person.name, person.language, held, person.last_login)
