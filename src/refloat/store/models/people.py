"""People who use the console, and what each may do for which account."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from refloat.store.models.accounts import Account


class PersonQueries(BaseUserManager["Person"]):
    """As sign-in asks for people."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """By e-mail address, whatever its letters' size."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A named person: what they approve, enter or change is on record under ``name``."""

    email: models.EmailField[str, str] = models.EmailField(unique=True)
    name: models.CharField[str, str] = models.CharField(max_length=120)
    language: models.CharField[str, str] = models.CharField(max_length=10, blank=True)
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    added_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    objects: ClassVar[PersonQueries] = PersonQueries()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]


class Role(models.Model):
    """What a person may do: viewer, operator, approver, admin, each with all that the ones before may; ``account`` None: for all of them."""

    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    person_id: int
    account: models.ForeignKey[Account | None, Account | None] = models.ForeignKey(Account, models.CASCADE, null=True)
    account_id: int | None
    role: models.CharField[str, str] = models.CharField(max_length=10)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "account"), name="store_role_once"),
            models.UniqueConstraint(fields=("person",), condition=models.Q(account=None), name="store_role_for_all_once"),
        )


class EntryLink(models.Model):
    """A link that signs one person in, once, as a notebook server's does. Only its hash is kept."""

    hash: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE)
    person_id: int
    until: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    used_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
