"""Work that nobody watches: what is due is data, workers may die, and the engine's own database may go."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.sea import Sea, sea_on, wait_for, work_until

from refloat.app import passing
from refloat.app.live import observe_account
from refloat.app.working import engaged, overview, run_once
from refloat.cli.work import run_status
from refloat.config import Config
from refloat.engine.running import FILE
from refloat.errors import WrongUse
from refloat.loop.reports import Pace
from refloat.simulator import seeding
from refloat.store import AccountBusy


@pytest.fixture
def sea(tmp_path: Path) -> Iterator[Sea]:
    with sea_on(seeding.seeded(seed=5, skus=30, stranded=0.3, countries=("US", "DE", "JP")), tmp_path) as sea:
        yield sea


def test_one_run_looks_at_every_account(sea: Sea) -> None:
    """Accounts side by side, every marketplace concluded as by a pass that waits, and no report ordered twice."""
    ran = run_once(sea.config, sea.store, sea.clock)
    assert not ran.failed
    sea.is_whole()


def test_what_is_due_later_stands_in_the_store(sea: Sea) -> None:
    """After four hours the reports that are due are asked for again, and not sooner; changes every few minutes."""
    run_once(sea.config, sea.store, sea.clock)
    seller = sea.sellers()[0]
    before = sea.ordered(seller)
    with engaged(sea.config, sea.store, sea.clock) as worker:
        work_until(worker, sea.clock.now() + timedelta(hours=3))
        assert sea.ordered(seller) == before
        work_until(worker, sea.clock.now() + timedelta(hours=1.5))
    again = sea.ordered(seller) - before
    assert again and set(again.values()) == {1}


def test_a_broken_account_starves_no_other(sea: Sea) -> None:
    """Its tries come more and more seldom, why stands on record, and the others are looked at as ever."""
    broken, sound = sea.sellers()[0], sea.sellers()[1]
    broken.revoked = True
    ran = run_once(sea.config, sea.store, sea.clock)
    assert {row.account for row in ran.failed} == {"harbour-1"}
    assert {sku for _, sku in sea.open_skus("harbour-2")} == sea.truth(sound)
    (row,) = [row for row in sea.store.due.all("harbour-1") if row.kind == "places"]
    assert (row.failures > 0, row.trouble_code) == (True, "credential-wrong")
    with engaged(sea.config, sea.store, sea.clock) as worker:
        work_until(worker, row.ended_at + timedelta(minutes=50))
    (row,) = [row for row in sea.store.due.all("harbour-1") if row.kind == "places"]
    assert 5 <= row.failures <= 8 and row.due_at - row.ended_at >= timedelta(minutes=20)
    broken.revoked = False
    with engaged(sea.config, sea.store, sea.clock) as worker:
        work_until(worker, sea.clock.now() + timedelta(hours=2))
    assert {sku for _, sku in sea.open_skus("harbour-1")} == sea.truth(broken)


def test_an_account_that_never_let_us_in_raises_its_alarm(sea: Sea) -> None:
    """Wrong from its first day on: nobody would look into a status for that."""
    sea.sellers()[0].revoked = True
    with engaged(sea.config, sea.store, sea.clock) as worker:
        work_until(worker, sea.clock.now() + timedelta(hours=7))
    assert "account-trouble" in {alarm.kind for alarm in sea.store.alarms.list("harbour-1")}


def test_a_killed_worker_is_taken_over(sea: Sea) -> None:
    """kill -9 in the middle: the next tick takes its turns back, and they are begun anew; nothing is ordered twice."""
    with sea.other_process() as process:
        wait_for(lambda: "reports" in sea.world.rooms)
        process.send_signal(signal.SIGKILL)
        process.wait()
    stands = overview(sea.store, None, sea.clock.now())
    assert not stands.running
    ran = run_once(sea.config, sea.store, sea.clock)
    assert not ran.failed and not overview(sea.store, None, sea.clock.now()).broken_off
    sea.is_whole()


def test_a_worker_that_is_told_to_stop_ends_in_good_order(sea: Sea) -> None:
    with sea.other_process() as process:
        wait_for(lambda: sea.world.rooms.get("calls", 0) > 5)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert errors.splitlines()[-1] == "Stopped. What was under way is begun anew by the next."
    assert not overview(sea.store, None, sea.clock.now()).broken_off


def test_the_engines_database_may_be_deleted(sea: Sea) -> None:
    """While it is stopped, in the middle of a pass: nothing is lost, nothing is ordered twice."""
    passing.planted(sea.store, sea.clock.now())
    with engaged(sea.config, sea.store, sea.clock) as worker:
        worker.all_due()
        worker.all_due()
    assert all(sea.ordered(seller) for seller in sea.sellers()) and not sea.open_skus("harbour-1")
    for left in sea.config.home.glob(f"{FILE}*"):
        left.unlink()
    ran = run_once(sea.config, sea.store, sea.clock)
    assert not ran.failed
    sea.is_whole()


def test_never_two_turns_at_once(sea: Sea, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is ticked, in this process and beside another one, a thing that is due has one turn at a time."""
    under_way: Counter[tuple[str, str, str]] = Counter()
    most: Counter[tuple[str, str, str]] = Counter()

    def slow(passing_: passing.Passing, account: str, marketplace: str, kind: str) -> None:
        key = (account, marketplace, kind)
        under_way[key] += 1
        most[key] = max(most[key], under_way[key])
        time.sleep(0.05)
        under_way[key] -= 1

    monkeypatch.setattr("refloat.app.working.turned", slow)
    passing.planted(sea.store, sea.clock.now())
    with engaged(sea.config, sea.store, sea.clock) as worker:
        for _ in range(30):
            worker.engine.tick()
            time.sleep(0.01)
        worker.engine.wait_until_idle(10)
    assert len(most) == 8 and set(most.values()) == {1}


