"""Sending what is due: alarms and digests, to each person in their language, on their clock."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from refloat.app.digests import digest
from refloat.app.telling import Reader, told
from refloat.knowledge.tables import table
from refloat.loop.mornings import periods_due
from refloat.model.message import Message, Undelivered
from refloat.model.ports import Clock
from refloat.notify import Letter, send_all
from refloat.store import AlarmRow, DeliveryRow, RecipientRow, SecretError, Store

#: Sends letters, and yields the key of each with why it did not arrive, or None.
Post = Callable[[Sequence[Letter]], Iterable[tuple[Hashable, Undelivered | None]]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages were sent, have failed and are tried again, or were given up."""

    sent: int = 0
    failed: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class _Bundle:
    """One message to one person, and the deliveries that it settles."""

    person: RecipientRow
    message: Message
    ids: tuple[int, ...]


def deliver(store: Store, clock: Clock, *, post: Post | None = None, pages: Path | None = None) -> Delivered:
    """Send what is due, of all accounts: each try is on disk before it is made. Any number of processes may call it.

    At least once: killed between sending and writing that down, a message is sent again when its lease has ended.
    A recipient who is slow holds up nobody else; after the last try a message is a dead letter, with its reason.

    Raises:
        StoreError: the store cannot be read or written.
    """
    rules, now = table("alarms")["delivery"], clock.now()
    _ask_digests(store, now)
    claimed = store.deliveries.claim(now, timedelta(minutes=rules["lease_minutes"]), lambda person, alarm: _quiet(person, alarm, now))
    bundles = dict(enumerate(_bundles(store, claimed, now, pages)))
    sent = failed = dead = 0
    for key, trouble in _posted(store, bundles, post or _by_apprise):
        ids = bundles[key].ids
        if trouble is None:
            store.deliveries.sent(ids, clock.now())
            sent += 1
        else:
            given_up = store.deliveries.failed(ids, trouble, clock.now(), [timedelta(minutes=minutes) for minutes in rules["waits_minutes"]])
            failed, dead = failed + (given_up == 0), dead + (given_up > 0)
    return Delivered(sent, failed, dead)


def _by_apprise(letters: Sequence[Letter]) -> Iterable[tuple[Hashable, Undelivered | None]]:
    rules = table("alarms")["delivery"]
    return send_all(letters, seconds=rules["seconds"], side_by_side=rules["side_by_side"])


def _posted(store: Store, bundles: dict[int, _Bundle], post: Post) -> Iterator[tuple[int, Undelivered | None]]:
    letters = []
    for key, bundle in bundles.items():
        try:
            letters.append(Letter(key, store.recipients.url(bundle.person.id), bundle.message))
        except SecretError:
            yield key, Undelivered.KEY_MISSING
    for name, trouble in post(letters) if letters else ():
        yield int(str(name)), trouble


def _bundles(store: Store, claimed: Sequence[tuple[RecipientRow, DeliveryRow]], now: datetime, pages: Path | None) -> Iterator[_Bundle]:
    """Alarms of one person that are due together are one message; each digest is one of its own."""
    for _, own in groupby(claimed, key=lambda both: both[0].id):
        both = list(own)
        person = both[0][0]
        reader = Reader(person.language, person.timezone, pages)
        alarms = [(row, row.alarm) for _, row in both if row.alarm is not None]
        most = table("alarms")["delivery"]["alarms_in_one"]
        for some in (alarms[at : at + most] for at in range(0, len(alarms), most)):
            yield _Bundle(person, told([(alarm, row.about) for row, alarm in some], reader), tuple(row.id for row, _ in some))
        for _, row in both:
            if row.alarm is None:
                yield _Bundle(person, digest(store, person, row, reader, now), (row.id,))


def _ask_digests(store: Store, now: datetime) -> None:
    last = store.deliveries.last_digests(now - timedelta(days=table("alarms")["digest"]["memory_days"]))
    for person in store.recipients.list():
        ends = {kind: until for (owner, kind), until in last.items() if owner == person.id}
        for period in periods_due(person.digests, person.timezone, person.added_at, ends, now):
            store.deliveries.ask_digest(person.id, period.about, (period.from_at, period.until_at), now)


def _quiet(person: RecipientRow, alarm: AlarmRow | None, now: datetime) -> bool:
    """Whether it waits for the end of the person's quiet hours; what is urgent does not."""
    if person.quiet is None or (alarm is not None and _urgent(alarm)):
        return False
    start, end = person.quiet
    hour = now.astimezone(ZoneInfo(person.timezone)).hour
    return start <= hour < end if start <= end else hour >= start or hour < end


def _urgent(alarm: AlarmRow) -> bool:
    return alarm.kind == "account-trouble" or (alarm.kind == "deadline" and alarm.facts["days_left"] <= 1)
