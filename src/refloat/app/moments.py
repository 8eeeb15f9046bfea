"""What happened to one stranding, moment by moment: seen, said, concluded, changed, planned, approved, sent, answered, judged, over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from refloat.model.ports import Deed
from refloat.store import ConsentRow, EntryRow, StandingRow, StrandingRow

#: What of an interval makes a moment of its own when it changes, and what that is called.
_CHANGES = {
    "said": ("said",), "concluded": ("standing", "cause", "remedy"), "units": ("units_fulfillable", "units_unfulfillable", "units_reserved"), "deadline-set": ("removal_due_on",),
    "worth": ("worth_amount", "worth_currency"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. ``kind`` is a word of ours or a kind of the journal; ``entry``: the journal's own, where there is one."""

    at: datetime
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    entry: EntryRow | None = None
    marketplace: str = ""


def moments(row: StrandingRow, deeds: Sequence[Deed], consents: Mapping[str, Sequence[ConsentRow]], planned: Mapping[str, datetime], entries: Sequence[EntryRow]) -> list[Moment]:
    """All of it, the newest first; of one moment what came later comes first.

    ``deeds``: the actions of this stranding; ``consents`` and ``planned``: plan id → who approved it, and when it was made;
    ``entries``: the journal's about the SKU, of whichever stranding.
    """
    own = {(deed.plan_id, deed.action_id) for deed in deeds}
    of_journal = [Moment(one.at, one.kind, one.body, one, row.marketplace) for one in entries if _of_this(one, row, own)]
    found = [*_of_intervals(row), *_of_plans(deeds, consents, planned), *of_journal]
    return [moment for _, moment in sorted(enumerate(found), key=lambda one: (one[1].at, one[0]), reverse=True)]


def _of_this(entry: EntryRow, row: StrandingRow, own: set[tuple[str, str]]) -> bool:
    if "action" in entry.body:
        return (str(entry.body.get("plan")), str(entry.body["action"])) in own
    return entry.at >= row.opened_at and (row.closed_at is None or entry.at <= row.closed_at)


def _of_intervals(row: StrandingRow) -> Iterator[Moment]:
    first = row.intervals[0]
    yield Moment(first.from_at, "seen", _told(first))
    for before, now in pairwise(row.intervals):
        if before.to_at != now.from_at:
            yield Moment(before.to_at or now.from_at, "closed", {"outcome": None})
            yield Moment(now.from_at, "came-back", _told(now))
        else:
            yield from _changes(before, now)
    if row.closed_at is not None:
        yield Moment(row.closed_at, "closed", {"outcome": row.outcome})


def _changes(before: StandingRow, now: StandingRow) -> Iterator[Moment]:
    for kind, names in _CHANGES.items():
        if any(getattr(before, name) != getattr(now, name) for name in names):
            yield Moment(now.from_at, kind, _told(now) | {"before": _told(before)})


def _told(known: StandingRow) -> dict[str, Any]:
    return {name: getattr(known, name) for names in _CHANGES.values() for name in names}


def _of_plans(deeds: Sequence[Deed], consents: Mapping[str, Sequence[ConsentRow]], planned: Mapping[str, datetime]) -> Iterator[Moment]:
    for deed in deeds:
        said = {"plan": deed.plan_id, "action": deed.action_id, "remedy": deed.remedy}
        if deed.plan_id in planned:
            yield Moment(planned[deed.plan_id], "planned", said)
        for word in consents.get(deed.plan_id, ()):
            if word.actions is None or deed.action_id in word.actions:
                yield Moment(word.at, "consented", said | {"by": word.by})
