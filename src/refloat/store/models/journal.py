"""The journal: append-only, one hash chain per (account, marketplace)."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.accounts import Account


class JournalEntry(models.Model):
    """One entry; its hash covers its content and the hash of the entry before. Never changed, never deleted."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT, db_index=False)
    account_id: int
    #: Empty for what concerns the whole account.
    marketplace: models.CharField[str, str] = models.CharField(max_length=20, blank=True)
    number: models.BigIntegerField[int, int] = models.BigIntegerField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    kind: models.CharField[str, str] = models.CharField(max_length=40)
    #: Canonical JSON as text: the hash is over these very characters.
    body: models.TextField[str, str] = models.TextField()
    previous_hash: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    hash: models.CharField[str, str] = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "marketplace", "number"), name="store_journal_number_once"),)
