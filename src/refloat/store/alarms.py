"""Alarms in the store: raised once each, cleared, acknowledged, snoozed; and with each the messages that it asks for.

An alarm and its messages are written in one transaction, before anything is sent.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from refloat.errors import WrongUse
from refloat.model.alarm import Due
from refloat.model.money import Money
from refloat.store.accounts import account_named
from refloat.store.alarm_rows import AlarmRow
from refloat.store.journal import Journal
from refloat.store.models import Account, Alarm, Delivery
from refloat.store.turns import reading, writing


@dataclass(frozen=True)
class Standing:
    """An open alarm, and what it is about."""

    row: AlarmRow
    members: tuple[str, ...]


class Turn:
    """One account's alarms, alone with them until the block ends."""

    def __init__(self, owner: Account, at: datetime, remembered_since: datetime) -> None:
        self._owner, self._at = owner, at
        found = Alarm.objects.filter(Q(cleared_at=None) | Q(cleared_at__gte=remembered_since), account=owner).select_related("account").order_by("id")
        both = [(row_of(one), _unpacked(one.members)) for one in found]
        self.open = tuple(Standing(row, members) for row, members in both if row.cleared_at is None)
        #: Kind → what was told already, or is about to be.
        self.told: dict[str, set[str]] = {}
        for row, members in both:
            # Health has no moment of its own: when it is bad again after it was good, that is news.
            if row.cleared_at is None or not row.facts.get("health"):
                self.told.setdefault(row.kind, set()).update(members)

    def raise_alarm(self, due: Due, shown: Due, key: str, recipients: Iterable[int]) -> AlarmRow | None:
        """Write the alarm and a message for each recipient; None where another process was first. ``shown``: with few SKUs named."""
        worth = json.dumps([one.as_json() for one in due.worth])
        facts = {"marketplace": due.marketplace, "kind": due.kind, "step": due.step, "members": _packed(due.members), "facts": json.dumps(shown.facts, ensure_ascii=False), "worth": worth}
        made, new = Alarm.objects.get_or_create(account=self._owner, key=key, defaults={**facts, "raised_at": self._at})
        if not new:
            return None
        self._messages(made.pk, recipients, "raised")
        return row_of(made)

    def clear(self, alarm_id: int, *, told: bool) -> None:
        """It is over. Who was told of it, and wants to know, is told that too; what was still on its way is not needed any more."""
        Alarm.objects.filter(pk=alarm_id).update(cleared_at=self._at)
        waiting = Delivery.objects.filter(alarm_id=alarm_id, ended_at=None)
        waiting.update(ended_at=self._at, ending="dropped")
        if told:
            knew = Delivery.objects.filter(alarm_id=alarm_id, ending="sent", recipient__removed_at=None).values_list("recipient_id", "recipient__wanted").distinct()
            self._messages(alarm_id, sorted({person for person, wanted in knew if json.loads(wanted)["cleared"]}), "cleared")

    def again(self, alarm_id: int, recipients: Iterable[int]) -> None:
        """Its snooze has ended, and it still holds: it is told again."""
        alarm = Alarm.objects.get(pk=alarm_id)
        waiting = set(Delivery.objects.filter(alarm=alarm, ended_at=None).values_list("recipient_id", flat=True))
        self._messages(alarm_id, [one for one in recipients if one not in waiting], f"again {alarm.snoozes}")
        Alarm.objects.filter(pk=alarm_id).update(snoozed_until=None)

    def _messages(self, alarm_id: int, recipients: Iterable[int], about: str) -> None:
        rows = [Delivery(recipient_id=one, alarm_id=alarm_id, about=about, made_at=self._at, next_try_at=self._at) for one in recipients]
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)


