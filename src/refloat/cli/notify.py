"""``refloat notify add | list | remove | test | send``: who is told. Addresses are typed or piped, and never shown again."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from refloat.app.alarms import deliver, raise_alarms
from refloat.app.letter import Part, message
from refloat.cli.asking import typed
from refloat.cli.show.alarms import kinds_text, undelivered_text
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.loop.alarms import default_steps
from refloat.model.alarm import DIGESTS, KINDS, LADDERS, Wanted
from refloat.model.money import Money
from refloat.model.ports import Clock
from refloat.notify import Letter, addressed, send_all
from refloat.store import NewRecipient, RecipientRow, opened


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
    _refuse_name(asked.name)
    wanted = Wanted(None if asked.accounts is None else frozenset(asked.accounts), _kinds(asked.kinds), _worths(asked.from_worth), _steps(asked.steps))
    digests, quiet, zone = _digests(asked.digests), _quiet(asked.quiet), _zone(asked.timezone)
    with opened(config) as store:
        for account in asked.accounts or ():
            store.accounts.get(account)
        store.recipients.refuse_taken(asked.name)
        address = addressed(_address(say("Address (an Apprise URL)")))
        row = store.recipients.add(NewRecipient(asked.name, address.url, address.shown, asked.language, zone, wanted, digests, quiet, asked.cleared), clock.now())
    if as_json:
        _print_json({"recipient": recipient_json(row)})
    else:
        _print(say("{name} is told at {shown}; the address is stored sealed.").format(name=row.name, shown=row.shown))
        _print(say("See whether it arrives: refloat notify test {name}").format(name=row.name))


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
    rules, say = table("alarms")["delivery"], translator(language)
    with opened(config) as store:
        row = store.recipients.get(name)
        url = store.recipients.url(row.id)
    own = translator(row.language)
    letter = message(own("Refloat: this is a test"), [Part(lines=[own("Alarms and digests for {name} arrive here.").format(name=row.name), "库存 ✓"])])
    trouble = next(iter(send_all([Letter(0, url, letter)], seconds=rules["seconds"], side_by_side=1)))[1]
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


def _refuse_name(name: str) -> None:
    if not name.strip() or name != name.strip() or name.startswith("-") or not name.isprintable() or len(name) > 100:
        raise WrongUse("“{name}” cannot be a recipient's name.", why="A name is printed in lists and typed again.", todo="Use up to 100 letters, digits and blanks, for example ops-mail.", name=name)


def _address(label: str) -> str:
    """The address: typed unseen by a person, or the next line of a pipe."""
    answer = (typed(f"{label}: ", hidden=True) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not answer:
        raise WrongUse("The address is missing.", why="Without it nothing can be sent.", todo="Run it again and type it, or give it on standard input.")
    return answer


def _kinds(names: Sequence[str] | None) -> frozenset[str] | None:
    for name in names or ():
        if name not in KINDS:
            raise WrongUse("There is no alarm {name}.", why="An alarm is one of these: {names}.", todo="For example --kind deadline.", name=name, names=", ".join(KINDS))
    return frozenset(names) if names else None


def _digests(names: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        if name not in DIGESTS:
            raise WrongUse("There is no digest {name}.", why="A digest is one of these: {names}.", todo="For example --digest weekly.", name=name, names=", ".join(DIGESTS))
    return tuple(dict.fromkeys(names))


def _worths(texts: Sequence[str]) -> tuple[Money, ...]:
    found = []
    for text in texts:
        amount, _, currency = text.strip().partition(" ")
        try:
            found.append(Money(Decimal(amount), currency.strip().upper()))
        except InvalidOperation:
            currency = ""
        if not (len(currency.strip()) == 3 and currency.strip().isascii() and currency.strip().isalpha()) or not found[-1].amount.is_finite():
            raise WrongUse("{text} is no amount with its currency.", why="Amounts of different currencies are never compared.", todo='For example --from-worth "100 EUR".', text=text)
    return tuple(found)


def _steps(texts: Sequence[str]) -> dict[str, tuple[int, ...]]:
    found = {}
    for text in texts:
        kind, _, numbers = text.partition("=")
        steps = [part.strip() for part in numbers.split(",")]
        if kind not in LADDERS or not all(step.isascii() and step.isdigit() and len(step) < 6 for step in steps):
            raise WrongUse(
                "{text} names no steps.", why="Steps are whole days or hours, and these have some: {names}.", todo="For example --step deadline=7,1", text=text, names=", ".join(LADDERS),
            )  # fmt: skip
        found[kind] = tuple(sorted({int(step) for step in steps}, reverse=LADDERS[kind][0] == "down"))
    return found


def _quiet(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    hours = [int(part) if part.isascii() and part.isdigit() and len(part) < 3 else 99 for part in text.split("-")]
    if len(hours) != 2 or max(hours) > 24 or hours[0] == hours[1]:
        raise WrongUse("{text} names no hours.", why="Quiet hours go from one full hour to another.", todo="For example --quiet 22-7.", text=text)
    return hours[0] % 24, hours[1] % 24


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise WrongUse("There is no time zone {name}.", why="A digest comes in the recipient's own morning.", todo="For example --timezone Asia/Shanghai or --timezone Europe/Berlin.", name=name)
    return ZoneInfo(name).key


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _print_json(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
