"""Alarms and recipients at the console: taken, let sleep, sent again; added, changed, tried, removed; no address in any page or log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.alarm_desk import FakePost
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_roles import person
from tests.postbox import Postbox, web_hook

from refloat.app.alarms import deliver, raise_alarms
from refloat.errors import WrongUse
from refloat.model.message import Undelivered
from refloat.store import AlarmRow

WANTED = {"timezone": "Europe/Berlin", "language": "en", "cleared": "yes"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("alarms")


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Desk]:
    with served(home, skus=60) as desk:
        yield desk


@pytest.fixture(scope="module")
def hook() -> Iterator[Postbox]:
    with web_hook() as box:
        yield box


@pytest.fixture(autouse=True)
def _no_address_is_told(desk: Desk, home: Path) -> Iterator[None]:
    """No page of the test, and no line that the server wrote, held an address."""
    seen: list[str] = []
    desk.visitor.client.event_hooks["response"] = [lambda response: seen.append(response.read().decode("utf-8", "replace"))]
    yield
    desk.visitor.client.event_hooks["response"] = []
    assert "EXAMPLE" not in "\n".join((*seen, (home / "serve.log").read_text("utf-8")))


def added(desk: Desk, hook: Postbox, name: str, **more: str | list[str]) -> str:
    return desk.visitor.post("/settings/recipients/add/", {"name": name, "address": hook.hook_url, **WANTED, **more}, seen="/settings/").text


def alarms(desk: Desk) -> tuple[AlarmRow, ...]:
    raise_alarms(desk.store, ACCOUNT, desk.clock)
    return desk.store.alarms.list()


def test_a_recipient_is_added_changed_tried_and_removed(desk: Desk, hook: Postbox) -> None:
    page = added(desk, hook, "ops", kind=["deadline", "verdict"], digest=["weekly"], worth="100 EUR", steps="deadline=7,1", quiet="22-7")
    assert "json://127.0.0.1" in page
    row = desk.store.recipients.get("ops")
    assert (row.wanted.kinds, row.digests, row.quiet, row.timezone) == (frozenset({"deadline", "verdict"}), ("weekly",), (22, 7), "Europe/Berlin")
    assert row.wanted.steps == {"deadline": (7, 1)}
    where = f"/settings/recipients/{row.id}/"
    assert 'value="100.00 EUR"' in desk.visitor.get(where).text
    desk.visitor.post(where, {**WANTED, "language": "zh-Hans", "address": "", "digest": ["daily", "monthly"], "account": [ACCOUNT]}, seen=where)
    changed = desk.store.recipients.get("ops")
    assert (changed.language, changed.digests, changed.wanted.kinds, changed.wanted.accounts) == ("zh-Hans", ("daily", "monthly"), None, frozenset({ACCOUNT}))
    assert desk.store.recipients.url(changed.id) == hook.hook_url
    assert "took the message" in desk.visitor.post(f"{where}test/", seen=where).text
    assert hook.posts[-1]["title"].startswith("Refloat")
    desk.visitor.post(f"{where}remove/", seen=where)
    with pytest.raises(WrongUse):
        desk.store.recipients.get("ops")
    told = [one for one in reversed(desk.store.access_record.page(None, 50)) if one.whom == "ops"]
    assert [(one.kind, one.by, one.told.get("where")) for one in told] == [
        ("recipient-added", "sample-owner", row.shown),
        ("recipient-changed", "sample-owner", row.shown),
        ("recipient-removed", "sample-owner", None),
    ]
    assert hook.hook_url not in str(told)
    assert "removed a recipient of alarms" in desk.visitor.get("/people/record/").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "cannot be a recipient"),
        ("address", "EXAMPLE-no-address", "no address that a message can be sent to"),
        ("worth", "much", "no amount with its currency"),
        ("steps", "deadline=soon", "names no steps"),
        ("quiet", "at night", "names no hours"),
        ("timezone", "Moon/Crater", "no time zone Moon/Crater"),
        ("kind", "weather", "no alarm weather"),
        ("account", "nobody", "no account nobody"),
    ],
)
def test_what_is_wrong_with_a_recipient_stands_beside_the_field(desk: Desk, hook: Postbox, field: str, value: str, said: str) -> None:
    before = desk.store.recipients.list()
    page = added(desk, hook, **{"name": "second", field: value})
    assert said in page
    assert desk.store.recipients.list() == before


def test_an_alarm_is_taken_with_a_reason_that_stands_in_the_journal(desk: Desk) -> None:
    alarm = alarms(desk)[0]
    where = f"/settings/alarms/{alarm.id}/"
    operator = person(desk, "operator")
    assert operator.post(where, {"how": "take", "why": ""}, seen="/settings/alarms/").status_code == 422
    assert next(one for one in desk.store.alarms.list() if one.id == alarm.id).acknowledged_at is None
    operator.post(where, {"how": "take", "why": "the <b>supplier</b> sends papers"}, seen="/settings/alarms/")
    taken = next(one for one in desk.store.alarms.list() if one.id == alarm.id)
    assert (taken.acknowledged_by, taken.acknowledged_why) == ("The operator", "the <b>supplier</b> sends papers")
    entry = [one for one in desk.store.journal.entries(ACCOUNT, alarm.marketplace) if one.kind == "alarm-acknowledged"][-1]
    assert entry.body["by"] == "The operator"
    page = desk.visitor.get("/settings/alarms/").text
    assert "taken by The operator" in page
    assert "<b>supplier" not in page


def test_an_alarm_sleeps_until_a_day(desk: Desk) -> None:
    alarm = next(one for one in alarms(desk) if one.acknowledged_at is None)
    where, day = f"/settings/alarms/{alarm.id}/", desk.clock.now().date() + timedelta(days=3)
    for until, said in (("", "The day is missing"), ("2001-01-01", "is past"), ("soon", "cannot be “soon”")):
        answer = desk.visitor.post(where, {"how": "snooze", "why": "papers", "until": until}, seen="/settings/alarms/")
        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="papers"' in answer.text
    desk.visitor.post(where, {"how": "snooze", "why": "papers", "until": day.isoformat()}, seen="/settings/alarms/")
    asleep = next(one for one in desk.store.alarms.list() if one.id == alarm.id)
    assert asleep.snoozed_until is not None
    assert asleep.snoozed_until.date() == day


def test_a_viewer_takes_nothing(desk: Desk) -> None:
    alarm, before = alarms(desk)[0], desk.store.alarms.list()
    viewer = person(desk, "viewer")
    assert "Take it, or let it sleep" not in viewer.get("/settings/alarms/").text
    assert viewer.post(f"/settings/alarms/{alarm.id}/", {"how": "take", "why": "no"}, seen="/").status_code == 403
    assert viewer.get("/settings/recipients/").status_code == 403
    assert desk.store.alarms.list() == before


def test_messages_that_were_given_up_are_told_and_tried_again(desk: Desk, hook: Postbox) -> None:
    added(desk, hook, "dead-end", digest=["daily"])
    row = desk.store.recipients.get("dead-end")
    desk.store.deliveries.ask_digest(row.id, "daily 2026-11-20", (desk.clock.now() - timedelta(days=1), desk.clock.now()), desk.clock.now())
    for _ in range(20):
        desk.clock.sleep(24 * 3600)
        deliver(desk.store, desk.clock, post=FakePost(troubles={"hook?+X-Token=EXAMPLE-HOOK-TOKEN": Undelivered.NOT_LET_IN}))
        if desk.store.deliveries.dead():
            break
    dead = desk.store.deliveries.dead()
    page = desk.visitor.get("/settings/alarms/").text
    assert "dead-end" in page
    assert "does not let us in" in page
    assert re.search(rf'name="letter" value="{dead[0].id}"', page)
    assert person(desk, "viewer").post("/settings/alarms/retry/", {"letter": str(dead[0].id)}, seen="/").status_code == 403
    desk.visitor.post("/settings/alarms/retry/", {"letter": str(dead[0].id)}, seen="/settings/alarms/")
    assert dead[0].id in {one.id for one in desk.store.deliveries.waiting()}
    desk.visitor.post("/settings/alarms/retry/", seen="/settings/alarms/")
    assert desk.store.deliveries.dead() == ()
