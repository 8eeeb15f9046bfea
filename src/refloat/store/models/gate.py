"""The pacing gate's rows."""

from __future__ import annotations

from django.db import models


class RateGate(models.Model):
    """Where one (account, operation) stands: the moment at which its bucket will be full again."""

    key: models.TextField[str, str] = models.TextField(primary_key=True)
    #: Theoretical arrival time, in seconds since 1970.
    tat: models.FloatField[float, float] = models.FloatField()
    #: When a place was last taken; a newly learned rate stretches what lies between it and ``tat``.
    seen_at: models.FloatField[float, float] = models.FloatField()
    #: Calls per second.
    rate: models.FloatField[float, float] = models.FloatField()
    burst: models.FloatField[float, float] = models.FloatField()
