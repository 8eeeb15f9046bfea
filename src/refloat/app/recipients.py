"""Recipients as both doors enter them: names, kinds, amounts, steps and hours as a person writes them; and the message that tries one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, available_timezones

from refloat.app.letter import Part, message
from refloat.errors import WrongUse
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.model.alarm import DIGESTS, KINDS, LADDERS
from refloat.model.message import Undelivered
from refloat.model.money import Money
from refloat.notify import Letter, send_all
from refloat.store import RecipientRow, Store


def test_sent(store: Store, row: RecipientRow) -> Undelivered | None:
    """Send one message now; why it was not taken, or None.

    Raises:
        SecretError: the key that sealed the address is missing.
    """
    own = translator(row.language)
    letter = message(own("Refloat: this is a test"), [Part(lines=[own("Alarms and digests for {name} arrive here.").format(name=row.name), "库存 ✓"])])
    return next(iter(send_all([Letter(0, store.recipients.url(row.id), letter)], seconds=table("alarms")["delivery"]["seconds"], side_by_side=1)))[1]


def refuse_name(name: str) -> None:
    """A recipient is called so that it can be printed in a line, and typed again.

    Raises:
        WrongUse: it cannot.
    """
    if not name.strip() or name != name.strip() or name.startswith("-") or not name.isprintable() or len(name) > 100:
        raise WrongUse("“{name}” cannot be a recipient's name.", why="A name is printed in lists and typed again.", todo="Use up to 100 letters, digits and blanks, for example ops-mail.", name=name)


def kinds_of(names: Sequence[str] | None) -> frozenset[str] | None:
    """The kinds of alarms by their codes; None where none is named: all.

    Raises:
        WrongUse: there is no such thing.
    """
    for name in names or ():
        if name not in KINDS:
            raise WrongUse("There is no alarm {name}.", why="An alarm is one of these: {names}.", todo="For example --kind deadline.", name=name, names=", ".join(KINDS))
    return frozenset(names) if names else None


def digests_of(names: Sequence[str]) -> tuple[str, ...]:
    """The digests, each once.

    Raises:
        WrongUse: there is no such thing.
    """
    for name in names:
        if name not in DIGESTS:
            raise WrongUse("There is no digest {name}.", why="A digest is one of these: {names}.", todo="For example --digest weekly.", name=name, names=", ".join(DIGESTS))
    return tuple(dict.fromkeys(names))


def worths_of(texts: Sequence[str]) -> tuple[Money, ...]:
    """Amounts such as ``100 EUR``, one a currency.

    Raises:
        WrongUse: there is no such thing.
    """
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


def steps_of(texts: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Steps such as ``deadline=7,1``, by kind.

    Raises:
        WrongUse: there is no such thing.
    """
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


def quiet_of(text: str | None) -> tuple[int, int] | None:
    """Hours such as ``22-7``; None where there are none.

    Raises:
        WrongUse: there is no such thing.
    """
    if text is None:
        return None
    hours = [int(part) if part.isascii() and part.isdigit() and len(part) < 3 else 99 for part in text.split("-")]
    if len(hours) != 2 or max(hours) > 24 or hours[0] == hours[1]:
        raise WrongUse("{text} names no hours.", why="Quiet hours go from one full hour to another.", todo="For example --quiet 22-7.", text=text)
    return hours[0] % 24, hours[1] % 24


def zone_of(name: str) -> str:
    """The time zone of that name.

    Raises:
        WrongUse: there is no such thing.
    """
    if name not in available_timezones():
        raise WrongUse("There is no time zone {name}.", why="A digest comes in the recipient's own morning.", todo="For example --timezone Asia/Shanghai or --timezone Europe/Berlin.", name=name)
    return ZoneInfo(name).key
