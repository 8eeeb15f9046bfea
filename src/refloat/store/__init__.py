"""The store: accounts, snapshots, report requests, strandings with their history, the journal, the pacing gate.

An embassy: Django's ORM is known here alone, and is imported when a store is opened, not before.

    with opened(config) as store:
        store.accounts.list()
"""

from __future__ import annotations

from refloat.store.alarm_rows import AlarmRow, DeliveryRow, NewRecipient, RecipientRow
from refloat.store.asked_rows import AskedRow, RefusalRow, RunRow, Said, SkuNoteRow
from refloat.store.opening import Store, opened
from refloat.store.rows import (
    AccountRow,
    ChainRow,
    Conclusion,
    ConsentRow,
    DeadlineRow,
    DueRow,
    EnteredRow,
    EntryRow,
    PlaceRow,
    PlanRow,
    ProposalRow,
    Recorded,
    SnapshotRow,
    SourceRow,
    StandingRow,
    StrandingRow,
    TaskRow,
    Unsealed,
)
from refloat.store.troubles import AccountBusy, SecretError, StoreError

__all__ = [
    "AccountBusy",
    "AccountRow",
    "AlarmRow",
    "AskedRow",
    "ChainRow",
    "Conclusion",
    "ConsentRow",
    "DeadlineRow",
    "DeliveryRow",
    "DueRow",
    "EnteredRow",
    "EntryRow",
    "NewRecipient",
    "PlaceRow",
    "PlanRow",
    "ProposalRow",
    "RecipientRow",
    "Recorded",
    "RefusalRow",
    "RunRow",
    "Said",
    "SecretError",
    "SkuNoteRow",
    "SnapshotRow",
    "SourceRow",
    "StandingRow",
    "Store",
    "StoreError",
    "StrandingRow",
    "TaskRow",
    "Unsealed",
    "opened",
]
