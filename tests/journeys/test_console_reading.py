"""Reading in the console, over HTTP: one stranding, its tasks, removals and the journal; what is entered is checked on the record."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.console_desk import ACCOUNT, Desk, Visitor, served

from refloat.app.planning import PlanQuestion, plan_account
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


def test_a_stranding_that_is_nobodys_has_no_page(desk: Desk) -> None:
    for path in ("/strandings/999999/", "/tasks/999999/", "/causes/no-such/", "/remedies/no-such/", f"/journal/?account=nobody{ACCOUNT}"):
        assert desk.visitor.get(path).status_code == 404, path


def test_every_page_is_there_in_chinese(desk: Desk) -> None:
    visitor = desk.newcomer(desk.link("sample-owner@localhost"))
    visitor.post("/language/", {"language": "zh-Hans"})
    row, account = _open(desk, "listing-closed"), f"account={ACCOUNT}"
    paths = [f"/strandings/{row.id}/", "/tasks/", f"/tasks/{_task_of(desk)}/", "/removals/", f"/removals/ahead/?{account}", "/journal/", f"/journal/check/?{account}", "/causes/listing-closed/"]
    try:
        for path in paths:
            page = visitor.get(path)
            assert page.status_code == 200, path
            words = re.sub(r"<[^>]+>|&[a-z#0-9]+;", " ", page.text)
            assert len(re.findall(r"[\u4e00-\u9fff]", words)) > 20, path
    finally:
        visitor.post("/language/", {"language": "en"})


def test_the_table_helps_with_each_reason_and_stays_small(desk: Desk) -> None:
    page = desk.visitor.get("/strandings/").text
    assert len(page.encode()) < 200_000
    helped = re.findall(r'aria-describedby="(why-[\w-]+)".*?<span class="tip" role="tooltip" id="(why-[\w-]+)">([^<]+)', page)
    assert len(helped) > 20
    assert all(asked == told and len(text) > 20 for asked, told, text in helped)
    assert " style=" not in page


def test_a_result_is_on_record_and_the_next_plan_goes_by_it(desk: Desk) -> None:
    number = _task_of(desk, "appeal")
    row = desk.store.tasks.get(ACCOUNT, number)
    path = f"/tasks/{number}/"
    wrong = desk.visitor.post(f"{path}end/", {"note": "kept <words>"}, seen=path)
    assert (wrong.status_code, "kept &lt;words&gt;" in wrong.text, desk.store.tasks.get(ACCOUNT, number).result) == (422, True, None)
    assert desk.visitor.post(f"{path}end/", {"result": "refused", "note": "Case <b>123</b>"}, seen=path).status_code == 200
    ended = desk.store.tasks.get(ACCOUNT, number)
    assert (ended.result, ended.note) == ("refused", "Case <b>123</b>")
    entry = desk.store.journal.about(ACCOUNT, row.sku)[-1]
    assert (entry.kind, entry.body["by"], entry.body["result"]) == ("task-ended", "sample-owner", "refused")
    plan = plan_account(desk.store, PlanQuestion(ACCOUNT, skus=frozenset({row.sku})), clock=desk.clock)
    now = [one.remedy for one in (*plan.actions, *plan.left_alone)]
    assert now == [entry.body["next"]]
    assert "&lt;b&gt;123" in desk.visitor.get(path).text
    assert "<b>123" not in desk.visitor.get(path).text
    again = desk.visitor.post(f"{path}end/", {"result": "won"}, seen="/tasks/")
    assert (again.status_code, "has ended already" in again.text, desk.store.tasks.get(ACCOUNT, number).result) == (409, True, "refused")


def test_a_file_is_kept_and_comes_back_as_a_download(desk: Desk) -> None:
    number = _task_of(desk, "submit-documents")
    path, content = f"/tasks/{number}/", b"<script>alert(1)</script>"
    hostile = '..\\..\\evil/"><img src=x>\u202egnp.html'
    desk.visitor.post(f"{path}files/", {"paper": ""}, seen=path, files={"file": (hostile, content, "text/html")})
    (kept,) = desk.store.tasks.get(ACCOUNT, number).attachments
    assert desk.store.tasks.content(kept) == content
    assert not set(kept.name) & {"/", "\\", "\u202e"}
    page = desk.visitor.get(path).text
    assert "<img src=x" not in page
    answer = desk.visitor.get(f"{path}files/{kept.sha256}/")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert desk.visitor.get(f"{path}files/{'0' * 64}/").status_code == 404
    entry = desk.store.journal.about(ACCOUNT, desk.store.tasks.get(ACCOUNT, number).sku)[-1]
    assert (entry.kind, entry.body["by"]) == ("task-attached", "sample-owner")


def test_a_file_that_is_no_paper_is_refused(desk: Desk) -> None:
    number = _task_of(desk, "request-approval")
    path = f"/tasks/{number}/"
    large = desk.visitor.post(f"{path}files/", seen=path, files={"file": ("film.bin", bytes(52_428_801), "video/mp4")})
    assert (large.status_code, "film.bin is too large" in large.text, "50 MiB" in large.text, "pages that count" in large.text) == (413, True, True, True)
    empty = desk.visitor.post(f"{path}files/", seen=path, files={"file": ("empty.pdf", b"", "application/pdf")})
    assert empty.status_code == 422
    assert desk.store.tasks.get(ACCOUNT, number).attachments == ()


def test_who_may_only_look_changes_nothing(desk: Desk) -> None:
    viewer, number = _person(desk, "viewer"), _task_of(desk, "contact-support")
    path = f"/tasks/{number}/"
    assert "Enter the result" not in viewer.get(path).text
    assert viewer.post(f"{path}end/", {"result": "done"}, seen="/tasks/").status_code == 403
    assert viewer.post(f"{path}files/", seen="/tasks/", files={"file": ("a.txt", b"a", "text/plain")}).status_code == 403
    assert viewer.post("/removals/take/", {"account": ACCOUNT, "sku": "any"}, seen="/tasks/").status_code == 403
    assert viewer.get(f"/removals/settle/?account={ACCOUNT}&order=any").status_code == 403
    row = desk.store.tasks.get(ACCOUNT, number)
    assert (row.result, row.attachments) == (None, ())


def test_a_deadline_is_taken_by_name(desk: Desk) -> None:
    near = re.search(r'name="sku" value="([^"]+)"', desk.visitor.get("/removals/").text)
    assert near
    assert desk.visitor.post("/removals/take/", {"account": ACCOUNT, "sku": near[1], "note": "I <b>call</b>"}, seen="/removals/").status_code == 200
    taken = [one for one in desk.store.deadlines.open_steps(ACCOUNT) if one.sku == near[1]]
    assert {one.taken_by for one in taken} == {"sample-owner"}
    page = desk.visitor.get("/removals/").text
    assert "I &lt;b&gt;call" in page
    assert f'name="sku" value="{near[1]}"' not in page


def test_what_amazon_will_do_by_itself_is_reckoned(desk: Desk) -> None:
    page = desk.visitor.get(f"/removals/ahead/?account={ACCOUNT}", part=True).text
    assert "will be disposed of" in page
    assert "no disposition is entered" in page
    assert "will be relisted" in page


def test_a_fallback_becomes_a_task(desk: Desk) -> None:
    rows = {one.row.stranding_id for one in desk.store.task_pages.page(AskedTasks(), None, 200).tasks}
    free = [row for row in desk.store.strandings.open_strandings(ACCOUNT) if row.id not in rows]
    offered = [(row, found[1]) for row in free if (found := re.search(r'<select name="remedy"><option value="([^"]+)"', desk.visitor.get(f"/strandings/{row.id}/").text))]
    row, remedy = offered[0]
    path = f"/strandings/{row.id}/"
    assert desk.visitor.post(f"{path}tasks/", {"remedy": remedy}, seen=path).status_code == 200
    (opened,) = desk.store.task_pages.of_stranding(row.id)
    assert opened.row.remedy == remedy
    assert desk.store.journal.about(ACCOUNT, row.sku)[-1].body["by"] == "sample-owner"
