"""A world with several sellers, and a store that has an account of each: harbour-1, harbour-2, …"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from refloat.app.working import Worker
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import reasons
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World
from refloat.store import Store, Unsealed, opened

SRC = Path(__file__).resolve().parents[1] / "src"


@dataclass
class Sea:
    """The world, its simulator, and one store."""

    world: World
    simulator: Simulator
    store: Store
    config: Config
    clock: SimulatedClock

    def sellers(self) -> list[Seller]:
        return list(self.world.sellers.values())

    def open_skus(self, account: str) -> set[tuple[str, str]]:
        return {(row.marketplace, row.sku) for row in self.store.strandings.open_strandings(account)}

    def truth(self, seller: Seller) -> set[str]:
        return {stock.sku for place in seller.places for stock in self.world.stocks_of(seller.id, place) if reasons.stranded(self.world, seller.id, place, stock.sku)}

    def ordered(self, seller: Seller) -> Counter[tuple[str, str]]:
        return Counter((report.type, report.marketplace_ids[0]) for report in self.world.rooms.get("reports", {}).get(seller.id, {}).values())

    def is_whole(self) -> None:
        """Every account stands on record as the world has it, and no report was ordered twice."""
        for number, seller in enumerate(self.sellers(), 1):
            assert {sku for _, sku in self.open_skus(f"harbour-{number}")} == self.truth(seller) != set()
            assert set(self.ordered(seller).values()) == {1}

    def flows(self, seconds: float = 1) -> None:
        """The world moves on a little: a worker whom cron ticks leaves that to others."""
        with self.simulator.lock:
            self.world.advance(timedelta(seconds=seconds))

    @contextmanager
    def other_process(self) -> Iterator[subprocess.Popen[str]]:
        """A worker of its own, killed at the end where it still runs."""
        own = {"PYTHONPATH": str(SRC), "REFLOAT_HOME": str(self.config.home), "REFLOAT_CLOCK_URL": self.simulator.url, "LC_ALL": "C.UTF-8"}
        own |= {} if self.config.database_url is None else {"REFLOAT_DATABASE_URL": self.config.database_url}
        process = subprocess.Popen([sys.executable, "-m", "refloat", "work"], env=os.environ | own, stderr=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


@contextmanager
def sea_on(world: World, home: Path, database_url: str | None = None) -> Iterator[Sea]:
    """The world, served, with an account of each of its sellers in a store of its own."""
    with Simulator(world) as simulator:
        config = Config(None, "en", home=home, clock_url=simulator.url, change_minutes=60, database_url=database_url)
        with opened(config) as store:
            for number, seller in enumerate(world.sellers.values(), 1):
                store.accounts.add(
                    f"harbour-{number}", region=seller.region, seller_id=seller.id, unsealed=Unsealed(seller.client_id, seller.client_secret, seller.refresh_token),
                    api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token", at=datetime.now(UTC),
                )  # fmt: skip
            clock = clock_of(simulator.url)
            assert isinstance(clock, SimulatedClock)
            yield Sea(world, simulator, store, config, clock)


def work_until(worker: Worker, moment: datetime) -> None:
    """Work until that moment of the clock."""
    for _ in worker.turn_by_turn(moment):
        pass


def wait_for(true: Callable[[], object], seconds: float = 60) -> None:
    """Until it is true, on the wall's clock."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)
