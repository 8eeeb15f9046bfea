"""How far each removal deadline has climbed, and who has taken it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from refloat.errors import WrongUse
from refloat.store.accounts import account_named
from refloat.store.journal import Journal
from refloat.store.models import DeadlineStep, Stranding
from refloat.store.rows import DeadlineRow
from refloat.store.turns import reading, writing


class Deadlines:
    """A row for each (stranding, Amazon's date, step); a step that was opened stays on record."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def climbed(self, account: str, steps: Iterable[tuple[int, date, int]], at: datetime) -> None:
        """Open the steps (stranding, due date, step) that are not there yet, each with its entry in the journal."""
        with writing():
            wanted = list(steps)
            there = set(DeadlineStep.objects.filter(stranding__account=account_named(account), stranding__closed_at=None).values_list("stranding_id", "due_on", "step"))
            new = [one for one in wanted if one not in there]
            DeadlineStep.objects.bulk_create([DeadlineStep(stranding_id=stranding, due_on=due_on, step=step, opened_at=at) for stranding, due_on, step in new], batch_size=500)
            named = {row.pk: row for row in Stranding.objects.filter(pk__in=[stranding for stranding, _, _ in new])}
            for place in sorted({row.marketplace for row in named.values()}):
                own = [(named[stranding], due_on, step) for stranding, due_on, step in new if named[stranding].marketplace == place]
                self._journal.append_all(account, place, [("deadline", {"sku": row.sku, "due_on": due_on.isoformat(), "days": step}) for row, due_on, step in own], at)

    def open_steps(self, account: str) -> tuple[DeadlineRow, ...]:
        """Every step of every open stranding, the earliest first."""
        with reading():
            rows = DeadlineStep.objects.filter(stranding__account=account_named(account), stranding__closed_at=None).select_related("stranding").order_by("opened_at", "id")
            return tuple(DeadlineRow(one.stranding_id, one.stranding.marketplace, one.stranding.sku, one.due_on, one.step, one.opened_at, one.taken_by, one.taken_at, one.note) for one in rows)

    def take(self, account: str, sku: str, by: str, at: datetime, *, note: str = "") -> int:
        """A named person takes every step of the SKU that is open; how many. The next step climbs again.

        Raises:
            WrongUse: no step of the SKU is open.
        """
        with writing():
            own = DeadlineStep.objects.filter(stranding__account=account_named(account), stranding__closed_at=None, stranding__sku=sku, taken_at=None).select_related("stranding")
            places = sorted({one.stranding.marketplace for one in own})
            count = own.update(taken_by=by, taken_at=at, note=note)
            if not count:
                raise WrongUse(
                    "No removal deadline of {sku} waits for anybody.",
                    why="It is not stranded, its deadline is further away, or somebody has taken it.",
                    todo="See refloat policy deadlines {account}.",
                    sku=sku,
                    account=account,
                )
            for place in places:
                self._journal.append(account, place, "deadline-taken", {"sku": sku, "by": by, "note": note}, at)
        return count
