"""Messages on their way. At least once: a try is written down before it is made, and its end after it.

A process that is killed between sending and writing it down leaves a message that counts as not sent: when its lease
ends, it is sent again. So a message may come twice, and none is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from refloat.errors import WrongUse
from refloat.store.alarm_rows import AlarmRow, DeliveryRow, RecipientRow
from refloat.store.alarms import row_of as alarm_row
from refloat.store.models import Delivery
from refloat.store.recipients import row_of as recipient_row
from refloat.store.turns import reading, writing

#: So many at a time; the others the next time.
_AT_ONCE = 1000


class Deliveries:
    """Times are UTC."""

    def claim(self, now: datetime, lease: timedelta, held: Callable[[RecipientRow, AlarmRow | None], bool]) -> tuple[tuple[RecipientRow, DeliveryRow], ...]:
        """The messages to send now, each counted as tried and out of others' reach until the lease ends; ``held``: not now."""
        with writing():
            due = _rows().select_for_update(of=("self",)).filter(ended_at=None, next_try_at__lte=now)
            due = due.filter(Q(alarm=None) | Q(alarm__account__removed_at=None))
            awake = due.filter(Q(alarm=None) | Q(alarm__snoozed_until=None) | Q(alarm__snoozed_until__lte=now)).order_by("recipient_id", "id")[:_AT_ONCE]
            both = [(recipient_row(one.recipient), row_of(one)) for one in awake]
            claimed = tuple((person, one) for person, one in both if not held(person, one.alarm))
            Delivery.objects.filter(pk__in=[one.id for _, one in claimed]).update(tries=F("tries") + 1, next_try_at=now + lease)
            return claimed

    def sent(self, ids: Sequence[int], at: datetime) -> None:
        """They arrived, as far as the other side says."""
        with writing():
            Delivery.objects.filter(pk__in=ids, ended_at=None).update(ended_at=at, ending="sent", trouble=None)

    def failed(self, ids: Sequence[int], trouble: str, at: datetime, waits: Sequence[timedelta]) -> int:
        """They did not: tried again after the wait that follows so many tries, or given up. Returns how many were given up."""
        dead = 0
        with writing():
            for one in Delivery.objects.select_for_update().filter(pk__in=ids, ended_at=None):
                one.trouble = trouble
                if one.tries > len(waits):
                    one.ended_at, one.ending = at, "dead"
                    dead += 1
                else:
                    one.next_try_at = at + waits[one.tries - 1]
                one.save(update_fields=("trouble", "ended_at", "ending", "next_try_at"))
        return dead

    def ask_digest(self, recipient_id: int, about: str, reach: tuple[datetime, datetime], at: datetime) -> bool:
        """A digest for a period, once each; False where it was asked for before."""
        with writing():
            if Delivery.objects.filter(recipient_id=recipient_id, alarm=None, about=about).exists():
                return False
            Delivery.objects.bulk_create([Delivery(recipient_id=recipient_id, about=about, from_at=reach[0], until_at=reach[1], made_at=at, next_try_at=at)], ignore_conflicts=True)
            return True

    def last_digests(self, since: datetime) -> dict[tuple[int, str], datetime]:
        """(recipient, daily | weekly | monthly) → where the reach of the newest ends, of those asked for since then."""
        with reading():
            rows = Delivery.objects.filter(alarm=None, until_at__isnull=False, made_at__gte=since).order_by("until_at").values_list("recipient_id", "about", "until_at")
            return {(person, about.split(" ", 1)[0]): until for person, about, until in rows if until is not None}

    def waiting(self) -> tuple[DeliveryRow, ...]:
        """What is still to be sent, the oldest first."""
        with reading():
            return tuple(row_of(one) for one in _rows().filter(ended_at=None).order_by("id"))

    def of_alarms(self, ids: Iterable[int]) -> dict[int, list[DeliveryRow]]:
        """Alarm → its messages."""
        found: dict[int, list[DeliveryRow]] = {}
        with reading():
            for one in _rows().filter(alarm_id__in=list(ids)).order_by("id"):
                found.setdefault(one.alarm_id or 0, []).append(row_of(one))
        return found

    def dead(self) -> tuple[DeliveryRow, ...]:
        """What was given up, the newest first."""
        with reading():
            return tuple(row_of(one) for one in _rows().filter(ending="dead", recipient__removed_at=None).order_by("-ended_at", "-id"))

    def retry(self, at: datetime, delivery_id: int | None = None) -> int:
        """Try dead letters again from the start: one, or all. Returns how many.

        Raises:
            WrongUse: there is no dead letter of that number.
        """
        with writing():
            dead = Delivery.objects.filter(ending="dead", recipient__removed_at=None, **({} if delivery_id is None else {"pk": delivery_id}))
            count = Delivery.objects.filter(pk__in=list(dead.values_list("pk", flat=True))).update(ended_at=None, ending=None, tries=0, next_try_at=at)
        if delivery_id is not None and not count:
            raise WrongUse("There is no dead letter {id}.", why="Only a message that was given up can be tried again.", todo="See refloat alarms --dead.", id=delivery_id)
        return count


def _rows() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("recipient", "alarm__account").defer("alarm__members")


def row_of(one: Delivery) -> DeliveryRow:
    """The message as a row."""
    alarm = None if one.alarm is None else alarm_row(one.alarm)
    return DeliveryRow(
        one.pk, one.recipient_id, one.recipient.name, alarm, one.about, one.from_at, one.until_at, one.made_at, one.tries, one.next_try_at, one.trouble, one.ended_at, one.ending,
    )  # fmt: skip
