"""From a look to a cure by the API alone; the end is read in the simulator's world, not in an answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.api_desk import ACCOUNT, Program, person, program
from tests.console_desk import Desk, served

from refloat.simulator.rules import reasons

US = "ATVPDKIKX0DER"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("api-program"), skus=60) as desk:
        yield desk


def _until(own: Program, path: str, *, ended: str) -> dict[str, object]:
    """Ask until it has ended; the run is at work in a process of its own, and tells no other way."""
    for _ in range(600):
        said = own.get(path).json()
        if (said["run"] if ended == "run" else said) and (said["run"]["ended_at"] if ended == "run" else said["how"]):
            return said
        time.sleep(0.1)
    raise AssertionError(said)


def _writes(desk: Desk, sku: str) -> int:
    """How often a program of ours wrote to the listing."""
    return sum(by == "api" for _, by, _ in desk.world.listings[desk.seller.id, US, sku].writes)


def _later(desk: Desk, own: Program, *, half_days: int) -> None:
    """Amazon takes some minutes for a change; a look each half day sees it."""
    for _ in range(half_days):
        with desk.simulator.lock:
            desk.world.advance(timedelta(hours=12))
        look = own.post("/looks", {"account": ACCOUNT})
        assert _until(own, look.headers["location"].removeprefix("/api/v1"), ended="look")["how"] == "done"


def test_from_a_look_to_a_cure(desk: Desk) -> None:
    operator, approver = program(desk, person("ann", "operator", ACCOUNT), ("plan",)), program(desk, person("bea", "approver", ACCOUNT), ("approve",))
    look = operator.post("/looks", {"account": ACCOUNT})
    assert look.status_code == 202
    assert _until(operator, look.headers["location"].removeprefix("/api/v1"), ended="look")["how"] == "done"
    rows = operator.get("/strandings", remedy="relist-offer", safety="safe").json()["items"]
    assert rows
    made = operator.post("/plans", {"account": ACCOUNT, "strandings": [rows[0]["id"]]})
    plan = made.json()
    assert (made.status_code, [action["sku"] for action in plan["actions"]]) == (201, [rows[0]["sku"]])
    assert operator.post(f"/plans/{plan['id']}/approve", {"fingerprint": plan["fingerprint"]}).status_code == 403
    unapproved = approver.post(f"/plans/{plan['id']}/apply", {"fingerprint": plan["fingerprint"]})
    assert (unapproved.status_code, unapproved.json()["code"]) == (409, "refused")
    other = approver.post(f"/plans/{plan['id']}/approve", {"fingerprint": "0" * 64})
    assert (other.status_code, other.json()["code"]) == (409, "fingerprint-differs")
    approved = approver.post(f"/plans/{plan['id']}/approve", {"fingerprint": plan["fingerprint"]})
    assert [one["by"] for one in approved.json()["consents"]] == ["bea"]
    assert reasons.stranded(desk.world, desk.seller.id, US, rows[0]["sku"]) is not None, "approving sends nothing"
    begun = approver.post(f"/plans/{plan['id']}/apply", {"fingerprint": plan["fingerprint"]})
    assert (begun.status_code, begun.headers["location"]) == (202, f"/api/v1/plans/{plan['id']}/progress")
    ended = _until(approver, f"/plans/{plan['id']}/progress", ended="run")
    assert ended["run"]["how"] == "done"
    _later(desk, operator, half_days=3)
    assert _writes(desk, rows[0]["sku"]) == 1
    assert reasons.stranded(desk.world, desk.seller.id, US, rows[0]["sku"]) is None
    assert [(one["sku"], one["stage"], one["verdict"]) for one in approver.get(f"/plans/{plan['id']}/deeds").json()["items"]] == [(rows[0]["sku"], "shown", "cured")]
    assert {"remedy": "relist-offer", "verdict": "cured", "actions": 1} in operator.get("/verdicts").json()["items"]
    assert operator.get("/strandings", q=rows[0]["sku"]).json()["items"] == []
    again = approver.post(f"/plans/{plan['id']}/apply", {"fingerprint": plan["fingerprint"]})
    assert again.status_code in {202, 409}
    _later(desk, operator, half_days=1)
    assert _writes(desk, rows[0]["sku"]) == 1
