"""What a person enters of strandings that they chose: holds, opt-outs, prices, notes, whose matter they are.

It stands beside the notes file and not in it: a file that a person wrote keeps its comments and its order, and nobody's
words are put into it by a program. Each word has its person, its moment and its entry in the journal (``app.policies``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from refloat.app.live import triage_account
from refloat.app.policies import named, notes_on_record
from refloat.app.showing import show
from refloat.app.triage import Question
from refloat.errors import NothingReadable, WrongUse
from refloat.model.ports import Clock
from refloat.store import AccountBusy, Said, Store

#: (marketplace, SKU).
Key = tuple[str, str]
#: A text is as long as a person reads.
_TEXT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Held:
    """How many changed; ``still``: SKUs whose hold was to end and stands in the notes file, which no page changes."""

    changed: int
    still: tuple[str, ...] = ()


def hold(store: Store, account: str, keys: Iterable[Key], until: date | None, *, by: str, clock: Clock) -> Held:
    """Let nothing act on these SKUs until after that day, in whichever marketplace; None: no longer.

    Raises:
        WrongUse: the day has passed.
    """
    keys, now = list(keys), clock.now()
    if until is not None and until <= now.date():
        raise WrongUse("{until} has passed already.", why="A hold lasts until a day that is still to come.", todo="Give a later day.", until=until)
    count = store.sku_notes.enter(account, "hold", [Said(sku, None if until is None else until.isoformat(), place=place) for place, sku in _once(keys)], named(by), now)
    still = {sku for _, sku in keys} & notes_on_record(store, account)[0].holds.keys() if until is None else ()
    return Held(count, tuple(sorted(still)))


def opt_out(store: Store, account: str, keys: Iterable[Key], *, by: str, clock: Clock, out: bool = True) -> int:
    """Take these SKUs out of what runs by itself, or let it run for them again; how many changed."""
    said = [Said(sku, "" if out else None, place=place) for place, sku in _once(keys)]
    return store.sku_notes.enter(account, "opt-out", said, named(by), clock.now())


def set_prices(store: Store, account: str, prices: Mapping[Key, Decimal | None], *, by: str, clock: Clock) -> int:
    """The prices at which the offers shall stand from now on, each in its marketplace's currency; None: no longer. How many changed. Nothing is sent by it."""
    said = [Said(sku, None if price is None else format(price, "f"), place, place) for (place, sku), price in prices.items()]
    return store.sku_notes.enter(account, "price", said, named(by), clock.now())


def remark(store: Store, account: str, keys: Iterable[Key], text: str, *, by: str, clock: Clock) -> int:
    """A note of a person about these strandings, in the journal.

    Raises:
        WrongUse: it says nothing, or too much.
    """
    words = text.strip().replace("\0", "")
    if not words or len(words) > _TEXT_MOST:
        raise WrongUse("The note has {count} characters.", why="A note has at least one, and at most {most}.", todo="Write what the next person has to know.", count=len(words), most=_TEXT_MOST)
    return store.sku_notes.remark(account, keys, words, named(by), clock.now())


def shown_anew(store: Store, account: str, clock: Clock) -> bool:
    """Let the pages see at once what was entered; False where the next look has to do it, because another process is at the account."""
    try:
        with store.alone_with(account):
            found, now = triage_account(store, Question((), account=account, notes=notes_on_record(store, account)[0]), clock), clock.now()
            for row in store.accounts.places(account):
                if row.marketplace in found.told:
                    show(store, account, row.marketplace, found, now)
    except (AccountBusy, NothingReadable):
        return False
    return True


def _once(keys: Iterable[Key]) -> list[Key]:
    """One marketplace's chain takes the entry; a SKU that is stranded in several is one SKU."""
    found: dict[str, str] = {}
    for place, sku in keys:
        found.setdefault(sku, place)
    return [(place, sku) for sku, place in found.items()]
