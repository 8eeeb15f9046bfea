"""``refloat alarms``, ``ack``, ``snooze``, ``retry``: what somebody should know, who takes it, and what could not be delivered."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from refloat.app.telling import Reader, titled
from refloat.cli.show.alarms import alarm_lines, alarm_taken, letter_lines, sleeping
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.model.ports import Clock
from refloat.store import AlarmRow, DeliveryRow, opened


def run_show(config: Config, account: str | None, *, over: bool, dead: bool, as_json: bool, language: str, clock: Clock) -> None:
    """List alarms with who was told, then the dead letters.

    Raises:
        WrongUse: there is no such account.
    """
    reader, since = Reader(language, "UTC", config.pages), clock.now() - timedelta(days=table("alarms")["digest"]["memory_days"])
    with opened(config) as store:
        alarms = () if dead else store.alarms.list(account, cleared_since=since if over else None)
        letters = store.deliveries.of_alarms(alarm.id for alarm in alarms)
        given_up = [one for one in store.deliveries.dead() if account is None or one.alarm is None or one.alarm.account == account]
    if as_json:
        found = [alarm_json(alarm, reader, letters.get(alarm.id, [])) for alarm in alarms]
        _print_json({"alarms": found, "dead_letters": [letter_json(one) for one in given_up]})
        return
    for line in alarm_lines(alarms, letters, reader) if not dead else ():
        _print(line)
    for line in letter_lines(given_up, reader, asked=dead):
        _print(line)


def run_ack(config: Config, alarm_id: int, *, by: str | None, why: str, as_json: bool, language: str, clock: Clock) -> None:
    """Take an alarm.

    Raises:
        WrongUse: there is none of that number, it is over, or no reason is given.
    """
    reader = Reader(language, "UTC", config.pages)
    with opened(config) as store:
        row = store.alarms.acknowledge(alarm_id, by or _own_name(), _given(why), clock.now())
    _answer(row, alarm_taken(row, reader), reader, as_json=as_json)


def run_snooze(config: Config, alarm_id: int, until: str, *, by: str | None, why: str, as_json: bool, language: str, clock: Clock) -> None:
    """Let an alarm sleep.

    Raises:
        WrongUse: there is none of that number, it is over, the moment is past or none, or no reason is given.
    """
    reader = Reader(language, "UTC", config.pages)
    with opened(config) as store:
        row = store.alarms.snooze(alarm_id, _moment(until), by or _own_name(), _given(why), clock.now())
    _answer(row, sleeping(row, reader), reader, as_json=as_json)


def run_retry(config: Config, letter: int | None, *, as_json: bool, language: str, clock: Clock) -> None:
    """Try dead letters again.

    Raises:
        WrongUse: there is no dead letter of that number.
    """
    with opened(config) as store:
        count = store.deliveries.retry(clock.now(), letter)
    if as_json:
        _print_json({"retried": count})
    else:
        _print(translator(language)("To be tried again: {count}. They are sent by refloat work, or at once by refloat notify send.").format(count=count))


def _answer(row: AlarmRow, line: str, reader: Reader, *, as_json: bool) -> None:
    if as_json:
        _print_json({"alarms": [alarm_json(row, reader, [])]})
    else:
        _print(line)


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongUse("Who takes it is unknown.", why="The system has no name for this user, and the journal keeps one.", todo="Give it with --by.") from None


def _given(why: str) -> str:
    if not why.strip():
        raise WrongUse("The reason is empty.", why="Who reads the journal later wants to know why nothing was done.", todo='For example --why "the supplier sends papers on Friday".')
    return why.strip()


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse("{text} is no day.", why="Days are written year-month-day, so that nobody mixes up day and month.", todo="For example --until 2030-01-31.", text=text) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def alarm_json(row: AlarmRow, reader: Reader, letters: list[DeliveryRow]) -> dict[str, Any]:
    """The alarm as an object: codes and facts, the words beside them; times are ISO 8601 in UTC."""
    moments = {name: value.isoformat() if value else None for name, value in (("raised_at", row.raised_at), ("cleared_at", row.cleared_at))}
    taken = {"by": row.acknowledged_by, "why": row.acknowledged_why, "at": row.acknowledged_at.isoformat()} if row.acknowledged_at else None
    asleep = {"until": row.snoozed_until.isoformat(), "why": row.snoozed_why} if row.snoozed_until else None
    plain = {name: getattr(row, name) for name in ("id", "account", "kind", "step")} | {"marketplace": row.marketplace or None}
    words = {"title": titled(row, reader), "worth": [one.as_json() for one in row.worth], "facts": dict(row.facts)}
    return plain | words | moments | {"acknowledged": taken, "snoozed": asleep, "messages": [letter_json(one) for one in letters]}


def letter_json(row: DeliveryRow) -> dict[str, Any]:
    """A message as an object; ``ending`` null: it is on its way."""
    plain = {name: getattr(row, name) for name in ("id", "recipient", "about", "tries", "trouble", "ending")}
    ended = row.ended_at.isoformat() if row.ended_at else None
    return plain | {"alarm": row.alarm and row.alarm.id, "ended_at": ended, "next_try_at": row.next_try_at.isoformat() if row.ended_at is None else None}


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _print_json(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
