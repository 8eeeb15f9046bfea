"""What programs use: tokens of people, the answers that were given to a key, looks that somebody asked for."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.accounts import Account
from refloat.store.models.people import Person


class ApiToken(models.Model):
    """A person's token; only its hash is kept. ``prefix`` is its beginning, by which the person tells it from others."""

    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE)
    person_id: int
    name: models.CharField[str, str] = models.CharField(max_length=80)
    prefix: models.CharField[str, str] = models.CharField(max_length=20, unique=True)
    hash: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    #: Words between blanks: read, plan, approve, admin.
    scopes: models.CharField[str, str] = models.CharField(max_length=40)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    expires_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    used_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    revoked_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)


class KeptAnswer(models.Model):
    """What was answered to a person's Idempotency-Key, so that the same request again gets the same; ``code`` null: it is being answered."""

    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE, db_index=False)
    person_id: int
    key: models.CharField[str, str] = models.CharField(max_length=128)
    request: models.CharField[str, str] = models.CharField(max_length=64)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
    code: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    location: models.TextField[str, str] = models.TextField(default="")
    body: models.TextField[str, str] = models.TextField(default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "key"), name="store_answer_once"),)


class Look(models.Model):
    """One look at an account that a person asked for; ``how`` null: it has not ended."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.CASCADE)
    account_id: int
    #: Two-letter codes between blanks; empty: all.
    marketplaces: models.TextField[str, str] = models.TextField(blank=True)
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    #: The lease that says that its process lives (``store.lives``).
    worker: models.CharField[str, str] = models.CharField(max_length=80)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: done, failed, broken-off.
    how: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    #: JSON: what it found for each marketplace, or the parts of the error.
    told: models.TextField[str, str] = models.TextField(default="{}")
