"""Alarms of an account: what holds now against what was told. Cheap, and as good as one call however often it is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from refloat.app.delivering import Delivered, deliver
from refloat.app.live import account_health
from refloat.knowledge.tables import table
from refloat.loop.alarms import Alarming, OnRecord, alarming, is_for, key_of, only, wanted_ladders
from refloat.loop.reports import SOURCES
from refloat.model.alarm import Due, Silent
from refloat.model.ports import Clock
from refloat.store import AlarmRow, RecipientRow, Store

if TYPE_CHECKING:
    from refloat.store.alarms import Turn

__all__ = ["Delivered", "Raised", "deliver", "raise_alarms"]


@dataclass(frozen=True)
class Raised:
    """What a look at one account changed: newly raised; over, or on a further step; told again after a snooze."""

    account: str
    raised: tuple[AlarmRow, ...]
    cleared: tuple[AlarmRow, ...]
    again: tuple[AlarmRow, ...]


def raise_alarms(store: Store, account: str, clock: Clock) -> Raised:
    """Raise what is new, clear what is over, and write down the messages that this asks for; ``deliver`` sends them.

    Sends nothing and asks Amazon nothing. Call it after each pass over the account, and at least every hour, so that
    a pass that does not come is noticed as well.

    Raises:
        WrongUse: there is no such account.
        StoreError: the store cannot be read or written; nothing was changed then.
    """
    now, people = clock.now(), store.recipients.list()
    found = alarming(_seen(store, account), wanted_ladders(person.wanted.steps for person in people), now)
    since = now - timedelta(days=table("alarms")["digest"]["memory_days"])
    with store.alarms.turn(account, now, remembered_since=since) as turn:
        over, again = _settled(turn, found, account, people, now)
        raised = [_raised(turn, account, due, people) for due in found.untold(turn.told)]
    return Raised(account, tuple(one for one in raised if one is not None), over, again)


def _settled(turn: Turn, found: Alarming, account: str, people: tuple[RecipientRow, ...], now: datetime) -> tuple[tuple[AlarmRow, ...], tuple[AlarmRow, ...]]:
    """What is over, and what is told again."""
    over, again = [], []
    for standing in turn.open:
        row, goes_on = standing.row, found.goes_on(standing.row.kind, standing.members)
        if goes_on != "yes":
            # On a further step another alarm tells of it; that is no news about its end.
            turn.clear(row.id, told=goes_on is None)
            over.append(replace(row, cleared_at=now))
        elif row.snoozed_until is not None and row.snoozed_until <= now:
            turn.again(row.id, _told(_due_of(row), account, people))
            again.append(row)
    return tuple(over), tuple(again)


def _raised(turn: Turn, account: str, due: Due, people: tuple[RecipientRow, ...]) -> AlarmRow | None:
    return turn.raise_alarm(due, only(due, table("alarms")["shown"]["skus"]), key_of(account, due), _told(due, account, people))


def _told(due: Due, account: str, people: tuple[RecipientRow, ...]) -> list[int]:
    return [person.id for person in people if is_for(due, account, person.wanted)]


def _due_of(row: AlarmRow) -> Due:
    return Due(row.kind, row.marketplace, (), row.facts, row.worth, row.step)  # type: ignore[arg-type]  # its kind was ours when it was written


def _seen(store: Store, account: str) -> OnRecord:
    """Everything that alarms rest on, as the store has it."""
    silent, looked_at = store.overview.sources(account)
    places = [row.marketplace for row in store.accounts.places(account) if row.participates]
    health = {place: account_health(store, account, place) for place in places}
    return OnRecord(
        strandings=store.overview.standing(account),
        failed=store.overview.failed(account),
        silent=[one for one in silent if not _idle(one)],
        health={place: word for place, word in health.items() if word is not None},
        looked_at=looked_at,
        added_at=store.accounts.get(account).added_at,
    )


def _idle(one: Silent) -> bool:
    """Amazon cancels a report that has nothing to say; where we can do without it, that is no trouble."""
    return one.code == "report-cancelled" and one.source in SOURCES and not SOURCES[one.source].get("needed")
