"""Tasks on the screen: the list, and one task with its text, ready to copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.model.task import ENTERED, Checked, Task
from refloat.wording.labels import Say, listed
from refloat.wording.tasks import follow_up, in_short, is_there, result_label, window


def list_lines(tasks: Sequence[Task], account: str, _: Say) -> Iterator[str]:
    """Every task in a few lines."""
    if not tasks:
        yield _("No open tasks: nothing that is stranded needs a person in Seller Central.")
        return
    late = sum(task.overdue for task in tasks)
    yield _("Open tasks: {count}, of which to follow up now: {late}").format(count=len(tasks), late=late)
    for task in tasks:
        yield ""
        yield f"#{task.id}  {task.subject.marketplace or '?'}  {task.subject.sku}  {task.label}"
        yield f"    {' · '.join(in_short(task, _))}"
        yield f"    {follow_up(task, _)}"
        lacking = [line.paper for line in task.checklist if line.there in {"missing", "too-old"}]
        if lacking:
            yield "    " + _("Missing: {papers}").format(papers=listed(lacking, _))
    yield ""
    yield _("One task with its text: refloat tasks {account} --show {id}").format(account=account, id=tasks[0].id)


def heading(task: Task, _: Say) -> str:
    """Which task it is."""
    return f"#{task.id}  " + _("{remedy}: {sku} ({place})").format(remedy=task.label, sku=task.subject.sku, place=task.subject.marketplace or "?")


def task_lines(task: Task, known: Catalogue, _: Say) -> Iterator[str]:
    """One task: what, by when, where, with what, and the text."""
    yield heading(task, _)
    yield " · ".join(dict.fromkeys((task.cause_label, *in_short(task, _))))
    yield follow_up(task, _) if task.term.ended_on is None else _ended(task, known, _)
    yield from _part(_("Steps"), task.steps)
    yield from _part(
        _("Pages"),
        (
            _("{where}: {url}").format(where=link.where, url=link.url) if link.certain else _("{where}: {url} (a page near it; follow the words)").format(where=link.where, url=link.url)
            for link in task.links
        ),
    )
    yield from _part(_("Amazon's e-mail and performance notification"), window(task, _))
    yield from _part(_("Checklist"), (_checked(line, _) for line in task.checklist))
    yield from _part(_("Kept with it"), (f"{one.name}  sha256 {one.sha256}" for one in task.attachments))
    if task.draft:
        yield from _part(_("Text: read it, fill in what stands in [brackets], and send only what is true"), ())
        yield ""
        yield task.draft.text
    if task.term.ended_on is None:
        yield ""
        yield _("When it is settled: refloat tasks {account} --done {id} --result {results}").format(account=task.account or "", id=task.id, results="|".join(ENTERED))


def _part(heading: str, lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found or isinstance(lines, tuple):
        yield from ("", heading, *(f"  {line}" for line in found))


def _checked(line: Checked, _: Say) -> str:
    mark = "[x]" if line.there in {"attached", "on-file"} else "[ ]"
    return _("{mark} {text} ({paper}): {there}").format(mark=mark, text=line.text, paper=line.paper, there=is_there(line, _))


def _ended(task: Task, known: Catalogue, _: Say) -> str:
    return _("Ended on {day}: {result}.").format(day=task.term.ended_on, result=result_label(task.term.result or "", _)) + " " + next_line(task, known, _)


def next_line(task: Task, known: Catalogue, _: Say) -> str:
    """What follows the result."""
    if task.term.result == "overtaken":
        return _("Nothing more is to be done for it.")
    if task.next is None:
        return _("Nothing follows by itself: look again with refloat observe {account}; Amazon's list lags up to a day.").format(account=task.account or "")
    return _("Next: {remedy}. See refloat explain {name}").format(remedy=label(known.remedies[task.next].page, task.language), name=task.next)
