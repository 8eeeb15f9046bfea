"""What is due, and when: the record of the unattended loop. Whoever runs it may die at any moment, and another one goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Least

from refloat.store.accounts import account_named
from refloat.store.models import Account, Due
from refloat.store.rows import DueRow
from refloat.store.turns import reading, writing


class DueTable:
    """Rows of (account, marketplace, kind); times are UTC. ``marketplace`` is empty for what concerns the whole account, ``account`` None for the whole store."""

    def all(self, account: str | None = None) -> tuple[DueRow, ...]:
        """Every row, of one account or of all, the earliest first."""
        with reading():
            rows = _rows() if account is None else _rows().filter(account=account_named(account))
            return tuple(_row(one) for one in rows)

    def one(self, account: str | None, marketplace: str, kind: str) -> DueRow | None:
        """One row, or None where it was dropped, or its account removed."""
        with reading():
            found = _rows().filter(account__name=account, marketplace=marketplace, kind=kind).first()
            return None if found is None else _row(found)

    def by(self, now: datetime, limit: int, kinds: Collection[str]) -> tuple[DueRow, ...]:
        """At most ``limit`` rows of these kinds that are due by ``now``, the longest overdue first."""
        with reading():
            return tuple(_row(one) for one in _rows().filter(due_at__lte=now, kind__in=kinds)[:limit])

    def next_at(self, after: datetime | None = None) -> datetime | None:
        """The earliest moment at which anything is due (after one); None when nothing is."""
        with reading():
            rows = _rows() if after is None else _rows().filter(due_at__gt=after)
            return rows.values_list("due_at", flat=True).first()

    def accounts_without(self, kind: str) -> tuple[str, ...]:
        """The accounts that have no row of that kind: they were added since."""
        with reading():
            known = Due.objects.filter(kind=kind).values("account")
            return tuple(Account.objects.filter(removed_at=None).exclude(pk__in=known).order_by("id").values_list("name", flat=True))

    def added(self, account: str | None, marketplace: str, kinds: Iterable[str], at: datetime) -> None:
        """What is to be done from now on; what is there already stays as it is."""
        with writing():
            owner = None if account is None else account_named(account)
            Due.objects.bulk_create([Due(account=owner, marketplace=marketplace, kind=kind, due_at=at) for kind in kinds], ignore_conflicts=True)

    def dropped(self, account: str, marketplace: str) -> None:
        """What concerned a marketplace in which the account sells no more."""
        with writing():
            Due.objects.filter(account=account_named(account), marketplace=marketplace).delete()

    def called(self, account: str | None, marketplace: str, kind: str, at: datetime) -> None:
        """It is wanted at ``at`` at the latest, be it under way or not; nothing where it is no longer done."""
        with writing():
            wanted = Due.objects.filter(account__name=account, account__removed_at=None, marketplace=marketplace, kind=kind)
            wanted.update(calls=F("calls") + 1, due_at=Least(F("due_at"), Value(at, DateTimeField())))

    def begun(self, row: DueRow, worker: str, at: datetime) -> None:
        """``worker`` is at it."""
        with writing():
            Due.objects.filter(pk=row.id).update(worker=worker, begun_at=at)

    def ended(self, row: DueRow, at: datetime, next_at: datetime, *, waits_for: str = "") -> None:
        """It is done until ``next_at``; at once again where somebody called for it since ``row`` was read."""
        with writing():
            done = Due.objects.filter(pk=row.id)
            done.update(worker=None, ended_at=at, due_at=next_at, waits_for=waits_for, failures=0, trouble_code=None, trouble_text=None, troubled_since=None)
            done.exclude(calls=row.calls).update(due_at=at)

    def failed(self, row: DueRow, at: datetime, next_at: datetime, code: str, text: str) -> None:
        """It did not work, and is tried again at ``next_at``."""
        with writing():
            tried = Due.objects.filter(pk=row.id)
            tried.update(worker=None, ended_at=at, due_at=next_at, waits_for="", failures=F("failures") + 1, trouble_code=code, trouble_text=text)
            tried.filter(troubled_since=None).update(troubled_since=at)

    def put_off(self, row: DueRow, next_at: datetime, waits_for: str) -> None:
        """It could not begin yet, and that is no failure."""
        with writing():
            Due.objects.filter(pk=row.id).update(worker=None, due_at=next_at, waits_for=waits_for)


def _rows() -> QuerySet[Due]:
    return Due.objects.filter(account__removed_at=None).select_related("account").order_by("due_at", "id")


def _row(one: Due) -> DueRow:
    return DueRow(
        one.pk, None if one.account is None else one.account.name, one.marketplace, one.kind, one.due_at, one.calls, one.worker, one.begun_at, one.ended_at, one.waits_for,
        one.failures, one.trouble_code, one.trouble_text, one.troubled_since,
    )  # fmt: skip
