"""The tables. Times are UTC; None is unknown; money is a decimal beside its currency."""

from __future__ import annotations

from refloat.store.models.access import AccessEntry, AccessRule, Invitation, Throttle
from refloat.store.models.accounts import Account, AccountPlace
from refloat.store.models.alarms import Alarm, Delivery, Recipient
from refloat.store.models.asked import Assigned, PlanAsked, RefusedAction, Run, SkuNote
from refloat.store.models.due import Due
from refloat.store.models.findings import FindingCount, FindingDetail, FindingFacet, FindingIncident, FindingSum, OpenFinding
from refloat.store.models.gate import RateGate
from refloat.store.models.journal import JournalEntry
from refloat.store.models.people import EntryLink, Person, Role
from refloat.store.models.plans import Consent, Feed, PlanDocument, PlannedAction
from refloat.store.models.policies import DeadlineStep, EnteredFile, Proposal, StandingUse, StandingWord
from refloat.store.models.restoring import Restoration
from refloat.store.models.snapshots import Document, Erasure, ReportRequest, Snapshot, SourceState
from refloat.store.models.strandings import Stranding, StrandingInterval
from refloat.store.models.tasks import Task, TaskAttachment
from refloat.store.models.tokens import ApiToken, KeptAnswer, Look
from refloat.store.models.views import FindingDay, SavedView

__all__ = [
    "AccessEntry",
    "AccessRule",
    "Account",
    "AccountPlace",
    "Alarm",
    "ApiToken",
    "Assigned",
    "Consent",
    "DeadlineStep",
    "Delivery",
    "Document",
    "Due",
    "EnteredFile",
    "EntryLink",
    "Erasure",
    "Feed",
    "FindingCount",
    "FindingDay",
    "FindingDetail",
    "FindingFacet",
    "FindingIncident",
    "FindingSum",
    "Invitation",
    "JournalEntry",
    "KeptAnswer",
    "Look",
    "OpenFinding",
    "Person",
    "PlanAsked",
    "PlanDocument",
    "PlannedAction",
    "Proposal",
    "RateGate",
    "Recipient",
    "RefusedAction",
    "ReportRequest",
    "Restoration",
    "Role",
    "Run",
    "SavedView",
    "SkuNote",
    "Snapshot",
    "SourceState",
    "StandingUse",
    "StandingWord",
    "Stranding",
    "StrandingInterval",
    "Task",
    "TaskAttachment",
    "Throttle",
]
