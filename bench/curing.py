"""How long it takes to carry out a plan, beside the least that Amazon's rates and the rules of a plan allow.

    python bench/curing.py [--skus 25 1000 10000 100000] [--latency 0.35] [--results bench/curing-results.md]

Every offer of a seeded seller is closed, and a plan of as many relist-offers is carried out over HTTP against the
simulator, by a process of its own (its real seconds and its peak memory are in the table); the clock is simulated,
so the other figures are Amazon's minutes. From the first request to the last receipt; a canary wave is waited for
until its last change shows. Latency L is lognormal, median 0.35 s.

The bound is what no client can beat that keeps the rules: everything is read again before anything is sent; a wave
leaves after the one before it shows; whatever goes as a single patch is previewed, and of a feed a sample; as few
feeds as fit. With read(n) = max(0, n / 20 - 5) / 5 + L (searches) and previews(n) = n - 1 (one a second):

    read(all) + for each canary wave max(longest effect, previews + shortest effect) + 3 L, and then the rest:
    single patches:  max(previews(n), (n - 5) / 5) + 2 L
    feeds:           L (a preview) + the latest of: (k // 5) x 300 + 3 L + P(k) + 3 L for the k-th feed, from 0 on

Effects and the processing times P(k) are the simulator's own books. That what waits is read once more while a
canary is waited for costs no time in the bound.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import curing_plans
from observing import SlowTransport
from refloat.amazon import token
from refloat.amazon.limits import pace
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.secret import Secret
from refloat.amazon.transport import HttpTransport
from refloat.app.carrying import apply_plan
from refloat.app.live import line_of
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.knowledge.messages import remark_text
from refloat.knowledge.tables import marketplaces, table
from refloat.loop.waves import waves
from refloat.model.plan import Plan
from refloat.simulator import seeding
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.serve import Simulator
from refloat.simulator.wire.feed_lives import feeds_of
from refloat.simulator.world import World
from refloat.store import Store, Unsealed, opened

HERE = Path(__file__).resolve().parent
ACCOUNT = "curing"


@dataclass(frozen=True)
class Figures:
    """One plan carried out once."""

    skus: int
    answered: int
    feeds: int
    calls: dict[str, int]
    throttled: int
    seconds: float
    bound: float
    real: float
    peak: int
    stopped: str | None


class _Transport(SlowTransport):
    """Tokens come at once: lanes that wait for one to be renewed do not sleep, and a simulated clock would wait for them for ever."""

    def send(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> Answered:
        return self.inner.send(request, host, headers) if request.operation == token.OPERATION else super().send(request, host, headers)


def measured(skus: int, latency: float = 0.35, seed: int = 1) -> Figures:
    """Carry out a plan of so many relist-offers once."""
    world = seeding.seeded(seed=seed, skus=skus, stranded=1.0, reasons=("Listing closed",))
    seller = next(iter(world.sellers.values()))
    with tempfile.TemporaryDirectory() as home, Simulator(world) as simulator:
        with opened(Config(None, "en", home=Path(home))) as store:
            secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
            urls = {"api_url": simulator.url, "token_url": f"{simulator.url}/auth/o2/token"}
            store.accounts.add(ACCOUNT, region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), **urls)
            plan = curing_plans.relisting(world, seller, ACCOUNT)
            store.plans.keep(plan)
            store.plans.consent(plan, "the bench", plan.made_at)
            _well(store, plan, seller)
        command = [sys.executable, str(HERE / "curing.py"), "--carry", home, plan.id, simulator.url, "--latency", str(latency)]
        done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(HERE.parent / "src")}, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        told = json.loads(done.stdout)
        feeds = [(feed.ended_at - feed.created_at).total_seconds() for feed in feeds_of(world, seller.id) if feed.ended_at]
        return Figures(skus, told["answered"], len(feeds), told["calls"], told["throttled"], told["seconds"], bound(world, plan, feeds, latency), told["real"], told["peak"], told["stopped"])


def _well(store: Store, plan: Plan, seller: Seller) -> None:
    """The account's health is on record, as it is after the observation that a plan rests on."""
    for place in sorted({action.marketplace for action in plan.actions}):
        said = [{"marketplaceId": marketplaces()[place].id, "status": seller.account_status}]
        store.record(ACCOUNT, place).keep("account-health", json.dumps({"accountStatuses": said}).encode(), at=plan.made_at)


