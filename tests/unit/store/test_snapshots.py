"""Snapshots: the original bytes, once, for ever; and how every source did."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.databases import damaged_documents

from refloat.errors import WrongUse
from refloat.store import Store, StoreError

CONTENT = b"sku\tasin\r\nMUG-BLUE-11\tB0TEST0011\r\n" * 50


def _kept(store: Store, account: str, at: datetime, **more: Any) -> Any:
    facts = {"observed_at": at, "charset": "cp1252", "whole": True, "report_id": None, **more}
    return store.snapshots.keep(account, facts.pop("marketplace", "DE"), facts.pop("source", "stranded"), facts.pop("content", CONTENT), **facts)


def test_the_bytes_come_back_as_they_were(store: Store, account: str, start: datetime) -> None:
    """Whatever was kept, the empty document and every byte included, comes back unchanged."""
    for content in (CONTENT, b"", bytes(range(256))):
        row = _kept(store, account, start, content=content)
        assert store.snapshots.content(row) == content
        assert (row.sha256, row.size_bytes, row.charset) == (hashlib.sha256(content).hexdigest(), len(content), "cp1252")


def test_the_same_bytes_are_stored_once(store: Store, account: str, start: datetime) -> None:
    """Two snapshots that show the same share one document."""
    from refloat.store.models import Document, Snapshot

    first, second = _kept(store, account, start), _kept(store, account, start + timedelta(hours=1))
    assert first.id != second.id
    assert (Document.objects.count(), Snapshot.objects.count()) == (1, 2)


def test_the_same_report_is_one_snapshot(store: Store, account: str, start: datetime) -> None:
    """A pass that was killed after keeping and keeps again changes nothing, not even the moment."""
    first = _kept(store, account, start, report_id="R-1")
    assert _kept(store, account, start + timedelta(hours=1), report_id="R-1") == first
    assert _kept(store, account, start, report_id="R-1", marketplace="FR").id != first.id


def test_the_latest_of_every_source(store: Store, account: str, start: datetime) -> None:
    """The one that was kept last, for each source of that marketplace: a clock that ran ahead, and was set right, orders nothing."""
    _kept(store, account, start + timedelta(days=2), content=b"by a clock that ran ahead")
    newest = _kept(store, account, start, content=b"kept later")
    other = _kept(store, account, start, source="planning")
    _kept(store, account, start, marketplace="FR", source="reserved")
    assert store.snapshots.latest(account, "DE") == {"stranded": newest, "planning": other}


def test_one_that_was_cut_is_kept_and_is_not_good(store: Store, account: str, start: datetime) -> None:
    """It is the latest, but not the latest whole one, and does not end the source's trouble."""
    good = _kept(store, account, start)
    store.snapshots.failed(account, "DE", "stranded", "throttled", "too often", start + timedelta(hours=1))
    cut = _kept(store, account, start + timedelta(hours=2), content=CONTENT[:100], whole=False)
    assert store.snapshots.latest(account, "DE")["stranded"] == cut
    assert store.snapshots.latest(account, "DE", whole=True)["stranded"] == store.snapshots.last_good(account, "DE", "stranded") == good
    (source,) = store.snapshots.sources(account, "DE")
    assert (source.trouble_code, source.last_good_at, source.last_tried_at) == ("throttled", start, start + timedelta(hours=2))


def test_trouble_lasts_from_its_first_moment_until_a_good_one(store: Store, account: str, start: datetime) -> None:
    """The newest trouble is told, its beginning stays, and a good snapshot ends it."""
    for hours, code in ((1, "throttled"), (2, "amazon-down")):
        store.snapshots.failed(account, "DE", "stranded", code, "words", start + timedelta(hours=hours))
    (source,) = store.snapshots.sources(account)
    assert (source.trouble_code, source.troubled_since, source.last_good_at) == ("amazon-down", start + timedelta(hours=1), None)
    _kept(store, account, start + timedelta(hours=3))
    (source,) = store.snapshots.sources(account)
    assert (source.trouble_code, source.trouble_text, source.troubled_since, source.last_good_at) == (None, None, None, start + timedelta(hours=3))


def test_what_was_kept_last_is_good_though_a_clock_ran_ahead(store: Store, account: str, start: datetime) -> None:
    """It takes the place of a snapshot from the future, ends its trouble, and the last try is of now."""
    _kept(store, account, start + timedelta(days=2))
    store.snapshots.failed(account, "DE", "stranded", "cancelled", "words", start + timedelta(days=2))
    good = _kept(store, account, start, content=b"of now")
    (source,) = store.snapshots.sources(account)
    assert (source.trouble_code, source.last_good_at, source.last_tried_at) == (None, start, start)
    assert store.snapshots.last_good(account, "DE", "stranded") == good


def test_a_part_that_could_not_be_had_is_trouble_from_its_beginning_on(store: Store, account: str, start: datetime) -> None:
    """What came is the last good snapshot, and the trouble goes on from when it began, not from now."""
    store.snapshots.failed(account, "DE", "stranded", "amazon-down", "all of it", start)
    _kept(store, account, start + timedelta(hours=1), trouble=("throttled", "half of it"))
    (source,) = store.snapshots.sources(account)
    assert (source.trouble_code, source.troubled_since, source.last_good_at) == ("throttled", start, start + timedelta(hours=1))


def test_damage_to_the_bytes_is_seen(store: Store, account: str, start: datetime) -> None:
    """Bytes that are not what was kept are refused, never handed on."""
    row = _kept(store, account, start)
    damaged_documents()
    with pytest.raises(StoreError, match="damaged"):
        store.snapshots.content(row)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE store_snapshot SET whole = FALSE",
        "DELETE FROM store_snapshot",
        "UPDATE store_document SET size_bytes = 1",
        "DELETE FROM store_document",
        "UPDATE store_erasure SET before = '2030-01-01'",
        "DELETE FROM store_erasure",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_what_was_kept(store: Store, account: str, start: datetime, change: str) -> None:
    """Not even a person with the database open in another program changes a snapshot."""
    from django.db import IntegrityError, connection

    from refloat.store.models import Account, Erasure

    Erasure.objects.create(account=Account.objects.get(), before=start - timedelta(days=1), at=start)
    _kept(store, account, start)
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(change)


def test_nothing_is_kept_for_a_stranger(store: Store, start: datetime) -> None:
    """An account that is not there is named, and so is the way to add it."""
    with pytest.raises(WrongUse, match="no account nobody"):
        _kept(store, "nobody", start)
