"""What a pass found against what was known: opened, changed, come back, closed; all of it in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from refloat.store import bulk
from refloat.store.models import Account, Stranding, StrandingInterval
from refloat.store.rows import Conclusion, Recorded

#: What an interval says; a new one begins only when something of these changes.
SAID = (
    "standing", "symptom", "said", "cause", "remedy", "safety", "units_fulfillable", "units_unfulfillable", "units_reserved",
    "worth_amount", "worth_currency", "removal_due_on", "title", "asin", "shown_buyable",
)  # fmt: skip
_DIGITS = Decimal("0.0001")
_WORTH, _STANDING = SAID.index("worth_amount"), SAID.index("standing")


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
    """What is to be written, collected row by row."""

    at: datetime
    ended: list[tuple[datetime, int]] = field(default_factory=list)
    begun: list[tuple[Any, ...]] = field(default_factory=list)
    closed: list[tuple[int, str]] = field(default_factory=list)
    fnskus: list[tuple[str, int]] = field(default_factory=list)
    unchanged: int = 0

    def turn(self, known: _Known, said: tuple[Any, ...]) -> None:
        """From now on ``said`` is what is known."""
        if said == known.said:
            self.unchanged += 1
            return
        # A clock that was set back must not end an interval before it began.
        moment = max(self.at, known.from_at)
        self.ended.append((moment, known.interval_id))
        self.begun.append((known.id, moment, *said))

    def close(self, known: _Known, outcome: str) -> None:
        """It is over, and there is proof."""
        self.ended.append((max(self.at, known.from_at), known.interval_id))
        self.closed.append((known.id, outcome))


def compared_and_written(place: tuple[Account, str], rows: Iterable[Mapping[str, Any]], at: datetime, *, concluded: Mapping[str, Conclusion], absent: str, memory: timedelta) -> Recorded:
    """Compare and write; call it inside ``writing()``. ``absent`` is the standing of what no row names."""
    account, marketplace = place
    # On PostgreSQL two passes over one account wait for each other here; SQLite has one writer anyway.
    Account.objects.select_for_update().get(pk=account.pk)
    known, changes = _known(account, marketplace), _Changes(at)
    new: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        old = known.pop(row["sku"], None)
        if old is None:
            new[row["sku"]] = row
        else:
            changes.turn(old, _said(row))
            if row.get("fnsku") and row["fnsku"] != old.fnsku:
                changes.fnskus.append((row["fnsku"], old.id))
    _conclude(known, concluded, absent, changes)
    changed = len(changes.begun)
    back = _reopen(account, marketplace, new, changes, memory)
    opened = _open(account, marketplace, new, changes)
    _write(changes)
    return Recorded(opened, back, changed, len(changes.closed), changes.unchanged)


def _known(account: Account, marketplace: str) -> dict[str, _Known]:
    found = StrandingInterval.objects.filter(to_at=None, stranding__account=account, stranding__marketplace=marketplace, stranding__closed_at=None)
    rows = found.values_list("stranding__sku", "stranding_id", "stranding__fnsku", "id", "from_at", *SAID).iterator(chunk_size=10_000)
    return {sku: _Known(stranding_id, fnsku, interval_id, from_at, tuple(said)) for sku, stranding_id, fnsku, interval_id, from_at, *said in rows}


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    said = [row.get(name) for name in SAID]
    worth: Decimal | None = said[_WORTH]
    if worth is not None:
        said[_WORTH] = worth.quantize(_DIGITS, ROUND_HALF_UP)
    return tuple(said)


def _conclude(known: Mapping[str, _Known], concluded: Mapping[str, Conclusion], absent: str, changes: _Changes) -> None:
    """What no row named any more."""
    for sku, old in known.items():
        conclusion = concluded.get(sku, Conclusion(absent))
        if conclusion.outcome is not None:
            changes.close(old, conclusion.outcome)
        else:
            changes.turn(old, (*old.said[:_STANDING], conclusion.standing, *old.said[_STANDING + 1 :]))


def _reopen(account: Account, marketplace: str, new: dict[str, Mapping[str, Any]], changes: _Changes, memory: timedelta) -> int:
    """A SKU that was closed a short while ago goes on as the same stranding; it leaves ``new``."""
    if not new:
        return 0
    closed = Stranding.objects.filter(account=account, marketplace=marketplace, closed_at__gte=changes.at - memory).order_by("closed_at", "id")
    last = dict(closed.values_list("sku", "id"))
    back = {sku: last[sku] for sku in new if sku in last}
    for stranding in Stranding.objects.in_bulk(list(back.values())).values():
        stranding.closed_at, stranding.outcome, stranding.times_back = None, None, stranding.times_back + 1
        stranding.fnsku = new[stranding.sku].get("fnsku") or stranding.fnsku
        stranding.save()
    changes.begun += [(stranding_id, changes.at, *_said(new.pop(sku))) for sku, stranding_id in back.items()]
    return len(back)


def _open(account: Account, marketplace: str, new: Mapping[str, Mapping[str, Any]], changes: _Changes) -> int:
    bulk.insert(
        Stranding,
        ("account", "marketplace", "sku", "fnsku", "opened_at", "times_back"),
        ((account.pk, marketplace, sku, row.get("fnsku"), row.get("opened_at") or changes.at, 0) for sku, row in new.items()),
    )
    if new:
        ids = dict(Stranding.objects.filter(account=account, marketplace=marketplace, closed_at=None).values_list("sku", "id"))
        changes.begun += [(ids[sku], changes.at, *_said(row)) for sku, row in new.items()]
    return len(new)


def _write(changes: _Changes) -> None:
    # First the ends, then the beginnings: one interval at a time is the current one.
    bulk.update(StrandingInterval, "to_at", changes.ended)
    bulk.insert(StrandingInterval, ("stranding", "from_at", *SAID), changes.begun)
    bulk.update(Stranding, "fnsku", changes.fnskus)
    bulk.update(Stranding, "outcome", ((outcome, stranding_id) for stranding_id, outcome in changes.closed))
    bulk.update(Stranding, "closed_at", ((changes.at, stranding_id) for stranding_id, _ in changes.closed))
