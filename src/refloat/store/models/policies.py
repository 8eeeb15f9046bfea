"""A seller's policy and notes by version, standing consents, the open proposal, and how far a removal deadline has climbed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import models

from refloat.store.models.accounts import Account
from refloat.store.models.plans import PlanDocument
from refloat.store.models.strandings import Stranding


class EnteredFile(models.Model):
    """A file that the seller entered, as it was: a policy, or the notes. Never changed; the highest version holds."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    #: policy, notes.
    kind: models.CharField[str, str] = models.CharField(max_length=20)
    version: models.IntegerField[int, int] = models.IntegerField()
    #: Of a policy that of its rules; of notes that of the text.
    hash: models.CharField[str, str] = models.CharField(max_length=64)
    text: models.TextField[str, str] = models.TextField()
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "kind", "version"), name="store_entered_once"),)


class StandingWord(models.Model):
    """A standing consent. What it says is never changed; it may be revoked."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    by: models.TextField[str, str] = models.TextField()
    rule_hash: models.CharField[str, str] = models.CharField(max_length=64)
    units_most: models.IntegerField[int, int] = models.IntegerField()
    fee_most: models.DecimalField[Decimal, Decimal] = models.DecimalField(max_digits=18, decimal_places=4)
    currency: models.CharField[str, str] = models.CharField(max_length=3)
    expires_on: models.DateField[date, date] = models.DateField()
    given_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    revoked_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    revoked_by: models.TextField[str | None, str | None] = models.TextField(null=True)
    #: Marketplace → the digest of the return address, as JSON; null: from a time when consents named none.
    addresses: models.TextField[str | None, str | None] = models.TextField(null=True)


class StandingUse(models.Model):
    """An action for which a standing consent spoke; it counts as used once its intent is written."""

    standing: models.ForeignKey[StandingWord, StandingWord] = models.ForeignKey(StandingWord, models.PROTECT)
    standing_id: int
    plan: models.ForeignKey[PlanDocument, PlanDocument] = models.ForeignKey(PlanDocument, models.PROTECT)
    plan_id: str
    action: models.CharField[str, str] = models.CharField(max_length=60)
    units: models.IntegerField[int, int] = models.IntegerField()
    fee: models.DecimalField[Decimal, Decimal] = models.DecimalField(max_digits=18, decimal_places=4)


class Proposal(models.Model):
    """What waits for a person: one open proposal an account. ``substance``: the same strandings, cures and values, the same text."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    plan: models.ForeignKey[PlanDocument, PlanDocument] = models.ForeignKey(PlanDocument, models.PROTECT)
    plan_id: str
    substance: models.CharField[str, str] = models.CharField(max_length=64)
    opened_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    closed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: Action id → the decision, as JSON.
    decided: models.TextField[str, str] = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account",), condition=models.Q(closed_at=None), name="store_proposal_open"),)


class DeadlineStep(models.Model):
    """A removal deadline that has come so near; taken by a named person, or not yet."""

    stranding: models.ForeignKey[Stranding, Stranding] = models.ForeignKey(Stranding, models.PROTECT)
    stranding_id: int
    due_on: models.DateField[date, date] = models.DateField()
    #: 14, 7, 3 or 1 days before.
    step: models.IntegerField[int, int] = models.IntegerField()
    opened_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    taken_by: models.TextField[str | None, str | None] = models.TextField(null=True)
    taken_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    note: models.TextField[str, str] = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stranding", "due_on", "step"), name="store_deadline_step_once"),)
        indexes = (models.Index(fields=("due_on", "stranding"), condition=models.Q(taken_at=None), name="store_deadline_untaken"),)
