"""Invitations, what guards sign-in, and the record of every change of who may what."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.people import Person


class Invitation(models.Model):
    """A link by which one person makes their way in, or a new password for one who is there. Only its hash is kept."""

    hash: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    email: models.EmailField[str, str] = models.EmailField()
    role: models.CharField[str, str] = models.CharField(max_length=10)
    #: For these accounts; null: for all of them.
    account_ids: models.JSONField[list[int] | None, list[int] | None] = models.JSONField(null=True)
    #: For a new password of this person, whose roles stay; null: of a newcomer.
    person: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(Person, models.CASCADE, null=True)
    person_id: int | None
    invited_by: models.CharField[str, str] = models.CharField(max_length=120)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    until: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    used_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    withdrawn_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)


class AccessEntry(models.Model):
    """Who did what with access, to whom, when, and from which address. Written for good; points to nobody, so it outlives everybody."""

    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    kind: models.CharField[str, str] = models.CharField(max_length=40)
    by: models.CharField[str, str] = models.CharField(max_length=120, blank=True)
    whom: models.CharField[str, str] = models.CharField(max_length=254, blank=True)
    #: The network address; empty for the command line of the server.
    address: models.CharField[str, str] = models.CharField(max_length=45, blank=True)
    told: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)


class AccessRule(models.Model):
    """A rule of access that is on: ``second-factor`` for approvers and administrators."""

    name: models.CharField[str, str] = models.CharField(max_length=40, primary_key=True)


class Throttle(models.Model):
    """What the throttling of sign-in remembers, until a moment, for all processes."""

    key: models.CharField[str, str] = models.CharField(max_length=64, primary_key=True)
    value: models.TextField[str, str] = models.TextField()
    until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, db_index=True)
