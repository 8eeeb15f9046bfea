"""What stands around the strandings, over the API as on the pages: removals and their deadlines, tasks, the journal's chains, policies on trial, people, messages, work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from tests.alarm_desk import FakePost
from tests.api_desk import ACCOUNT, Program, person, program
from tests.console_desk import Desk, served
from tests.console_plans import unclear_order

from refloat.app.delivering import deliver
from refloat.app.policies import in_force
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.policies_read import shipped
from refloat.model.alarm import Wanted
from refloat.model.message import Undelivered
from refloat.model.ports import Note
from refloat.store import NewRecipient, RecipientRow, Unsealed


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("office"), skus=60) as desk:
        yield desk


@pytest.fixture(scope="module")
def admin(desk: Desk) -> Program:
    return program(desk, person("an-admin", "admin"))


@pytest.fixture(scope="module")
def viewer(desk: Desk) -> Program:
    return program(desk, person("a-viewer", "viewer", ACCOUNT))


@pytest.fixture(scope="module")
def stranger(desk: Desk) -> Program:
    return program(desk, person("a-stranger", None))


@pytest.fixture(scope="module")
def elsewhere(desk: Desk) -> Program:
    """An operator of another account alone."""
    desk.store.accounts.add("elsewhere", region="EU", seller_id="A0ELSEWHERE", unsealed=Unsealed("made-up-a", "made-up-b", "made-up-c"), at=desk.clock.now())
    return program(desk, person("an-operator-elsewhere", "operator", "elsewhere"))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tasks", {"sku": "X", "remedy": "contact-support"}), ("/tasks/match", {}), ("/deadlines/take", {"sku": "X"}), ("/removals/settle", {"order": "X", "made": True}),
        ("/policies/trial", {"text": "nonsense = 1"}),
    ],
)  # fmt: skip
def test_nothing_is_done_for_whoever_has_a_role_elsewhere(stranger: Program, elsewhere: Program, path: str, body: dict[str, Any]) -> None:
    for one in (stranger, elsewhere):
        assert one.post(path, {"account": ACCOUNT} | body).json()["code"] == "not-there"


def test_a_deadline_is_taken_by_name(desk: Desk, admin: Program, viewer: Program) -> None:
    sku = next(row["sku"] for row in admin.get("/strandings", due="14").json()["items"])
    wanted = {"account": ACCOUNT, "sku": sku, "note": "I call the carrier"}
    assert viewer.post("/deadlines/take", wanted).json()["code"] == "role-lacks"
    taken = admin.post("/deadlines/take", wanted)
    assert taken.status_code == 200, taken.text
    assert {(one["sku"], one["taken_by"], one["note"]) for one in taken.json()["items"]} == {(sku, "an-admin", "I call the carrier")}
    assert {one.taken_by for one in desk.store.deadlines.open_steps(ACCOUNT) if one.sku == sku} == {"an-admin"}
    listed = viewer.get("/deadlines", account=ACCOUNT).json()["items"]
    assert [one["taken_by"] for one in listed if one["sku"] == sku] == ["an-admin"] * len(taken.json()["items"])
    assert [one["due_on"] for one in listed] == sorted(one["due_on"] for one in listed)
    pages, at = list[Any](), None
    while at is not None or not pages:
        page = viewer.get("/deadlines", account=ACCOUNT, size=2, **({"at": at} if at else {})).json()
        pages, at = [*pages, *page["items"]], page["next"]
    assert pages == listed
    assert page["count"] == len(listed)
    again = admin.post("/deadlines/take", wanted | {"sku": "NO-SUCH"})
    assert (again.status_code, again.json()["code"]) == (409, "refused")


def test_a_date_that_amazon_has_moved_is_no_deadline_any_more(desk: Desk, admin: Program) -> None:
    row = next(one for one in desk.store.strandings.open_strandings(ACCOUNT) if one.now.removal_due_on is not None)
    desk.store.deadlines.climbed(ACCOUNT, [(row.id, date(2026, 1, 5), 14)], desk.clock.now())
    assert (row.id, date(2026, 1, 5)) in {(one.stranding_id, one.due_on) for one in desk.store.deadlines.open_steps(ACCOUNT)}
    assert "2026-01-05" not in {one["due_on"] for one in admin.get("/deadlines", account=ACCOUNT, size=200).json()["items"]}


def test_an_order_that_amazon_still_works_on_is_settled_by_nobody(desk: Desk, admin: Program) -> None:
    """It may be made yet, and the goods would be ordered away twice."""
    order, _ = unclear_order(desk, stage="intended")
    assert admin.get("/removals/unclear", account=ACCOUNT).json()["items"] == []
    refused = admin.post("/removals/settle", {"account": ACCOUNT, "order": order, "made": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "refused")
    (deed,) = [one for one in desk.store.plans.removals(ACCOUNT, 5) if one.feed == order]
    assert deed.stage == "intended"
    with desk.store.alone_with(ACCOUNT):
        desk.store.ledger(ACCOUNT).note(deed.plan_id, [Note(deed.action_id, "receipt", "refused")], desk.clock.now())


def test_an_order_of_uncertain_fate_is_settled_by_an_approver(desk: Desk, admin: Program, viewer: Program) -> None:
    order, sku = unclear_order(desk)
    assert [(one["order"], one["skus"]) for one in viewer.get("/removals/unclear", account=ACCOUNT).json()["items"]] == [(order, [sku])]
    operator = program(desk, person("an-operator", "operator", ACCOUNT))
    said = {"account": ACCOUNT, "order": order, "made": False}
    assert operator.post("/removals/settle", said).json()["code"] == "role-lacks"
    assert admin.post("/removals/settle", {"account": ACCOUNT, "order": order}).status_code == 422, "nothing is taken for a no"
    assert desk.store.plans.removals(ACCOUNT, 5)[0].stage == "unclear"
    assert admin.post("/removals/settle", said).json()["items"] == []
    settled = desk.store.plans.removals(ACCOUNT, 5)[0]
    assert (settled.stage, settled.told["by"], settled.told["code"]) == ("refused", "an-admin", "never-made")
    assert admin.post("/removals/settle", said).status_code == 409


def test_what_amazon_reports_of_removals_is_unknown_where_no_report_was_read(desk: Desk, viewer: Program) -> None:
    found = viewer.get("/removals/reported", account=ACCOUNT).json()["items"]
    assert [one["marketplace"] for one in found] == [row.marketplace for row in desk.store.accounts.places(ACCOUNT) if row.participates]
    from refloat.app.removals import reported

    own = reported(desk.store, ACCOUNT)
    assert {one["marketplace"]: None if one["lines"] is None else len(one["lines"]) for one in found} == {place: None if lines is None else len(lines) for place, lines in own.items()}


def test_a_task_for_another_remedy_is_opened(desk: Desk, admin: Program, viewer: Program) -> None:
    assert viewer.post("/tasks/match", {"account": ACCOUNT}).json()["code"] == "role-lacks"
    matched = admin.post("/tasks/match", {"account": ACCOUNT}).json()
    assert matched["count"] == len([row for row in desk.store.tasks.all(ACCOUNT) if row.ended_at is None]) > 0
    held = {row.sku for row in desk.store.tasks.all(ACCOUNT)}
    offering = {name for name, cause in catalogue().causes.items() if "contact-support" in cause.remedies[1:]}
    free = next(row.sku for row in desk.store.strandings.open_strandings(ACCOUNT) if row.sku not in held and row.now.cause in offering)
    opened = admin.post("/tasks", {"account": ACCOUNT, "sku": free, "remedy": "contact-support"})
    assert (opened.status_code, opened.json()["sku"], opened.json()["remedy"]) == (201, free, "contact-support")
    assert admin.client.get(f"{desk.base}{opened.headers['location']}").json()["id"] == opened.json()["id"]
    assert desk.store.journal.about(ACCOUNT, free)[-1].body["by"] == "an-admin"
    for body in ({"remedy": "relist-offer"}, {"sku": "NO-SUCH"}):
        assert admin.post("/tasks", {"account": ACCOUNT, "sku": free, "remedy": "contact-support"} | body).status_code == 409


def test_the_journals_chains_are_walked(desk: Desk, viewer: Program) -> None:
    found = viewer.get("/journal/chains", account=ACCOUNT).json()["items"]
    assert [(one["marketplace"], one["entries"], one["head"], one["broken"]) for one in found] == [(one.marketplace, one.entries, one.head, None) for one in desk.store.journal.checked(ACCOUNT)]
    assert sum(one["entries"] for one in found) > 0


def test_a_policy_on_trial_is_not_entered(desk: Desk, admin: Program, viewer: Program) -> None:
    before, body = in_force(desk.store, ACCOUNT), {"account": ACCOUNT, "text": shipped("recommended")}
    assert viewer.post("/policies/trial", body).json()["code"] == "role-lacks"
    told = admin.post("/policies/trial", body).json()
    assert told["strandings"] == len(desk.store.strandings.every(ACCOUNT))
    assert (told["now"]["acted"], sum(told["then"]["became"].values())) == (0, told["then"]["acted"])
    assert told["then"]["acted"] + sum(told["then"]["left"].values()) == told["strandings"]
    assert in_force(desk.store, ACCOUNT) == before
    assert admin.post("/policies/trial", body | {"text": "nonsense = 1"}).json()["errors"]


@pytest.fixture(scope="module")
def hook(desk: Desk) -> RecipientRow:
    """Somebody who is told of deadlines."""
    return desk.store.recipients.add(NewRecipient("a-hook", "json://127.0.0.1:9/EXAMPLE-SECRET", "json at 127.0.0.1", wanted=Wanted(kinds=frozenset({"deadline"}))), desk.clock.now())


@pytest.mark.usefixtures("hook")
def test_people_and_recipients_are_for_administrators_and_without_a_secret(desk: Desk, admin: Program, viewer: Program) -> None:
    (shown,) = admin.get("/recipients").json()["items"]
    assert (shown["name"], shown["kinds"], shown["accounts"]) == ("a-hook", ["deadline"], None)
    assert "EXAMPLE-SECRET" not in admin.get("/recipients").text
    people = {one["name"]: one["roles"] for one in admin.get("/people").json()["items"]}
    assert people["a-viewer"] == [{"account": ACCOUNT, "role": "viewer"}]
    of_one_account = program(desk, person("an-admin-of-one", "admin", ACCOUNT))
    to_read = program(desk, person("another-admin", "admin"), scopes=("read",))
    for path in ("/people", "/recipients"):
        assert viewer.get(path).json()["code"] == "role-lacks-everywhere"
        assert of_one_account.get(path).json()["code"] == "role-lacks-everywhere"
        assert to_read.get(path).json()["code"] == "scope-lacks"


def test_a_deadline_that_came_nearer_since_the_last_look_is_listed_and_nobodys(desk: Desk, admin: Program) -> None:
    """Days without a look: what somebody took at fourteen days waits anew at seven, and is not left out."""
    first = admin.get("/deadlines", account=ACCOUNT, size=200).json()["items"][0]
    admin.post("/deadlines/take", {"account": ACCOUNT, "sku": first["sku"]})
    before = admin.get("/deadlines", account=ACCOUNT, size=200).json()["items"]
    assert [one for one in before if one["taken_by"]]
    written = desk.store.deadlines.open_steps(ACCOUNT)
    desk.clock.sleep(24 * 3600 * (1 + max(one["days_left"] for one in before if one["taken_by"])))
    after = {one["stranding_id"]: one for one in admin.get("/deadlines", account=ACCOUNT, size=200).json()["items"]}
    for one in before:
        now = after[one["stranding_id"]]
        assert (now["due_on"], now["days_left"] < one["days_left"]) == (one["due_on"], True)
        if now["step"] != one["step"]:
            assert now["taken_by"] is None
    assert any(after[one["stranding_id"]]["step"] != one["step"] for one in before if one["taken_by"])
    assert desk.store.deadlines.open_steps(ACCOUNT) == written


def test_a_message_that_was_given_up_is_tried_again(desk: Desk, hook: RecipientRow, admin: Program, viewer: Program, stranger: Program) -> None:
    desk.store.deliveries.ask_digest(hook.id, "daily 2026-11-20", (desk.clock.now() - timedelta(days=1), desk.clock.now()), desk.clock.now())
    for _ in range(20):
        desk.clock.sleep(24 * 3600)
        deliver(desk.store, desk.clock, post=FakePost(troubles={"EXAMPLE-SECRET": Undelivered.NOT_LET_IN}))
        if desk.store.deliveries.dead():
            break
    (dead,) = admin.get("/letters").json()["items"]
    assert (dead["recipient"], dead["alarm"], dead["trouble"], dead["next_try_at"]) == ("a-hook", None, "not-let-in", None)
    assert viewer.get("/letters").json()["items"] == stranger.get("/letters").json()["items"] == []
    assert viewer.post(f"/letters/{dead['id']}/retry").status_code == 404
    assert admin.post(f"/letters/{dead['id']}/retry", {"all": True}).json()["errors"][0]["pointer"] == "#", "what it does not take is refused"
    again = admin.post(f"/letters/{dead['id']}/retry").json()
    assert (again["id"], again["tries"], again["next_try_at"] is not None) == (dead["id"], 0, True)
    assert [one["id"] for one in admin.get("/letters", waiting="true").json()["items"]] == [dead["id"]]
    assert admin.post(f"/letters/{dead['id']}/retry").status_code == 404


def test_what_works_by_itself_is_told_of_the_accounts_that_one_sees(desk: Desk, admin: Program, viewer: Program, stranger: Program, elsewhere: Program) -> None:
    from refloat.app.working import overview

    due, now = desk.store.due, desk.clock.now()
    for account, kinds in ((ACCOUNT, ("places", "act")), ("elsewhere", ("places",)), (None, ("prune",))):
        due.added(account, "", kinds, now)
    failing = due.one(ACCOUNT, "", "act")
    assert failing is not None
    due.failed(failing, now, now + timedelta(hours=1), "amazon-silent", "EXAMPLE-WORDS of the error")
    own, told = overview(desk.store, None, desk.clock.now()), admin.get("/work", size=200).json()
    assert told["counts"] == {state: len(getattr(own, state)) for state in ("running", "broken_off", "failed", "waiting", "later")}
    assert len(told["items"]) == told["count"] == sum(told["counts"].values()) > 0
    for state, count in told["counts"].items():
        assert admin.get("/work", state=state, size=200).json()["count"] == count
    assert [(one["account"], one["kind"], one["failures"], one["trouble"]) for one in told["items"] if one["state"] == "failed"] == [(ACCOUNT, "act", 1, "amazon-silent")]
    assert "EXAMPLE-WORDS" not in admin.get("/work", size=200).text
    assert {one["account"] for one in told["items"]} == {ACCOUNT, "elsewhere", None}
    assert {one["account"] for one in viewer.get("/work").json()["items"]} == {ACCOUNT}
    assert {one["account"] for one in elsewhere.get("/work").json()["items"]} == {"elsewhere"}
    assert stranger.get("/work").json()["items"] == []


@pytest.mark.parametrize("path", ["/deadlines", "/removals", "/removals/reported", "/removals/unclear", "/journal/chains"])
def test_an_account_that_one_does_not_see_is_not_there(admin: Program, stranger: Program, path: str) -> None:
    assert stranger.get(path, account=ACCOUNT).json()["code"] == "not-there"
    assert admin.get(path, account="nobody").json()["code"] == "not-there"
