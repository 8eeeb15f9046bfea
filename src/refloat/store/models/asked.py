"""What people do at the pages beside approving: what they enter of SKUs, whom a stranding is given to, plans they ask for, refuse, and have carried out."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.accounts import Account
from refloat.store.models.people import Person
from refloat.store.models.plans import PlanDocument
from refloat.store.models.strandings import Stranding


class SkuNote(models.Model):
    """One thing that a person entered about a SKU. Its value is never changed: another one ends it, and so who wanted what when stays on record."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT, db_index=False)
    account_id: int
    #: Empty: in every marketplace of the account.
    marketplace: models.CharField[str, str] = models.CharField(max_length=20, blank=True)
    sku: models.TextField[str, str] = models.TextField()
    #: hold (until that day), opt-out, price.
    kind: models.CharField[str, str] = models.CharField(max_length=20)
    value: models.CharField[str, str] = models.CharField(max_length=40, blank=True)
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    ended_by: models.TextField[str | None, str | None] = models.TextField(null=True)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "kind", "marketplace", "sku"), condition=models.Q(ended_at=None), name="store_sku_note_once"),)


class Assigned(models.Model):
    """Whose matter a stranding is; the journal has who it was before."""

    stranding: models.OneToOneField[Stranding, Stranding] = models.OneToOneField(Stranding, models.CASCADE, primary_key=True)
    stranding_id: int
    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE)
    person_id: int
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class PlanAsked(models.Model):
    """Who asked for a plan at the pages, when, and for what; a plan without one was made by the command line, or by a rule."""

    plan: models.OneToOneField[PlanDocument, PlanDocument] = models.OneToOneField(PlanDocument, models.PROTECT, primary_key=True)
    plan_id: str
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    #: JSON: remedy, disposition, and why each guard was lifted.
    asked: models.TextField[str, str] = models.TextField(default="{}")


class RefusedAction(models.Model):
    """An action that a person refused. ``substance``: the same cure of the same SKU with the same values, in whichever plan."""

    plan: models.ForeignKey[PlanDocument, PlanDocument] = models.ForeignKey(PlanDocument, models.PROTECT)
    plan_id: str
    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT, db_index=False)
    account_id: int
    name: models.CharField[str, str] = models.CharField(max_length=60)
    substance: models.CharField[str, str] = models.CharField(max_length=64)
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    why: models.TextField[str, str] = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "name"), name="store_refused_once"),)
        indexes = (models.Index(fields=("account", "substance"), name="store_refused_substance"),)


class Run(models.Model):
    """One time that a plan is carried out at somebody's wish, so that every process can show it, and stop it."""

    plan: models.ForeignKey[PlanDocument, PlanDocument] = models.ForeignKey(PlanDocument, models.PROTECT)
    plan_id: str
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    #: The lease that says that its process lives (``store.lives``).
    worker: models.CharField[str, str] = models.CharField(max_length=80)
    #: The last remark, as JSON, and when it was made.
    told: models.TextField[str | None, str | None] = models.TextField(null=True)
    told_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    stop_by: models.TextField[str | None, str | None] = models.TextField(null=True)
    stop_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: done, waits, stopped, surprise, refused, failed.
    how: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    #: Why it ended so, as a remark in JSON; and how many actions have a moment that they wait for.
    why: models.TextField[str | None, str | None] = models.TextField(null=True)
    next_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
