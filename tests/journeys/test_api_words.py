"""What people leave with us by themselves: views of their own, and their word in advance, over the API as on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.api_desk import ACCOUNT, Program, person, program
from tests.console_desk import Desk, served
from tests.policies import RETURN_ADDRESS

from refloat.app.policies import enter_notes, standing_now


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("words"), skus=20) as desk:
        yield desk


@pytest.fixture(scope="module")
def admin(desk: Desk) -> Program:
    return program(desk, person("an-admin", "admin"))


def test_a_view_is_kept_under_its_name_and_is_its_owners_alone(desk: Desk, admin: Program) -> None:
    made = admin.post("/views", {"name": "Due soon", "address": "?due=7&cause=listing-closed"})
    assert (made.status_code, made.json()["address"]) == (200, "due=7&cause=listing-closed")
    again = admin.post("/views", {"name": "Due soon", "address": "due=14"})
    assert again.json()["id"] == made.json()["id"], "one of that name is replaced"
    assert [one["address"] for one in admin.get("/views").json()["items"]] == ["due=14"]
    other = program(desk, person("somebody-else", "viewer", ACCOUNT))
    assert other.get("/views").json() == {"items": []}
    assert other.post(f"/views/{made.json()['id']}/forget").status_code == 404
    assert admin.post(f"/views/{made.json()['id']}/forget").json() == {"items": []}
    assert admin.post(f"/views/{made.json()['id']}/forget").status_code == 404


@pytest.mark.parametrize("body", [{"name": " ", "address": ""}, {"name": "x" * 81, "address": ""}, {"name": "x", "address": "a b"}, {"name": "x"}])
def test_a_view_that_is_none_is_not_kept(admin: Program, body: dict[str, str]) -> None:
    before = admin.get("/views").json()
    assert admin.post("/views", body).status_code == 422
    assert admin.get("/views").json() == before


def test_a_standing_consent_is_given_shown_and_revoked(desk: Desk, admin: Program, tmp_path: Path) -> None:
    """By an approver, for the address that holds; another address ends it."""
    until = desk.clock.now().date() + timedelta(days=20)
    wanted = {"account": ACCOUNT, "units": 100, "fee": "150.00", "currency": "USD", "until": until.isoformat()}
    assert admin.post("/standing-consents", wanted).status_code == 409, "no return address is on record"
    notes = tmp_path / "notes.toml"
    notes.write_text(RETURN_ADDRESS, encoding="utf-8")
    enter_notes(desk.store, ACCOUNT, notes, "A. Sample", desk.clock.now())
    given = admin.post("/standing-consents", wanted)
    assert (given.status_code, given.json()["by"], given.json()["fee_most"], given.json()["units_used"]) == (201, "an-admin", "150.00", 0)
    (kept,) = standing_now(desk.store, ACCOUNT)
    assert (kept.units_most, kept.expires_on, kept.currency) == (100, until, "USD")
    notes.write_text(RETURN_ADDRESS.replace("1 Sample Street", "2 Sample Street"), encoding="utf-8")
    enter_notes(desk.store, ACCOUNT, notes, "A. Sample", desk.clock.now())
    (shown,) = admin.get("/standing-consents", account=ACCOUNT).json()["items"]
    assert (shown["id"], shown["of_rule_in_force"], shown["moved"]) == (kept.id, True, ["US"])
    ended = admin.post(f"/standing-consents/{kept.id}/revoke", {"account": ACCOUNT})
    assert (ended.status_code, ended.json()["revoked_by"]) == (200, "an-admin")
    assert standing_now(desk.store, ACCOUNT)[0].revoked_at is not None
    assert admin.post(f"/standing-consents/{kept.id}/revoke", {"account": ACCOUNT}).status_code == 409
    assert admin.post("/standing-consents/99999/revoke", {"account": ACCOUNT}).status_code == 404


def test_who_may_not_approve_gives_no_word_in_advance(desk: Desk) -> None:
    operator = program(desk, person("an-operator", "operator", ACCOUNT))
    wanted = {"account": ACCOUNT, "units": 1, "fee": "1.00", "currency": "USD", "until": "2030-01-01"}
    before = standing_now(desk.store, ACCOUNT)
    assert operator.post("/standing-consents", wanted).json()["code"] == "role-lacks"
    assert standing_now(desk.store, ACCOUNT) == before
    assert program(desk, person("a-stranger", None)).get("/standing-consents", account=ACCOUNT).status_code == 404


def test_trends_of_an_account_that_one_does_not_see_are_empty(desk: Desk, admin: Program) -> None:
    """Neither a fault nor anybody else's figures."""
    outsider = program(desk, person("an-outsider", "viewer", ACCOUNT))
    for own in (outsider, program(desk, person("nobody-here", None))):
        answer = own.get("/trends", account="0", by_cause="true")
        assert (answer.status_code, answer.json()) == (200, {"items": []})
    assert admin.get("/trends").json()["items"]


def test_a_whole_number_may_stand_with_a_point(desk: Desk, admin: Program) -> None:
    """JSON makes no difference between 5 and 5.0; the day is what is wrong here."""
    wanted = {"account": ACCOUNT, "units": 5.0, "fee": "1.00", "currency": "USD", "until": "2020-01-01"}
    assert admin.post("/standing-consents", wanted).status_code == 409
