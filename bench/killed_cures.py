"""Plans carried out while faults of every kind strike and kill -9 does: nothing is removed twice, nothing is lost, nothing is sent unwritten.

    python bench/killed_cures.py [--actions 10000] [--kills 50] [--rate 0.2] [--shared] [--seeds 1 2 3 4 5]

The seller's offers are closed, shipped by the merchant, without a price, or of expired units, and the command
``refloat apply``, a process of its own, carries out what is planned: it is killed at seeded moments, run again, now
and then twice at once, and what was stopped is planned again, as a person would. Then it goes on without faults until
nothing is left, and the store is held against the world's own books and against the same run without faults.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import cured_books
from refloat.app.live import line_of, observe_account
from refloat.app.planning import PlanQuestion, plan_account
from refloat.clock import clock_of
from refloat.config import Config
from refloat.model.cure import Wishes
from refloat.model.plan import Plan
from refloat.simulator import seeding
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World
from refloat.store import Store, Unsealed, opened

SRC = Path(__file__).resolve().parents[1] / "src"
ACCOUNT = "killed"
#: How often each reason is dealt out; one in 34 is a removal, and one no program can cure, so that the stranded report never is empty.
REASONS = (*("Listing closed",) * 20, *("Merchant fulfilled",) * 8, *("Missing price",) * 4, "Expired product", "Restricted ASIN")
#: What can go wrong with any call; with writing, with feeds, and with reading back.
OF_CALLS = ("throttle-storm", "internal-error", "unavailable-html", "timeout-before", "timeout-after", "expired-token")
FAULTS = (
    *OF_CALLS, "expired-document-url", "half-document", "half-feed", "accepted-fails-later", "repeated-removal",
)  # fmt: skip
#: What happened in the world, at which a process is killed.
_MARKS = ("write", "feed-queued", "feed-ended", "removal-ordered")
_ROUNDS = 8
#: What a command that was called wrongly says before it says what is wrong.
_OF_USAGE = ("Usage:", "Try ", "╭")
_STEP_HOURS = 6
_VAIN_MOST = 4


@dataclass
class Told:
    """What came of one seed."""

    seed: int
    actions: int = 0
    plans: int = 0
    runs: int = 0
    killed: int = 0
    refused_twice: int = 0
    struck: dict[str, int] = field(default_factory=dict)
    stages: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    #: How the runs ended that nobody killed: the first line of what each complained of.
    ended: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Soak:
    """One world, one store, and the processes that write."""

    world: World
    seller: Seller
    simulator: Simulator
    home: str
    store: Store
    chance: random.Random
    told: Told

    def plan(self, *, canary: bool = True) -> Plan:
        """Look, and plan for what is stranded."""
        clock = clock_of(self.simulator.url)
        observe_account(self.store, ACCOUNT, clock=clock)
        line = line_of(self.store, ACCOUNT, clock)
        plan = plan_account(self.store, PlanQuestion(ACCOUNT, wishes=self._wishes(), lifted=frozenset() if canary else frozenset({"no-canary"})), clock=clock, line=line)
        line.close()
        self.told.plans += 1
        return plan

    def _wishes(self) -> Wishes:
        place = next(iter(self.seller.places))
        prices = {one.sku: entry.reference_price for one in self.world.listings_of(self.seller.id, place) if one.price is None and (entry := self.world.entry(place, one.asin))}
        return Wishes(prices={sku: Decimal(price) for sku, price in prices.items()}, disposition="Disposal")

    def apply(self, plan: Plan, *, kill: bool) -> bool:
        """Run the command once; True when it was killed."""
        self.told.runs += 1
        process = subprocess.Popen(self._command(plan), env=self._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if kill and self.chance.random() < 0.1:
            second = subprocess.run(self._command(plan), env=self._environment(), capture_output=True, text=True, check=False)
            self.told.refused_twice += second.returncode != 0
        if kill:
            self._until_the_moment(process, len(plan.actions))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()
                return True
        _, errors = process.communicate()
        self.told.ended[next((line.strip(" │") for line in errors.splitlines() if line.strip() and not line.lstrip().startswith(_OF_USAGE)), "well")[:100]] += 1
        if "Traceback" in errors:
            self.told.wrong.append(f"seed {self.told.seed}: {errors[-800:]}")
        return False

    def _until_the_moment(self, process: subprocess.Popen[str], actions: int) -> None:
        """Some calls later, or when the world has written down something of weight; and a few milliseconds more.

        Of a long plan most moments lie behind the reading that each run begins with, or nothing would ever be sent.
        """
        early, later = 1.5 ** self.chance.uniform(1, 11), self.chance.uniform(0, actions / 4)
        calls = self.world.rooms.get("calls", 0) + int(early if self.chance.random() < 0.3 else later)
        weighty, seen = self.chance.random() < 0.6, None
        while process.poll() is None:
            if self.world.rooms.get("calls", 0) >= calls:
                seen = len(self.world.history) if seen is None else seen
                if not weighty or any(line.split(" ")[1] in _MARKS for line in self.world.history[seen:]):
                    break
                seen = max(seen, len(self.world.history) - 1)
            time.sleep(0.001)
        time.sleep(self.chance.uniform(0, 0.05))

    def _command(self, plan: Plan) -> list[str]:
        return [sys.executable, "-m", "refloat", "apply", plan.id, "--by", "the soak", "--consent", plan.fingerprint[:12]]

    def _environment(self) -> dict[str, str]:
        return os.environ | {"PYTHONPATH": str(SRC), "REFLOAT_HOME": self.home, "REFLOAT_CLOCK_URL": self.simulator.url, "LC_ALL": "C.UTF-8"}

    def begun(self, plan: Plan) -> int:
        """How many of the plan's actions are no longer merely planned."""
        return sum(deed.stage != "planned" for deed in self.store.ledger(ACCOUNT).deeds(plan.id).values())

    def open_in(self, plan: Plan) -> bool:
        """Something of the plan can still be sent or looked up by running it again."""
        if self.world.now > plan.good_until:
            return any(deed.stage == "intended" for deed in self.store.ledger(ACCOUNT).deeds(plan.id).values())
        return any(deed.stage in {"planned", "intended"} for deed in self.store.ledger(ACCOUNT).deeds(plan.id).values())

    def wait(self, hours: int) -> None:
        """Let the world live on."""
        # In steps: a day of ten thousand listings takes a busy machine longer than the clock waits for its world.
        for at in range(0, hours, _STEP_HOURS):
            clock_of(self.simulator.url).sleep(min(_STEP_HOURS, hours - at) * 3600)


