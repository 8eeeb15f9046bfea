"""Pages of tasks over many accounts, as they stand on record: nothing is matched, and nothing else is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from refloat.store.models import Task, TaskAttachment
from refloat.store.page_rows import AskedTasks, PlacedTask, TaskCursor, TaskPage
from refloat.store.tasks import attachments_of, task_row
from refloat.store.turns import reading


class TaskPages:
    """Open tasks by the day on which to ask again, the earliest first; ended ones by their end, the newest first."""

    def page(self, asked: AskedTasks, cursor: TaskCursor | None = None, size: int = 50) -> TaskPage:
        """``size`` tasks after (or before) the cursor."""
        back = cursor is not None and cursor.back
        name, falls = ("ended_at", not back) if asked.ended else ("follow_up_on", back)
        with reading():
            found = _asked(asked)
            if cursor is not None:
                side = "lt" if falls else "gt"
                found = found.filter(**{f"{name}__{side}e": cursor.value}).filter(Q(**{f"{name}__{side}": cursor.value}) | Q(**{f"id__{side}": cursor.id}))
            rows = list(found.select_related("stranding", "account").order_by(*(f"{'-' if falls else ''}{one}" for one in (name, "id")))[: size + 1])
            more, rows = len(rows) > size, rows[:size]
            rows = rows[::-1] if back else rows
            tasks = _placed(rows)
        if not rows:
            return TaskPage((), None, None)
        first, last = TaskCursor(getattr(rows[0], name), rows[0].pk, True), TaskCursor(getattr(rows[-1], name), rows[-1].pk)
        return TaskPage(tasks, last if back or more else None, first if (more if back else cursor is not None) else None)

    def counts(self, asked: AskedTasks, today: date) -> tuple[int, int]:
        """(tasks as asked, of which to follow up by ``today``)."""
        with reading():
            found = _asked(asked)
            return found.count(), 0 if asked.ended else found.filter(follow_up_on__lte=today).count()

    def one(self, task_id: int) -> PlacedTask | None:
        """The task of that number, whosever it is."""
        with reading():
            found = Task.objects.filter(pk=task_id, account__removed_at=None).select_related("stranding", "account").first()
            return None if found is None else _placed([found])[0]

    def of_stranding(self, stranding_id: int) -> tuple[PlacedTask, ...]:
        """Every task of the stranding, the oldest first."""
        with reading():
            return _placed(list(Task.objects.filter(stranding=stranding_id).select_related("stranding", "account").order_by("id")))


def _asked(asked: AskedTasks) -> Any:
    found = Task.objects.filter(account__removed_at=None, ended_at__isnull=not asked.ended)
    if asked.accounts is not None:
        found = found.filter(account__name__in=asked.accounts)
    if asked.marketplace:
        found = found.filter(stranding__marketplace=asked.marketplace)
    if asked.remedy:
        found = found.filter(remedy=asked.remedy)
    return found.filter(stranding__sku__icontains=asked.text) if asked.text else found


def _placed(tasks: Sequence[Task]) -> tuple[PlacedTask, ...]:
    files: dict[int, list[TaskAttachment]] = {}
    for one in attachments_of(task__in=[task.pk for task in tasks]):
        files.setdefault(one.task_id, []).append(one)
    return tuple(PlacedTask(task.account.name, task_row(task, files.get(task.pk, ()))) for task in tasks)
