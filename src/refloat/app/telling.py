"""An alarm in words: what, how much, the first SKUs, and what to do; in the reader's language and on their clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from refloat.app.letter import Part, message
from refloat.app.words import Say, left_text, skus_text, units_text, worth_text
from refloat.knowledge.catalogue import Catalogue, catalogue
from refloat.knowledge.labels import label
from refloat.knowledge.messages import trouble, writer
from refloat.locale import translator
from refloat.model.message import Message
from refloat.store import AlarmRow


@dataclass(frozen=True)
class Reader:
    """For whom the words are made."""

    language: str = "en"
    timezone: str = "UTC"
    pages: Path | None = None

    @property
    def say(self) -> Say:
        return translator(self.language)

    @property
    def known(self) -> Catalogue:
        return catalogue(self.pages)

    def moment(self, at: datetime | str | None) -> str:
        """A moment on the reader's clock."""
        if at is None:
            return "?"
        when = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{when.astimezone(ZoneInfo(self.timezone)):%Y-%m-%d %H:%M %Z}"

    def cause(self, name: str | None) -> str:
        """A cause's own title."""
        found = self.known.causes.get(name or "unexplained")
        return label(found.page, self.language) if found else str(name)

    def remedy(self, name: str) -> str:
        """A remedy's own title."""
        found = self.known.remedies.get(name)
        return label(found.page, self.language) if found else name

    def listed(self, names: Sequence[str], count: int) -> str:
        """The first names, and how many others there are."""
        say = self.say
        first = say(", ").join(names)
        return say("{names} and {count} more").format(names=first, count=f"{count - len(names):,}") if count > len(names) else first


def told(alarms: Sequence[tuple[AlarmRow, str]], reader: Reader) -> Message:
    """One message about alarms that are due together: (the alarm, raised | again … | cleared)."""
    say = reader.say
    if len(alarms) == 1:
        alarm, about = alarms[0]
        return message(_titled(alarm, about, reader), [Part(lines=[*_lines(alarm, about, reader)])])
    title = say("{account}: {count} alarms").format(account=say(", ").join(dict.fromkeys(alarm.account for alarm, _ in alarms)), count=len(alarms))
    return message(title, [Part(_titled(alarm, about, reader), [*_lines(alarm, about, reader)]) for alarm, about in alarms])


def titled(alarm: AlarmRow, reader: Reader) -> str:
    """The alarm in one line."""
    where = " ".join(filter(None, (alarm.account, alarm.marketplace)))
    return reader.say("{where}: {what}").format(where=where, what=_WHAT[alarm.kind](alarm.facts, reader))


def _titled(alarm: AlarmRow, about: str, reader: Reader) -> str:
    title, say = titled(alarm, reader), reader.say
    if about == "cleared":
        return say("Over: {title}").format(title=title)
    return say("Still so: {title}").format(title=title) if about.startswith("again") else title


def _lines(alarm: AlarmRow, about: str, reader: Reader) -> Iterator[str]:
    say, facts = reader.say, alarm.facts
    if "skus" in facts:
        yield " · ".join((skus_text(facts["skus"], say), units_text(facts["units"], say), worth_text(alarm.worth, say)))
        if facts["unpriced"] and alarm.worth:
            yield say("The worth of {count} of them is unknown, and is not in the sum.").format(count=f"{facts['unpriced']:,}")
        yield reader.listed(facts["first"], facts["skus"])
    if about == "cleared":
        yield say("It has ended by itself or by what was done; nothing more is to be done for it.")
        return
    yield from _MORE[alarm.kind](alarm, reader)
    yield say("Take it: refloat alarms ack {id} --why TEXT. Later: refloat alarms snooze {id} --until DATE --why TEXT.").format(id=alarm.id)


def _many(facts: Any, reader: Reader) -> str:
    return skus_text(facts["skus"], reader.say)


def _stranded(facts: Any, reader: Reader) -> str:
    return reader.say("{skus} newly stranded: {cause}").format(skus=_many(facts, reader), cause=reader.cause(facts["cause"]))


def _came_back(facts: Any, reader: Reader) -> str:
    return reader.say("{skus} stranded again after a cure: {cause}").format(skus=_many(facts, reader), cause=reader.cause(facts["cause"]))


def _long(facts: Any, reader: Reader) -> str:
    return reader.say("{skus} stranded for {days} days and more: {cause}").format(skus=_many(facts, reader), days=facts["days"], cause=reader.cause(facts["cause"]))


