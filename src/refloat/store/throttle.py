"""What the throttling of sign-in remembers: a cache of Django's in a table of ours.

Several processes on several machines count together, so it cannot be the memory of one. Django's own cache in a
database unpickles what it finds there, and a restored backup would be trusted with that: here a value is JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from refloat.store.models import Throttle
from refloat.store.turns import reading, writing

_PUT = "INSERT INTO store_throttle (key, value, until) VALUES (%s, %s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until"
#: How long what is over may lie there, at most.
_SWEEP = timedelta(minutes=10)


class ThrottleCache(BaseCache):
    """As much of a cache as sign-in needs; keys are hashed, because they hold addresses."""

    def __init__(self, location: str, params: Mapping[str, Any]) -> None:  # noqa: ARG002 - as Django calls it
        super().__init__(dict(params))
        self._swept = datetime.min.replace(tzinfo=UTC)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep the value if none is there; whether it was kept. Of two at once one is."""
        now = datetime.now(UTC)
        self._sweep(now)
        with writing(), connection.cursor() as cursor:
            cursor.execute(f"{_PUT} WHERE store_throttle.until <= %s", [*self._row(key, value, timeout, version), _column(now)])
            return bool(cursor.rowcount == 1)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or ``default`` where there is none any more."""
        with reading():
            found = Throttle.objects.filter(key=self._hashed(key, version)).values_list("value", "until").first()
        return default if found is None or (found[1] is not None and found[1] <= datetime.now(UTC)) else json.loads(found[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep the value."""
        with writing(), connection.cursor() as cursor:
            cursor.execute(_PUT, self._row(key, value, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Let go of the value; whether there was one."""
        with writing():
            return Throttle.objects.filter(key=self._hashed(key, version)).delete()[0] > 0

    def clear(self) -> None:
        """Let go of all of it."""
        with writing():
            Throttle.objects.all().delete()

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> list[Any]:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        until = None if seconds is None else _column(datetime.now(UTC) + timedelta(seconds=float(seconds)))
        return [self._hashed(key, version), json.dumps(value), until]

    def _hashed(self, key: str, version: int | None) -> str:
        return hashlib.sha256(self.make_key(key, version).encode()).hexdigest()

    def _sweep(self, now: datetime) -> None:
        if now - self._swept > _SWEEP:
            self._swept = now
            with writing():
                Throttle.objects.filter(until__lt=now).delete()


def _column(moment: datetime) -> Any:
    """The moment as this database's column holds it."""
    return connection.ops.adapt_datetimefield_value(moment)
