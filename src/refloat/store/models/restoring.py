"""When the store came back from a backup."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Restoration(models.Model):
    """The store was put back to an earlier state: what was sent since that state is not on record. Never changed."""

    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    #: The moment of the state; null where nobody knows it.
    backed_up_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    #: Of the backup's file; empty where there was none.
    sha256: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