def _deadline(facts: Any, reader: Reader) -> str:
    if facts["overdue"]:
        return reader.say("Amazon’s removal date of {skus} has passed: {day}").format(skus=_many(facts, reader), day=facts["due_on"])
    left = left_text(facts["days_left"], reader.say)
    return reader.say("Amazon removes {skus} {left}, on {day}").format(skus=_many(facts, reader), left=left, day=facts["due_on"])


def _verdict(facts: Any, reader: Reader) -> str:
    say = reader.say
    words = {
        "unchanged": say("{remedy} did not help: {skus}"),
        "worse": say("After {remedy} it is worse: {skus}"),
        "refused": say("Amazon refused {remedy}: {skus}"),
        "unclear": say("Nobody knows whether Amazon did {remedy}: {skus}"),
    }
    return words[facts["word"]].format(remedy=reader.remedy(facts["remedy"]), skus=_many(facts, reader))


def _other_writer(facts: Any, reader: Reader) -> str:
    return reader.say("{skus} changed back ({writer}) after {remedy}").format(skus=_many(facts, reader), writer=writer(facts["by"], reader.language), remedy=reader.remedy(facts["remedy"]))


def _account(facts: Any, reader: Reader) -> str:
    if facts.get("health"):
        return reader.say("Amazon calls the account {standing}").format(standing=facts["health"])
    return reader.say("Amazon does not let us in: {trouble}").format(trouble=trouble(facts["code"], reader.language))


def _silent(facts: Any, reader: Reader) -> str:
    return reader.say("unknown since {since}: {sources}").format(since=reader.moment(facts["since"]), sources=reader.say(", ").join(facts["sources"]))


def _not_looked(facts: Any, reader: Reader) -> str:
    if not facts["ever"]:
        return reader.say("Nobody has ever looked at this account")
    return reader.say("Nobody has looked since {since}").format(since=reader.moment(facts["since"]))


_WHAT: dict[str, Callable[[Any, Reader], str]] = {
    "stranded": _stranded, "came-back": _came_back, "stranded-long": _long, "deadline": _deadline, "verdict": _verdict, "other-writer": _other_writer,
    "account-trouble": _account, "source-unknown": _silent, "not-looked": _not_looked,
}  # fmt: skip


def _by_cause(alarm: AlarmRow, reader: Reader) -> Iterator[str]:
    cause = alarm.facts.get("cause")
    if cause:
        yield reader.say("Why, and what to do: refloat explain {cause}").format(cause=cause)
        yield reader.say("What would be done: refloat plan {account} -m {place} --reason {cause}").format(account=alarm.account, place=alarm.marketplace, cause=cause)
    else:
        yield reader.say("What is known: refloat triage --account {account} -m {place}").format(account=alarm.account, place=alarm.marketplace)


def _by_date(alarm: AlarmRow, reader: Reader) -> Iterator[str]:
    yield reader.say("Units that Amazon removes may be disposed of. Cure them, or order them back before: refloat plan {account} -m {place}").format(account=alarm.account, place=alarm.marketplace)


def _by_plan(alarm: AlarmRow, reader: Reader) -> Iterator[str]:
    for plan in alarm.facts["plans"] if "plans" in alarm.facts else [alarm.facts["plan"]]:
        yield reader.say("What was done: refloat plan --show {plan}").format(plan=plan)
    if alarm.kind == "other-writer":
        yield reader.say("Find the tool that writes these listings and stop it first; a cure would be undone again.")
    else:
        yield reader.say("What comes next: refloat plan {account}").format(account=alarm.account)


def _by_check(alarm: AlarmRow, reader: Reader) -> Iterator[str]:
    if alarm.kind == "account-trouble":
        yield reader.say("Nothing is written to Amazon meanwhile.")
    elif alarm.kind == "source-unknown":
        for code in alarm.facts["codes"]:
            yield trouble(code, reader.language)
        yield reader.say("What these sources would tell is unknown meanwhile, and not nothing.")
    else:
        yield reader.say("See whether refloat work still runs, and whether this machine was off.")
    yield reader.say("What works and what does not: refloat accounts check {account}").format(account=alarm.account)


_MORE: dict[str, Callable[[AlarmRow, Reader], Iterator[str]]] = {
    "stranded": _by_cause, "came-back": _by_cause, "stranded-long": _by_cause, "deadline": _by_date, "verdict": _by_plan, "other-writer": _by_plan,
    "account-trouble": _by_check, "source-unknown": _by_check, "not-looked": _by_check,
}  # fmt: skip