def test_status_says_what_waits_for_what_and_what_failed(sea: Sea, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_status(sea.config, None, as_json=False, language="en") == 0
    assert "refloat work" in capsys.readouterr().out
    sea.sellers()[0].revoked = True
    with engaged(sea.config, sea.store, sea.clock) as worker:
        worker.all_due()
    run_status(sea.config, None, as_json=False, language="en")
    told = capsys.readouterr().out
    assert "harbour-1: asking where the account sells, 1 times in a row" in told and "refloat accounts rotate" in told
    assert "harbour-2 DE: looking: Amazon is making its reports; next look" in told
    run_status(sea.config, "harbour-2", as_json=False, language="zh-Hans")
    chinese = capsys.readouterr().out
    assert "harbour-2 DE" in chinese and "亚马逊正在生成报告" in chinese and "harbour-1" not in chinese
    run_status(sea.config, None, as_json=True, language="en")
    stands = json.loads(capsys.readouterr().out)
    assert [row["account"] for row in stands["failed"]] == ["harbour-1"]


def test_while_a_plan_is_carried_out_one_looks_but_concludes_nothing(sea: Sea, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reports come and are kept; the next look concludes from them without ordering any again."""
    monkeypatch.setattr("refloat.app.live._PATIENCE_SECONDS", 0)
    seller = sea.sellers()[0]
    with sea.store.alone_with("harbour-1"), pytest.raises(AccountBusy, match="harbour-1"):
        observe_account(sea.store, "harbour-1", clock=sea.clock)
    ordered = sea.ordered(seller)
    assert ordered and not sea.open_skus("harbour-1")
    observe_account(sea.store, "harbour-1", clock=sea.clock)
    assert sea.ordered(seller) == ordered
    assert {sku for _, sku in sea.open_skus("harbour-1")} == sea.truth(seller)


def test_a_look_that_comes_back_anyway_keeps_no_lane_while_a_plan_is_carried_out(sea: Sea, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits shortly for the account and is put off for a minute; a person's own look has more patience."""
    run_once(sea.config, sea.store, sea.clock)
    monkeypatch.setattr("refloat.app.live._PATIENCE_SECONDS", 10_000)
    monkeypatch.setattr("refloat.app.live._SHORT_PATIENCE_SECONDS", 0)
    (row,) = [row for row in sea.store.due.all("harbour-1") if row.kind == "look"]
    sea.store.due.called("harbour-1", row.marketplace, "look", sea.clock.now())
    at_work = passing.Passing(sea.store, sea.clock, passing.Cadence.of(sea.config), "a worker")
    with sea.store.alone_with("harbour-1"):
        passing.turned(at_work, "harbour-1", row.marketplace, "look")
    (put_off,) = [row for row in sea.store.due.all("harbour-1") if row.kind == "look"]
    assert (put_off.waits_for, put_off.failures, put_off.due_at - sea.clock.now()) == ("account-busy", 0, timedelta(seconds=60))


def test_who_does_not_wait_comes_back(sea: Sea) -> None:
    """Each look returns at once; in the end everything is concluded as by one who waits, and no report is ordered twice."""
    looks = 0
    while True:
        (seen,) = observe_account(sea.store, "harbour-1", clock=sea.clock, pace=Pace(wait=False))
        looks += 1
        if seen.looked.waits_until is None:
            break
        assert not sea.open_skus("harbour-1") and seen.looked.waits_until > sea.clock.now()
        sea.clock.sleep((seen.looked.waits_until - sea.clock.now()).total_seconds())
    seller = sea.sellers()[0]
    assert looks > 2 and {sku for _, sku in sea.open_skus("harbour-1")} == sea.truth(seller)
    assert set(sea.ordered(seller).values()) == {1}


def test_a_call_during_a_turn_is_not_lost(sea: Sea) -> None:
    """Somebody calls for acting while acting is under way: it is due again as soon as that ends."""
    store, now = sea.store, sea.clock.now()
    store.due.added("harbour-1", "", ["act"], now)
    row = store.due.one("harbour-1", "", "act")
    assert row is not None
    store.due.begun(row, "w", now)
    store.due.called("harbour-1", "", "act", now)
    store.due.ended(row, now, now + timedelta(hours=4))
    again = store.due.one("harbour-1", "", "act")
    assert again is not None and again.due_at == now
    store.due.ended(again, now, now + timedelta(hours=4))
    after = store.due.one("harbour-1", "", "act")
    assert after is not None and after.due_at == now + timedelta(hours=4)


def test_a_cadence_that_is_no_number_is_refused() -> None:
    from refloat.config import configured

    assert passing.Cadence.of(configured({"HOME": "/x", "REFLOAT_REPORT_HOURS": "12"})).report_hours == 12
    with pytest.raises(WrongUse, match="REFLOAT_REPORT_HOURS is often"):
        configured({"HOME": "/x", "REFLOAT_REPORT_HOURS": "often"})


def test_an_account_that_is_removed_is_left_in_peace(sea: Sea) -> None:
    run_once(sea.config, sea.store, sea.clock)
    sea.store.accounts.remove("harbour-1", sea.clock.now())
    calls = {seller.id: sum(sea.ordered(seller).values()) for seller in sea.sellers()}
    with engaged(sea.config, sea.store, sea.clock) as worker:
        work_until(worker, sea.clock.now() + timedelta(hours=5))
    assert sum(sea.ordered(sea.sellers()[0]).values()) == calls[sea.sellers()[0].id]
    assert sum(sea.ordered(sea.sellers()[1]).values()) > calls[sea.sellers()[1].id]


def test_what_is_not_set_is_as_the_table_says() -> None:
    usual = passing.Cadence.of(Config(None, "en"))
    assert passing.Cadence.of(Config(None, "en", change_minutes=7.5)) == replace(usual, change_minutes=7.5)
