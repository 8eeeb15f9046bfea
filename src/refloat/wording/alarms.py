"""Alarms and messages in words, as every door says them."""

from __future__ import annotations

from refloat.app.telling import Reader
from refloat.model.message import one_line
from refloat.store import AlarmRow, DeliveryRow
from refloat.wording.labels import Say


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


def state_text(alarm: AlarmRow, reader: Reader) -> str:
    """How it stands, after a point in the middle; nothing while nobody has taken it."""
    say = reader.say
    if alarm.cleared_at is not None:
        return " · " + say("over since {at}").format(at=reader.moment(alarm.cleared_at))
    if alarm.acknowledged_at is not None:
        return " · " + say("taken by {person}: {why}").format(person=alarm.acknowledged_by, why=one_line(alarm.acknowledged_why))
    if alarm.snoozed_until is not None:
        return " · " + say("sleeps until {at}: {why}").format(at=reader.moment(alarm.snoozed_until), why=one_line(alarm.snoozed_why))
    return ""


def letter_text(one: DeliveryRow, say: Say) -> str:
    """To whom, and how far it is."""
    words = {"sent": say("sent"), "dead": say("given up"), "dropped": say("not needed any more")}
    return f"{one.recipient} ({words.get(one.ending or '', say('on its way'))})"
