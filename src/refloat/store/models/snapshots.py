"""What Amazon showed: documents by their content, the snapshots that point to them, and the reports on order."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from refloat.store.models.accounts import Account


class Document(models.Model):
    """Original bytes, once each: the key is the SHA-256 of the bytes before packing."""

    sha256: models.CharField[str, str] = models.CharField(max_length=64, primary_key=True)
    #: The bytes, packed by zlib.
    packed: models.BinaryField[bytes, bytes] = models.BinaryField()
    size_bytes: models.BigIntegerField[int, int] = models.BigIntegerField()


class Snapshot(models.Model):
    """What one source showed of one marketplace at one moment. Never changed; deleted only under an ``Erasure``."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    source: models.CharField[str, str] = models.CharField(max_length=80)
    observed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    document: models.ForeignKey[Document, Document] = models.ForeignKey(Document, models.PROTECT)
    document_id: str
    charset: models.TextField[str | None, str | None] = models.TextField(null=True)
    whole: models.BooleanField[bool, bool] = models.BooleanField()
    report_id: models.TextField[str | None, str | None] = models.TextField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "marketplace", "source", "report_id"), condition=models.Q(report_id__isnull=False), name="store_report_kept_once"),)
        indexes = (models.Index(fields=("account", "marketplace", "source", "observed_at", "id"), name="store_snapshot_latest"),)


class Erasure(models.Model):
    """Leave to delete an account's snapshots observed before a moment; itself a record that it was done."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    before: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class ReportRequest(models.Model):
    """A report that was ordered, so that a pass that was killed goes on with it instead of ordering another."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    #: Which source it is to bring.
    source: models.CharField[str, str] = models.CharField(max_length=80)
    report_type: models.CharField[str, str] = models.CharField(max_length=100)
    #: The report options as canonical JSON.
    options: models.TextField[str, str] = models.TextField()
    #: None: written down before the request left; Amazon has not given an id, or we never learnt it.
    report_id: models.TextField[str | None, str | None] = models.TextField(null=True)
    asked_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    settled_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: Amazon's own: IN_QUEUE, IN_PROGRESS, DONE, CANCELLED, FATAL.
    stage: models.CharField[str, str] = models.CharField(max_length=20)
    document_id: models.TextField[str | None, str | None] = models.TextField(null=True)

    class Meta:
        # With the source: Amazon's static sandbox gives one id to all of them.
        constraints = (models.UniqueConstraint(fields=("account", "marketplace", "source", "report_id"), condition=models.Q(report_id__isnull=False), name="store_report_ordered_once"),)
        indexes = (models.Index(fields=("account", "marketplace", "source"), condition=models.Q(settled_at=None), name="store_request_open"),)


class SourceState(models.Model):
    """How the last try at a source went, and which snapshot of it was the last good one."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    marketplace: models.CharField[str, str] = models.CharField(max_length=20)
    source: models.CharField[str, str] = models.CharField(max_length=80)
    last_tried_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    trouble_code: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    trouble_text: models.TextField[str | None, str | None] = models.TextField(null=True)
    troubled_since: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    last_good: models.ForeignKey[Snapshot | None, Snapshot | None] = models.ForeignKey(Snapshot, models.PROTECT, null=True)
    last_good_id: int | None

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "marketplace", "source"), name="store_source_once"),)
