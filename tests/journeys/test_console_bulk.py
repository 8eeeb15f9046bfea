"""A thousand at once, stopped in the middle, and a server that dies in the middle: nothing is sent twice, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_plans import approve, carried_out, chosen, ended, planned, settled, stranded, writes

#: So many are closed; a question about them is one click.
_THOUSAND = 1000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("console-bulk"), skus=_THOUSAND + 400, stranded=1.0, reasons=("Listing closed",)) as desk:
        yield desk


def _begun(desk: Desk, plan: str, enough: Callable[[int], bool]) -> None:
    """Carry the plan out, and come back in the middle: as soon as enough of it is sent, and before all of it is."""
    desk.visitor.post(f"/plans/{plan}/carry-out/", seen=f"/plans/{plan}/")
    until = time.monotonic() + 300
    while time.monotonic() < until:
        found = desk.store.plans.numbers(plan)
        if found is not None and enough(found[1].count("answered", "shown")):
            return
        time.sleep(0.02)
    raise AssertionError(f"nothing was sent: {desk.store.runs.newest(plan)}")


def _each_once(desk: Desk, plan: str, least: int = 0) -> None:
    """Each listing of the plan was written once, but for those that another program changed meanwhile: they dropped out."""
    deeds = desk.store.ledger(ACCOUNT).deeds(plan).values()
    assert {deed.stage for deed in deeds} <= {"answered", "shown", "dropped"}
    sent = [deed.sku for deed in deeds if deed.stage != "dropped"]
    assert len(sent) >= max(least, 0.9 * len(deeds))
    assert {writes(desk, sku) for sku in sent} == {1}
    assert {writes(desk, deed.sku) for deed in deeds if deed.stage == "dropped"} <= {0}


def _ticked(desk: Desk, count: int) -> list[int]:
    """So many that nobody has planned for."""
    done = {sku for _, sku in desk.store.plans.of_strandings(ACCOUNT)}
    return [number for number, sku in stranded(desk, "listing-closed").items() if sku not in done][:count]


def test_stopped_in_the_middle_and_gone_on_with(desk: Desk) -> None:
    """What is sent is sent, the rest is not; whoever goes on sends exactly the rest."""
    plan = planned(chosen(desk.visitor, "relist", _ticked(desk, 120)))
    skus = [action.sku for action in desk.store.plans.get(plan).actions]
    assert len(skus) == 120
    approve(desk, plan)
    _begun(desk, plan, lambda sent: sent >= 1)
    page = desk.visitor.get(f"/plans/{plan}/going/", part=True)
    assert ("every 2s" in page.text, "Stop" in page.text) == (True, True)
    assert "It stops" in desk.visitor.post(f"/plans/{plan}/stop/", seen=f"/plans/{plan}/").text
    run = ended(desk, plan)
    assert (run.how, run.stop_by) == ("stopped", "sample-owner")
    settled(desk)
    sent = {sku for sku in skus if writes(desk, sku)}
    assert 0 < len(sent) < 120
    assert "what was sent is sent" in desk.visitor.get(f"/plans/{plan}/").text.lower()
    assert carried_out(desk, plan).how == "done"
    _each_once(desk, plan)


def test_a_server_that_dies_in_the_middle(desk: Desk) -> None:
    """The page says that it stands still, and Go on goes on: each listing is written once."""
    plan = planned(chosen(desk.visitor, "relist", _ticked(desk, 120)))
    approve(desk, plan)
    _begun(desk, plan, lambda sent: sent >= 2)
    desk.server.kill()
    row = desk.store.plans.numbers(plan)
    assert row is not None
    assert 0 < row[1].count("answered", "shown") < 120
    desk.server.start()
    page = desk.visitor.get(f"/plans/{plan}/").text
    assert ("It stands still" in page, "Go on" in page) == (True, True)
    assert "stands still" in desk.visitor.get("/plans/").text
    assert carried_out(desk, plan).how == "done"
    _each_once(desk, plan)
    assert [run.how for run in desk.store.runs.of_plan(plan)] == ["done", "broken-off"]


def test_one_process_at_a_time(desk: Desk) -> None:
    """Pressed twice, it is carried out once, and the second is told so."""
    # What the hours of the tests before have changed would make the plan a stale one.
    desk.look()
    plan = planned(chosen(desk.visitor, "relist", _ticked(desk, 40)))
    approve(desk, plan)
    _begun(desk, plan, lambda sent: sent >= 1)
    again = desk.visitor.post(f"/plans/{plan}/carry-out/", seen=f"/plans/{plan}/")
    assert (again.status_code, "being carried out already" in again.text) == (409, True)
    assert ended(desk, plan).how == "done"
    assert len(desk.store.runs.of_plan(plan)) == 1


def test_a_thousand_by_one_question(desk: Desk) -> None:
    """All that match, not the rows: each of more than a thousand offers is open in the world, written once."""
    desk.look()
    done = {sku for _, sku in desk.store.plans.of_strandings(ACCOUNT)}
    plan = planned(chosen(desk.visitor, "relist", all="yes", cause="listing-closed"))
    kept = desk.store.plans.get(plan)
    assert len([action for action in kept.actions if action.sku not in done]) >= _THOUSAND
    approve(desk, plan)
    assert carried_out(desk, plan).how == "done"
    _each_once(desk, plan, _THOUSAND)
    page = desk.visitor.get(f"/plans/{plan}/")
    assert len(page.content) < 200 * 1024
