"""Plans as they were made, who consented, how far each action is, and the feeds that carried them."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.accounts import Account
from refloat.store.models.strandings import Stranding


class PlanDocument(models.Model):
    """A plan as it was shown; never changed."""

    #: Chosen when the plan is made; short enough to type.
    id: models.CharField[str, str] = models.CharField(max_length=60, primary_key=True)
    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    fingerprint: models.CharField[str, str] = models.CharField(max_length=64)
    #: The contract refloat.plan/1 as JSON, packed.
    packed: models.BinaryField[bytes, bytes] = models.BinaryField()


class Consent(models.Model):
    """Who approved which fingerprint, when. Never changed."""

    plan: models.ForeignKey[PlanDocument, PlanDocument] = models.ForeignKey(PlanDocument, models.PROTECT)
    plan_id: str
    by: models.TextField[str, str] = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    fingerprint: models.CharField[str, str] = models.CharField(max_length=64)
    #: JSON list of action ids; null: all of them.
    actions: models.TextField[str | None, str | None] = models.TextField(null=True)


class PlannedAction(models.Model):
    """How far an action is. What happened to it stands in the journal; this row is the journal's last word."""

    plan: models.ForeignKey[PlanDocument, PlanDocument] = models.ForeignKey(PlanDocument, models.PROTECT)
    plan_id: str
    name: models.CharField[str, str] = models.CharField(max_length=60)
    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT, db_index=False)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    sku: models.TextField[str, str] = models.TextField()
    remedy: models.CharField[str, str] = models.CharField(max_length=100)
    cause: models.CharField[str, str] = models.CharField(max_length=100)
    #: Amazon's own reason when the plan was made.
    said: models.TextField[str | None, str | None] = models.TextField(null=True)
    units: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    fnsku: models.TextField[str | None, str | None] = models.TextField(null=True)
    steps: models.IntegerField[int, int] = models.IntegerField(default=1)
    stranding: models.ForeignKey[Stranding | None, Stranding | None] = models.ForeignKey(Stranding, models.PROTECT, null=True)
    stranding_id: int | None
    #: planned, intended, answered, shown, refused, unclear, dropped, stopped, undone.
    stage: models.CharField[str, str] = models.CharField(max_length=20)
    step: models.IntegerField[int, int] = models.IntegerField(default=0)
    tries: models.IntegerField[int, int] = models.IntegerField(default=0)
    #: When the current stage began.
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    intended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    answered_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: Our own mark of the feed that carries it; null: it went by itself.
    feed: models.CharField[str | None, str | None] = models.CharField(max_length=50, null=True)
    verdict: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    verdict_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: What the last note of the journal says beside its stage, as JSON.
    told: models.TextField[str, str] = models.TextField(default="{}")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "name"), name="store_action_once"),)
        indexes = (
            models.Index(fields=("account", "marketplace", "sku", "id"), name="store_action_of_sku"),
            models.Index(fields=("account", "verdict", "stage"), name="store_action_waiting"),
            models.Index(fields=("account", "verdict_at"), condition=~models.Q(verdict=None), name="store_action_judged"),
            models.Index(fields=("account", "id"), condition=models.Q(remedy="create-removal"), name="store_action_removal"),
        )


class Feed(models.Model):
    """A feed that was sent, or is about to be; ``feed_id`` null: written down before the request left, and no answer known."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    #: Our own mark: of a removal, the order id that Amazon's reports will show.
    mark: models.CharField[str, str] = models.CharField(max_length=50)
    feed_type: models.CharField[str, str] = models.CharField(max_length=60)
    feed_id: models.TextField[str | None, str | None] = models.TextField(null=True)
    sent_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: Amazon's own: IN_QUEUE, IN_PROGRESS, DONE, CANCELLED, FATAL; UNCLEAR where it cannot be told.
    stage: models.CharField[str, str] = models.CharField(max_length=20)
    messages: models.IntegerField[int, int] = models.IntegerField()
    #: JSON list: the feeds that were at Amazon before it was sent.
    before: models.TextField[str, str] = models.TextField(default="[]")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "mark"), name="store_feed_mark_once"),)
        indexes = (models.Index(fields=("account", "feed_type", "sent_at"), name="store_feed_recent"),)
