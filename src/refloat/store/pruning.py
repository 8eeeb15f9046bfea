"""Letting go of old snapshots. What somebody may still ask about stays: the newest, and what open matters rest on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.db.models import Q

from refloat.store.erasing import let_go
from refloat.store.models import Account, Erasure, PlannedAction, Snapshot, SourceState, StrandingInterval, Task
from refloat.store.plans import FINAL
from refloat.store.turns import writing

#: A database takes so many values in one question at least.
_AT_ONCE = 500


def pruned(before: datetime, at: datetime) -> tuple[int, int]:
    """Delete what was observed before that moment and is needed no more, of every account: (snapshots, bytes of documents before packing).

    The journal, plans, consents and strandings stay whole.
    """
    snapshots = size = 0
    for account in Account.objects.order_by("id"):
        with writing():
            ids, own_bytes = _pruned(account, before, at)
            snapshots, size = snapshots + ids, size + own_bytes
    return snapshots, size


def _pruned(account: Account, before: datetime, at: datetime) -> tuple[int, int]:
    going = _going(account, before)
    if not going:
        return 0, 0
    # The leave that the snapshots' trigger asks for, and a record that it was done.
    Erasure.objects.create(account=account, before=before, at=at)
    documents: set[str] = set()
    for some in (going[start : start + _AT_ONCE] for start in range(0, len(going), _AT_ONCE)):
        found = Snapshot.objects.filter(pk__in=some)
        documents |= set(found.values_list("document_id", flat=True))
        found.delete()
    return len(going), let_go(documents)


def _going(account: Account, before: datetime) -> list[int]:
    rows = Snapshot.objects.filter(account=account).order_by("marketplace", "source", "observed_at", "id").values_list("marketplace", "source", "observed_at", "id")
    good = set(SourceState.objects.filter(account=account, last_good__isnull=False).values_list("last_good_id", flat=True))
    moments = _moments(account)
    going: list[int] = []
    for (place, _), own in groupby(rows.iterator(), key=lambda row: row[:2]):
        kept = [(observed_at, number) for _, _, observed_at, number in own]
        stays = {max(number for _, number in kept), kept[-1][1], *good, *_rested_on(kept, moments.get(place, ()))}
        going += [number for observed_at, number in kept if observed_at < before and number not in stays]
    return going


def _rested_on(kept: Sequence[tuple[datetime, int]], moments: Iterable[datetime]) -> set[int]:
    """Of one source the newest snapshot at each of the moments: what was concluded then was concluded from it."""
    observed = [moment for moment, _ in kept]
    return {kept[place - 1][1] for moment in moments if (place := bisect_right(observed, moment))}


def _moments(account: Account) -> dict[str, set[datetime]]:
    """Marketplace → when what is still open was concluded, done or asked: strandings, deeds without a last word, open tasks."""
    strandings = StrandingInterval.objects.filter(to_at=None, stranding__account=account, stranding__closed_at=None)
    waiting = PlannedAction.objects.filter(account=account, stage__in=("intended", "answered", "shown", "unclear")).filter(Q(verdict=None) | ~Q(verdict__in=FINAL))
    found: dict[str, set[datetime]] = {}
    for rows in (
        strandings.values_list("stranding__marketplace", "from_at").distinct(),
        strandings.values_list("stranding__marketplace", "stranding__opened_at").distinct(),
        waiting.values_list("marketplace", "at").distinct(),
        waiting.filter(intended_at__isnull=False).values_list("marketplace", "intended_at").distinct(),
        Task.objects.filter(account=account, ended_at=None).values_list("stranding__marketplace", "opened_at").distinct(),
    ):
        for place, moment in rows.iterator():
            found.setdefault(place, set()).add(moment)
    return found
