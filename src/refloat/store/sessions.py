"""Sessions as Django keeps them, read by one question that nothing has to be compiled for: every page asks it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from refloat.store.sql import answers


class SessionStore(db.SessionStore):
    """Django's own in all else."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        found = answers("SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s", [self.session_key, now])
        if not found:
            self._session_key = None
            return {}
        told: dict[str, Any] = self.decode(found[0][0])
        return told
