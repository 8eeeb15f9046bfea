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
    #: The body's own "sku" and "plan", once more, for who looks for them; the record is the body.
    about_sku: models.TextField[str | None, str | None] = models.TextField(null=True)
    about_plan: models.TextField[str | None, str | None] = models.TextField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "marketplace", "number"), name="store_journal_number_once"),)
        indexes = (
            # How a page asks: by moment, by kind, by what it is about.
            models.Index(fields=("account", "at", "id"), name="store_journal_by_moment"),
            models.Index(fields=("account", "kind", "at", "id"), name="store_journal_of_kind"),
            models.Index(fields=("account", "about_sku", "at", "id"), condition=models.Q(about_sku__isnull=False), name="store_journal_of_sku"),
            models.Index(fields=("account", "about_plan", "at", "id"), condition=models.Q(about_plan__isnull=False), name="store_journal_of_plan"),
        )
