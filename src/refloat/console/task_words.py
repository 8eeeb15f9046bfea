"""Tasks in words, for the list, for their own page, and for the page of their stranding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from refloat.console.rows import Wording
from refloat.model.task import ENTERED, Attachment, Task
from refloat.wording.tasks import follow_up, in_short, is_there, result_label, window

_LACKING = frozenset({"missing", "too-old"})


class TaskWords:
    """The words of tasks for one reader."""

    def __init__(self, wording: Wording) -> None:
        self.wording, self._ = wording, wording._

    def line(self, task: Task) -> dict[str, Any]:
        """A task in a few words."""
        _ = self._
        return {
            "id": task.id,
            "account": task.account or "",
            "marketplace": task.subject.marketplace or "?",
            "sku": task.subject.sku,
            "title": task.subject.title or "",
            "remedy": task.label,
            "cause": task.cause_label,
            "short": [text for text in in_short(task, _) if text != task.cause_label],
            "follow": follow_up(task, _) if task.term.ended_on is None else _("Ended on {day}: {result}.").format(day=task.term.ended_on, result=result_label(task.term.result or "", _)),
            "late": task.overdue,
            "lacking": [line.text for line in task.checklist if line.there in _LACKING],
            "unsure": sum(line.there == "unknown" for line in task.checklist),
            "ended": task.term.ended_on is not None,
        }

    def whole(self, task: Task) -> dict[str, Any]:
        """A task with everything that the person needs for it."""
        return self.line(task) | {
            "steps": task.steps,
            "pages": [{"where": one.where, "url": one.url, "certain": one.certain} for one in task.links],
            "window": list(window(task, self._)),
            "checklist": [{"paper": one.paper, "text": one.text, "there": is_there(one, self._), "lacks": one.there in _LACKING} for one in task.checklist],
            "draft": task.draft.text if task.draft else "",
            "rows": min(30, task.draft.text.count("\n") + 2) if task.draft else 0,
            "asks": task.draft.asks if task.draft else (),
            "attachments": [self._attachment(one) for one in task.attachments],
            "note": task.term.note,
            "next": self._next(task),
            "results": list(self.results()),
        }

    def results(self) -> Iterator[tuple[str, str]]:
        """What a person may enter."""
        yield from ((name, result_label(name, self._)) for name in ENTERED)

    def _next(self, task: Task) -> str:
        if task.term.ended_on is None or task.term.result == "overtaken":
            return ""
        return self._("Next: {remedy}.").format(remedy=self.wording.remedy(task.next)) if task.next else self._("Nothing follows by itself; the next look tells.")

    def _attachment(self, one: Attachment) -> dict[str, str]:
        size = one.size_bytes
        text = self._("{size} bytes").format(size=f"{size:,}") if size < 1024 else f"{size / 1024:,.0f} KiB" if size < 1024**2 else f"{size / 1024**2:,.1f} MiB"
        return {"name": one.name, "size": text, "sha256": one.sha256, "paper": one.paper or ""}
