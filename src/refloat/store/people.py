"""People, their roles, and the links that let them in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from refloat.store.models import EntryLink, Person, Role
from refloat.store.turns import reading, writing

#: Each may what those before it may.
ROLES = ("viewer", "operator", "approver", "admin")
#: So long a link for one entry is good.
LINK_MINUTES = 15


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person; ``roles``: account → role, None for all accounts."""

    id: int
    email: str
    name: str
    language: str
    roles: dict[str | None, str]


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

    def choose_language(self, person_id: int, language: str) -> None:
        """The language in which the person reads."""
        with writing():
            Person.objects.filter(pk=person_id).update(language=language)

    def link(self, person_id: int, at: datetime) -> str:
        """A token that lets the person in once, within ``LINK_MINUTES``."""
        token = secrets.token_urlsafe(32)
        with writing():
            EntryLink.objects.filter(until__lt=at - timedelta(days=1)).delete()
            EntryLink.objects.create(hash=_hash(token), person_id=person_id, until=at + timedelta(minutes=LINK_MINUTES))
        return token

    def enter(self, token: str, at: datetime) -> int | None:
        """Whom the token lets in; None when it was used, is too old, or never was one. Using it uses it up."""
        with writing():
            used = EntryLink.objects.filter(hash=_hash(token), used_at=None, until__gt=at, person__is_active=True).update(used_at=at)
            return EntryLink.objects.values_list("person_id", flat=True).get(hash=_hash(token)) if used else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _row(person: Person) -> PersonRow:
    roles = dict(Role.objects.filter(person=person).values_list("account__name", "role"))
    return PersonRow(person.pk, person.email, person.name, person.language, roles)
