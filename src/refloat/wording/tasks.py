"""What every door says of a task: by when, which days to look into, what is there, how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from refloat.model.task import Checked, Task
from refloat.wording.labels import Say, left_text, units_text


def in_short(task: Task, _: Say) -> Iterator[str]:
    """What it is about, how much, and when Amazon removes it."""
    yield task.subject.said or task.cause_label
    yield units_text(task.subject.units, _)
    if task.subject.removal_due_on:
        yield _("Amazon removes it on {day}").format(day=task.subject.removal_due_on)


def follow_up(task: Task, _: Say) -> str:
    """When to ask again."""
    left = left_text((task.term.follow_up_on - task.today).days, _)
    if task.overdue:
        return _("FOLLOW UP NOW: no result by {day} ({left})").format(day=task.term.follow_up_on, left=left)
    return _("Follow up on {day} ({left})").format(day=task.term.follow_up_on, left=left)


def window(task: Task, _: Say) -> Iterator[str]:
    """The days in which to look for Amazon's e-mail."""
    if task.window is None:
        return
    yield _("Look from {first} to {last}.").format(first=task.window.first, last=task.window.last)
    if task.window.around == "seen":
        yield _("Amazon says no stranded date: these are the days around the one on which Refloat first saw it.")


def is_there(line: Checked, _: Say) -> str:
    """Whether a paper is there, and of which day it is."""
    words = {"attached": _("attached"), "on-file": _("on file"), "too-old": _("too old"), "missing": _("missing"), "unknown": _("unknown: no register is kept")}
    return words[line.there] if line.on is None else _("{there}, dated {day}").format(there=words[line.there], day=line.on)


def result_label(result: str, _: Say) -> str:
    """A result in the reader's words."""
    return {"won": _("granted by Amazon"), "refused": _("refused"), "no-answer": _("no answer"), "done": _("done"), "overtaken": _("overtaken: it is not needed any more")}[result]
