"""Strandings: one row an episode, and its history as intervals in which nothing changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import models

from refloat.store.models.accounts import Account


class Stranding(models.Model):
    """One episode of one SKU. Reopened, not repeated, when the SKU strands again soon after."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    sku: models.TextField[str, str] = models.TextField()
    fnsku: models.TextField[str | None, str | None] = models.TextField(null=True)
    opened_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    closed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    outcome: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    times_back: models.IntegerField[int, int] = models.IntegerField(default=0)
    #: A number for everything that the last pass said of it (``store.difference``); null: compare the words.
    digest: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "marketplace", "sku"), condition=models.Q(closed_at=None), name="store_stranding_open_once"),)
        indexes = (models.Index(fields=("account", "marketplace", "sku", "opened_at"), name="store_stranding_of_sku"),)


class StrandingInterval(models.Model):
    """From ``from_at`` until ``to_at`` (None: until now) this is what we knew; ``to_at`` itself belongs to the next."""

    stranding: models.ForeignKey[Stranding, Stranding] = models.ForeignKey(Stranding, models.PROTECT, db_index=False)
    stranding_id: int
    from_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    to_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    standing: models.CharField[str, str] = models.CharField(max_length=20)
    symptom: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    said: models.TextField[str | None, str | None] = models.TextField(null=True)
    cause: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    remedy: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    safety: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    units_fulfillable: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    units_unfulfillable: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    units_reserved: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    # 15 digits: as many as SQLite gives back exactly.
    worth_amount: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=15, decimal_places=4, null=True)
    worth_currency: models.CharField[str | None, str | None] = models.CharField(max_length=3, null=True)
    removal_due_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    title: models.TextField[str | None, str | None] = models.TextField(null=True)
    asin: models.TextField[str | None, str | None] = models.TextField(null=True)
    #: False once the Listings API has called the offer not BUYABLE since it stranded: then that it does so later is news.
    shown_buyable: models.BooleanField[bool | None, bool | None] = models.BooleanField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stranding",), condition=models.Q(to_at=None), name="store_interval_current_once"),)
        indexes = (
            models.Index(fields=("stranding", "from_at"), name="store_interval_history"),
            # What a page asks for: the dearest of one cause.
            models.Index(fields=("cause", "-worth_amount"), condition=models.Q(to_at=None), name="store_interval_dearest"),
        )
