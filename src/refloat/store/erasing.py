"""Erasing what was observed of an account. The journal is never erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from refloat.store.models import (
    Account,
    AccountPlace,
    Alarm,
    DeadlineStep,
    Delivery,
    Document,
    EnteredFile,
    Erasure,
    PlannedAction,
    ReportRequest,
    SkuNote,
    Snapshot,
    SourceState,
    Stranding,
    StrandingInterval,
    Task,
    TaskAttachment,
)


def erase(account: Account, at: datetime) -> None:
    """Delete the account's snapshots, report requests, strandings, tasks, alarms and marketplaces; call it inside ``writing()``.

    The trigger that guards snapshots lets those go for which an ``Erasure`` gives leave; documents go that
    nobody else points to.
    """
    Erasure.objects.create(account=account, before=_after_all(account, at), at=at)
    attached = TaskAttachment.objects.filter(task__account=account)
    documents = {*Snapshot.objects.filter(account=account).values_list("document_id", flat=True), *attached.values_list("document_id", flat=True)}
    attached.delete()
    Task.objects.filter(account=account).delete()
    Delivery.objects.filter(alarm__account=account).delete()
    Alarm.objects.filter(account=account).delete()
    SourceState.objects.filter(account=account).delete()
    Snapshot.objects.filter(account=account).delete()
    let_go(documents)
    ReportRequest.objects.filter(account=account).delete()
    # What was written at Amazon stays on record, as the journal does.
    PlannedAction.objects.filter(account=account).update(stranding=None)
    DeadlineStep.objects.filter(stranding__account=account).delete()
    # The notes hold addresses; which rules held when stays on record.
    EnteredFile.objects.filter(account=account, kind="notes").delete()
    SkuNote.objects.filter(account=account).delete()
    StrandingInterval.objects.filter(stranding__account=account).delete()
    Stranding.objects.filter(account=account).delete()
    AccountPlace.objects.filter(account=account).delete()


def let_go(documents: Iterable[str]) -> int:
    """Delete those of the documents to which nobody points any more; how many bytes they had before packing."""
    size = 0
    for sha256 in documents:
        if not any(model.objects.filter(document_id=sha256).exists() for model in (Snapshot, TaskAttachment)):
            found = Document.objects.filter(pk=sha256)
            size += sum(found.values_list("size_bytes", flat=True))
            found.delete()
    return size


def _after_all(account: Account, at: datetime) -> datetime:
    """A moment after everything observed, even where a clock went wrong."""
    newest = Snapshot.objects.filter(account=account).order_by("-observed_at").values_list("observed_at", flat=True).first()
    return max(at, newest or at) + timedelta(seconds=1)
