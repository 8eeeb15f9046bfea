"""Runs: who had which plan carried out, what it says of itself, the wish to stop it, and how it ended. Any process may read and write them."""

from __future__ import annotations

import json
from datetime import datetime

from refloat.model.remark import Remark, remark_of
from refloat.store.asked_rows import RunRow
from refloat.store.lease import lives
from refloat.store.models import Run
from refloat.store.turns import reading, writing


class Runs:
    """Times are UTC."""

    def begin(self, plan_id: str, by: str, worker: str, at: datetime) -> int | None:
        """Write down that it begins; its number, or None where the plan is being carried out already."""
        with writing():
            for row in Run.objects.select_for_update().filter(plan_id=plan_id, ended_at=None):
                if lives(row.worker):
                    return None
                # Its process died: what it sent is on record, and this run goes on from there.
                Run.objects.filter(pk=row.pk).update(ended_at=at, how="broken-off")
            made: int = Run.objects.create(plan_id=plan_id, by=by, worker=worker, at=at).pk
            return made

    def tell(self, run_id: int, remark: Remark, at: datetime) -> None:
        """What it does, or waits for, now."""
        with writing():
            Run.objects.filter(pk=run_id).update(told=json.dumps(remark.as_json()), told_at=at)

    def stop(self, plan_id: str, by: str, at: datetime) -> bool:
        """Wish that it stops; False where nothing runs."""
        with writing():
            return bool(Run.objects.filter(plan_id=plan_id, ended_at=None, stop_at=None).update(stop_by=by, stop_at=at))

    def stopped_by(self, run_id: int) -> str | None:
        """Who wants it to stop."""
        with reading():
            found: str | None = Run.objects.values_list("stop_by", flat=True).get(pk=run_id)
            return found

    def end(self, run_id: int, how: str, why: Remark | None, at: datetime, next_at: datetime | None = None) -> None:
        """How it ended: done, waits, stopped, surprise, refused or failed."""
        with writing():
            Run.objects.filter(pk=run_id).update(ended_at=at, how=how, why=None if why is None else json.dumps(why.as_json()), next_at=next_at)

    def newest(self, plan_id: str) -> RunRow | None:
        """The last time that the plan was carried out from a page."""
        with reading():
            found = Run.objects.filter(plan_id=plan_id).order_by("-id").first()
            return None if found is None else _row(found)

    def of_plan(self, plan_id: str) -> tuple[RunRow, ...]:
        """Every time, the newest first."""
        with reading():
            return tuple(_row(row) for row in Run.objects.filter(plan_id=plan_id).order_by("-id"))


def _row(row: Run) -> RunRow:
    return RunRow(
        row.pk, row.plan_id, row.by, row.at, row.worker, _remark(row.told), row.told_at, row.stop_by, row.stop_at, row.ended_at, row.how, _remark(row.why), row.next_at,
        row.ended_at is None and lives(row.worker),
    )  # fmt: skip


def _remark(kept: str | None) -> Remark | None:
    return None if kept is None else remark_of(json.loads(kept))
