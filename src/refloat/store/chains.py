"""The journal's chains, walked entry by entry: where one breaks, and how. No chain is ever in memory as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from refloat.store.letters import json_text


class Link(NamedTuple):
    """One entry as its hash sees it; ``at`` in ISO 8601 with +00:00."""

    account_id: int
    marketplace: str
    number: int
    at: str
    kind: str
    body: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: how many entries, the last hash; ``broken``: the number of the first entry that is wrong, and ``how``: missing, altered or moved."""

    account_id: int
    marketplace: str
    entries: int
    head: str
    broken: int | None = None
    how: str | None = None


def canonical(value: object) -> str:
    """One spelling for one value: keys in order, no blanks, no NaN."""
    return json_text(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(link: Link) -> str:
    """SHA-256 of the previous hash and of everything the entry says, as canonical JSON."""
    said = canonical([link.account_id, link.marketplace, link.number, link.at, link.kind, link.body])
    return hashlib.sha256(f"{link.previous_hash}\n{said}".encode()).hexdigest()


def walked(links: Iterable[Link]) -> Iterator[Chain]:
    """Every chain of ``links``, which come in the order of account, marketplace and number."""
    for (account_id, marketplace), own in groupby(links, key=lambda link: link[:2]):
        yield _walked(account_id, marketplace, own)


def _walked(account_id: int, marketplace: str, own: Iterable[Link]) -> Chain:
    previous, count = "", 0
    first: tuple[int, str] | None = None
    for count, link in enumerate(own, 1):
        how = _wrong(link, count, previous) if first is None else None
        if how is not None:
            first = count, how
        previous = link.hash
    broken, how = first or (None, None)
    return Chain(account_id, marketplace, count, previous, broken, how)


def _wrong(link: Link, number: int, previous: str) -> str | None:
    if link.number != number:
        return "missing"
    if link.hash != hash_of(link):
        return "altered"
    return None if link.previous_hash == previous else "moved"
