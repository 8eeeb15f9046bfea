"""The journal: a chain in which every change shows."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import pytest
from tests.databases import unguarded

from refloat.store import Store


def _written(store: Store, account: str, start: datetime, count: int = 5) -> None:
    for number in range(count):
        store.journal.append(account, "DE", "observed", {"turn": number, "名": "杯子", "amount": "12.50"}, start + timedelta(hours=number))


def _tampered(*statements: str) -> None:
    """Somebody who may do anything in the database takes the guards away first."""
    from django.db import connection

    unguarded("store_journalentry_no_update", "store_journalentry_no_delete")
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_entries_come_back_in_order_and_the_chain_holds(store: Store, account: str, start: datetime) -> None:
    """What was written is read, in its order, and nothing is wrong with it."""
    _written(store, account, start)
    entries = list(store.journal.entries(account, "DE"))
    assert [(entry.number, entry.kind, entry.body["turn"], entry.body["名"]) for entry in entries] == [(number + 1, "observed", number, "杯子") for number in range(5)]
    assert store.journal.check(account, "DE") is None
    assert store.journal.head(account, "DE") == entries[-1]
    assert [entry.number for entry in store.journal.entries(account, "DE", after=3)] == [4, 5]


def test_chains_are_apart(store: Store, account: str, start: datetime) -> None:
    """Each marketplace, and the account itself, has a chain of its own that begins with 1."""
    _written(store, account, start)
    assert store.journal.append(account, "FR", "observed", {}, start).number == 1
    assert store.journal.append(account, "", "rotated", {}, start).number == 1
    assert store.journal.head(account, "US") is None
    assert store.journal.check(account, "US") is None


def test_a_moment_is_the_same_in_every_time_zone(store: Store, account: str, start: datetime) -> None:
    """The hash does not depend on how the caller wrote the moment."""
    store.journal.append(account, "DE", "observed", {}, start.astimezone(timezone(timedelta(hours=8))))
    assert store.journal.check(account, "DE") is None


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        (["UPDATE store_journalentry SET body = '{\"turn\":9}' WHERE number = 3"], 3),
        (["UPDATE store_journalentry SET kind = 'applied' WHERE number = 2"], 2),
        (["UPDATE store_journalentry SET at = '2026-01-01 00:00:00' WHERE number = 4"], 4),
        (["UPDATE store_journalentry SET marketplace = 'FR' WHERE number = 5", "UPDATE store_journalentry SET number = 1 WHERE marketplace = 'FR'"], None),
        (["DELETE FROM store_journalentry WHERE number = 3"], 3),
        (["DELETE FROM store_journalentry WHERE number = 1"], 1),
        (["UPDATE store_journalentry SET hash = previous_hash WHERE number = 5"], 5),
        (["UPDATE store_journalentry SET number = 99 WHERE number = 2", "UPDATE store_journalentry SET number = 2 WHERE number = 3", "UPDATE store_journalentry SET number = 3 WHERE number = 99"], 2),
    ],
    ids=["body", "kind", "moment", "moved away", "deleted", "first deleted", "hash", "swapped"],
)
def test_tampering_is_found(store: Store, account: str, start: datetime, statements: Sequence[str], broken: int | None) -> None:
    """The first entry that is changed, missing or out of place is named; one that was moved breaks the chain it is in."""
    _written(store, account, start)
    _tampered(*statements)
    assert store.journal.check(account, "DE") == broken
    if broken is None:
        assert store.journal.check(account, "FR") == 1


@pytest.mark.parametrize("change", ["UPDATE store_journalentry SET kind = 'applied'", "DELETE FROM store_journalentry"])
def test_the_database_itself_refuses(store: Store, account: str, start: datetime, change: str) -> None:
    """Append-only is not a habit of ours but a rule of the database."""
    from django.db import IntegrityError, connection

    _written(store, account, start, 1)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="for good"):
        cursor.execute(change)


def test_writers_side_by_side_make_one_chain(store: Store, account: str, start: datetime) -> None:
    """Four threads write into one chain: every number once, and the chain holds."""

    def write() -> None:
        with store.connection_closed():
            _written(store, account, start)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.number for entry in store.journal.entries(account, "DE")] == list(range(1, 21))
    assert store.journal.check(account, "DE") is None


def test_what_json_cannot_say_is_not_written(store: Store, account: str, start: datetime) -> None:
    """A float that is no number, or an object, is a mistake of the caller, and no entry."""
    with pytest.raises((TypeError, ValueError)):
        store.journal.append(account, "DE", "observed", {"amount": float("nan")}, start)
    assert store.journal.head(account, "DE") is None
