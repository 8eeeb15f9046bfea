"""What is due later: data with a date, not a sleeping program."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.accounts import Account


class Due(models.Model):
    """One thing that is done again and again for an account, or for one of its marketplaces; and how it went last."""

    #: Null for what concerns the whole store.
    account: models.ForeignKey[Account | None, Account | None] = models.ForeignKey(Account, models.CASCADE, db_index=False, null=True)
    account_id: int | None
    #: Empty for what concerns the whole account.
    marketplace: models.CharField[str, str] = models.CharField(max_length=20, blank=True)
    #: places, look, act, tell; deliver and prune of the whole store.
    kind: models.CharField[str, str] = models.CharField(max_length=20)
    due_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    #: How often it was called for; whoever ends a turn sees by it whether somebody called meanwhile.
    calls: models.IntegerField[int, int] = models.IntegerField(default=0)
    #: The worker that is at it, and since when; null: nobody, or one that has died.
    worker: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    begun_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: What it waits for, as a code of ``waits.toml``; empty: for its time.
    waits_for: models.CharField[str, str] = models.CharField(max_length=40, blank=True)
    #: How often in a row it failed, and why it did last.
    failures: models.IntegerField[int, int] = models.IntegerField(default=0)
    trouble_code: models.CharField[str | None, str | None] = models.CharField(max_length=40, null=True)
    trouble_text: models.TextField[str | None, str | None] = models.TextField(null=True)
    troubled_since: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "marketplace", "kind"), name="store_due_once"),
            models.UniqueConstraint(fields=("kind",), condition=models.Q(account=None), name="store_due_of_store_once"),
        )
        indexes = (models.Index(fields=("due_at", "id"), name="store_due_next"),)
