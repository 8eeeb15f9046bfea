"""What waits for somebody, in numbers and a few rows each: for the first page, over all accounts that its reader sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from refloat.store.models import Account, DeadlineStep, PlannedAction, Proposal, SourceState, Task
from refloat.store.plans import FINAL
from refloat.store.turns import reading

Accounts = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for a person: whose, which plan, since when, of how many actions, and until when the first is due at Amazon's."""

    account: str
    plan_id: str
    opened_at: datetime
    actions: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that came in."""

    account: str
    marketplace: str
    sku: str
    stranding_id: int | None
    plan_id: str
    remedy: str
    verdict: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that could not be had, or an account of which nothing was ever seen (``source`` None)."""

    account: str
    marketplace: str
    source: str | None
    code: str
    since: datetime | None
    last_good_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskCount:
    """Open tasks, and how many of them are to be followed up by today."""

    open: int
    late: int


class Attention:
    """``accounts``: whose; None: of all."""

    def proposals(self, accounts: Accounts) -> tuple[Waiting, ...]:
        """Proposals that nobody has decided, the oldest first."""
        with reading():
            found = Proposal.objects.filter(closed_at=None, **_of(accounts)).annotate(actions=Count("plan__plannedaction")).order_by("opened_at")
            return tuple(Waiting(*row) for row in found.values_list("account__name", "plan_id", "opened_at", "actions"))

    def tasks(self, accounts: Accounts, today: date) -> TaskCount:
        """Tasks by hand."""
        with reading():
            found = Task.objects.filter(ended_at=None, **_of(accounts)).aggregate(open=Count("id"), late=Count("id", filter=Q(follow_up_on__lte=today)))
            return TaskCount(found["open"], found["late"])

    def verdicts(self, accounts: Accounts, since: datetime) -> Mapping[str, int]:
        """Verdict → how many actions got it since."""
        with reading():
            found = _judged(accounts, since).values_list("verdict").annotate(many=Count("id")).order_by()
            return {str(verdict): many for verdict, many in found}

    def judged(self, accounts: Accounts, since: datetime, most: int) -> tuple[Judged, ...]:
        """The newest verdicts since."""
        with reading():
            rows = _judged(accounts, since).order_by("-verdict_at", "-id")
            return tuple(Judged(*row) for row in rows.values_list("account__name", "marketplace", "sku", "stranding_id", "plan_id", "remedy", "verdict", "verdict_at")[:most])

    def unclear(self, accounts: Accounts) -> int:
        """Actions of which nobody knows whether Amazon did them."""
        with reading():
            return PlannedAction.objects.filter(stage="unclear", verdict=None, **_of(accounts)).count()

    def untaken(self, accounts: Accounts, today: date) -> tuple[int, date | None]:
        """Removal deadlines that nobody has taken, by the dates that Amazon gives now, and the nearest day; what already leaves by an order of ours has none."""
        with reading():
            own = {} if accounts is None else {"stranding__account__name__in": accounts}
            now = {"stranding__strandinginterval__to_at": None, "stranding__strandinginterval__removal_due_on": F("due_on")}
            found = DeadlineStep.objects.filter(taken_at=None, due_on__gte=today, stranding__closed_at=None, **now, **own).exclude(Exists(_leaving()))
            row: dict[str, Any] = found.aggregate(many=Count("stranding_id", distinct=True), first=Min("due_on"))
            return row["many"], row["first"]

    def troubles(self, accounts: Accounts) -> tuple[Trouble, ...]:
        """Sources that cannot be had, the longest first; then accounts of which nothing was seen yet."""
        with reading():
            states = SourceState.objects.filter(trouble_code__isnull=False, account__removed_at=None, **_of(accounts)).order_by("troubled_since", "id")
            rows = [Trouble(*row) for row in states.values_list("account__name", "marketplace", "source", "trouble_code", "troubled_since", "last_good__observed_at")]
            known = set(SourceState.objects.values_list("account_id", flat=True).distinct())
            named = {} if accounts is None else {"name__in": accounts}
            unseen = Account.objects.filter(removed_at=None, **named).exclude(id__in=known).order_by("name").values_list("name", flat=True)
            return (*rows, *(Trouble(name, "", None, "never-seen", None, None) for name in unseen))


def _leaving() -> Any:
    """Removals of the SKU of a deadline's step that are under way, as ``app.deadlines`` leaves them out."""
    whose = {name: OuterRef(f"stranding__{name}") for name in ("account_id", "marketplace", "sku")}
    return PlannedAction.objects.filter(remedy="create-removal", stage__in=("intended", "answered", "shown"), **whose).filter(Q(verdict=None) | ~Q(verdict__in=FINAL))


def _judged(accounts: Accounts, since: datetime) -> Any:
    return PlannedAction.objects.filter(verdict_at__gte=since, **_of(accounts)).exclude(verdict=None).exclude(verdict="too-early")


def _of(accounts: Accounts) -> dict[str, Any]:
    return {} if accounts is None else {"account__name__in": accounts}