def carried(home: str, plan_id: str, url: str, latency: float) -> dict[str, Any]:
    """Carry the plan out, in this process, and tell what it took."""
    with opened(Config(None, "en", home=Path(home))) as store:
        clock = clock_of(url)
        assert isinstance(clock, SimulatedClock)
        transport = _Transport(HttpTransport(), clock, latency)
        line, plan = line_of(store, ACCOUNT, clock, transport=transport), store.plans.get(plan_id)
        began = time.perf_counter()
        applied = apply_plan(store, plan, clock=clock, line=line)
        real, ended = time.perf_counter() - began, clock.now().timestamp()
        line.close()
        return {
            "answered": applied.count("answered", "shown"),
            "stopped": applied.stopped and remark_text(applied.stopped),
            "calls": dict(Counter(operation for operation, _, _ in transport.log)),
            "throttled": sum(line.throttled.values()),
            "seconds": ended - min(start for _, start, _ in transport.log),
            "real": real,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }


def bound(world: World, plan: Plan, feeds: Sequence[float], latency: float) -> float:
    """The least that it could have taken; the formula stands at the head of this file."""
    *canaries, rest = waves(plan.actions)
    search, effects = pace("searchListingsItems"), _effects(world)
    found = max(0.0, -(-len(plan.actions) // table("limits")["line"]["search_skus"]) - search.burst) / search.rate + latency
    for wave in canaries:
        own = [effects[action.sku] for action in wave]
        found += max(*own, len(wave) - 1 + min(own)) + 3 * latency
    if not feeds:
        patch = pace("patchListingsItem")
        return found + max(len(rest) - 1, (len(rest) - patch.burst) / patch.rate) + 2 * latency
    return found + latency + max(number // 5 * 300 + 6 * latency + took for number, took in enumerate(feeds))


def _effects(world: World) -> dict[str, float]:
    """SKU → how long its first write took to take effect, as the world's history has it."""
    sent: dict[str, tuple[str, datetime]] = {}
    found: dict[str, float] = {}
    for line in world.history:
        at, what, *facts = line.split(" ")
        if what == "write" and facts[0] == "api":
            sent[facts[-1]] = ast.literal_eval(" ".join(facts[4:-1])), datetime.fromisoformat(at)
        elif what == "write-took-effect" and facts[0] in sent:
            sku, since = sent[facts[0]]
            found.setdefault(sku, (datetime.fromisoformat(at) - since).total_seconds())
    return found


HEADER = "| SKUs | feeds | calls | calls a SKU | simulated time | lower bound | ratio | 429s | real time | peak memory |\n|---|---|---|---|---|---|---|---|---|---|"


def shown(figures: Figures) -> str:
    """One row of the table."""
    calls = sum(figures.calls.values())
    return (
        f"| {figures.skus:,} | {figures.feeds} | {calls:,} | {calls / figures.skus:.3f} | {figures.seconds:,.1f} s | {figures.bound:,.1f} s | {figures.seconds / figures.bound:.3f} |"
        f" {figures.throttled / calls:.4%} | {figures.real:,.0f} s | {figures.peak / 2**20:,.0f} MiB |"
    )


def good(figures: Figures) -> bool:
    """Everything was answered, and the targets are met."""
    whole = figures.stopped is None and figures.answered == figures.skus
    return whole and figures.seconds <= 1.15 * figures.bound and figures.throttled * 1000 <= sum(figures.calls.values())


_HEAD = """# Carrying out a plan, measured

Written by `script/bench curing` (`bench/curing.py`) on {day}, Python {python}, two noisy cores.

{about}

"""
_FOOT = "\n\nTargets: ratio ≤ 1.15 (aim 1.05), 429s < 0.1 %.\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--skus", type=int, nargs="+", default=[25, 1_000, 10_000, 100_000])
    parser.add_argument("--latency", type=float, default=0.35)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--carry", nargs=3, metavar=("HOME", "PLAN", "URL"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.carry:
        sys.stdout.write(json.dumps(carried(*asked.carry, asked.latency)))
        return 0
    rows, found = [HEADER], []
    sys.stdout.write(HEADER + "\n")
    for skus in asked.skus:
        found.append(measured(skus, asked.latency))
        rows.append(shown(found[-1]))
        sys.stdout.write(rows[-1] + (f" STOPPED: {found[-1].stopped}" if found[-1].stopped else "") + "\n")
        sys.stdout.flush()
    if asked.results:
        about = (__doc__ or "").partition("\n\n")[2].partition("\n\n")[2].strip()
        head = _HEAD.format(day=date.today().isoformat(), python=platform.python_version(), about=about)
        asked.results.write_text(head + "\n".join(rows) + _FOOT, encoding="utf-8")
    return 0 if all(map(good, found)) else 1


if __name__ == "__main__":
    sys.exit(main())
