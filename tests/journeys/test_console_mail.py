"""Where mails are sent, where a proxy stands in front, and what the server's command line does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.console_desk import SRC, Desk, served
from tests.console_people import PASSWORD, accepted, newcomer, rows, sign_in
from tests.postbox import Postbox, mail_server


@pytest.fixture(scope="module")
def box() -> Iterator[Postbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(scope="module")
def desk(box: Postbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("REFLOAT_SMTP_URL", f"smtp://127.0.0.1:{box.port}?from=refloat@example.com")
        with served(tmp_path_factory.mktemp("mail"), skus=20) as desk:
            yield desk


def _link(box: Postbox, count: int) -> str:
    """The link of the mail that came as number ``count``."""
    until = time.monotonic() + 30
    while len(box.mails) < count and time.monotonic() < until:
        time.sleep(0.05)
    found = re.search(r"http://\S+", box.mails[count - 1].get_content())
    assert found
    return found[0]


def test_a_forgotten_password_is_mailed_to_those_who_are_there_alone(desk: Desk, box: Postbox) -> None:
    person = newcomer(desk, "mail@example.com", "Mail Person", "viewer")
    _link(box, 1)
    said, kept = [desk.newcomer().post("/account/password/reset/", {"email": email}, seen="/account/password/reset/").text for email in ("nobody@example.com", "mail@example.com")]
    assert re.sub(r'value="[^"]*"', "", said) == re.sub(r'value="[^"]*"', "", kept)
    link = _link(box, 2)
    assert [mail["To"] for mail in box.mails] == ["mail@example.com"] * 2
    stranger = desk.newcomer()
    page = stranger.get(link.removeprefix(desk.base), follow=True)
    stranger.post(str(page.url).removeprefix(desk.base), {"password1": PASSWORD + "-9", "password2": PASSWORD + "-9"}, seen=str(page.url).removeprefix(desk.base))
    assert person.get("/").status_code == 302
    assert sign_in(desk.newcomer(), "mail@example.com", PASSWORD + "-9").status_code == 302
    # The link is used up.
    assert "lets nobody choose a password any more" in desk.newcomer().get(link.removeprefix(desk.base), follow=True).text


def _people(home: Path, *words: str, code: int = 0) -> str:
    environment = os.environ | {"PYTHONPATH": str(SRC), "REFLOAT_HOME": str(home), "LC_ALL": "C.UTF-8"}
    ended = subprocess.run([sys.executable, "-m", "refloat", "people", *words], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stderr
    return ended.stdout if code == 0 else ended.stderr


def test_the_first_administrator_comes_from_the_command_line(desk: Desk) -> None:
    port = desk.base.rpartition(":")[2]
    link = _people(desk.config.home, "invite", "first@example.com", "--role", "admin", "--port", port).strip()
    assert accepted(desk, link, "First Admin")[1].status_code == 200
    listed = json.loads(_people(desk.config.home, "list", "--json"))
    assert {"email": "first@example.com", "name": "First Admin", "roles": [{"account": None, "role": "admin"}]} in listed["people"]
    back = desk.newcomer()
    assert back.get(_people(desk.config.home, "link", "first@example.com", "--port", port).strip()).status_code == 302
    assert back.get("/people/").status_code == 200
    _people(desk.config.home, "remove", "first@example.com")
    assert back.get("/people/").status_code == 302
    assert "The last administrator stays." in _people(desk.config.home, "remove", "sample-owner@localhost", code=2)
    kinds = list(rows.AccessEntry.objects.filter(address="").order_by("id").values_list("kind", flat=True))
    assert kinds == ["invited", "link-made", "person-removed"]


def test_a_server_of_a_team_shows_no_link_and_sends_cookies_over_https_alone(tmp_path: Path) -> None:
    with served(tmp_path, skus=20, hosts="refloat.example.com") as desk:
        assert "/enter/" not in (tmp_path / "serve.log").read_text("utf-8")
        answer = httpx2.get(f"{desk.base}/account/login/", headers={"Host": "refloat.example.com", "X-Forwarded-Proto": "https"}, timeout=60)
        assert answer.status_code == 200
        assert "Secure" in answer.headers["set-cookie"]
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert httpx2.get(f"{desk.base}/account/login/", headers={"Host": "evil.example", "X-Forwarded-Proto": "https"}, timeout=60).status_code == 400
