"""Reading in the console, over HTTP: one stranding, its tasks, removals and the journal; what is entered is checked on the record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.console_desk import ACCOUNT, Desk, Visitor, served

from refloat.app.tasks import Desk as Tasks
from refloat.app.tasks import open_tasks
from refloat.store import StrandingRow
from refloat.store.page_rows import AskedTasks


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("reading")) as desk:
        open_tasks(Tasks(desk.store, ACCOUNT, clock=desk.clock))
        yield desk


def _open(desk: Desk, cause: str | None = None) -> StrandingRow:
    return next(row for row in desk.store.strandings.open_strandings(ACCOUNT) if cause in {None, row.now.cause})


def _task_of(desk: Desk, remedy: str | None = None) -> int:
    found = desk.store.task_pages.page(AskedTasks(), None, 200).tasks
    return next(one.row.id for one in found if remedy in {None, one.row.remedy})


def _person(desk: Desk, role: str, account: str | None = None) -> Visitor:
    """Somebody who has this role alone."""
    from django.utils import timezone

    from refloat.store.models import Account, Person, Role

    email = f"{role}-{account or 'all'}@sample.example"
    person, made = Person.objects.get_or_create(email=email, defaults={"name": f"Sample {role}", "added_at": timezone.now()})
    if made:
        Role.objects.create(person=person, role=role, account=None if account is None else Account.objects.get(name=account))
    return desk.newcomer(desk.link(email))


def test_one_stranding_says_why_and_what_it_costs(desk: Desk) -> None:
    row = _open(desk, "listing-closed")
    page = desk.visitor.get(f"/strandings/{row.id}/")
    assert page.status_code == 200
    for text in (row.sku, "Evidence", "Dispose of", "Wait", "What happened", "Seen for the first time", "What the sources show", f"/journal/?account={ACCOUNT.replace(' ', '%20')}"):
        assert text in page.text, text
    assert f"dp/{row.now.asin}" in page.text


def test_every_open_stranding_has_a_page_in_both_languages(desk: Desk) -> None:
    chinese = desk.newcomer(desk.link("sample-owner@localhost"))
    chinese.client.cookies.set("refloat_language", "zh-Hans")
    for row in desk.store.strandings.open_strandings(ACCOUNT)[:12]:
        assert desk.visitor.get(f"/strandings/{row.id}/").status_code == 200


def test_a_stranding_that_is_nobodys_has_no_page(desk: Desk) -> None:
    assert desk.visitor.get("/strandings/999999/").status_code == 404
