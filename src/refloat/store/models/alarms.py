"""Alarms, who is told of them, and every message that is on its way or was sent."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.accounts import Account


class Recipient(models.Model):
    """One person, or one channel, and what they want to be told. Removed: without an address; the name is free again."""

    name: models.TextField[str, str] = models.TextField()
    #: The address, sealed (``secrets.py``); empty once removed.
    sealed: models.TextField[str, str] = models.TextField(blank=True)
    key_fingerprint: models.CharField[str, str] = models.CharField(max_length=16, blank=True)
    #: The service and its host: all that is ever shown of the address.
    shown: models.TextField[str, str] = models.TextField()
    language: models.CharField[str, str] = models.CharField(max_length=10)
    timezone: models.CharField[str, str] = models.CharField(max_length=60)
    #: What they want, as JSON (``store.recipients``).
    wanted: models.TextField[str, str] = models.TextField()
    added_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    removed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name",), condition=models.Q(removed_at=None), name="store_recipient_name_once"),)


class Alarm(models.Model):
    """One thing to tell, told once. Codes and facts; the words are made for each reader."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    #: Empty for what concerns the whole account.
    marketplace: models.CharField[str, str] = models.CharField(max_length=20, blank=True)
    kind: models.CharField[str, str] = models.CharField(max_length=30)
    #: Made of what it is about: the same things are the same alarm.
    key: models.CharField[str, str] = models.CharField(max_length=64)
    step: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    #: What it is about, one by one: JSON, packed.
    members: models.BinaryField[bytes, bytes] = models.BinaryField()
    facts: models.TextField[str, str] = models.TextField()
    #: JSON list of amounts, one a currency.
    worth: models.TextField[str, str] = models.TextField(default="[]")
    raised_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    cleared_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    acknowledged_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    acknowledged_by: models.TextField[str, str] = models.TextField(blank=True)
    acknowledged_why: models.TextField[str, str] = models.TextField(blank=True)
    snoozed_until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    snoozed_why: models.TextField[str, str] = models.TextField(blank=True)
    #: How often it was snoozed: after each it is told again.
    snoozes: models.IntegerField[int, int] = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "key"), name="store_alarm_once"),)
        indexes = (models.Index(fields=("account", "raised_at"), condition=models.Q(cleared_at=None), name="store_alarm_open"),)


class Delivery(models.Model):
    """One message to one person: written down before it is sent, and until it ends tried again."""

    recipient: models.ForeignKey[Recipient, Recipient] = models.ForeignKey(Recipient, models.PROTECT)
    recipient_id: int
    alarm: models.ForeignKey[Alarm | None, Alarm | None] = models.ForeignKey(Alarm, models.PROTECT, null=True)
    alarm_id: int | None
    #: raised, again 1, again 2, …, cleared; of a digest its name and period: weekly 2026-W48.
    about: models.CharField[str, str] = models.CharField(max_length=40)
    #: What a digest reaches over.
    from_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    until_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    tries: models.IntegerField[int, int] = models.IntegerField(default=0)
    next_try_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    #: Why the last try failed: a code of ``model.message.Undelivered``.
    trouble: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: sent; dead: given up after the last try; dropped: nobody needs it any more.
    ending: models.CharField[str | None, str | None] = models.CharField(max_length=10, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("recipient", "alarm", "about"), condition=models.Q(alarm__isnull=False), name="store_delivery_of_alarm_once"),
            models.UniqueConstraint(fields=("recipient", "about"), condition=models.Q(alarm=None), name="store_digest_once"),
        )
        indexes = (
            models.Index(fields=("next_try_at",), condition=models.Q(ended_at=None), name="store_delivery_due"),
            models.Index(fields=("ended_at",), condition=models.Q(ending="dead"), name="store_delivery_dead"),
        )
