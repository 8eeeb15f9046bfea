"""Papers of a task over the API: kept once, given back byte for byte, and never as a page."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.api_desk import ACCOUNT, Program, person, program
from tests.console_desk import Desk, served

PAPER = b"%PDF-1.7 <script>alert(1)</script>\x00\xff"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("files"), skus=60) as desk:
        yield desk


@pytest.fixture(scope="module")
def admin(desk: Desk) -> Program:
    return program(desk, person("an-admin", "admin"))


@pytest.fixture(scope="module")
def task(desk: Desk, admin: Program) -> int:
    """A task with a line for invoices on its checklist."""
    for one in admin.post("/tasks/match", {"account": ACCOUNT}).json()["items"]:
        papers = [line["paper"] for line in admin.get(f"/tasks/{one['id']}").json()["checklist"]]
        if "invoices" in papers:
            return int(one["id"])
    raise AssertionError("no task asks for invoices")


def _sent(by: Program, task: int, name: str = "invoice.pdf", content: bytes = PAPER, *, key: str | None = None, **fields: str) -> httpx2.Response:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return by.client.post(f"/tasks/{task}/files", files={"file": (name, content, "application/pdf")}, data=fields, headers=headers)


def test_a_paper_is_kept_once_and_comes_back_as_it_was(desk: Desk, admin: Program, task: int) -> None:
    key, digest = str(uuid.uuid4()), hashlib.sha256(PAPER).hexdigest()
    first = _sent(admin, task, "..\\..\\ev/il\u202e发票.pdf", key=key, paper="invoices")
    assert first.status_code == 200, first.text
    wanted = {"name": "il发票.pdf", "sha256": digest, "size_bytes": len(PAPER), "paper": "invoices"}
    assert first.json()["attachments"] == [wanted]
    assert [line["there"] for line in first.json()["checklist"] if line["paper"] == "invoices"] == ["attached"]
    again = _sent(admin, task, "..\\..\\ev/il\u202e发票.pdf", key=key, paper="invoices")
    assert (again.status_code, again.headers.get("idempotency-replayed"), again.json()) == (200, "true", first.json())
    other = _sent(admin, task, "other.pdf", key=key, paper="invoices")
    assert (other.status_code, other.json()["code"]) == (409, "key-used")
    row = desk.store.tasks.get(ACCOUNT, task)
    assert [desk.store.tasks.content(one) for one in row.attachments] == [PAPER]
    kinds = [(entry.kind, entry.body["by"]) for entry in desk.store.journal.about(ACCOUNT, row.sku) if entry.kind == "task-attached"]
    assert kinds == [("task-attached", "an-admin")]
    given = admin.get(f"/tasks/{task}/files/{digest}")
    assert (given.content, given.headers["content-type"], given.headers["x-content-type-options"]) == (PAPER, "application/octet-stream", "nosniff")
    assert given.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in given.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("sent", "code", "told"),
    [
        ({"content": b""}, 422, "#/file"),
        ({"content": bytes(52_428_801)}, 413, "50 MiB"),
        ({"paper": "no-such-line"}, 409, "no-such-line"),
        ({"papier": "invoice"}, 422, "papier"),
    ],
    ids=["empty", "too large", "no line of the checklist", "an unknown field"],
)
def test_what_is_no_paper_is_not_kept(desk: Desk, admin: Program, task: int, sent: dict[str, Any], code: int, told: str) -> None:
    before = desk.store.tasks.get(ACCOUNT, task).attachments
    answer = _sent(admin, task, **sent)
    assert (answer.status_code, answer.headers["content-type"]) == (code, "application/problem+json")
    assert told in answer.text
    assert desk.store.tasks.get(ACCOUNT, task).attachments == before


FORM = "multipart/form-data; boundary=line"


def _part(name: str, text: str = "x", file: str = "") -> str:
    return f'--line\r\nContent-Disposition: form-data; name="{name}"{file and f"; filename={file}"}\r\n\r\n{text}\r\n'


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("application/json", '{"file": "text"}', "#/file"),
        (FORM, _part("paper", "invoices"), "#/file"),
        (FORM, _part("file", file="a.pdf") + _part("file", "y", file="b.pdf"), "#/file"),
        (FORM, _part("file", file="a.pdf") + _part("paper", file="b.pdf"), "#/paper"),
        (FORM, _part("file", file="a.pdf") + _part("paper", "invoices") + _part("paper", "photos"), "#/paper"),
        (FORM, _part("file", file="a.pdf") + _part("task_id", "7"), "#/task_id"),
        (FORM, _part("file", file="a.pdf") + _part("paper", ""), "#/paper"),
        ("multipart/form-data", "", None),
    ],
    ids=["JSON", "no file", "two files", "a file for a line", "two lines", "what the address has", "an empty line", "no boundary"],
)
def test_a_form_that_is_not_as_the_reference_says_is_refused(desk: Desk, admin: Program, task: int, kind: str, body: str, told: str | None) -> None:
    before = desk.store.tasks.get(ACCOUNT, task).attachments
    content = body + "--line--\r\n" if kind == FORM else body
    answer = admin.client.post(f"/tasks/{task}/files", content=content, headers={"Idempotency-Key": str(uuid.uuid4()), "Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "not-understood"), answer.text
    assert told is None or told in [one.get("pointer") for one in answer.json()["errors"]]
    assert desk.store.tasks.get(ACCOUNT, task).attachments == before


def test_a_form_beyond_all_bounds_is_too_large(admin: Program, task: int) -> None:
    for body in ("".join(_part("file", file="a.pdf") for _ in range(1_001)), _part("file", file="a.pdf") + _part("paper", "x" * (11 * 2**20))):
        answer = admin.client.post(f"/tasks/{task}/files", content=body + "--line--\r\n", headers={"Idempotency-Key": str(uuid.uuid4()), "Content-Type": FORM})
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_an_empty_form_where_none_is_taken_is_no_fault(admin: Program) -> None:
    answer = admin.client.post("/letters/999999/retry", content="--line--\r\n", headers={"Idempotency-Key": str(uuid.uuid4()), "Content-Type": FORM})
    assert answer.status_code in {404, 422}


def test_the_same_bytes_under_two_names(admin: Program, task: int) -> None:
    sent = b"the same page"
    digest = hashlib.sha256(sent).hexdigest()
    for name in ("front.pdf", "back.pdf"):
        _sent(admin, task, name, sent)
    for name in ("front.pdf", "back.pdf"):
        assert name in admin.get(f"/tasks/{task}/files/{digest}", name=name).headers["content-disposition"]


def test_who_may_not_keeps_nothing_and_sees_nothing(desk: Desk, admin: Program, task: int) -> None:
    viewer, stranger = program(desk, person("a-viewer", "viewer", ACCOUNT)), program(desk, person("a-stranger", None))
    before = desk.store.tasks.get(ACCOUNT, task).attachments
    assert _sent(viewer, task, content=b"other").json()["code"] == "role-lacks"
    assert _sent(stranger, task, content=b"other").status_code == 404
    assert _sent(program(desk, person("a-reader", "admin"), scopes=("read",)), task, content=b"other").json()["code"] == "scope-lacks"
    assert desk.store.tasks.get(ACCOUNT, task).attachments == before
    _sent(admin, task)
    digest = hashlib.sha256(PAPER).hexdigest()
    assert viewer.get(f"/tasks/{task}/files/{digest}").content == PAPER
    assert stranger.get(f"/tasks/{task}/files/{digest}").status_code == 404
    assert viewer.get(f"/tasks/{task}/files/{'0' * 64}").json()["code"] == "not-there"
