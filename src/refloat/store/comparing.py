"""What a pass found against what was known: opened, changed, come back, closed; all of it in a few statements, and only changes are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Max, QuerySet

from refloat.store import bulk
from refloat.store.difference import KNOWN, SAID, difference, in_parts, taken
from refloat.store.models import Account, Stranding, StrandingInterval
from refloat.store.rows import Conclusion, Recorded

_BEGUN = ("stranding", "from_at", *SAID)
_STANDING = list(SAID).index("standing")


@dataclass(frozen=True, slots=True)
class _Known:
    """An open stranding as it stands in the store."""

    id: int
    fnsku: str | None
    interval_id: int
    from_at: datetime
    said: tuple[Any, ...]


@dataclass(slots=True)
class _Changes:
    """What is to be written of one part, collected row by row; and the counts of all."""

    at: datetime
    ended: list[tuple[datetime, int]] = field(default_factory=list)
    begun: list[tuple[Any, ...]] = field(default_factory=list)
    outcomes: list[tuple[datetime, str, int]] = field(default_factory=list)
    fnskus: list[tuple[str, int]] = field(default_factory=list)
    digests: list[tuple[int | None, int]] = field(default_factory=list)
    unchanged: int = 0
    changed: int = 0
    closed: int = 0

    def turn(self, known: _Known, said: tuple[Any, ...]) -> None:
        """From now on ``said`` is what is known."""
        if said == known.said:
            self.unchanged += 1
            return
        # A clock that was set back must not end an interval before it began.
        moment = max(self.at, known.from_at)
        self.ended.append((moment, known.interval_id))
        self.begun.append((known.id, moment, *said))
        self.changed += 1

    def close(self, known: _Known, outcome: str) -> None:
        """It is over, and there is proof."""
        self.ended.append((max(self.at, known.from_at), known.interval_id))
        self.outcomes.append((self.at, outcome, known.id))
        self.closed += 1

    def write(self) -> None:
        """Write what was collected, and forget it; the counts stay."""
        # First the ends, then the beginnings: one interval at a time is the current one.
        bulk.update(StrandingInterval, "to_at", self.ended)
        bulk.insert(StrandingInterval, _BEGUN, self.begun)
        bulk.update(Stranding, "fnsku", self.fnskus)
        bulk.update(Stranding, "digest", self.digests)
        bulk.rewrite(Stranding, ("closed_at", "outcome"), self.outcomes)
        for collected in (self.ended, self.begun, self.outcomes, self.fnskus, self.digests):
            collected.clear()


def compared_and_written(
    place: tuple[Account, str], rows: pl.DataFrame | Iterable[Mapping[str, Any]], at: datetime, *, concluded: Mapping[str, Conclusion], absent: str, memory: timedelta,
) -> Recorded:  # fmt: skip
    """Compare and write; call it inside ``writing()``. ``absent`` is the standing of what no row names."""
    account, _ = place
    # On PostgreSQL two passes over one account wait for each other here; SQLite has one writer anyway.
    Account.objects.select_for_update().get(pk=account.pk)
    found = difference(taken(rows), _narrow(_of(place).filter(closed_at=None)))
    changes = _Changes(at, unchanged=found.same)
    for part in in_parts(found.doubtful):
        _turn(part, changes)
    for part in in_parts(found.absent):
        _conclude(part, concluded, absent, changes)
    back = _reopen(place, found.new, changes, memory)
    opened = _open(place, found.new.filter(~pl.col("sku").is_in(back["sku"].implode())), changes)
    return Recorded(opened, back.height, changes.changed, changes.closed, changes.unchanged)


def _of(place: tuple[Account, str]) -> QuerySet[Stranding]:
    account, marketplace = place
    return Stranding.objects.filter(account=account, marketplace=marketplace)


def _narrow(found: QuerySet[Stranding]) -> pl.DataFrame:
    """Id, SKU and number of each; read in pieces, without an object for each."""
    sql, values = found.values_list("id", "sku", "digest").query.sql_with_params()
    parts = [pl.DataFrame(schema=KNOWN)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(100_000):
            parts.append(pl.DataFrame([pl.Series(name, column, kind) for (name, kind), column in zip(KNOWN.items(), zip(*rows, strict=True), strict=True)]))
    return pl.concat(parts)


def _details(ids: Sequence[int]) -> dict[int, _Known]:
    """Stranding id → what is known of it, of these that are open."""
    among, value = ("= ANY(%s)", list(ids)) if connection.vendor == "postgresql" else ("IN (SELECT value FROM json_each(%s))", json.dumps(list(ids)))
    current = StrandingInterval.objects.filter(to_at=None).extra(where=[f"store_strandinginterval.stranding_id {among}"], params=[value])  # noqa: S610 - words of our own, the ids are a parameter
    rows = current.values_list("stranding_id", "stranding__fnsku", "id", "from_at", *SAID)
    return {row[0]: _Known(row[0], row[1], row[2], row[3], tuple(row[4:])) for row in rows}


def _turn(part: pl.DataFrame, changes: _Changes) -> None:
    """What is found and known: compared word for word."""
    known = _details(part["stranding_id"].to_list())
    for stranding_id, digest, fnsku, *said in part.select("stranding_id", "digest", "fnsku", *SAID).iter_rows():
        old = known[stranding_id]
        changes.turn(old, tuple(said))
        changes.digests.append((digest, stranding_id))
        if fnsku and fnsku != old.fnsku:
            changes.fnskus.append((fnsku, stranding_id))
    changes.write()


def _conclude(part: pl.DataFrame, concluded: Mapping[str, Conclusion], absent: str, changes: _Changes) -> None:
    """What no row named any more."""
    known = _details(part["stranding_id"].to_list())
    for stranding_id, sku in part.iter_rows():
        old, conclusion = known[stranding_id], concluded.get(sku, Conclusion(absent))
        changes.digests.append((None, stranding_id))
        if conclusion.outcome is not None:
            changes.close(old, conclusion.outcome)
        else:
            changes.turn(old, (*old.said[:_STANDING], conclusion.standing, *old.said[_STANDING + 1 :]))
    changes.write()


def _reopen(place: tuple[Account, str], new: pl.DataFrame, changes: _Changes, memory: timedelta) -> pl.DataFrame:
    """A SKU that was closed a short while ago goes on as the same stranding; those of ``new`` that did."""
    if new.is_empty():
        return new
    closed = _narrow(_of(place).filter(closed_at__gte=changes.at - memory).order_by("closed_at", "id")).unique("sku", keep="last")
    back = new.drop("stranding_id").join(closed.select("sku", "stranding_id"), on="sku", maintain_order="left")
    for part in in_parts(back):
        again = Stranding.objects.in_bulk(part["stranding_id"].to_list())
        rows = ((None, None, again[key].times_back + 1, fnsku or again[key].fnsku, digest, key) for key, fnsku, digest in part.select("stranding_id", "fnsku", "digest").iter_rows())
        bulk.rewrite(Stranding, ("closed_at", "outcome", "times_back", "fnsku", "digest"), rows)
        _begin(part, changes.at)
    return back


def _open(place: tuple[Account, str], new: pl.DataFrame, changes: _Changes) -> int:
    if new.is_empty():
        return 0
    account, marketplace = place
    before = Stranding.objects.aggregate(last=Max("id"))["last"] or 0
    rows = new.select("sku", "fnsku", "opened_at", "digest").iter_rows()
    bulk.insert(
        Stranding,
        ("account", "marketplace", "sku", "fnsku", "opened_at", "digest", "times_back"),
        ((account.pk, marketplace, sku, fnsku, opened_at or changes.at, digest, 0) for sku, fnsku, opened_at, digest in rows),
    )
    # The account is locked, so what is of this place and later is ours.
    made = _narrow(_of(place).filter(closed_at=None, pk__gt=before))
    for part in in_parts(new.drop("stranding_id").join(made.select("sku", "stranding_id"), on="sku", maintain_order="left")):
        _begin(part, changes.at)
    return new.height


def _begin(part: pl.DataFrame, at: datetime) -> None:
    """What is known of these from ``at`` on."""
    bulk.insert(StrandingInterval, _BEGUN, _begun(part, at))


def _begun(part: pl.DataFrame, at: datetime) -> Iterator[tuple[Any, ...]]:
    return ((row[0], at, *row[1:]) for row in part.select("stranding_id", *SAID).iter_rows())
