"""Tasks in the store: once for each stranding and remedy, ended once, their files by content."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.databases import damaged_documents

from refloat.errors import WrongUse
from refloat.store import Conclusion, Store, StoreError, StrandingRow, TaskRow

HOUR = timedelta(hours=1)
SUBJECT: dict[str, Any] = {"marketplace": "DE", "sku": "MUG-BLUE-11", "cause": "restricted-asin", "title": "Tasse 蓝"}


@pytest.fixture
def stranding(store: Store, account: str, start: datetime) -> StrandingRow:
    """An open stranding of the account."""
    store.strandings.record(account, "DE", [{"sku": "MUG-BLUE-11", "standing": "confirmed", "remedy": "appeal"}], start, unknown=False)
    return store.strandings.open_strandings(account)[0]


def _open(store: Store, account: str, stranding: StrandingRow, at: datetime, remedy: str = "appeal") -> TaskRow | None:
    return store.tasks.open(account, stranding.id, remedy, recorded="appeal", subject=SUBJECT, follow_up_on=date(2026, 11, 5), at=at)


def _kinds(store: Store, account: str) -> list[str]:
    return [entry.kind for entry in store.journal.entries(account, "DE")]


def test_a_task_comes_back_as_it_was_opened(store: Store, account: str, stranding: StrandingRow, start: datetime) -> None:
    """Every field, and an entry in the journal with it."""
    opened = _open(store, account, stranding, start)
    assert opened
    assert opened == store.tasks.get(account, opened.id) == store.tasks.all(account)[0]
    assert (opened.sku, opened.marketplace, opened.remedy, opened.subject, opened.follow_up_on, opened.opened_at) == ("MUG-BLUE-11", "DE", "appeal", SUBJECT, date(2026, 11, 5), start)
    assert (opened.ended_at, opened.result, opened.note, opened.attachments) == (None, None, "", ())
    assert _kinds(store, account) == ["task-opened"]


def test_never_twice_for_one_stranding_and_remedy(store: Store, account: str, stranding: StrandingRow, start: datetime) -> None:
    """Neither while it is open nor after it was answered; another remedy is another task."""
    opened = _open(store, account, stranding, start)
    assert opened
    assert _open(store, account, stranding, start) is None
    store.tasks.end(account, opened.id, "refused", "", start + HOUR)
    assert _open(store, account, stranding, start) is None
    assert _open(store, account, stranding, start, "contact-support")
    assert _kinds(store, account) == ["task-opened", "task-ended", "task-opened"]


def test_what_was_overtaken_and_is_wanted_again_goes_on(store: Store, account: str, stranding: StrandingRow, start: datetime) -> None:
    """The same task with its files, open anew."""
    opened = _open(store, account, stranding, start)
    assert opened
    store.tasks.attach(account, opened.id, "a.pdf", b"a", start)
    store.tasks.end(account, opened.id, "overtaken", "", start)
    again = _open(store, account, stranding, start + HOUR)
    assert again
    assert (again.id, again.result, len(again.attachments)) == (opened.id, None, 1)


def test_what_strands_again_is_a_new_task(store: Store, account: str, stranding: StrandingRow, start: datetime) -> None:
    """The episode came back after it was proven over: what was won then says nothing now."""
    opened = _open(store, account, stranding, start)
    assert opened
    store.tasks.end(account, opened.id, "won", "", start)
    store.strandings.record(account, "DE", [], start + HOUR, unknown=False, concluded={"MUG-BLUE-11": Conclusion("cleared", outcome="cleared")})
    store.strandings.record(account, "DE", [{"sku": "MUG-BLUE-11", "standing": "confirmed", "remedy": "appeal"}], start + 2 * HOUR, unknown=False)
    again = _open(store, account, stranding, start + 3 * HOUR)
    assert again
    assert (again.stranding_id, again.turn, opened.turn) == (stranding.id, 1, 0)


def test_a_result_is_entered_once(store: Store, account: str, stranding: StrandingRow, start: datetime) -> None:
    """The second is refused, and leaves neither row nor entry."""
    opened = _open(store, account, stranding, start)
    assert opened
    store.tasks.note_subject(account, opened.id, {**SUBJECT, "units": 7})
    ended = store.tasks.end(account, opened.id, "won", "Fall 7 已批准", start + HOUR, then="relist-offer")
    assert (ended.result, ended.note, ended.ended_at, ended.subject["units"]) == ("won", "Fall 7 已批准", start + HOUR, 7)
    with pytest.raises(WrongUse, match="ended already"):
        store.tasks.end(account, opened.id, "refused", "", start + HOUR)
    assert _kinds(store, account) == ["task-opened", "task-ended"]
    assert store.journal.check(account, "DE") is None
    store.tasks.note_subject(account, opened.id, SUBJECT)
    assert store.tasks.get(account, opened.id).subject["units"] == 7


def test_a_number_belongs_to_one_account(store: Store, account: str, stranding: StrandingRow, start: datetime, unsealed: Any) -> None:
    """Another account's task is none of ours, to read, to end or to attach to."""
    opened = _open(store, account, stranding, start)
    assert opened
    store.accounts.add("other", region="EU", seller_id="A0OTHER", unsealed=unsealed, at=start)
    for call in (lambda: store.tasks.get("other", opened.id), lambda: store.tasks.end("other", opened.id, "won", "", start), lambda: store.tasks.attach("other", opened.id, "a", b"a", start)):
        with pytest.raises(WrongUse, match="no task"):
            call()
    assert store.tasks.all("other") == ()


def test_a_file_is_kept_once_and_unchanged(store: Store, account: str, stranding: StrandingRow, start: datetime) -> None:
    """The same bytes under the same name are one attachment; damaged ones are said to be."""
    opened = _open(store, account, stranding, start)
    assert opened
    for paper in (None, "photos"):
        store.tasks.attach(account, opened.id, "照片.jpg", b"\x00\xff bytes", start, paper=paper)
    (kept,) = store.tasks.get(account, opened.id).attachments
    assert (kept.name, kept.size_bytes, kept.paper, store.tasks.content(kept)) == ("照片.jpg", 8, "photos", b"\x00\xff bytes")
    damaged_documents()
    with pytest.raises(StoreError, match="damaged"):
        store.tasks.content(kept)


def test_erasing_an_account_takes_its_tasks_and_files(store: Store, account: str, stranding: StrandingRow, start: datetime) -> None:
    """With its history go its tasks and the documents that nobody else has; the journal stays."""
    from refloat.store.models import Document, Task

    opened = _open(store, account, stranding, start)
    assert opened
    store.tasks.attach(account, opened.id, "a.pdf", b"a", start)
    store.accounts.remove(account, start + HOUR, with_history=True)
    assert (Task.objects.count(), Document.objects.count()) == (0, 0)


def test_the_journal_is_asked_about_skus_alone(store: Store, account: str, start: datetime) -> None:
    """Entries of whole passes are left out."""
    store.journal.append(account, "DE", "observed", {"reports": ['"sku":']}, start)
    store.journal.append(account, "DE", "receipt", {"sku": "A-1", "remedy": "relist-offer"}, start)
    store.journal.append(account, "DE", "plan", {"actions": [{"sku": "A-1"}]}, start)
    assert [entry.kind for entry in store.journal.about_skus(account, "DE")] == ["receipt"]
