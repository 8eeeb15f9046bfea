"""What was done for a stranding already: by us, action by action, and by a person, task by task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from refloat.loop.choosing import STOP_WRITER
from refloat.model.ports import Deed
from refloat.store import Store, StrandingRow, TaskRow


def of_this_episode(deeds: Sequence[Deed], store: Store, account: str, place: str, sku: str) -> list[Deed]:
    """What was sent since the stranding began; an earlier one is another matter."""
    if not deeds:
        return []
    episodes = store.strandings.history(account, sku, place)
    opened = episodes[-1].opened_at if episodes else None
    return [deed for deed in deeds if opened is None or deed.stranding_id == episodes[-1].id or deed.at >= opened]


def by_hand(tasks: Iterable[TaskRow], stranding: StrandingRow) -> dict[str, str]:
    """Remedy → the result that a person entered, of this turn of the stranding."""
    own = [row for row in tasks if (row.stranding_id, row.turn) == (stranding.id, stranding.times_back)]
    return {row.remedy: row.result for row in own if row.result is not None and row.result != "overtaken"}


def stopped_at(tasks: Iterable[TaskRow], stranding: StrandingRow) -> datetime | None:
    """When a person last said that the tool which changed our cures back writes no more; None where nobody did."""
    own = [row.ended_at for row in tasks if row.stranding_id == stranding.id and row.remedy == STOP_WRITER and row.result in {"done", "won"}]
    return max((at for at in own if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class ByPeople:
    """What a person did about one stranding: remedy → the result that was entered, and when another tool was stopped."""

    results: Mapping[str, str] = field(default_factory=dict)
    stopped_at: datetime | None = None


def every_by_hand(store: Store, account: str) -> Mapping[tuple[str, str], ByPeople]:
    """(marketplace, SKU) → what a person did about what is open; only where there was a task."""
    rows: dict[int, list[TaskRow]] = {}
    for row in store.tasks.all(account):
        rows.setdefault(row.stranding_id, []).append(row)
    if not rows:
        return {}
    known = [row for row in store.strandings.open_strandings(account) if row.id in rows]
    return {(row.marketplace, row.sku): ByPeople(by_hand(rows[row.id], row), stopped_at(rows[row.id], row)) for row in known}
