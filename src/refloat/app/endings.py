"""How each stranding of an account has ended by now, or where it stands: one word for each, never none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from refloat.app.done import of_this_episode
from refloat.model.cure import Guard
from refloat.model.plan import Plan
from refloat.model.ports import Deed
from refloat.store import Store, StrandingRow, TaskRow

#: ``gone``: without units, and not by a removal of ours; ``under-way``: sent, and no verdict yet; ``open``: none of the others.
How = Literal["cured", "removed", "gone", "held", "person", "waiting", "under-way", "open"]
HOW: tuple[How, ...] = ("cured", "removed", "gone", "held", "person", "waiting", "under-way", "open")
#: Guards that say: off sale because the seller wants it so.
_ON_PURPOSE = frozenset({"held", "opted-out", "future-start", "closed-on-purpose"})


@dataclass(frozen=True, slots=True)
class Ending:
    """One stranding. ``said``: Amazon's words when it began; ``by``: the remedy that ended it, or that is due; ``task``: its number."""

    marketplace: str
    sku: str
    said: str | None
    cause: str | None
    units: int | None
    how: How
    by: str | None = None
    task: int | None = None
    on: date | None = None
    guard: Guard | None = None

    def as_json(self) -> dict[str, Any]:
        plain = ("marketplace", "sku", "said", "cause", "units", "how", "by", "task")
        return {name: getattr(self, name) for name in plain} | {"on": self.on.isoformat() if self.on else None, "guard": self.guard and self.guard.as_json()}


def endings(store: Store, account: str, plan: Plan | None = None) -> Iterator[Ending]:
    """Every stranding on record, by marketplace and SKU. ``plan``: the newest, for why something is left alone."""
    first = {row.id: row for row in store.strandings.first(account)}
    deeds, tasks = store.plans.of_strandings(account), store.tasks.all(account)
    left = {(one.marketplace, one.sku): one.guard for one in plan.left_alone} if plan else {}
    for row in sorted(store.strandings.latest(account), key=lambda one: (one.marketplace, one.sku, one.opened_at)):
        own = of_this_episode(deeds.get((row.marketplace, row.sku), ()), store, account, row.marketplace, row.sku)
        yield _ending(first[row.id], row, own, [task for task in tasks if task.stranding_id == row.id], left)


def _ending(first: StrandingRow, row: StrandingRow, deeds: Sequence[Deed], tasks: Sequence[TaskRow], left: Mapping[tuple[str, str], Guard]) -> Ending:
    how, by, task, guard = _over(row, deeds, tasks) if row.closed_at is not None else _standing(row, deeds, tasks, left.get((row.marketplace, row.sku)))
    began, then = first.now, row.closed_at
    return Ending(row.marketplace, row.sku, began.said, began.cause, began.units_fulfillable, how, by, task, then.date() if then else None, guard)


_Found = tuple[How, str | None, int | None, Guard | None]


def _over(row: StrandingRow, deeds: Sequence[Deed], tasks: Sequence[TaskRow]) -> _Found:
    """Proven over: by units that left on our order, by an action of ours, by a person, or by Amazon itself."""
    if row.outcome != "cleared":
        removal = next((deed.remedy for deed in reversed(deeds) if deed.remedy == "create-removal" and deed.stage in {"answered", "shown"}), None)
        return "removed" if removal else "gone", removal, None, None
    cured = next((deed.remedy for deed in reversed(deeds) if deed.verdict == "cured"), None)
    granted = next((task for task in reversed(tasks) if task.result in {"won", "done"}), None)
    return "cured", cured or (granted.remedy if granted else "wait"), granted.id if granted and cured is None else None, None


def _standing(row: StrandingRow, deeds: Sequence[Deed], tasks: Sequence[TaskRow], guard: Guard | None) -> _Found:
    """Not over: with whom it is now."""
    if deeds and deeds[-1].verdict == "removed":
        return "removed", deeds[-1].remedy, None, None
    waiting = next((task for task in reversed(tasks) if task.ended_at is None), None)
    if waiting is not None:
        return "person", waiting.remedy, waiting.id, guard
    if (guard is not None and guard.name in _ON_PURPOSE) or row.now.remedy == "hold":
        return "held", row.now.remedy, None, guard
    if deeds and deeds[-1].verdict in {None, "too-early"}:
        return "under-way", deeds[-1].remedy, None, guard
    if row.now.remedy == "wait" or row.now.standing == "clearing":
        return "waiting", row.now.remedy, None, guard
    return "open", row.now.remedy, None, guard
