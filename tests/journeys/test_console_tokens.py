"""The page of one's own tokens: what it makes lets in at the API, and what it revokes does not."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx2
import pytest
from tests.api_desk import ACCOUNT, person
from tests.console_desk import Desk, Visitor, served


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("tokens"), skus=20) as desk:
        yield desk


def _made(visitor: Visitor, **fields: object) -> str:
    page = visitor.post("/tokens/make/", {"name": "nightly", "days": "30", **fields}, seen="/tokens/").text
    found = re.search(r'value="(rf_[^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def _you(desk: Desk, token: str) -> httpx2.Response:
    return httpx2.get(f"{desk.base}/api/v1/you", headers={"Authorization": f"Bearer {token}"})


def test_a_token_is_shown_once_lets_in_and_is_revoked(desk: Desk) -> None:
    token = _made(desk.visitor, scope=["read", "plan"])
    assert (_you(desk, token).json()["name"], _you(desk, token).json()["scopes"]) == ("sample-owner", ["plan", "read"])
    page = desk.visitor.get("/tokens/").text
    assert token[:11] in page
    assert token[12:30] not in page
    number = re.search(r"/tokens/(\d+)/revoke/", page)
    assert number
    assert "nightly" in desk.visitor.post(f"/tokens/{number[1]}/revoke/", seen="/tokens/").text
    assert _you(desk, token).status_code == 401


def test_nobody_makes_a_token_beyond_their_role_or_revokes_another_s(desk: Desk) -> None:
    token = _made(desk.visitor, scope=["admin"])
    (row,) = [one for one in desk.store.tokens.of(desk.store.people.on_this_machine("sample-owner", desk.clock.now()).id) if token.startswith(one.prefix)]
    person("a-viewer", "viewer", ACCOUNT)
    viewer = desk.newcomer(desk.link("a-viewer@refloat.example"))
    assert 'value="approve"' not in viewer.get("/tokens/").text
    own = _made(viewer, scope=["read", "approve", "admin"])
    assert _you(desk, own).json()["scopes"] == ["read"]
    assert viewer.post(f"/tokens/{row.id}/revoke/", seen="/tokens/").status_code == 404
    assert _you(desk, token).status_code == 200


def test_what_is_wrong_is_said_beside_the_field(desk: Desk) -> None:
    answer = desk.visitor.post("/tokens/make/", {"name": "  ", "days": "30", "scope": ["plan"]}, seen="/tokens/")
    assert answer.status_code == 422
    assert "The token was not made." in answer.text
    assert re.search(r'value="plan" checked', answer.text)
