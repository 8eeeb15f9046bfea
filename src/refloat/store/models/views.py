"""What a person keeps of the pages, and how much was stranded on each day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import models

from refloat.store.models.accounts import Account
from refloat.store.models.people import Person


class SavedView(models.Model):
    """A question about the table that a person gave a name; ``address`` is its query string."""

    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE)
    person_id: int
    name: models.CharField[str, str] = models.CharField(max_length=80)
    address: models.TextField[str, str] = models.TextField()
    saved_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "name"), name="store_view_once"),)


class FindingDay(models.Model):
    """What was open in a marketplace when it was last looked at on that day, by cause; pools count once."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.CASCADE, db_index=False)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    day: models.DateField[date, date] = models.DateField()
    cause: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    currency: models.CharField[str | None, str | None] = models.CharField(max_length=3, null=True)
    skus: models.IntegerField[int, int] = models.IntegerField()
    units: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    worth: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=19, decimal_places=4, null=True)

    class Meta:
        indexes = (models.Index(fields=("account", "marketplace", "day"), name="store_finding_day"),)
