"""An approval that Amazon has given shows in Amazon's own answer: what follows it waits for nobody's entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.journeys.test_tasks import US, Live

from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.tasks import open_tasks
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.simulator import seeding
from refloat.simulator.nouns.seller import Approval
from refloat.simulator.serve import Simulator
from refloat.store import Unsealed, opened


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Thirty SKUs in the US, some of them stranded."""
    world = seeding.seeded(seed=5, skus=30, stranded=0.1)
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path)) as store:
        seller = next(iter(world.sellers.values()))
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        yield Live(world, store, clock)


def _results(live: Live, sku: str) -> list[tuple[str, str | None]]:
    return [(row.remedy, row.result) for row in live.store.tasks.all("sample") if row.sku == sku and row.remedy != "review"]


def _planned(live: Live, sku: str) -> set[str]:
    return {action.remedy for action in plan_account(live.store, PlanQuestion("sample"), clock=live.clock).actions if action.sku == sku}


def test_a_granted_approval_is_used_without_an_entry(live: Live) -> None:
    """While Amazon names the restriction the task stays; once it names none, the task is overtaken and saving the listing is proposed, with a person's word."""
    live.observe()
    sku = live.strand("Qualification required (brand)")
    (one,) = open_tasks(live.desk, sku)
    assert (one.remedy, one.subject.restricted) == ("request-approval", True)
    live.hours(5)
    live.observe()
    assert [task.id for task in open_tasks(live.desk, sku)] == [one.id]
    assert _planned(live, sku) == set()
    entry = live.world.catalogue[US, live.world.listings[live.seller.id, US, sku].asin]
    live.seller.approvals.append(Approval("brand", entry.brand, live.world.now))
    live.hours(5)
    live.observe()
    assert open_tasks(live.desk, sku) == []
    assert _results(live, sku) == [("request-approval", "overtaken")]
    plan = plan_account(live.store, PlanQuestion("sample"), clock=live.clock)
    (action,) = (action for action in plan.actions if action.sku == sku)
    assert (action.remedy, action.mode, action.safety) == ("edit-listing", "refresh", "consent")
    live.seller.approvals.clear()
    live.hours(5)
    live.observe()
    assert [task.id for task in open_tasks(live.desk, sku)] == [one.id], "taken back, it is asked for again"
    assert _planned(live, sku) == set()


def test_an_enforcement_is_not_taken_for_lifted(live: Live) -> None:
    """No restriction is named of a restricted ASIN's offer: that proves nothing, as long as Amazon's reason stands."""
    live.observe()
    sku = live.strand("Restricted ASIN")
    (one,) = open_tasks(live.desk, sku)
    assert one.remedy == "appeal"
    live.hours(30)
    live.observe()
    assert [task.id for task in open_tasks(live.desk, sku)] == [one.id]
    assert _planned(live, sku) == set()
