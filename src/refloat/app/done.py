"""What was done for a stranding already: by us, action by action, and by a person, task by task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


#: The remedy whose success Amazon itself tells: it names no restriction any more. An appeal has none such: while its reason stands, nothing is written.
_TOLD_BY_AMAZON = "request-approval"


def granted(tasks: Iterable[TaskRow], stranding: StrandingRow, row: Mapping[str, Any]) -> dict[str, str]:
    """Remedy → ``won``, where Amazon's own answer proves what nobody has entered yet.

    It named a restriction when the task was opened, and by now, asked again, it names none.
    """
    if row.get("live_restricted") is not False:
        return {}
    own = [one for one in tasks if (one.stranding_id, one.turn, one.remedy) == (stranding.id, stranding.times_back, _TOLD_BY_AMAZON)]
    return {one.remedy: "won" for one in own if one.result in {None, "overtaken"} and one.subject.get("restricted") is True}


@dataclass(frozen=True, slots=True)
class ByPeople:
    """What was asked of a person about one stranding, and what came of it."""

    stranding: StrandingRow
    tasks: Sequence[TaskRow]

    def results(self, row: Mapping[str, Any]) -> Mapping[str, str]:
        """Remedy → the result that a person entered, or that Amazon's own answer proves."""
        return {**granted(self.tasks, self.stranding, row), **by_hand(self.tasks, self.stranding)}

    @property
    def stopped_at(self) -> datetime | None:
        """When another tool was stopped."""
        return stopped_at(self.tasks, self.stranding)


def every_by_hand(store: Store, account: str) -> Mapping[tuple[str, str], ByPeople]:
    """(marketplace, SKU) → what a person did about what is open; only where there was a task."""
    rows: dict[int, list[TaskRow]] = {}
    for row in store.tasks.all(account):
        rows.setdefault(row.stranding_id, []).append(row)
    if not rows:
        return {}
    return {(row.marketplace, row.sku): ByPeople(row, rows[row.id]) for row in store.strandings.open_strandings(account) if row.id in rows}