def rates_of(rate: float, *, shared: bool) -> dict[str, float]:
    """How often each fault strikes. ``shared``: so many of the calls meet one of those of calls, instead of each of them striking so many."""
    # Six kinds that each strike a fifth leave a quarter of the calls whole: five hundred readings in a row, as a plan of ten thousand begins, never are.
    of_a_call = 1 - (1 - rate) ** (1 / len(OF_CALLS)) if shared else rate
    return {name: of_a_call if name in OF_CALLS else rate for name in FAULTS}


def run(actions: int, kills: int, rates: dict[str, float], seed: int) -> Told:
    """One seed, held against the same run without faults."""
    told, ends = Told(seed), cured_books.Ends({}, set())
    with _begun(actions, seed, told) as soak:
        _struck(soak, kills, rates)
        _to_the_end(soak)
        ends = _held(soak)
    with _begun(actions, seed, Told(seed)) as calm:
        _to_the_end(calm)
        whole = _held(calm)
        told.wrong += [f"without faults: {line}" for line in calm.told.wrong]
    told.wrong += [
        f"seed {seed}: {sku} ends as {end}, without faults as {whole.by_sku.get(sku)}" for sku, end in ends.by_sku.items() if sku not in ends.told | whole.told and end != whole.by_sku.get(sku)
    ]
    return told


@contextmanager
def _begun(actions: int, seed: int, told: Told) -> Iterator[Soak]:
    world = seeding.seeded(seed=seed, skus=actions, stranded=1.0, reasons=REASONS)
    seller = next(iter(world.sellers.values()))
    with tempfile.TemporaryDirectory() as home, Simulator(world) as simulator, opened(Config(None, "en", home=Path(home))) as store:
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        urls = {"api_url": simulator.url, "token_url": f"{simulator.url}/auth/o2/token"}
        store.accounts.add(ACCOUNT, region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), **urls)
        yield Soak(world, seller, simulator, home, store, random.Random(seed), told)


