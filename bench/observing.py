"""How long it takes to observe an account, beside the least that Amazon's rates allow.

    python bench/observing.py [--skus 100 10000 100000] [--latency 0.35]

A seeded seller with 1 % of its SKUs stranded is observed over HTTP against the simulator; the clock is
simulated, so the figures are Amazon's minutes and not this machine's. The lower bound is what no client can
beat: until the slowest report is made (the simulator's own books), three calls to get it, then the slowest
operation of the questions about single SKUs, (calls - burst) / rate, and one call more. Latency is lognormal,
median 0.35 s.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from refloat.amazon.limits import pace
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.secret import Secret
from refloat.amazon.transport import HttpTransport
from refloat.app.live import line_of, observe_account
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.simulator import seeding
from refloat.simulator.serve import Simulator
from refloat.simulator.wire.report_lives import reports_of
from refloat.store import Unsealed, opened

#: The operations of the second half: questions about single SKUs and ASINs.
DETAILS = ("getListingsItem", "getInventorySummaries", "getListingsRestrictions", "getItemEligibilityPreview")


@dataclass
class SlowTransport:
    """The real transport, with a network's latency on the simulated clock, and a log of every call."""

    inner: HttpTransport
    clock: SimulatedClock
    median: float
    log: list[tuple[str, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._randomness, self._lock = random.Random(1), threading.Lock()

    def send(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> Answered:
        began = self._began()
        answered = self.inner.send(request, host, headers)
        self._ended(request.operation, began)
        return answered

    def fetch(self, url: Secret, limit: int) -> Answered:
        began = self._began()
        answered = self.inner.fetch(url, limit)
        self._ended("download", began)
        return answered

    def put(self, url: Secret, content: bytes, content_type: str) -> Answered:
        began = self._began()
        answered = self.inner.put(url, content, content_type)
        self._ended("upload", began)
        return answered

    def close(self) -> None:
        self.inner.close()

    def _began(self) -> float:
        """Half of the latency lies before Amazon counts the call."""
        began = self.clock.now().timestamp()
        self._wait()
        return began

    def _ended(self, operation: str, began: float) -> None:
        self._wait()
        with self._lock:
            self.log.append((operation, began, self.clock.now().timestamp()))

    def _wait(self) -> None:
        with self._lock:
            latency = self._randomness.lognormvariate(0, 0.4) * self.median
        self.clock.sleep(latency / 2)


@dataclass(frozen=True)
class Figures:
    """One account observed once."""

    skus: int
    stranded: int
    calls: dict[str, int]
    throttled: int
    seconds: float
    bound: float
    limiting: str
    utilisation: float


def measured(skus: int, share: float = 0.01, latency: float = 0.35, seed: int = 1) -> Figures:
    """Observe a fresh account of so many SKUs once."""
    world = seeding.seeded(seed=seed, skus=skus, stranded=share)
    seller = next(iter(world.sellers.values()))
    with tempfile.TemporaryDirectory() as home, Simulator(world) as simulator, opened(Config(None, "en", home=Path(home))) as store:
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("bench", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        transport = SlowTransport(HttpTransport(), clock, latency)
        line = line_of(store, "bench", clock, transport=transport)
        # Which marketplaces there are is known to an account that was checked.
        store.accounts.note_places("bench", line.places(), clock.now())
        began = clock.now()
        transport.log.clear()
        (seen,) = observe_account(store, "bench", clock=clock, line=line)
        line.close()
        assert not seen.unknown, dict(seen.troubles)
        stranded = len(store.strandings.open_strandings("bench"))
        made = max((report.ended_at - began).total_seconds() for report in reports_of(world, seller.id).values() if report.ended_at)
        return _figures(skus, stranded, transport.log, sum(line.throttled.values()), (clock.now() - began).total_seconds(), made, latency)


def _figures(skus: int, stranded: int, log: list[tuple[str, float, float]], throttled: int, seconds: float, made: float, latency: float) -> Figures:
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for operation, start, end in log:
        spans[operation].append((start, end))
    calls = {operation: len(times) for operation, times in sorted(spans.items())}
    least = {operation: max(0.0, (calls[operation] - pace(operation).burst) / pace(operation).rate) for operation in DETAILS if operation in calls}
    limiting = max(least, key=lambda operation: least[operation])
    # The last report was ready so late; then its state, its address, its download, and the last question.
    bound = made + 3 * latency + least[limiting] + latency
    took = max(end for _, end in spans[limiting]) - min(start for start, _ in spans[limiting])
    return Figures(skus, stranded, calls, throttled, seconds, bound, limiting, (least[limiting] + latency) / took)


def shown(figures: Figures) -> str:
    """One row of the table."""
    ratio = figures.seconds / figures.bound
    return (
        f"| {figures.skus:,} | {figures.stranded:,} | {sum(figures.calls.values()):,} | {figures.seconds:,.1f} s | {figures.bound:,.1f} s | {ratio:.3f} |"
        f" {figures.limiting} | {figures.utilisation:.3f} | {figures.throttled / sum(figures.calls.values()):.4%} |"
    )


HEADER = "| SKUs | stranded | calls | simulated time | lower bound | ratio | limiting operation | utilisation | 429s |\n|---|---|---|---|---|---|---|---|---|"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--skus", type=int, nargs="+", default=[100, 10_000, 100_000])
    parser.add_argument("--latency", type=float, default=0.35)
    asked = parser.parse_args()
    sys.stdout.write(HEADER + "\n")
    for skus in asked.skus:
        sys.stdout.write(shown(measured(skus, latency=asked.latency)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
