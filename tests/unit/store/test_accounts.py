"""Accounts: added, found, rotated, removed; and what stays when one is removed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from refloat.errors import WrongUse
from refloat.model.ports import Place
from refloat.store import Store, Unsealed


def test_what_was_added_is_found(store: Store, unsealed: Unsealed, start: datetime) -> None:
    """Everything but the secrets in the row; the secrets by a call of their own."""
    added = store.accounts.add(
        "harbour", region="NA", seller_id="A0MADEUP", unsealed=unsealed, at=start, api_url="http://127.0.0.1:1", token_url="http://127.0.0.1:2", secret_issued_on=date(2026, 10, 1)
    )
    assert store.accounts.get("harbour") == added
    assert (added.region, added.seller_id, added.api_url, added.token_url, added.secret_issued_on) == ("NA", "A0MADEUP", "http://127.0.0.1:1", "http://127.0.0.1:2", date(2026, 10, 1))
    assert store.accounts.credentials("harbour") == unsealed


def test_a_name_is_given_once(store: Store, account: str, unsealed: Unsealed, start: datetime) -> None:
    """The second one is refused, and the first one's secrets are still there."""
    with pytest.raises(WrongUse, match="already an account harbour"):
        store.accounts.refuse_taken(account)
    with pytest.raises(WrongUse, match="already an account harbour"):
        store.accounts.add(account, region="NA", seller_id="A0OTHER", unsealed=Unsealed("a", "b", "c"), at=start)
    assert store.accounts.credentials(account) == unsealed


def test_a_stranger_is_refused_with_the_names_that_are_known(store: Store, account: str) -> None:
    """A slip of the pen shows the right name."""
    with pytest.raises(WrongUse) as caught:
        store.accounts.get("harbor")
    assert account in str(caught.value)


def test_rotating_replaces_what_is_given(store: Store, account: str, unsealed: Unsealed, start: datetime) -> None:
    """A new client secret is as old as the day it was entered; a new refresh token says nothing about the secret."""
    later = start + timedelta(days=100)
    row = store.accounts.rotate(account, at=later, client_secret="made-up-new")
    assert store.accounts.credentials(account) == Unsealed(unsealed.client_id, "made-up-new", unsealed.refresh_token)
    assert (row.rotated_at, row.secret_issued_on) == (later, later.date())
    row = store.accounts.rotate(account, at=later + timedelta(days=9), refresh_token="made-up-token")
    assert store.accounts.credentials(account) == Unsealed(unsealed.client_id, "made-up-new", "made-up-token")
    assert row.secret_issued_on == later.date()


def test_marketplaces_are_as_amazon_said_last(store: Store, account: str, start: datetime) -> None:
    """A marketplace that Amazon no longer names is gone."""
    store.accounts.note_places(account, [Place("DE", True, False, "Harbour DE"), Place("FR", True, True)], start)
    store.accounts.note_places(account, [Place("DE", True, True, "Harbour"), Place("IT", False, False)], start + timedelta(days=1))
    assert [(place.marketplace, place.participates, place.suspended, place.store_name) for place in store.accounts.places(account)] == [("DE", True, True, "Harbour"), ("IT", False, False, None)]


def _with_history(store: Store, account: str, start: datetime) -> None:
    store.snapshots.keep(account, "DE", "stranded", f"of {account}".encode(), observed_at=start + timedelta(days=400), charset=None, whole=True, report_id="R-1")
    store.snapshots.keep(account, "DE", "planning", b"the same for all", observed_at=start, charset=None, whole=True, report_id=None)
    store.record(account, "DE").order("reserved", "GET_MADE_UP", start)
    store.strandings.record(account, "DE", [{"sku": "MUG-BLUE-11", "standing": "confirmed"}], start, unknown=False)
    store.journal.append(account, "DE", "observed", {}, start)
    store.accounts.note_places(account, [Place("DE", True, False)], start)


def test_removing_keeps_the_history(store: Store, account: str, unsealed: Unsealed, start: datetime) -> None:
    """The account is gone for everybody; added again as the same seller, it goes on where it was."""
    _with_history(store, account, start)
    store.accounts.remove(account, start)
    assert store.accounts.list() == ()
    with pytest.raises(WrongUse):
        store.accounts.credentials(account)
    store.accounts.add(account, region="EU", seller_id="A0MADEUP", unsealed=unsealed, at=start)
    assert set(store.snapshots.latest(account, "DE")) == {"stranded", "planning"}
    assert len(store.strandings.open_strandings(account)) == 1


def test_another_seller_of_the_same_name_has_no_part_in_it(store: Store, account: str, unsealed: Unsealed, start: datetime) -> None:
    """The name is free again, the history is not."""
    _with_history(store, account, start)
    store.accounts.remove(account, start)
    store.accounts.add(account, region="EU", seller_id="A0OTHER", unsealed=unsealed, at=start)
    assert (store.snapshots.latest(account, "DE"), store.strandings.open_strandings(account), store.journal.head(account, "DE")) == ({}, (), None)


def test_removing_with_history_leaves_the_journal_only(store: Store, account: str, unsealed: Unsealed, start: datetime) -> None:
    """Snapshots go, even ones from the future; those of other accounts stay, with the documents that both share."""
    from refloat.store.models import Document, JournalEntry, ReportRequest, Snapshot, Stranding

    store.accounts.add("island", region="EU", seller_id="A0ISLAND", unsealed=unsealed, at=start)
    for name in (account, "island"):
        _with_history(store, name, start)
    store.accounts.remove(account, start, with_history=True)
    assert (Snapshot.objects.count(), Document.objects.count(), ReportRequest.objects.count(), Stranding.objects.count(), JournalEntry.objects.count()) == (2, 2, 1, 1, 2)
    latest = store.snapshots.latest("island", "DE")
    assert {source: store.snapshots.content(row) for source, row in latest.items()} == {"stranded": b"of island", "planning": b"the same for all"}
