"""What is stranded now, as pages ask for it: one row an open stranding, made anew by each look; and counts of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models

from refloat.store.models.accounts import Account


class OpenFinding(models.Model):
    """The last finding of one open stranding; ``id`` is that of the stranding.

    The intervals are the history and the record. This is a copy that lies as pages read it, and may be thrown away:
    the next look makes it again. Days are kept and not ages, so that nothing is rewritten because a day has passed.
    """

    id: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.CASCADE, db_index=False)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    sku: models.TextField[str, str] = models.TextField()
    asin: models.TextField[str | None, str | None] = models.TextField(null=True)
    fnsku: models.TextField[str | None, str | None] = models.TextField(null=True)
    title: models.TextField[str | None, str | None] = models.TextField(null=True)
    standing: models.CharField[str, str] = models.CharField(max_length=20)
    symptom: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    said: models.TextField[str | None, str | None] = models.TextField(null=True)
    cause: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    recommended: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    recommended_said: models.TextField[str | None, str | None] = models.TextField(null=True)
    remedy: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    safety: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    stranded_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    removal_due_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    removal_due_from: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    #: Until when the seller, or the offer's own first day, holds it; nothing acts on it before.
    held_until_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    units_stranded: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    units_unfulfillable: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    price_amount: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=15, decimal_places=4, null=True)
    price_currency: models.CharField[str | None, str | None] = models.CharField(max_length=3, null=True)
    worth_amount: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=15, decimal_places=4, null=True)
    #: False: the same units stand, and count, with another marketplace of their pool.
    counted: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    cost_per_day: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=15, decimal_places=4, null=True)
    #: As of ``looked_on``; each day since then adds ``cost_per_day``.
    cost_so_far: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=15, decimal_places=4, null=True)
    cost_currency: models.CharField[str | None, str | None] = models.CharField(max_length=3, null=True)
    looked_on: models.DateField[date, date] = models.DateField()
    #: Each sorts rising, and what is unknown comes last: ``urgency`` as ``insight.worth.ORDER`` does, the others by what
    #: they name, the most first (of age: the oldest).
    urgency: models.CharField[str, str] = models.CharField(max_length=60)
    by_worth: models.BigIntegerField[int, int] = models.BigIntegerField()
    by_age: models.IntegerField[int, int] = models.IntegerField()
    by_units: models.BigIntegerField[int, int] = models.BigIntegerField()
    by_cost: models.BigIntegerField[int, int] = models.BigIntegerField()
    #: The words of the title in small letters, Chinese as pairs of characters; what a search compares.
    words: models.TextField[str, str] = models.TextField(default="")
    digest: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("urgency", "id"), name="store_finding_urgent"),
            models.Index(fields=("account", "marketplace", "urgency", "id"), name="store_finding_of_place"),
            models.Index(fields=("cause", "urgency", "id"), name="store_finding_of_cause"),
            models.Index(fields=("cause", "remedy", "urgency", "id"), name="store_finding_of_both"),
            models.Index(fields=("remedy", "urgency", "id"), name="store_finding_of_remedy"),
            models.Index(fields=("recommended", "urgency", "id"), name="store_finding_advised"),
            models.Index(fields=("by_worth", "id"), name="store_finding_dearest"),
            models.Index(fields=("cause", "by_worth", "id"), name="store_finding_dear_of_cause"),
            models.Index(fields=("by_age", "id"), name="store_finding_oldest"),
            models.Index(fields=("by_units", "id"), name="store_finding_most"),
            models.Index(fields=("by_cost", "id"), name="store_finding_costly"),
            models.Index(fields=("sku", "id"), name="store_finding_sku"),
            models.Index(fields=("asin", "id"), name="store_finding_asin"),
            models.Index(fields=("fnsku", "id"), name="store_finding_fnsku"),
            # Few are held: they are found without walking all the others.
            models.Index(fields=("held_until_on",), name="store_finding_held", condition=models.Q(held_until_on__isnull=False)),
        )


class FindingDetail(models.Model):
    """The diagnosed row whole, as JSON without what is null: from it the page of one stranding tells evidence and why. ``id`` as ``OpenFinding``."""

    id: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    row: models.TextField[str, str] = models.TextField()


class FindingCount(models.Model):
    """How many open findings have these values together, counted after each look; ages and deadlines as of ``counted_on``."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.CASCADE, db_index=False)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    cause: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    recommended: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    remedy: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    safety: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    standing: models.CharField[str, str] = models.CharField(max_length=20)
    #: 0 overdue, 1 within 7 days, 2 within 14, 3 within 30, 4 later, 5 no date.
    due: models.SmallIntegerField[int, int] = models.SmallIntegerField()
    #: 0 up to 7 days, 1 up to 14, 2 up to 30, 3 up to 90, 4 more, 5 unknown.
    age: models.SmallIntegerField[int, int] = models.SmallIntegerField()
    held: models.BooleanField[bool, bool] = models.BooleanField()
    currency: models.CharField[str | None, str | None] = models.CharField(max_length=3, null=True)
    skus: models.IntegerField[int, int] = models.IntegerField()
    #: Of those that are counted; null where none is known.
    units: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    worth: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    counted_on: models.DateField[date, date] = models.DateField()

    class Meta:
        indexes = (
            models.Index(fields=("account", "marketplace"), name="store_finding_counts_of_place"),
            models.Index(fields=("cause",), name="store_finding_counts_of_cause"),
            models.Index(fields=("remedy",), name="store_finding_counts_of_remedy"),
        )


class FindingSum(models.Model):
    """The same counts by deadline, hold and safety alone: what the first page adds up. A value is as in ``FindingCount``."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.CASCADE, db_index=False)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    safety: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    due: models.SmallIntegerField[int, int] = models.SmallIntegerField()
    held: models.BooleanField[bool, bool] = models.BooleanField()
    currency: models.CharField[str | None, str | None] = models.CharField(max_length=3, null=True)
    skus: models.IntegerField[int, int] = models.IntegerField()
    units: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    worth: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    counted_on: models.DateField[date, date] = models.DateField()

    class Meta:
        indexes = (models.Index(fields=("account", "marketplace"), name="store_sums_of_place"),)


class FindingFacet(models.Model):
    """The same counts by one value at a time: what a page without filters shows beside each choice. ``value`` is a text of any kind; null is unknown."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.CASCADE, db_index=False)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    dimension: models.CharField[str, str] = models.CharField(max_length=20)
    value: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    skus: models.IntegerField[int, int] = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=("account", "marketplace"), name="store_facets_of_place"),)


class FindingIncident(models.Model):
    """Open findings with one cause that stranded on one day, counted after each look."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.CASCADE, db_index=False)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    cause: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    remedy: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    safety: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    stranded_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    held: models.BooleanField[bool, bool] = models.BooleanField()
    currency: models.CharField[str | None, str | None] = models.CharField(max_length=3, null=True)
    skus: models.IntegerField[int, int] = models.IntegerField()
    units: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    worth: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    #: The earliest of its removal deadlines, and one of its strandings to show.
    due_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    #: The most urgent of them, as ``OpenFinding.urgency``.
    urgency: models.CharField[str, str] = models.CharField(max_length=60)
    sample_sku: models.TextField[str, str] = models.TextField()

    class Meta:
        indexes = (
            models.Index(fields=("urgency", "id"), name="store_incident_urgent"),
            models.Index(fields=("account", "marketplace"), name="store_incident_of_place"),
        )
