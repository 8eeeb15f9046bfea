"""Promise 15: acted, and then the store went back to a backup from before. Nothing is sent twice, removals above all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.journeys.test_curing import ADDRESS, _applied, _approved, _plan
from tests.journeys.test_live import Live

from refloat.app.carrying import apply_plan
from refloat.config import Config
from refloat.errors import PlanRefused
from refloat.model.cure import Wishes
from refloat.model.plan import Plan
from refloat.simulator import seeding
from refloat.simulator.rules.removal_orders import room
from refloat.simulator.serve import Simulator
from refloat.store import Unsealed, opened
from refloat.store.restoring import backed_up, put_back


@pytest.fixture
def home(tmp_path: Path) -> Config:
    return Config(None, "en", home=tmp_path / "home")


@pytest.fixture
def seller(home: Config) -> Iterator[Live]:
    """Sixty SKUs in the US, half of them stranded, observed once."""
    from refloat.clock import SimulatedClock, clock_of

    world = seeding.seeded(seed=3, skus=60, stranded=0.5)
    with Simulator(world) as simulator, opened(home) as store:
        own = next(iter(world.sellers.values()))
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        secrets = Unsealed(own.client_id, own.client_secret, own.refresh_token)
        store.accounts.add("sample", region=own.region, seller_id=own.id, unsealed=secrets, at=clock.now(), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        seen = Live(world, simulator, store, clock)
        seen.observe()
        yield seen


def _removal(seller: Live) -> Plan:
    wishes = Wishes(disposition="Return", addresses={"US": ADDRESS})
    plan = _plan(seller, remedy="create-removal", wishes=wishes, lifted=frozenset({"price-far-off", "fee-above-worth", "hazmat"}))
    assert plan.actions
    assert all(action.irreversible for action in plan.actions)
    return plan


def _removal_orders(seller: Live) -> int:
    return len(room(seller.world).orders)


def test_a_removal_that_the_restored_store_has_forgotten_is_not_sent_again(seller: Live, home: Config, tmp_path: Path) -> None:
    """The approved plan, then a plan made at once, then one made after the look: each is refused until Amazon's report must show what left."""
    plan = _approved(seller, _removal(seller))
    backed_up(home, seller.store, tmp_path / "before.backup")
    assert apply_plan(seller.store, plan, clock=seller.clock).stopped is None
    orders = _removal_orders(seller)
    assert orders
    put_back(home, tmp_path / "before.backup", seller.clock.now(), in_place=True)
    with opened(home) as store:
        seller = Live(seller.world, seller.simulator, store, seller.clock)
        assert store.restored() is not None
        with pytest.raises(PlanRefused, match="not read since the store came back"):
            apply_plan(store, plan, clock=seller.clock)
        seller.clock.sleep(timedelta(hours=6).total_seconds())
        seller.observe()
        with pytest.raises(PlanRefused, match="from before everything was read anew"):
            apply_plan(store, plan, clock=seller.clock)
        again = _plan(seller, remedy="create-removal", wishes=Wishes(disposition="Return", addresses={"US": ADDRESS}), lifted=frozenset({"price-far-off", "fee-above-worth", "hazmat"}))
        if again.actions:
            with pytest.raises(PlanRefused, match="a removal feed is not on record"):
                _applied(seller, again)
        assert _removal_orders(seller) == orders


def test_the_guard_ends_by_itself(seller: Live, home: Config, tmp_path: Path) -> None:
    """Where nothing was sent in between, a look and a new plan are enough."""
    backed_up(home, seller.store, tmp_path / "before.backup")
    put_back(home, tmp_path / "before.backup", seller.clock.now(), in_place=True)
    with opened(home) as store:
        seller = Live(seller.world, seller.simulator, store, seller.clock)
        seller.clock.sleep(timedelta(hours=6).total_seconds())
        seller.observe()
        plan = _removal(seller)
        before = _removal_orders(seller)
        assert _applied(seller, plan).stopped is None
        assert _removal_orders(seller) > before
