"""The journal: one hash chain per (account, marketplace), so that a changed or missing entry is found."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from refloat.store.accounts import account_named
from refloat.store.chains import Link, canonical, hash_of, walked
from refloat.store.letters import storable
from refloat.store.models import Account, JournalEntry
from refloat.store.rows import ChainRow, EntryRow
from refloat.store.turns import reading, writing

if TYPE_CHECKING:
    from refloat.store.page_rows import AskedEntries, EntryCursor, EntryPage


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
                entry = JournalEntry(account=owner, marketplace=marketplace, number=number, at=at.astimezone(UTC), kind=kind, body=canonical(dict(body)), previous_hash=previous)
                entry.about_sku, entry.about_plan = (_named(body.get(name)) for name in ("sku", "plan"))
                previous = entry.hash = hash_of(_link(entry))
                entries.append(entry)
            JournalEntry.objects.bulk_create(entries, batch_size=500)
        return [_row(entry) for entry in entries]

    def entries(self, account: str, marketplace: str, *, after: int = 0) -> Iterator[EntryRow]:
        """The entries of a chain from number ``after`` + 1 on."""
        with reading():
            for entry in _chain(account_named(account), marketplace).filter(number__gt=after).iterator():
                yield _row(entry)

    def page(self, asked: AskedEntries, cursor: EntryCursor | None = None, size: int = 50) -> EntryPage:
        """A page of entries as asked, the newest first (``store.journal_pages``)."""
        from refloat.store.journal_pages import page

        return page(asked, cursor, size)

    def kinds(self, accounts: Collection[str] | None) -> tuple[str, ...]:
        """The kinds of entries that these accounts have; None: of all accounts."""
        from refloat.store.journal_pages import kinds

        return kinds(accounts)

    def about(self, account: str, sku: str, marketplace: str | None = None) -> list[EntryRow]:
        """The entries about one SKU, in the order in which they were written; found by an index, however long the chain is."""
        with reading():
            found = JournalEntry.objects.filter(account=account_named(account), about_sku=storable(sku), **({} if marketplace is None else {"marketplace": marketplace}))
            return [row for entry in found.order_by("id") if (row := _row(entry)).body.get("sku") == sku]

    def about_skus(self, account: str, marketplace: str) -> Iterator[EntryRow]:
        """The entries of a chain that are about one SKU each, in order: what was done, and what came of it."""
        with reading():
            for entry in _chain(account_named(account), marketplace).exclude(about_sku=None).iterator():
                yield _row(entry)

    def head(self, account: str, marketplace: str) -> EntryRow | None:
        """The last entry; its hash, kept elsewhere, also proves that no entry was cut off at the end."""
        with reading():
            last = _chain(account_named(account), marketplace).last()
            return None if last is None else _row(last)

    def check(self, account: str, marketplace: str) -> int | None:
        """The number of the first entry that is changed, missing or out of place; None when the chain holds."""
        with reading():
            return next((chain.broken for chain in walked(_links(account_id=account_named(account).pk, marketplace=marketplace))), None)

    def checked(self, account: str | None = None) -> Iterator[ChainRow]:
        """Every chain, of one account or of all, removed ones too, walked from its first entry to its last."""
        with reading():
            names = dict(Account.objects.values_list("id", "name"))
            for chain in walked(_links(**({} if account is None else {"account_id": account_named(account).pk}))):
                yield ChainRow(names[chain.account_id], chain.marketplace, chain.entries, chain.head, chain.broken, chain.how)

    def heads(self, account: str) -> dict[str, EntryRow]:
        """Marketplace ("" for the whole account) → the last entry of its chain: kept elsewhere, they prove that nothing was cut off."""
        with reading():
            places = JournalEntry.objects.filter(account=account_named(account)).order_by("marketplace").values_list("marketplace", flat=True).distinct()
            return {place: head for place in places if (head := self.head(account, place)) is not None}


def _chain(owner: Account, marketplace: str) -> Any:
    return JournalEntry.objects.filter(account=owner, marketplace=marketplace).order_by("number")


def _links(**where: Any) -> Iterator[Link]:
    found = JournalEntry.objects.filter(**where).order_by("account_id", "marketplace", "number")
    return (_link(entry) for entry in found.iterator())


def _link(entry: JournalEntry) -> Link:
    return Link(entry.account_id, entry.marketplace, entry.number, entry.at.astimezone(UTC).isoformat(), entry.kind, entry.body, entry.previous_hash, entry.hash)


def _named(value: object) -> str | None:
    return storable(value) if isinstance(value, str) else None


def _row(entry: JournalEntry) -> EntryRow:
    return EntryRow(entry.number, entry.at, entry.kind, json.loads(entry.body), entry.hash)
