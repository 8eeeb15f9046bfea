"""Tasks for a person, and the files that are kept with them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models

from refloat.store.models.accounts import Account
from refloat.store.models.snapshots import Document
from refloat.store.models.strandings import Stranding


class Task(models.Model):
    """One remedy for one stranding, done by hand. What the person reads is made from the pages each time; here stand the facts."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(Account, models.PROTECT)
    account_id: int
    stranding: models.ForeignKey[Stranding, Stranding] = models.ForeignKey(Stranding, models.PROTECT)
    stranding_id: int
    #: How often the stranding had come back: a new turn is a new task.
    turn: models.IntegerField[int, int] = models.IntegerField()
    remedy: models.CharField[str, str] = models.CharField(max_length=100)
    #: The remedy that the record named when the task was opened; when that changes, the task may be overtaken.
    recorded: models.CharField[str, str] = models.CharField(max_length=100)
    #: The subject (``model.task``) as canonical JSON.
    subject: models.TextField[str, str] = models.TextField()
    opened_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    follow_up_on: models.DateField[date, date] = models.DateField()
    ended_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    result: models.CharField[str | None, str | None] = models.CharField(max_length=20, null=True)
    note: models.TextField[str, str] = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stranding", "turn", "remedy"), name="store_task_once"),)
        indexes = (
            models.Index(fields=("account", "id"), condition=models.Q(ended_at=None), name="store_task_open"),
            # What a page of all accounts asks for: the open ones by the day on which to ask again, the ended ones by their end.
            models.Index(fields=("follow_up_on", "id"), condition=models.Q(ended_at=None), name="store_task_next"),
            models.Index(fields=("ended_at", "id"), name="store_task_ended"),
        )


class TaskAttachment(models.Model):
    """A file kept with a task; its bytes are a document."""

    task: models.ForeignKey[Task, Task] = models.ForeignKey(Task, models.PROTECT)
    task_id: int
    document: models.ForeignKey[Document, Document] = models.ForeignKey(Document, models.PROTECT)
    document_id: str
    name: models.TextField[str, str] = models.TextField()
    #: The line of the checklist that it fulfils.
    paper: models.CharField[str | None, str | None] = models.CharField(max_length=100, null=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "document", "name"), name="store_attachment_once"),)
