"""Accounts, and the marketplaces in which each takes part."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models


class Account(models.Model):
    """One seller in one region of Amazon's API, under a name that the user chose.

    An account that was removed stays as a row without credentials, because its snapshots and its
    journal point to it; its name is free again.
    """

    name: models.TextField[str, str] = models.TextField()
    region: models.CharField[str, str] = models.CharField(max_length=2)
    seller_id: models.TextField[str, str] = models.TextField(blank=True)
    api_url: models.TextField[str | None, str | None] = models.TextField(null=True)
    token_url: models.TextField[str | None, str | None] = models.TextField(null=True)
    #: Client id, client secret and refresh token, sealed together (``secrets.py``); empty once removed.
    sealed: models.TextField[str, str] = models.TextField(blank=True)
    #: Which key sealed them, so that a missing key can be named.
    key_fingerprint: models.CharField[str, str] = models.CharField(max_length=16, blank=True)
    added_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    rotated_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: When Amazon issued the client secret, where the user knows it.
    secret_issued_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    removed_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name",), condition=models.Q(removed_at=None), name="store_account_name_once"),)


class AccountPlace(models.Model):
    """One marketplace of an account, as Amazon said it last."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    participates: models.BooleanField[bool, bool] = models.BooleanField()
    suspended: models.BooleanField[bool, bool] = models.BooleanField()
    store_name: models.TextField[str | None, str | None] = models.TextField(null=True)
    checked_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "marketplace"), name="store_place_once"),)