def _struck(soak: Soak, kills: int, rates: dict[str, float]) -> None:
    """Carry out, killed again and again, with every fault on; what was stopped is planned again, without canaries every other time."""
    idle = 0
    while soak.told.killed < kills and soak.told.runs < 4 * kills and idle < _VAIN_MOST:
        plan = soak.plan(canary=soak.told.plans % 2 == 0)
        if not plan.actions:
            # Everything is under way: Amazon takes a day to show some of it.
            idle += 1
            soak.wait(26)
            continue
        idle = 0
        soak.told.actions = max(soak.told.actions, len(plan.actions))
        soak.world.faults.rates = rates
        vain, stood = 0, soak.begun(plan)
        while soak.told.killed < kills and soak.told.runs < 4 * kills:
            killed = soak.apply(plan, kill=True)
            soak.told.killed += killed
            if not killed and not soak.open_in(plan):
                break
            # Who is refused a few times, and gets nowhere, looks and plans again.
            vain, stood = (vain + (not killed) if soak.begun(plan) == stood else 0), soak.begun(plan)
            if vain == _VAIN_MOST:
                break
        soak.world.faults.rates = {}
        soak.apply(plan, kill=False)
        soak.wait(2)
    soak.told.struck = dict(soak.world.faults.struck)


def _to_the_end(soak: Soak) -> None:
    """Without faults, until nothing is left to plan; then the weeks that removals take."""
    for number in range(_ROUNDS):
        plan = soak.plan()
        soak.told.actions = max(soak.told.actions, len(plan.actions))
        if number and not plan.actions:
            break
        for _ in range(3):
            soak.apply(plan, kill=False)
            if not soak.open_in(plan):
                break
        soak.wait(26)
    for days in (3, 25):
        soak.wait(days * 24)
        observe_account(soak.store, ACCOUNT, clock=clock_of(soak.simulator.url))


def _held(soak: Soak) -> cured_books.Ends:
    """The store against the world: what is wrong goes to ``told``."""
    told, books = soak.told, cured_books.Books(soak.world, soak.seller, soak.store, ACCOUNT)
    told.wrong += [f"seed {told.seed}: {line}" for line in books.wrong()]
    told.stages, told.verdicts, told.why = books.stages(), books.verdicts(), books.why()
    return books.ends()


def shown(told: Told) -> str:
    """One seed in a few lines."""
    return "\n".join(
        [
            f"Seed {told.seed}: {told.actions:,} actions, {told.plans} plans, {told.runs} runs, {told.killed} of them killed, {told.refused_twice} second processes refused, {len(told.wrong)} wrong.",
            "Struck: " + ", ".join(f"{name} {count:,}" for name, count in sorted(told.struck.items())) + ".",
            "Where the actions of all plans stand: " + ", ".join(f"{name} {count:,}" for name, count in told.stages.most_common()) + ".",
            "Verdicts: " + ", ".join(f"{name} {count:,}" for name, count in told.verdicts.most_common()) + ".",
            "Runs ended: " + "; ".join(f"{count:,} × {how}" for how, count in told.ended.most_common(8)) + ".",
            "Told why: " + "; ".join(f"{count:,} × {name}" for name, count in told.why.most_common(12)) + ".",
            *(f"WRONG {line}" for line in told.wrong[:40]),
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--actions", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rate", type=float, default=0.2)
    parser.add_argument("--shared", action="store_true", help="the rate is that of all faults of a call together, not of each")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    good = True
    for seed in asked.seeds:
        began = time.monotonic()
        told = run(asked.actions, asked.kills, rates_of(asked.rate, shared=asked.shared), seed)
        good = good and not told.wrong
        sys.stdout.write((json.dumps(told.__dict__, default=str) if asked.json else shown(told)) + f"\nThat took {(time.monotonic() - began) / 60:.0f} minutes.\n\n")
        sys.stdout.flush()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
