"""Upload over HTTP: real report files triaged without an account, downloads, what is kept and what is not, and files that are none."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2
import pytest
from tests.console_desk import Desk, Visitor, served
from tests.console_roles import person
from tests.report_files import line, text

HOSTILE = '<img src=x onerror="alert(1)">'
REPORT = text(
    line(**{"sku": "A-1", "product-name": HOSTILE}),
    line(**{"sku": "=A-2", "stranded-reason": "A reason that nobody has seen"}),
    line(**{"sku": "A-3", "your-price": "", "fulfillable-qty": "4"}),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("upload")


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Desk]:
    with served(home, skus=20) as desk:
        yield desk


def sent(visitor: Visitor, *files: tuple[str, bytes], **fields: str) -> httpx2.Response:
    return visitor.post("/upload/", fields, seen="/upload/", files=[("files", (name, content)) for name, content in files])


def one(content: str | bytes = REPORT, name: str = "report.txt") -> tuple[str, bytes]:
    return name, content if isinstance(content, bytes) else content.encode()


def test_report_files_become_an_answer(desk: Desk) -> None:
    page = sent(desk.visitor, one(), marketplace="US", as_of="2026-02-01").text
    assert "Stranded inventory, as of 2026-02-01" in page
    for sku in ("A-1", "=A-2", "A-3"):
        assert sku in page
    assert "3 SKUs" in page
    assert "323.70 USD" in page  # 12 + 1 units at 24.90; all three share their stock, which counts once
    assert "A reason that nobody has seen" in page


def test_a_hostile_title_stays_text(desk: Desk) -> None:
    page = sent(desk.visitor, one(), marketplace="US").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_what_is_unknown_is_called_so(desk: Desk) -> None:
    page = sent(desk.visitor, one(), as_of="2026-02-01").text
    row = page[page.index("A-3") :]
    assert "unknown" in row[: row.index("</tr>")]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html", "json"])
def test_each_kind_of_file_is_the_answer_itself(desk: Desk, kind: str) -> None:
    answer = sent(desk.visitor, one(), marketplace="US", **{"as": kind})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert f".{kind}" in answer.headers["content-disposition"]
    _holds(answer.content, kind)


def _holds(content: bytes, kind: str) -> None:
    """The file is of its kind, and names all SKUs."""
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert {row["sku"] for row in rows} == {"A-1", "'=A-2", "A-3"}
    elif kind == "json":
        assert {row["sku"] for row in json.loads(content)["strandings"]} == {"A-1", "=A-2", "A-3"}
    elif kind == "xlsx":
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    else:
        assert "=A-2" in content.decode()


def test_nothing_is_kept_unless_asked(desk: Desk, home: Path) -> None:
    before = sorted(home.rglob("*"))
    page = sent(desk.visitor, one(), marketplace="US").text
    assert "Nothing of it is kept" in page
    assert [path for path in sorted(home.rglob("*")) if path not in before and path.is_file() and "sqlite" not in path.name] == []


def test_an_answer_that_is_kept_is_downloaded_and_let_go_of(desk: Desk, home: Path) -> None:
    page = sent(desk.visitor, one(), marketplace="US", keep="yes").text
    places = sorted(set(re.findall(r'href="(/upload/answers/[^"]+)"', page)))
    assert len(places) == 4
    for place in places:
        _holds(desk.visitor.get(place).content, place.split("/")[-2])
    assert person(desk, "operator").get(places[0]).status_code == 404
    assert "report.txt" not in [path.name for path in (home / "answers").rglob("*")]
    token = places[0].split("/")[3]
    assert desk.visitor.get(f"/upload/answers/{token}/").status_code == 200
    desk.visitor.post(f"/upload/answers/{token}/forget/", seen="/upload/")
    assert desk.visitor.get(places[0]).status_code == 404
    assert list((home / "answers").iterdir()) == []


def test_a_zip_and_several_files_of_one_name(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("DE/report.txt", text(line(sku="IN-ZIP")))
    page = sent(desk.visitor, one(), one(REPORT.replace("A-1", "B-1")), ("all.zip", packed.getvalue())).text
    for sku in ("A-1", "B-1", "IN-ZIP"):
        assert sku in page


@pytest.mark.parametrize("name", ["../../etc/passwd", ".hidden.txt", "=cmd|' /C calc'!A0.txt", "報告 \u202egnp.txt", "a" * 400 + ".txt", "x\r\nSet-Cookie: a=b.txt", "DE=report.txt", HOSTILE])
def test_hostile_names_of_files_are_names(desk: Desk, name: str) -> None:
    answer = sent(desk.visitor, one(name=name), marketplace="US")
    assert answer.status_code == 200
    assert "A-1" in answer.text
    assert "<img src=x" not in answer.text


def test_shift_jis_is_read(desk: Desk) -> None:
    page = sent(desk.visitor, one(REPORT.replace(HOSTILE, "宇治の抹茶茶碗").encode("shift_jis")), marketplace="JP").text
    assert "宇治の抹茶茶碗" in page


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "No file came with the form"),
        ([("empty.txt", b"")], "None of the files is a report"),
        ([("cat.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))], "None of the files is a report"),
        ([("orders.txt", b"order-id\tpurchase-date\n1\t2026-01-01\n")], "None of the files is a report"),
        ([(f"{number}.txt", b"x") for number in range(101)], "a page takes 100 at once"),
    ],
)
def test_what_cannot_be_read_says_what_and_what_to_do(desk: Desk, files: Sequence[tuple[str, bytes]], said: str) -> None:
    answer = sent(desk.visitor, *files)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text


def test_too_much_is_refused_before_it_is_read(desk: Desk) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in desk.visitor.client.cookies.items())
    head = f"POST /upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {2**31}\r\n\r\n--x\r\n"
    with socket.create_connection(("127.0.0.1", int(desk.base.rsplit(":", 1)[1])), timeout=30) as line_to:
        line_to.sendall(head.encode())
        told = line_to.recv(1 << 16)
    assert told.startswith(b"HTTP/1.1 413")


def test_a_viewer_uploads_nothing(desk: Desk) -> None:
    viewer = person(desk, "viewer")
    assert viewer.get("/upload/").status_code == 403
    assert sent(viewer, one()).status_code == 403


def test_a_bomb_is_not_unpacked(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("report.txt", b"0" * (64 << 20))
    answer = sent(desk.visitor, ("bomb.zip", packed.getvalue()))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_in_chinese(desk: Desk) -> None:
    visitor = desk.newcomer(desk.link("sample-owner@localhost"))
    visitor.post("/language/", {"language": "zh-Hans"})
    assert "无在售信息的亚马逊库存" in sent(visitor, one(), marketplace="US").text
    visitor.post("/language/", {"language": "en"})
