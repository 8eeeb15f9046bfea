"""Where days used to be lost: what another tool undoes, what a look at changes sees, and what is diagnosed more often than it changes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from tests.journeys.test_live import US
from tests.journeys.test_unattended import Unattended, live

from refloat.app import live as looking
from refloat.app import tasks as desks
from refloat.app.live import observe_account
from refloat.app.passing import has_news
from refloat.app.tasks import Desk, end_task, open_tasks
from refloat.knowledge.policies_read import shipped
from refloat.loop.choosing import STOP_WRITER
from refloat.loop.reports import Pace
from refloat.simulator.rules import writing

__all__ = ["live"]
FOUR = timedelta(hours=4)


def _healthy(live: Unattended) -> str:
    """A SKU with units that sells well."""
    bad = live.truth() | set(live.open_skus())
    return next(stock.sku for stock in live.world.stocks_of(live.seller.id, US) if (stock.fulfillable or 0) > 5 and stock.sku not in bad and stock.expires_on is None)


def _flip(live: Unattended, sku: str) -> None:
    """A tool writes its own copy: shipped by the merchant, ten pieces."""
    rows = [{"fulfillment_channel_code": "DEFAULT", "quantity": 10}]
    writing.write(live.world, live.seller.id, US, sku, {"fulfillment_availability": rows}, "erp", timedelta(0))
    live.hours(2)


def _changes(live: Unattended, sku: str) -> int:
    return sum(deed.remedy == "change-to-fba" and deed.stage in {"answered", "shown"} for deed in live.store.plans.of_strandings("sample").get(("US", sku), ()))


def test_a_tool_that_writes_twice_is_stopped_by_a_person_and_then_it_is_cured_at_once(live: Unattended) -> None:
    """Changed back twice, Refloat writes no more: a task names the likely writer. Once that is done, the change is due, and nobody waits for support."""
    live.policy(shipped("recommended"))
    sku = _healthy(live)
    for number in (1, 2):
        _flip(live, sku)
        live.look(1)
        live.look(3)
        assert _changes(live, sku) == number
        live.look(4)
        live.look(32)
    _flip(live, sku)
    live.look(1)
    live.look(3)
    assert _changes(live, sku) == 2, "two flips by another tool stop us"
    desk = Desk(live.store, "sample", clock=live.clock)
    (task,) = open_tasks(desk, sku)
    assert (task.remedy, task.subject.writer) == (STOP_WRITER, "another-tool")
    assert task.draft is not None and "writes its own copy back" in task.draft.text
    assert end_task(desk, task.id, "done").next == "change-to-fba"
    told = live.act()
    assert _changes(live, sku) == 3 or any(action.sku == sku and action.remedy == "change-to-fba" for action, _ in told.decided), "due at once"
    assert open_tasks(desk, sku) == []


def test_a_listing_that_turned_unbuyable_brings_the_next_report_forward(live: Unattended) -> None:
    """Seen between two reports: the stranded report alone is asked for before its four hours, and only while it is news."""
    live.observe()

    def orders() -> Counter[str]:
        return Counter(report.type for report in live.world.rooms["reports"][live.seller.id].values())

    def news() -> bool:
        return has_news(live.store, "sample", "US", live.clock.now() - FOUR)

    before, sku = orders(), _healthy(live)
    live.hours(0.75)
    quiet = Pace(4, sooner=frozenset({"stranded"} if news() else ()))
    observe_account(live.store, "sample", clock=live.clock, pace=quiet)
    live.write_offer(sku, end_at={"value": "2026-01-01T00:00:00Z"})
    observe_account(live.store, "sample", clock=live.clock, pace=Pace(4))
    assert live.open_skus()[sku] == "suspected"
    assert news()
    observe_account(live.store, "sample", clock=live.clock, pace=Pace(4, sooner=frozenset({"stranded"})))
    more = orders() - before
    assert set(more) == {"GET_STRANDED_INVENTORY_UI_DATA"}
    assert not has_news(live.store, "sample", "US", live.clock.now()), "it is news for some hours only"


def test_a_moment_is_diagnosed_once(live: Unattended, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that asks nobody, and an act, diagnose what is on record once each; what is newly on record is diagnosed anew."""
    live.observe()
    counted: list[str] = []

    def counting(name: str, own: Any) -> Any:
        def call(*words: Any, **more: Any) -> Any:
            counted.append(name)
            return own(*words, **more)

        return call

    monkeypatch.setattr(looking, "triage", counting("triage", looking.triage))
    monkeypatch.setattr(desks, "triage_account", counting("desk", desks.triage_account))
    live.hours(0.2)
    observe_account(live.store, "sample", clock=live.clock, pace=Pace(4))
    assert counted == ["triage"], "nothing changed, nobody was asked"
    counted.clear()
    live.act()
    assert counted == ["triage"], "tasks rest on what the plan was drawn from"
    counted.clear()
    live.hours(4)
    live.observe()
    assert counted == ["triage", "triage"], "new reports, and then new answers"
