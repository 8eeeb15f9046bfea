"""The API over HTTP: who gets in, what they see, and that it says the same as the pages and the record."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from tests.api_desk import ACCOUNT, SCOPES, Program, person, program
from tests.console_desk import Desk, served

from refloat.app.policies import notes_on_record

ROLES = ("viewer", "operator", "approver", "admin")
#: Write → (scope, role) that it needs, its body.
WRITES: dict[str, tuple[str, str, Any]] = {
    "/looks": ("plan", "operator", {"account": ACCOUNT}),
    "/plans": ("plan", "operator", {"account": ACCOUNT, "remedy": "relist-offer"}),
    "/opt-outs": ("plan", "operator", {"account": ACCOUNT, "skus": [{"marketplace": "US", "sku": "X"}]}),
    "/remarks": ("plan", "operator", {"account": ACCOUNT, "skus": [{"marketplace": "US", "sku": "X"}], "text": "Asked the supplier."}),
    "/standing-consents": ("approve", "approver", {"account": ACCOUNT, "units": 1, "fee": "1.00", "currency": "USD", "until": "2026-12-01"}),
    "/policies": ("admin", "admin", {"account": ACCOUNT, "text": "nonsense = 1"}),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("api"), skus=60) as desk:
        yield desk


@pytest.fixture(scope="module")
def admin(desk: Desk) -> Program:
    return program(desk, person("an-admin", "admin"))


@pytest.fixture(scope="module")
def people(desk: Desk) -> dict[str, int]:
    return {role: person(f"a-{role}", role, ACCOUNT) for role in ROLES} | {"stranger": person("a-stranger", None)}


def test_following_next_gives_every_stranding_once_in_the_order_of_the_table(desk: Desk, admin: Program) -> None:
    for sort in ("urgency", "worth", "age", "units", "cost", "sku"):
        seen, at = list[int](), None
        while True:
            page = admin.get("/strandings", size=7, sort=sort, **({"at": at} if at else {})).json()
            seen += [row["id"] for row in page["items"]]
            assert page["count"] == len(desk.store.strandings.open_strandings(ACCOUNT))
            if (at := page["next"]) is None:
                break
        assert sorted(seen) == sorted(row.id for row in desk.store.strandings.open_strandings(ACCOUNT))
        if sort == "sku":
            skus = {row.id: row.sku for row in desk.store.strandings.open_strandings(ACCOUNT)}
            assert [skus[one] for one in seen] == sorted(skus.values())


def test_filters_and_search_are_those_of_the_table(desk: Desk, admin: Program) -> None:
    strandings = desk.store.strandings.open_strandings(ACCOUNT)
    closed = {row.sku for row in strandings if row.now.cause == "listing-closed"}
    found = admin.get("/strandings", cause="listing-closed").json()
    assert closed
    assert {row["sku"] for row in found["items"]} == closed
    one = next(iter(closed))
    assert [row["sku"] for row in admin.get("/strandings", q=one).json()["items"]] == [one]
    facets = admin.get("/strandings/facets").json()["facets"]
    assert {row["value"]: row["skus"] for row in facets["cause"]}["listing-closed"] == len(closed)


def test_unknown_stays_null_and_money_is_text_with_its_currency(desk: Desk, admin: Program) -> None:
    rows = admin.get("/strandings", size=200).json()["items"]
    worths = {row["sku"]: row["worth"] for row in rows}
    assert any(one is None for one in worths.values())
    for row in desk.store.strandings.open_strandings(ACCOUNT):
        if row.now.worth_amount is None:
            assert worths[row.sku] is None
        else:
            assert worths[row.sku] == {"amount": f"{row.now.worth_amount:.2f}", "currency": row.now.worth_currency}


def test_one_stranding_has_its_evidence_and_history(admin: Program, desk: Desk) -> None:
    row = desk.store.strandings.open_strandings(ACCOUNT)[0]
    one = admin.get(f"/strandings/{row.id}").json()
    assert (one["sku"], one["history"][-1]["said"], one["finding"]["cause"]) == (row.sku, row.now.said, row.now.cause)
    assert one["finding"]["evidence"]
    assert [moment["kind"] for moment in one["timeline"]][-1] == "seen"


def test_what_is_not_known_is_refused_and_pointed_to(admin: Program) -> None:
    answer = admin.get("/strandings", sizes=3)
    assert (answer.status_code, answer.headers["content-type"], answer.json()["errors"][0]["parameter"]) == (422, "application/problem+json", "sizes")
    wrong = admin.post("/holds", {"account": ACCOUNT, "skus": [{"marketplace": "US", "sku": "X", "more": 1}], "until": None})
    assert (wrong.status_code, wrong.json()["errors"]) == (422, [{"pointer": "#/skus/0/more", "detail": "It is unknown here."}])
    assert admin.get("/strandings", size=201).status_code == 422
    assert admin.get("/strandings", at="bm9uc2Vuc2U").status_code == 404
    assert admin.client.get("/strandings?size=1&size=2").status_code == 422


def test_an_empty_list_of_actions_is_not_all_of_them(admin: Program, desk: Desk) -> None:
    """Neither approved, refused nor put back; null means all, and it says so."""
    plan = admin.post("/plans", {"account": ACCOUNT, "remedy": "relist-offer"}).json()
    for deed, more in (("approve", {"fingerprint": plan["fingerprint"]}), ("refuse", {"why": "no"}), ("undo", {})):
        answer = admin.post(f"/plans/{plan['id']}/{deed}", {**more, "actions": []})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        (error,) = answer.json()["errors"]
        assert (error["pointer"], "null" in error["detail"]) == ("#/actions", True)
    assert (desk.store.plans.consents(plan["id"]), desk.store.asking.refusals(plan["id"])) == ((), {})
    assert not desk.store.plans.is_taken(f"{plan['id']}-undo1")


def test_a_price_that_was_entered_is_ended_by_null(admin: Program, desk: Desk) -> None:
    one = {"marketplace": "US", "sku": "X"}
    assert admin.post("/prices", {"account": ACCOUNT, "prices": [{**one, "amount": "19.90"}]}).json() == {"changed": 1}
    assert notes_on_record(desk.store, ACCOUNT)[1].prices_in == {"US": {"X": Decimal("19.90")}}
    for changed in (1, 0):
        assert admin.post("/prices", {"account": ACCOUNT, "prices": [{**one, "amount": None}]}).json() == {"changed": changed}
        assert notes_on_record(desk.store, ACCOUNT)[1].prices_in == {}


@pytest.mark.parametrize("value", ["' OR 1=1 --", "<script>alert(1)</script>", "\u202e", "😀" * 50, "../../etc/passwd", "{account}", "a" * 200])
def test_hostile_values_find_nothing_and_break_nothing(admin: Program, value: str) -> None:
    for path, name in (("/strandings", "q"), ("/strandings", "cause"), ("/tasks", "q"), ("/plans", "account"), ("/journal", "sku")):
        more = {"account": ACCOUNT} if path == "/journal" else {}
        answer = admin.get(path, **{name: value}, **more)
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"] == []
    assert admin.client.get("/strandings?q=%00").status_code == 422
    assert admin.client.post("/remarks", content='{"account": "x", "skus": [{"marketplace": "US", "sku": "\\ud800"}], "text": "x"}', headers={"Idempotency-Key": str(uuid.uuid4())}).status_code == 422


def test_errors_come_in_the_reader_s_language(admin: Program) -> None:
    answer = admin.client.get("/strandings/999999", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert (answer.status_code, answer.headers["content-language"]) == (404, "zh-Hans")
    assert answer.json()["title"] != admin.get("/strandings/999999").json()["title"]


def test_whatever_is_not_an_address_is_a_problem_and_no_page(desk: Desk) -> None:
    for path in ("/api/", "/api/v1", "/api/v2/strandings", "/api/v1/strandings/1/x"):
        answer = httpx2.get(desk.base + path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


def test_the_type_of_each_problem_leads_to_its_place_on_the_page(desk: Desk) -> None:
    described = httpx2.get(f"{desk.base}/api/v1/openapi.json").json()
    for language in ("en", "zh-CN"):
        page = httpx2.get(f"{desk.base}/api/v1/docs", headers={"Accept-Language": language}).text
        assert [code for code in described["x-problems"] if f'id="{code}"' not in page] == []
        assert "<script" not in page
    assert httpx2.post(f"{desk.base}/api/v1/nothing").status_code == 404


def test_nobody_gets_in_without_a_living_token(desk: Desk, people: dict[str, int]) -> None:
    own = program(desk, people["viewer"])
    assert own.get("/you").json()["name"] == "a-viewer"
    row = desk.store.tokens.of(people["viewer"])[0]
    desk.store.tokens.revoke(people["viewer"], row.id, datetime.now(UTC))
    assert own.get("/you").status_code == 401
    soon = program(desk, people["viewer"], hours=0.0003)
    threading.Event().wait(1.2)
    assert soon.get("/you").status_code == 401
    for header in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer rf_x"}, {"Authorization": "Basic YTpi"}):
        answer = httpx2.get(f"{desk.base}/api/v1/strandings", headers=header)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="refloat"')


def test_whoever_guesses_tokens_is_slowed_down(desk: Desk, people: dict[str, int]) -> None:
    text = program(desk, people["viewer"]).token
    desk.store.tokens.revoke(people["viewer"], desk.store.tokens.of(people["viewer"])[0].id, datetime.now(UTC))
    answers = [httpx2.get(f"{desk.base}/api/v1/you", headers={"Authorization": f"Bearer {text}"}) for _ in range(25)]
    assert [answers[0].status_code, answers[-1].status_code] == [401, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert program(desk, people["viewer"]).get("/you").status_code == 200


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_a_role_may_what_it_may_for_its_account(desk: Desk, people: dict[str, int], role: str) -> None:
    own = program(desk, people[role])
    rows = own.get("/strandings").json()["items"]
    assert bool(rows) == (role != "stranger")
    number = desk.store.strandings.open_strandings(ACCOUNT)[0].id
    assert own.get(f"/strandings/{number}").status_code == (404 if role == "stranger" else 200)
    for path, (_, needs, body) in WRITES.items():
        answer = own.post(path, body)
        if role == "stranger":
            assert answer.status_code == 404, path
        elif ROLES.index(role) < ROLES.index(needs):
            assert (answer.status_code, answer.json()["code"]) == (403, "role-lacks"), path
        else:
            assert answer.status_code in {200, 201, 202, 409}, answer.text


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_may_what_it_was_made_for(desk: Desk, people: dict[str, int], scope: str) -> None:
    own = program(desk, people["admin"], (scope,))
    assert own.get("/accounts").status_code == 200
    for path, (needs, _, body) in WRITES.items():
        answer = own.post(path, body)
        assert (answer.status_code == 403) == (needs != scope), (path, answer.text)


def test_the_same_key_gets_the_same_answer_and_nothing_is_done_twice(desk: Desk, admin: Program) -> None:
    key, body = str(uuid.uuid4()), {"account": ACCOUNT, "remedy": "relist-offer"}
    first, again = admin.post("/plans", body, key=key), admin.post("/plans", body, key=key)
    assert (first.status_code, again.status_code, again.headers["idempotency-replayed"]) == (201, 201, "true")
    assert (first.content, first.headers["location"]) == (again.content, again.headers["location"])
    other = admin.post("/plans", {"account": ACCOUNT}, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "key-used")
    assert admin.client.post("/plans", json=body).status_code == 422
    assert program(desk, person("another", "admin")).post("/plans", body, key=key).json()["id"] != first.json()["id"]


def test_of_two_requests_at_once_with_one_key_one_is_done(desk: Desk, people: dict[str, int]) -> None:
    key, body = str(uuid.uuid4()), {"account": ACCOUNT, "skus": [{"marketplace": "US", "sku": "TWICE"}], "text": "Once."}
    answers: list[httpx2.Response] = []
    programs = [program(desk, people["admin"]) for _ in range(4)]
    threads = [threading.Thread(target=lambda own=own: answers.append(own.post("/remarks", body, key=key))) for own in programs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {one.status_code for one in answers} <= {200, 409}
    assert any(one.status_code == 200 for one in answers)
    assert all("retry-after" in one.headers for one in answers if one.status_code == 409)
    assert len(desk.store.journal.about(ACCOUNT, "TWICE")) == 1


def test_a_session_needs_the_token_of_its_pages(desk: Desk) -> None:
    body = {"account": ACCOUNT, "skus": [{"marketplace": "US", "sku": "S"}], "text": "From a page."}
    assert desk.visitor.get("/api/v1/you").status_code == 200
    bare = desk.visitor.client.post("/api/v1/remarks", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert (bare.status_code, bare.json()["code"]) == (403, "not-from-here")
    assert not desk.store.journal.about(ACCOUNT, "S")


def test_no_token_stands_in_the_log_or_on_a_page(desk: Desk, admin: Program) -> None:
    admin.get("/you")
    log = (desk.config.home / "serve.log").read_text("utf-8")
    assert admin.token not in log
    assert admin.token.split("_")[2] not in desk.visitor.get("/tokens/").text
