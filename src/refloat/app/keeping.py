"""Retention: what was observed long ago and is needed no more goes; the engine calls this once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from refloat.store import Store


@dataclass(frozen=True)
class Pruned:
    """What went: how many snapshots, observed before which moment, and how many bytes their documents had unpacked."""

    before: datetime
    snapshots: int
    size_bytes: int


def prune(store: Store, now: datetime) -> Pruned:
    """Let go of snapshots older than the store's ``keep_days``; the newest of each source, and what open matters rest on, stays.

    Raises:
        StoreError: the store cannot be written; what went before stays gone, the rest is as it was.
    """
    from refloat.store.pruning import pruned

    before = now - timedelta(days=store.keep_days)
    return Pruned(before, *pruned(before, now))
