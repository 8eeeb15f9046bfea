"""The record of access: who signed in or failed to, who was invited, removed, given or refused what. It takes no change, and holds no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from refloat.store.models import AccessEntry
from refloat.store.turns import reading, writing


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One entry; ``address`` is empty for the command line of the server."""

    id: int
    at: datetime
    kind: str
    by: str
    whom: str
    address: str
    told: dict[str, str]


class AccessRecord:
    """Written by the doors, read by administrators."""

    def add(self, kind: str, at: datetime, *, by: str = "", whom: str = "", address: str = "", **told: str) -> None:
        """Write one entry; ``told`` is what else is worth knowing, such as a role, never a secret."""
        with writing():
            AccessEntry.objects.create(kind=kind, at=at, by=by[:120], whom=whom[:254], address=address[:45], told=told)

    def page(self, before: int | None, most: int) -> list[AccessRow]:
        """The newest entries, or the newest before that one."""
        with reading():
            found = AccessEntry.objects.order_by("-id")
            rows = found.filter(id__lt=before) if before is not None else found
            return [AccessRow(one.pk, one.at, one.kind, one.by, one.whom, one.address, one.told) for one in rows[:most]]
