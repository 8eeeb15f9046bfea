"""Alarms and messages on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from refloat.app.telling import Reader, titled
from refloat.app.words import Say
from refloat.model.message import one_line
from refloat.store import AlarmRow, DeliveryRow


def kinds_text(kinds: frozenset[str] | None, say: Say) -> str:
    """The kinds of alarms that somebody is told, by their codes."""
    return say("all alarms") if kinds is None else say(", ").join(sorted(kinds))


def undelivered_text(trouble: str | None, say: Say) -> str:
    """Why a message did not arrive, and what to do."""
    words = {
        "too-slow": say("it did not answer in time"),
        "unreachable": say("it cannot be reached: see whether host and port are right and the network is there"),
        "not-taken": say("it answered and did not take it: see its own settings, such as keywords, signatures and who may send"),
        "not-let-in": say("it does not let us in: the token or the password is not valid (any more); remove the recipient and add it with the new address"),
        "too-many": say("it wants fewer messages"),
        "address": say("the address is none: remove the recipient and add it again"),
        "key-missing": say("the key that sealed the address is missing: put it back, or remove the recipient and add it again"),
    }
    return words.get(trouble or "", say("unknown"))


def alarm_lines(alarms: Sequence[AlarmRow], letters: Mapping[int, Sequence[DeliveryRow]], reader: Reader) -> Iterator[str]:
    """Every alarm in a few lines."""
    say = reader.say
    if not alarms:
        yield say("No open alarms, by the last look at what is on record.")
    for alarm in alarms:
        yield f"#{alarm.id}  {one_line(titled(alarm, reader))}"
        yield "    " + say("raised {at}").format(at=reader.moment(alarm.raised_at)) + _state(alarm, reader)
        if alarm.facts.get("first"):
            yield "    " + one_line(reader.listed(alarm.facts["first"], alarm.facts["skus"]))
        if told := letters.get(alarm.id):
            yield "    " + say("messages: {names}").format(names=say(", ").join(_letter(one, say) for one in told))


def _state(alarm: AlarmRow, reader: Reader) -> str:
    say = reader.say
    if alarm.cleared_at is not None:
        return " · " + say("over since {at}").format(at=reader.moment(alarm.cleared_at))
    if alarm.acknowledged_at is not None:
        return " · " + say("taken by {person}: {why}").format(person=alarm.acknowledged_by, why=one_line(alarm.acknowledged_why))
    if alarm.snoozed_until is not None:
        return " · " + say("sleeps until {at}: {why}").format(at=reader.moment(alarm.snoozed_until), why=one_line(alarm.snoozed_why))
    return ""


def _letter(one: DeliveryRow, say: Say) -> str:
    words = {"sent": say("sent"), "dead": say("given up"), "dropped": say("not needed any more")}
    return f"{one.recipient} ({words.get(one.ending or '', say('on its way'))})"


def letter_lines(given_up: Sequence[DeliveryRow], reader: Reader, *, asked: bool) -> Iterator[str]:
    """The messages that were given up, and why; nothing where there are none and nobody asked."""
    say = reader.say
    if not given_up:
        if asked:
            yield say("No message was given up.")
        return
    yield say("Given up, after every try: {count}").format(count=f"{len(given_up):,}")
    for one in given_up:
        what = one.about if one.alarm is None else one_line(titled(one.alarm, reader))
        yield f"  #{one.id}  {one.recipient}  {what}"
        yield "      " + say("{tries} tries, the last {at}: {why}").format(tries=one.tries, at=reader.moment(one.ended_at), why=undelivered_text(one.trouble, say))
    yield say("Once the cause is mended: refloat alarms retry, or retry ID for one")


def alarm_taken(row: AlarmRow, reader: Reader) -> str:
    """The answer to ``ack``."""
    return reader.say("#{id} is taken by {person}: nothing more is sent of it until it is over.").format(id=row.id, person=row.acknowledged_by)


def sleeping(row: AlarmRow, reader: Reader) -> str:
    """The answer to ``snooze``."""
    return reader.say("#{id} sleeps until {at}; if it still holds then, it is told again.").format(id=row.id, at=reader.moment(row.snoozed_until))
