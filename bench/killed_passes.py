"""kill -9 in the middle of a pass, at seeded moments: the next pass goes on, orders no report twice, ends as if nothing had happened.

    python bench/killed_passes.py [--moments 100]

The pass is the real command in a process of its own, against the simulator over HTTP. A moment is the n-th call
that Amazon sees, and a few milliseconds more.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from refloat.config import Config
from refloat.simulator import seeding
from refloat.simulator.serve import Simulator
from refloat.simulator.wire.report_lives import reports_of
from refloat.simulator.world import World
from refloat.store import Unsealed, opened

SRC = Path(__file__).resolve().parents[1] / "src"
_SKUS, _SEED = 30, 5


@dataclass
class Killed:
    """What came of it: how many passes really were killed, and everything that was not as it should be."""

    killed: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ended:
    """What is left after a pass: SKU → what was concluded, how often each report was ordered, how many calls it took."""

    strandings: dict[str, tuple[str | None, ...]]
    orders: Counter[str]
    calls: int


def run(moments: int, seed: int = 1) -> Killed:
    """Kill that many passes, each in a world and a store of its own."""
    told = Killed()
    whole = _run_once(None, 0.0, told)
    chance = random.Random(seed)
    for number in range(moments):
        call, more = chance.randrange(1, whole.calls), chance.uniform(0, 0.02)
        ended = _run_once(call, more, told)
        where = f"moment {number + 1} (call {call} + {more * 1000:.0f} ms)"
        if ended.strandings != whole.strandings:
            told.wrong.append(f"{where}: other strandings than without the kill: {set(ended.strandings.items()) ^ set(whole.strandings.items())}")
        told.wrong += [f"{where}: {report} was ordered {count} times" for report, count in ended.orders.items() if count > 1]
    return told


def _run_once(call: int | None, more: float, told: Killed) -> Ended:
    """A fresh world and store; one pass that is killed at ``call`` (None: not at all), then one that must end well."""
    world = seeding.seeded(seed=_SEED, skus=_SKUS, stranded=0.4)
    seller = next(iter(world.sellers.values()))
    with tempfile.TemporaryDirectory() as home, Simulator(world) as simulator:
        with opened(Config(None, "en", home=Path(home))) as store:
            secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
            store.accounts.add("killed", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        if call is not None:
            told.killed += _killed(home, simulator, world, call, more)
        done = subprocess.run(_command(), env=_environment(home, simulator), capture_output=True, text=True, check=False)
        if done.returncode:
            told.wrong.append(f"call {call}: the next pass ended with {done.returncode}: {done.stderr[-500:]}")
        return _left(home, world, seller.id)


def _killed(home: str, simulator: Simulator, world: World, call: int, more: float) -> bool:
    process = subprocess.Popen(_command(), env=_environment(home, simulator), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and world.rooms.get("calls", 0) < call:
        time.sleep(0.0005)
    time.sleep(more)
    alive = process.poll() is None
    if alive:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return alive


def _left(home: str, world: World, seller_id: str) -> Ended:
    with opened(Config(None, "en", home=Path(home))) as store:
        rows = {row.sku: (row.now.standing, row.now.cause, row.now.remedy) for row in store.strandings.open_strandings("killed")}
        for place in store.accounts.places("killed"):
            assert store.journal.check("killed", place.marketplace) is None
            for snapshot in store.snapshots.latest("killed", place.marketplace).values():
                store.snapshots.content(snapshot)
    return Ended(rows, Counter(report.type for report in reports_of(world, seller_id).values()), world.rooms["calls"])


def _command() -> list[str]:
    return [sys.executable, "-m", "refloat", "observe", "killed"]


def _environment(home: str, simulator: Simulator) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(SRC), "REFLOAT_HOME": home, "REFLOAT_CLOCK_URL": simulator.url, "LC_ALL": "C.UTF-8"}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    told = run(asked.moments, asked.seed)
    sys.stdout.write(f"{asked.moments} moments, {told.killed} passes killed in the middle, {len(told.wrong)} wrong.\n")
    sys.stdout.write("".join(f"WRONG {line}\n" for line in told.wrong))
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
