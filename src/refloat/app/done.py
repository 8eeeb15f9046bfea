"""What was done for a stranding already: by us, action by action, and by a person, task by task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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


def every_by_hand(store: Store, account: str) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """(marketplace, SKU) → ``by_hand`` of what is open; only where something was entered."""
    rows = store.tasks.all(account)
    if not rows:
        return {}
    found = {(row.marketplace, row.sku): by_hand(rows, row) for row in store.strandings.open_strandings(account)}
    return {key: results for key, results in found.items() if results}
