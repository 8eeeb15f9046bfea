"""Pages of the journal and of tasks: every entry once, in both directions, whichever way it is asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from refloat.store import Store
from refloat.store.page_rows import AskedEntries, AskedTasks, EntryCursor, TaskCursor


@pytest.fixture
def written(store: Store, account: str, start: datetime) -> Store:
    """Two chains whose entries alternate; of every four, one is about a SKU and one about a plan. Some share a moment."""
    for number in range(24):
        body = {"sku": "CUP-1"} if number % 4 == 0 else {"plan": "P-1", "sku": "CUP-2"} if number % 4 == 1 else {"turn": number}
        store.journal.append(account, "DE" if number % 2 else "FR", "verdict" if number % 3 else "observed", body, start + timedelta(hours=number // 3))
    return store


@pytest.mark.parametrize("asked", [{}, {"marketplace": "DE"}, {"kind": "observed"}, {"sku": "CUP-1"}, {"plan": "P-1"}, {"kind": "verdict", "marketplace": "FR"}])
def test_every_entry_comes_once_in_both_directions(written: Store, account: str, asked: dict[str, str]) -> None:
    question = AskedEntries(account, **asked)
    whole = [one.id for one in written.journal.page(question, None, 100).entries]
    assert len(whole) > 3
    assert whole == sorted(whole, reverse=True)
    seen, cursor, last = list[int](), None, None
    while True:
        page = written.journal.page(question, cursor, 3)
        seen += [one.id for one in page.entries]
        last = page.before
        if (cursor := page.next) is None:
            break
    assert seen == whole
    back, cursor = list[int](), last
    while cursor is not None:
        page = written.journal.page(question, cursor, 3)
        back = [one.id for one in page.entries] + back
        cursor = page.before
    assert back == whole[: len(back)]
    assert len(back) >= len(whole) - 3


def test_filters_find_what_the_bodies_say(written: Store, account: str, start: datetime) -> None:
    assert {one.entry.body["sku"] for one in written.journal.page(AskedEntries(account, sku="CUP-1"), None, 100).entries} == {"CUP-1"}
    assert len(written.journal.about(account, "CUP-2")) == 6
    assert [entry.body["sku"] for entry in written.journal.about(account, "CUP-2", "FR")] == []
    day = written.journal.page(AskedEntries(account, since=start, until=start + timedelta(hours=2)), None, 100).entries
    assert len(day) == 6
    assert written.journal.kinds((account,)) == ("observed", "verdict")
    assert written.journal.kinds(("nobody",)) == ()
    assert written.journal.page(AskedEntries("nobody")).entries == ()
    assert written.journal.page(AskedEntries(account), EntryCursor(start - timedelta(days=9), 1)).entries == ()


def test_an_entry_about_a_strange_sku_is_found(store: Store, account: str, start: datetime) -> None:
    """Whatever stands in the SKU; the body stays as it was written, and the chain holds."""
    for sku in ("A\0B", "半\ud800", '"quoted"', "%_"):
        store.journal.append(account, "DE", "observed", {"sku": sku}, start)
        assert [entry.body["sku"] for entry in store.journal.about(account, sku)] == [sku]
    assert store.journal.check(account, "DE") is None


def test_tasks_come_by_their_day(store: Store, account: str, start: datetime) -> None:
    rows = [{"sku": f"CUP-{number}", "standing": "confirmed", "remedy": "appeal"} for number in range(7)]
    store.strandings.record(account, "DE", rows, start, unknown=False)
    for number, row in enumerate(store.strandings.open_strandings(account)):
        on = date(2026, 11, 20) - timedelta(days=number // 2)
        store.tasks.open(account, row.id, "appeal", recorded="appeal", subject={"cause": "restricted-asin"}, follow_up_on=on, at=start)
    seen, cursor = list[date](), None
    while True:
        page = store.task_pages.page(AskedTasks((account,)), cursor, 2)
        seen += [one.row.follow_up_on for one in page.tasks]
        if (cursor := page.next) is None:
            break
    assert (len(seen), seen) == (7, sorted(seen))
    assert store.task_pages.counts(AskedTasks((account,)), date(2026, 11, 18)) == (7, 3)
    assert store.task_pages.counts(AskedTasks(("another",)), date(2026, 11, 18)) == (0, 0)
    first = store.task_pages.page(AskedTasks(), None, 1).tasks[0]
    store.tasks.end(account, first.row.id, "done", "", start, by="Sample Person")
    (ended,) = store.task_pages.page(AskedTasks(ended=True)).tasks
    assert (ended.row.id, ended.account) == (first.row.id, account)
    assert store.task_pages.page(AskedTasks(ended=True), TaskCursor(start - timedelta(days=1), 1)).tasks == ()
    assert store.journal.about(account, ended.row.sku)[-1].body["by"] == "Sample Person"


def test_what_was_written_before_is_found_after_the_change_of_the_tables(written: Store, account: str) -> None:
    """The migration fills the columns from the bodies, and the guard is back afterwards."""
    import importlib

    from django.apps import apps
    from django.db import IntegrityError, connection, transaction
    from tests.databases import unguarded

    from refloat.store.models import JournalEntry
    from refloat.store.turns import writing

    unguarded("store_journalentry_no_update")
    JournalEntry.objects.update(about_sku=None, about_plan=None)
    filled = importlib.import_module("refloat.store.migrations.0014_journal_asked")._filled
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.schema_editor() as editor:
        filled(apps, editor)
    assert len(written.journal.about(account, "CUP-1")) == 6
    assert len(written.journal.page(AskedEntries(account, plan="P-1"), None, 100).entries) == 6
    assert all(chain.broken is None for chain in written.journal.checked(account))
    with pytest.raises(IntegrityError), writing():
        JournalEntry.objects.update(kind="altered")
