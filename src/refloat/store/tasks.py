"""Tasks: opened once for each stranding and remedy, ended with a result, their files kept by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from refloat.errors import WrongUse
from refloat.model.task import Attachment
from refloat.store.accounts import account_named
from refloat.store.journal import Journal
from refloat.store.letters import json_text
from refloat.store.models import Account, Stranding, Task, TaskAttachment
from refloat.store.rows import TaskRow
from refloat.store.snapshots import content_of, keep_document
from refloat.store.turns import reading, writing


class Tasks:
    """Accounts are named; times are UTC. Opening and ending stand in the journal in the same turn, or not at all."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self, account: str) -> tuple[TaskRow, ...]:
        """Every task of the account, ended ones too, the oldest first."""
        with reading():
            owner = account_named(account)
            files: dict[int, list[TaskAttachment]] = {}
            for one in attachments_of(task__account=owner):
                files.setdefault(one.task_id, []).append(one)
            return tuple(task_row(task, files.get(task.pk, ())) for task in _tasks(owner))

    def get(self, account: str, task_id: int) -> TaskRow:
        """The task of that number.

        Raises:
            WrongUse: the account has none.
        """
        with reading():
            return task_row(_task(account, task_id))

    def open(
        self, account: str, stranding_id: int, remedy: str, *, recorded: str, subject: Mapping[str, Any], follow_up_on: date, at: datetime, by: str | None = None,
    ) -> TaskRow | None:  # fmt: skip
        """Open a task; None where this turn of the stranding has one for the remedy already and it is open or was answered.

        One that was overtaken and is wanted again goes on.
        """
        with writing():
            owner = _locked(account)
            stranding = Stranding.objects.get(pk=stranding_id, account=owner)
            task = Task.objects.filter(stranding=stranding, turn=stranding.times_back, remedy=remedy).first()
            if task is not None and task.result != "overtaken":
                return None
            task = task or Task(account=owner, stranding=stranding, turn=stranding.times_back, remedy=remedy, opened_at=at)
            task.recorded, task.subject, task.follow_up_on = recorded, _canonical(subject), follow_up_on
            task.ended_at, task.result, task.note = None, None, ""
            task.save()
            body = {"task": task.pk, "sku": stranding.sku, "remedy": remedy, "cause": subject["cause"], "follow_up_on": follow_up_on.isoformat()} | ({"by": by} if by else {})
            self._journal.append(account, stranding.marketplace, "task-opened", body, at)
            return task_row(_task(account, task.pk))

    def note_subject(self, account: str, task_id: int, subject: Mapping[str, Any]) -> None:
        """What is known of an open task's stranding by now."""
        with writing():
            Task.objects.filter(pk=task_id, account=account_named(account), ended_at=None).update(subject=_canonical(subject))

    def end(self, account: str, task_id: int, result: str, note: str, at: datetime, *, then: str | None = None, by: str | None = None) -> TaskRow:
        """End a task; ``then``: the remedy that follows; ``by``: who says so, where a door knows.

        Raises:
            WrongUse: it has ended already, or there is none of that number.
        """
        with writing():
            _locked(account)
            task = _task(account, task_id)
            if task.ended_at is not None:
                raise WrongUse(
                    "Task {id} has ended already: {result}.",
                    why="A result is entered once, and stands in the journal.",
                    todo="See refloat tasks {account}.",
                    id=task_id,
                    result=task.result,
                    account=account,
                )
            task.ended_at, task.result, task.note = at, result, note
            task.save()
            files = [{"name": one.name, "sha256": one.document_id} for one in attachments_of(task=task)]
            body = {"task": task.pk, "sku": task.stranding.sku, "remedy": task.remedy, "result": result, "note": note, "next": then, "attachments": files} | ({"by": by} if by else {})
            self._journal.append(account, task.stranding.marketplace, "task-ended", body, at)
            return task_row(task)

    def attach(self, account: str, task_id: int, name: str, content: bytes, at: datetime, *, paper: str | None = None, by: str | None = None) -> Attachment:
        """Keep a file with the task; the same one twice is one, and takes the newer ``paper``. ``by``: who gives it, where a door knows."""
        sha256 = hashlib.sha256(content).hexdigest()
        with writing():
            task = _task(account, task_id)
            keep_document(sha256, content)
            if by is not None:
                body = {"task": task.pk, "sku": task.stranding.sku, "name": name, "sha256": sha256, "paper": paper, "by": by}
                self._journal.append(account, task.stranding.marketplace, "task-attached", body, at)
            TaskAttachment.objects.update_or_create(task=task, document_id=sha256, name=name, defaults={"paper": paper}, create_defaults={"paper": paper, "at": at})
        return Attachment(name, sha256, len(content), paper)

    def content(self, attachment: Attachment) -> bytes:
        """The file's bytes.

        Raises:
            StoreError: they are not what was kept.
        """
        return content_of(attachment.sha256, attachment.name)


def _locked(account: str) -> Account:
    """The account's row, so that two callers never open the same task."""
    return Account.objects.select_for_update().get(pk=account_named(account).pk)


def _tasks(owner: Account) -> QuerySet[Task]:
    return Task.objects.filter(account=owner).select_related("stranding").order_by("id")


def _task(account: str, task_id: int) -> Task:
    found = _tasks(account_named(account)).filter(pk=task_id).first()
    if found is None:
        raise WrongUse("{account} has no task {id}.", why="Tasks are numbered; each number belongs to one account.", todo="See refloat tasks {account}.", account=account, id=task_id)
    return found


def attachments_of(**where: object) -> QuerySet[TaskAttachment]:
    return TaskAttachment.objects.filter(**where).select_related("document").defer("document__packed").order_by("id")


def _canonical(subject: Mapping[str, Any]) -> str:
    return json_text(dict(subject), sort_keys=True)


def task_row(task: Task, attached: Iterable[TaskAttachment] | None = None) -> TaskRow:
    stranding, found = task.stranding, attachments_of(task=task) if attached is None else attached
    files = tuple(Attachment(one.name, one.document_id, one.document.size_bytes, one.paper) for one in found)
    return TaskRow(
        task.pk, stranding.pk, stranding.opened_at, task.turn, stranding.marketplace, stranding.sku, task.remedy, task.recorded, json.loads(task.subject),
        task.opened_at, task.follow_up_on, task.ended_at, task.result, task.note, files,
    )  # fmt: skip
