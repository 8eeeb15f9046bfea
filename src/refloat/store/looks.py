"""Looks that somebody asked for: who, at what, and how each ended. Any process may read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refloat.store.accounts import account_named
from refloat.store.lease import lives
from refloat.store.models import Look
from refloat.store.turns import reading, writing


@dataclass(frozen=True, slots=True)
class LookRow:
    """``how`` None: it has not ended; ``broken-off``: its process ended in the middle."""

    id: int
    account: str
    marketplaces: tuple[str, ...]
    by: str
    at: datetime
    ended_at: datetime | None
    how: str | None
    told: dict[str, Any]


class Looks:
    """Times are UTC."""

    def begin(self, account: str, marketplaces: Sequence[str], by: str, worker: str, at: datetime) -> int:
        """Write down that it begins; its number."""
        with writing():
            made: int = Look.objects.create(account=account_named(account), marketplaces=" ".join(marketplaces), by=by, worker=worker, at=at).pk
            return made

    def end(self, look_id: int, how: str, told: dict[str, Any], at: datetime) -> None:
        """How it ended, and what it found, or why it failed."""
        with writing():
            Look.objects.filter(pk=look_id).update(ended_at=at, how=how, told=json.dumps(told, ensure_ascii=False))

    def one(self, look_id: int) -> LookRow | None:
        """The look of that number."""
        with reading():
            found = Look.objects.filter(pk=look_id, account__removed_at=None).select_related("account").first()
        if found is None:
            return None
        how = found.how or (None if lives(found.worker) else "broken-off")
        return LookRow(found.pk, found.account.name, tuple(found.marketplaces.split()), found.by, found.at, found.ended_at, how, json.loads(found.told))
