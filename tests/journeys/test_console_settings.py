"""Accounts at the console: added, checked, looked at, rotated, removed; every button read back from the store, and nothing secret in any page or log."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_roles import person

from refloat.errors import WrongUse
from refloat.store import Unsealed

SECRETS = {"client_id": "made-up-client-id-0001", "client_secret": "made-up-client-secret-0002", "refresh_token": "made-up-refresh-token-0003"}
OTHER = "harbour <b>&amp; sons"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings")


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Desk]:
    with served(home, skus=60) as desk:
        yield desk


@pytest.fixture(autouse=True)
def _no_secret_is_told(desk: Desk, home: Path) -> Iterator[None]:
    """After each test no page that it saw, and no line that the server wrote, held a secret."""
    own = desk.store.accounts.credentials(ACCOUNT)
    secrets = (*SECRETS.values(), own.client_secret, own.refresh_token)
    seen: list[str] = []
    desk.visitor.client.event_hooks["response"] = [lambda response: seen.append(response.read().decode("utf-8", "replace"))]
    yield
    desk.visitor.client.event_hooks["response"] = []
    told = "\n".join((*seen, (home / "serve.log").read_text("utf-8")))
    assert [one for one in secrets if one in told] == []


def number(desk: Desk, name: str = ACCOUNT) -> int:
    return desk.store.accounts.get(name).id


def added(desk: Desk, name: str, **more: str) -> httpx2.Response:
    fields = {"name": name, "region": "EU", "seller_id": "A0MADEUP", **SECRETS, "secret_issued_on": "2026-11-01", **more}
    return desk.visitor.post("/settings/add/", fields, seen="/settings/add/")


def removed(desk: Desk, name: str, **more: str) -> httpx2.Response:
    return desk.visitor.post(f"/settings/{number(desk, name)}/remove/", {"name": name, **more}, seen="/settings/")


def test_the_list_tells_what_is_known(desk: Desk) -> None:
    page = desk.visitor.get("/settings/").text
    assert ACCOUNT in page
    least = (desk.clock.now().date() - desk.store.accounts.get(ACCOUNT).added_at.date()).days
    assert f"at least {least} days" in page
    assert all(place.marketplace in page for place in desk.store.accounts.places(ACCOUNT) if place.participates)


def test_one_account_shows_its_sources(desk: Desk) -> None:
    page = desk.visitor.get(f"/settings/{number(desk)}/").text
    for row in desk.store.snapshots.sources(ACCOUNT, "US"):
        if row.last_good_at:
            assert f"{row.last_good_at:%Y-%m-%d %H:%M} UTC" in page
    assert desk.seller.id in page


def test_an_account_is_added_sealed_and_removed(desk: Desk) -> None:
    answer = added(desk, OTHER)
    assert answer.status_code == 200
    assert "its secrets sealed" in answer.text
    assert OTHER not in answer.text
    assert desk.store.accounts.credentials(OTHER) == Unsealed(*SECRETS.values())
    row = desk.store.accounts.get(OTHER)
    assert (row.region, row.seller_id, str(row.secret_issued_on)) == ("EU", "A0MADEUP", "2026-11-01")
    refused = desk.visitor.post(f"/settings/{row.id}/remove/", {"name": "harbour"}, seen="/settings/")
    assert refused.status_code == 422
    assert desk.store.accounts.get(OTHER)
    assert [(one.kind, one.body["by"]) for one in desk.store.journal.entries(OTHER, "")] == [("account-added", "sample-owner")]
    assert "revoke it in Seller Central" in removed(desk, OTHER).text
    with pytest.raises(WrongUse):
        desk.store.accounts.get(OTHER)
    gone = desk.store.access_record.page(None, 1)[0]
    assert (gone.kind, gone.by, gone.whom, gone.address) == ("account-removed", "sample-owner", OTHER, "127.0.0.1")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ACCOUNT}, "already an account"),
        ({"name": "-x"}, "cannot be an account"),
        ({"name": ""}, "cannot be an account"),
        ({"region": "XX"}, "no region XX"),
        ({"client_secret": ""}, "Client secret is missing"),
        ({"seller_id": ""}, "Seller id (merchant token) is missing"),
        ({"secret_issued_on": "01.11.2026"}, "not a date"),
        ({"api_url": "http://evil.example/"}, "cannot be used"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_stored(desk: Desk, changed: dict[str, str], said: str) -> None:
    before = desk.store.accounts.list()
    answer = added(desk, **{"name": "harbour-eu", **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert desk.store.accounts.list() == before
    assert 'value="A0MADEUP"' in answer.text or changed.get("seller_id") == ""


def test_the_credentials_are_rotated_and_what_is_left_empty_stays(desk: Desk) -> None:
    added(desk, "rotating")
    where = f"/settings/{number(desk, 'rotating')}/rotate/"
    assert desk.visitor.post(where, {}, seen="/settings/").status_code == 422
    answer = desk.visitor.post(where, {"client_secret": "another-made-up-secret-9"}, seen="/settings/")
    assert "sealed by the newest key" in answer.text
    assert "another-made-up-secret-9" not in answer.text
    assert desk.store.accounts.credentials("rotating") == Unsealed(SECRETS["client_id"], "another-made-up-secret-9", SECRETS["refresh_token"])
    removed(desk, "rotating", with_history="yes")


def test_amazon_is_asked_what_it_lets_the_account_do(desk: Desk) -> None:
    page = desk.visitor.post(f"/settings/{number(desk)}/check/", seen="/settings/").text
    for what in ("token", "listings", "restrictions", "inventory", "eligibility"):
        assert re.search(rf'<th scope="row">{what}</th>', page)


def test_credentials_that_amazon_refuses_are_told_without_them(desk: Desk) -> None:
    row = desk.store.accounts.get(ACCOUNT)
    added(desk, "refused", region=row.region, api_url=row.api_url or "", token_url=row.token_url or "")
    page = desk.visitor.post(f"/settings/{number(desk, 'refused')}/check/", seen="/settings/").text
    assert "not let in" in page
    removed(desk, "refused")


def test_a_look_is_begun_once_and_what_it_found_is_on_record(desk: Desk) -> None:
    tried = {row.source: row.last_tried_at for row in desk.store.snapshots.sources(ACCOUNT, "US")}
    with desk.simulator.lock:
        desk.world.advance(timedelta(hours=5))
    where = f"/settings/{number(desk)}/"
    began = desk.visitor.post(f"{where}look/", seen="/settings/", follow=False)
    assert began.status_code == 303
    second = desk.visitor.post(f"{where}look/", seen="/settings/", follow=False)
    assert second.status_code in {303, 409}  # it may have ended by then
    for _ in range(600):
        page = desk.visitor.get(where, part=True).text
        if "is looking since" not in page:
            break
        time.sleep(0.1)
    assert "Looked, for sample-owner" in page
    assert any(row.last_tried_at > tried[row.source] for row in desk.store.snapshots.sources(ACCOUNT, "US") if row.source in tried)


def test_who_else_is_at_it_is_told(desk: Desk) -> None:
    with desk.store.alone_with(ACCOUNT, "US"):
        desk.visitor.post(f"/settings/{number(desk)}/look/", seen="/settings/")
        for _ in range(300):
            page = desk.visitor.get(f"/settings/{number(desk)}/").text
            if "is looking since" not in page:
                break
            time.sleep(0.1)
    assert "Another process" in page


@pytest.mark.parametrize("path", ["add/", "{}/remove/", "{}/policy/edit/"])
def test_what_is_for_administrators_is_not_for_others(desk: Desk, path: str) -> None:
    where = f"/settings/{path.format(number(desk))}"
    assert person(desk, "approver").get(where).status_code == 403
    assert person(desk, "admin").get(where).status_code == 200


def test_a_viewer_sees_and_does_nothing(desk: Desk) -> None:
    viewer, before = person(desk, "viewer"), desk.store.accounts.credentials(ACCOUNT)
    page = viewer.get(f"/settings/{number(desk)}/").text
    assert "Look now" not in page
    assert "New credentials" not in page
    for what in ("look", "check", "rotate", "remove"):
        assert viewer.post(f"/settings/{number(desk)}/{what}/", {"client_secret": "x", "name": ACCOUNT}, seen="/").status_code == 403
    assert desk.store.accounts.credentials(ACCOUNT) == before


def test_an_account_of_others_is_not_there(desk: Desk) -> None:
    added(desk, "of-others")
    stranger = person(desk, "admin", "of-others")
    assert ACCOUNT not in stranger.get("/settings/").text
    assert stranger.get(f"/settings/{number(desk)}/").status_code == 404
    assert stranger.get("/settings/add/").status_code == 403
    assert stranger.get(f"/settings/{number(desk, 'of-others')}/").status_code == 200


def test_what_works_by_itself_is_told(desk: Desk) -> None:
    now = desk.clock.now()
    assert "Nothing is done by itself yet" in desk.visitor.get("/settings/work/").text
    desk.store.due.added(ACCOUNT, "US", ["look"], now)
    row = desk.store.due.one(ACCOUNT, "US", "look")
    assert row is not None
    desk.store.due.failed(row, now, now, "credential-wrong", "no")
    page = desk.visitor.get("/settings/work/").text
    assert "Nobody is working now" in page
    assert ACCOUNT in page
    desk.store.due.dropped(ACCOUNT, "US")


@pytest.mark.parametrize("path", ["", "add/", "work/", "alarms/", "recipients/", "recipients/add/", "{}/", "{}/remove/", "{}/policy/", "{}/policy/edit/", "{}/amazon/"])
def test_every_page_is_there_in_chinese(desk: Desk, path: str) -> None:
    visitor = desk.newcomer(desk.link("sample-owner@localhost"))
    visitor.post("/language/", {"language": "zh-Hans"})
    page = visitor.get(f"/settings/{path.format(number(desk))}")
    assert page.status_code == 200
    heading = re.search(r"<h1[^>]*>([^<]+)<", page.text)
    assert heading is not None
    assert re.search(r"[\u4e00-\u9fff]|Sample Harbour", heading[1])
    visitor.post("/language/", {"language": "en"})