class Alarms:
    """Accounts are named; times are UTC."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @contextmanager
    def turn(self, account: str, at: datetime, *, remembered_since: datetime) -> Iterator[Turn]:
        """Look at the account's alarms and change them, all or nothing; no other process does meanwhile."""
        with writing():
            yield Turn(_locked(account), at, remembered_since)

    def list(self, account: str | None = None, *, cleared_since: datetime | None = None) -> tuple[AlarmRow, ...]:
        """The open alarms of one account or of all, the newest first; with ``cleared_since`` also those cleared since then."""
        with reading():
            found = Alarm.objects.filter(account__removed_at=None).select_related("account").defer("members").order_by("-id")
            which = Q(cleared_at=None) if cleared_since is None else Q(cleared_at=None) | Q(cleared_at__gte=cleared_since)
            of_account = {} if account is None else {"account": account_named(account)}
            return tuple(row_of(one) for one in found.filter(which, **of_account))

    def account_of(self, alarm_id: int) -> str | None:
        """Whose alarm it is; None where there is none of that number."""
        with reading():
            return Alarm.objects.filter(pk=alarm_id, account__removed_at=None).values_list("account__name", flat=True).first()

    def acknowledge(self, alarm_id: int, by: str, why: str, at: datetime) -> AlarmRow:
        """A person takes it: what was still on its way is dropped. It still clears by itself.

        Raises:
            WrongUse: it is cleared, or there is none of that number.
        """
        with writing():
            alarm = _open(alarm_id)
            alarm.acknowledged_at, alarm.acknowledged_by, alarm.acknowledged_why, alarm.snoozed_until = at, by, why, None
            alarm.save(update_fields=("acknowledged_at", "acknowledged_by", "acknowledged_why", "snoozed_until"))
            Delivery.objects.filter(alarm=alarm, ended_at=None).update(ended_at=at, ending="dropped")
            self._note(alarm, "alarm-acknowledged", {"by": by, "why": why}, at)
            return row_of(alarm)

    def snooze(self, alarm_id: int, until: datetime, by: str, why: str, at: datetime) -> AlarmRow:
        """Nothing is sent of it until then; if it still holds, it is told again.

        Raises:
            WrongUse: it is cleared, there is none of that number, or the moment is past.
        """
        if until <= at:
            raise WrongUse("{until} is past.", why="An alarm sleeps until a moment to come.", todo="For example --until 2030-01-31.", until=until.isoformat(timespec="minutes"))
        with writing():
            alarm = _open(alarm_id)
            alarm.snoozed_until, alarm.snoozed_why, alarm.snoozes, alarm.acknowledged_at = until, why, alarm.snoozes + 1, None
            alarm.save(update_fields=("snoozed_until", "snoozed_why", "snoozes", "acknowledged_at"))
            self._note(alarm, "alarm-snoozed", {"by": by, "why": why, "until": until.isoformat()}, at)
            return row_of(alarm)

    def _note(self, alarm: Alarm, kind: str, said: Mapping[str, Any], at: datetime) -> None:
        self._journal.append(alarm.account.name, alarm.marketplace, kind, {"alarm": alarm.pk, "about": alarm.kind, **said}, at)


def _locked(account: str) -> Account:
    return Account.objects.select_for_update().get(pk=account_named(account).pk)


def _open(alarm_id: int) -> Alarm:
    found = Alarm.objects.select_for_update(of=("self",)).select_related("account").filter(pk=alarm_id).first()
    if found is None:
        raise WrongUse("There is no alarm {id}.", why="Alarms are numbered.", todo="See refloat alarms.", id=alarm_id)
    if found.cleared_at is not None:
        raise WrongUse("Alarm {id} is over.", why="What it told of does not hold any more, so nobody has to take it.", todo="See refloat alarms.", id=alarm_id)
    return found


def _packed(members: Sequence[str]) -> bytes:
    return zlib.compress(json.dumps(list(members), separators=(",", ":")).encode(), 6)


def _unpacked(packed: bytes) -> tuple[str, ...]:
    return tuple(json.loads(zlib.decompress(packed)))


def row_of(one: Alarm) -> AlarmRow:
    """The alarm as a row."""
    worth = tuple(money for money in map(Money.from_json, json.loads(one.worth)) if money is not None)
    return AlarmRow(
        one.pk, one.account.name, one.marketplace, one.kind, one.step, json.loads(one.facts), worth, one.raised_at, one.cleared_at,
        one.acknowledged_at, one.acknowledged_by, one.acknowledged_why, one.snoozed_until, one.snoozed_why,
    )  # fmt: skip
