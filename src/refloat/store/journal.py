"""The journal: one hash chain per (account, marketplace), so that a changed or missing entry is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from refloat.store.accounts import account_named
from refloat.store.models import Account, JournalEntry
from refloat.store.rows import EntryRow
from refloat.store.turns import reading, writing


class Journal:
    """Append-only. ``marketplace`` is a two-letter code, or empty for what concerns the whole account."""

    def append(self, account: str, marketplace: str, kind: str, body: Mapping[str, Any], at: datetime) -> EntryRow:
        """Write an entry after the last one of its chain. ``body`` is what JSON can say; amounts are texts."""
        return self.append_all(account, marketplace, [(kind, body)], at)[-1]

    def append_all(self, account: str, marketplace: str, said: Iterable[tuple[str, Mapping[str, Any]]], at: datetime) -> list[EntryRow]:
        """Write several entries (kind, body) of one chain, all or none."""
        with writing():
            # The account's row is locked, so that two writers never take the same number.
            owner = Account.objects.select_for_update().get(pk=account_named(account).pk)
            last = JournalEntry.objects.filter(account=owner, marketplace=marketplace).order_by("-number").first()
            number, previous = (last.number, last.hash) if last else (0, "")
            entries = []
            for kind, body in said:
                number += 1
                entry = JournalEntry(account=owner, marketplace=marketplace, number=number, at=at.astimezone(UTC), kind=kind, body=_canonical(dict(body)), previous_hash=previous)
                previous = entry.hash = _hash(entry)
                entries.append(entry)
            JournalEntry.objects.bulk_create(entries, batch_size=500)
        return [_row(entry) for entry in entries]

    def entries(self, account: str, marketplace: str, *, after: int = 0) -> Iterator[EntryRow]:
        """The entries of a chain from number ``after`` + 1 on."""
        with reading():
            for entry in _chain(account_named(account), marketplace).filter(number__gt=after).iterator():
                yield _row(entry)

    def about_skus(self, account: str, marketplace: str) -> Iterator[EntryRow]:
        """The entries of a chain that are about one SKU each, in order: what was done, and what came of it."""
        with reading():
            for entry in _chain(account_named(account), marketplace).filter(body__contains='"sku":').iterator():
                row = _row(entry)
                if isinstance(row.body.get("sku"), str):
                    yield row

    def head(self, account: str, marketplace: str) -> EntryRow | None:
        """The last entry; its hash, kept elsewhere, also proves that no entry was cut off at the end."""
        with reading():
            last = _chain(account_named(account), marketplace).last()
            return None if last is None else _row(last)

    def check(self, account: str, marketplace: str) -> int | None:
        """The number of the first entry that is changed, missing or out of place; None when the chain holds."""
        previous, number = "", 0
        with reading():
            for number, entry in enumerate(_chain(account_named(account), marketplace).iterator(), 1):
                if (entry.number, entry.previous_hash, entry.hash) != (number, previous, _hash(entry)):
                    return number
                previous = entry.hash
        return None


def _chain(owner: Account, marketplace: str) -> Any:
    return JournalEntry.objects.filter(account=owner, marketplace=marketplace).order_by("number")


def _hash(entry: JournalEntry) -> str:
    """SHA-256 of the previous hash and of everything the entry says, as canonical JSON."""
    said = _canonical([entry.account_id, entry.marketplace, entry.number, entry.at.astimezone(UTC).isoformat(), entry.kind, entry.body])
    return hashlib.sha256(f"{entry.previous_hash}\n{said}".encode()).hexdigest()


def _canonical(value: object) -> str:
    """One spelling for one value: keys in order, no blanks, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _row(entry: JournalEntry) -> EntryRow:
    return EntryRow(entry.number, entry.at, entry.kind, json.loads(entry.body), entry.hash)
