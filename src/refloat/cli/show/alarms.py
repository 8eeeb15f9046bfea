"""Alarms and messages on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from refloat.app.telling import Reader, titled
from refloat.model.message import one_line
from refloat.store import AlarmRow, DeliveryRow
from refloat.wording.alarms import letter_text, state_text, undelivered_text


def alarm_lines(alarms: Sequence[AlarmRow], letters: Mapping[int, Sequence[DeliveryRow]], reader: Reader) -> Iterator[str]:
    """Every alarm in a few lines."""
    say = reader.say
    if not alarms:
        yield say("No open alarms, by the last look at what is on record.")
    for alarm in alarms:
        yield f"#{alarm.id}  {one_line(titled(alarm, reader))}"
        yield "    " + say("raised {at}").format(at=reader.moment(alarm.raised_at)) + state_text(alarm, reader)
        if alarm.facts.get("first"):
            yield "    " + one_line(reader.listed(alarm.facts["first"], alarm.facts["skus"]))
        if told := letters.get(alarm.id):
            yield "    " + say("messages: {names}").format(names=say(", ").join(letter_text(one, say) for one in told))


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
