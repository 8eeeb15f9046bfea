"""``refloat notify add | change | list | remove | test | send``: who is told. Addresses are typed or piped, and never shown again."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from refloat.app.alarms import deliver, raise_alarms
from refloat.app.recipients import digests_of, kinds_of, quiet_of, refuse_name, steps_of, test_sent, worths_of, zone_of
from refloat.cli.asking import typed
from refloat.cli.people import login
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.loop.alarms import default_steps
from refloat.model.alarm import LADDERS, Wanted
from refloat.model.ports import Clock
from refloat.notify import addressed
from refloat.store import NewRecipient, RecipientRow, opened
from refloat.wording.alarms import kinds_text, undelivered_text


@dataclass(frozen=True)
class Asked:
    """What the options of ``notify add`` say."""

    name: str
    accounts: Sequence[str] | None
    kinds: Sequence[str] | None
    from_worth: Sequence[str]
    steps: Sequence[str]
    digests: Sequence[str]
    language: str
    timezone: str
    quiet: str | None
    cleared: bool


def run_add(config: Config, asked: Asked, *, as_json: bool, language: str, clock: Clock) -> None:
    """Check everything that was asked for, ask for the address, and store it sealed.

    Raises:
        WrongUse: an option makes no sense, the name is taken, or the address is none.
    """
    say = translator(language)
    refuse_name(asked.name)
    wanted = _wanted(asked)
    digests, quiet, zone = digests_of(asked.digests), quiet_of(asked.quiet), zone_of(asked.timezone)
    with opened(config) as store:
        for account in asked.accounts or ():
            store.accounts.get(account)
        store.recipients.refuse_taken(asked.name)
        address = addressed(_address(say("Address (an Apprise URL)")))
        row = store.recipients.add(NewRecipient(asked.name, address.url, address.shown, asked.language, zone, wanted, digests, quiet, asked.cleared), clock.now())
        store.access_record.add("recipient-added", datetime.now(UTC), by=login(), whom=row.name, where=row.shown)
    if as_json:
        _print_json({"recipient": recipient_json(row)})
    else:
        _print(say("{name} is told at {shown}; the address is stored sealed.").format(name=row.name, shown=row.shown))
        _print(say("See whether it arrives: refloat notify test {name}").format(name=row.name))


def run_change(config: Config, asked: Asked, *, as_json: bool, language: str) -> None:
    """Let the recipient be told what was asked for; what has no language or time zone there keeps its own.

    Raises:
        WrongUse: an option makes no sense, or there is no such recipient.
    """
    wanted, digests, quiet = _wanted(asked), digests_of(asked.digests), quiet_of(asked.quiet)
    with opened(config) as store:
        for account in asked.accounts or ():
            store.accounts.get(account)
        before = store.recipients.get(asked.name)
        zone = zone_of(asked.timezone) if asked.timezone else before.timezone
        row = store.recipients.change(NewRecipient(asked.name, "", "", asked.language or before.language, zone, wanted, digests, quiet, asked.cleared))
        store.access_record.add("recipient-changed", datetime.now(UTC), by=login(), whom=row.name, where=row.shown)
    if as_json:
        _print_json({"recipient": recipient_json(row)})
    else:
        for line in _lines(row, translator(language)):
            _print(line)


def _wanted(asked: Asked) -> Wanted:
    return Wanted(None if asked.accounts is None else frozenset(asked.accounts), kinds_of(asked.kinds), worths_of(asked.from_worth), steps_of(asked.steps))


def run_list(config: Config, *, as_json: bool, language: str) -> None:
    """Every recipient, without the address."""
    say = translator(language)
    with opened(config) as store:
        found = store.recipients.list()
    if as_json:
        _print_json({"recipients": [recipient_json(row) for row in found]})
        return
    if not found:
        _print(say("Nobody is told yet: refloat notify add NAME"))
    for row in found:
        for line in _lines(row, say):
            _print(line)


def run_remove(config: Config, name: str, *, as_json: bool, language: str, clock: Clock) -> None:
    """Forget the address.

    Raises:
        WrongUse: there is no such recipient.
    """
    with opened(config) as store:
        store.recipients.remove(name, clock.now())
        store.access_record.add("recipient-removed", datetime.now(UTC), by=login(), whom=name)
    if as_json:
        _print_json({"removed": name})
    else:
        _print(translator(language)("{name} is told nothing any more; the address is forgotten.").format(name=name))


def run_test(config: Config, name: str, *, as_json: bool, language: str) -> int:
    """Send one message now; 0 where it was taken, 2 where it was not.

    Raises:
        WrongUse: there is no such recipient.
        SecretError: the key that sealed the address is missing.
    """
    say = translator(language)
    with opened(config) as store:
        row = store.recipients.get(name)
        trouble = test_sent(store, row)
    if as_json:
        _print_json({"recipient": name, "shown": row.shown, "sent": trouble is None, "trouble": trouble})
    elif trouble is None:
        _print(say("{shown} took the message.").format(shown=row.shown))
    else:
        sys.stderr.write(say("{shown} did not take the message: {why}").format(shown=row.shown, why=undelivered_text(trouble, say)) + "\n")
    return 0 if trouble is None else 2


def run_send(config: Config, *, as_json: bool, language: str, clock: Clock) -> None:
    """Raise what is new in every account, and send what is due."""
    say = translator(language)
    with opened(config) as store:
        raised = {account.name: raise_alarms(store, account.name, clock) for account in store.accounts.list()}
        done = deliver(store, clock, pages=config.pages)
    counts = {"raised": sum(len(one.raised) for one in raised.values()), "cleared": sum(len(one.cleared) for one in raised.values()), **asdict(done)}
    if as_json:
        _print_json(counts)
    else:
        _print(say("New alarms: {raised} · over: {cleared} · messages sent: {sent} · to be tried again: {failed} · given up: {dead}").format(**counts))


def recipient_json(row: RecipientRow) -> dict[str, Any]:
    """The recipient as an object; its own steps beside those that count for it."""
    wanted = row.wanted
    return {
        "name": row.name,
        "shown": row.shown,
        "language": row.language,
        "timezone": row.timezone,
        "accounts": None if wanted.accounts is None else sorted(wanted.accounts),
        "kinds": None if wanted.kinds is None else sorted(wanted.kinds),
        "least_worth": [one.as_json() for one in wanted.least_worth],
        "steps": {kind: list((wanted.steps or {}).get(kind) or default_steps(kind)) for kind in LADDERS},
        "digests": list(row.digests),
        "quiet": list(row.quiet) if row.quiet else None,
        "cleared": row.cleared,
        "added_at": row.added_at.isoformat(),
    }


def _lines(row: RecipientRow, say: Callable[[str], str]) -> Iterator[str]:
    wanted = row.wanted
    yield f"{row.name}  {row.shown}  {row.language}  {row.timezone}"
    accounts = say("all accounts") if wanted.accounts is None else say(", ").join(sorted(wanted.accounts))
    yield "    " + say("told: {kinds}; {accounts}").format(kinds=kinds_text(wanted.kinds, say), accounts=accounts)
    if wanted.least_worth:
        yield "    " + say("from {worth} on").format(worth=say(", ").join(f"{one.rounded():,} {one.currency}" for one in wanted.least_worth))
    for kind, steps in (wanted.steps or {}).items():
        yield "    " + say("{kind} at {steps}").format(kind=kind, steps=say(", ").join(map(str, steps)))
    if row.digests:
        yield "    " + say("digests: {names}").format(names=say(", ").join(row.digests))
    if row.quiet:
        yield "    " + say("quiet from {start} to {end} o’clock").format(start=row.quiet[0], end=row.quiet[1])


def _address(label: str) -> str:
    """The address: typed unseen by a person, or the next line of a pipe."""
    answer = (typed(f"{label}: ", hidden=True) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not answer:
        raise WrongUse("The address is missing.", why="Without it nothing can be sent.", todo="Run it again and type it, or give it on standard input.")
    return answer


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _print_json(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
