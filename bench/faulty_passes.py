"""Seeded passes with every fault on: no crash, no wrong "cleared", no lost snapshot.

    python bench/faulty_passes.py [--passes 1000] [--rate 0.1]

A small seller lives on between passes: some strandings are cured, some offers are closed, six hours go by. After
each pass the store is held against the world: a stranding that was closed must be over in the world's own
eyes, every snapshot that was kept must still be there with its bytes, and the journal's chain must hold.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from refloat.app.live import observe_account
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import RefloatError
from refloat.model.ports import Clock
from refloat.simulator import seeding
from refloat.simulator.faults import FAULTS
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import reasons, writing
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World
from refloat.store import Store, Unsealed, opened

#: Passes over one world before a new one is seeded.
_LIFE = 10


@dataclass
class Tally:
    """What was counted over all passes."""

    passes: int = 0
    refused: int = 0
    unknown: int = 0
    opened: int = 0
    closed: int = 0
    wrong: list[str] = field(default_factory=list)
    struck: dict[str, int] = field(default_factory=dict)


def run(passes: int, rate: float, skus: int = 25, seed: int = 1) -> Tally:
    """So many passes with every fault at ``rate``."""
    tally = Tally()
    while tally.passes < passes:
        _one_life(tally, min(_LIFE, passes - tally.passes), rate, skus, seed + tally.passes)
    return tally


def _one_life(tally: Tally, passes: int, rate: float, skus: int, seed: int) -> None:
    world = seeding.seeded(seed=seed, skus=skus, stranded=0.4)
    world.faults.rates = dict.fromkeys(FAULTS, rate)
    seller = next(iter(world.sellers.values()))
    with tempfile.TemporaryDirectory() as home, Simulator(world) as simulator, opened(Config(None, "en", home=Path(home))) as store:
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("soak", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        kept: set[str] = set()
        for number in range(passes):
            _one_pass(tally, store, world, seller, clock, kept)
            with simulator.lock:
                _life_goes_on(world, seller, number)
            clock.sleep(6 * 3600)
    for name, count in world.faults.struck.items():
        tally.struck[name] = tally.struck.get(name, 0) + count


def _one_pass(tally: Tally, store: Store, world: World, seller: Seller, clock: Clock, kept: set[str]) -> None:
    tally.passes += 1
    before = {row.id: row.sku for row in store.strandings.open_strandings("soak")}
    try:
        for seen in observe_account(store, "soak", clock=clock):
            tally.unknown += seen.unknown
            tally.opened += seen.opened + seen.came_back
            tally.closed += seen.closed
    except RefloatError:
        # Not even the list of marketplaces came: said, and tried again by the next pass.
        tally.refused += 1
    _hold_against_the_world(tally, store, world, seller, before)
    _nothing_lost(tally, store, kept)


def _hold_against_the_world(tally: Tally, store: Store, world: World, seller: Seller, before: dict[int, str]) -> None:
    still = {row.id for row in store.strandings.open_strandings("soak")}
    place = next(iter(seller.places))
    for number, sku in before.items():
        if number not in still and (found := reasons.stranded(world, seller.id, place, sku)) is not None:
            tally.wrong.append(f"pass {tally.passes}: {sku} was closed, and is {found.reason}")


def _nothing_lost(tally: Tally, store: Store, kept: set[str]) -> None:
    """Every snapshot of the passes before is still the newest of its source, or has a newer one; its bytes are what they were."""
    for place in store.accounts.places("soak"):
        for row in store.snapshots.latest("soak", place.marketplace).values():
            store.snapshots.content(row)
            kept.add(row.sha256)
        if (broken := store.journal.check("soak", place.marketplace)) is not None:
            tally.wrong.append(f"pass {tally.passes}: the journal breaks at entry {broken}")
    from refloat.store.models import Document

    there = set(Document.objects.values_list("sha256", flat=True))
    tally.wrong += [f"pass {tally.passes}: document {lost} is gone" for lost in kept - there]


def _life_goes_on(world: World, seller: Seller, number: int) -> None:
    """One offer that was closed is opened again, and one that was open is closed."""
    place = next(iter(seller.places))
    listings = sorted(world.listings_of(seller.id, place), key=lambda listing: listing.sku)
    closed = [one for one in listings if one.ends_at is not None and one.ends_at <= world.now]
    healthy = [one for one in listings if reasons.stranded(world, seller.id, place, one.sku) is None and one.offer]
    for listing, ends in ([(closed[number % len(closed)], None)] if closed else []) + ([(healthy[number % len(healthy)], world.now - timedelta(minutes=1))] if healthy else []):
        offers = [{**offer, "end_at": {"value": ends.isoformat() if ends else None}} for offer in listing.attributes["purchasable_offer"]]
        writing.write(world, seller.id, place, listing.sku, {**listing.attributes, "purchasable_offer": offers}, "seller")


def told(tally: Tally, rate: float) -> str:
    """The tally in a few lines."""
    lines = [
        f"{tally.passes:,} passes, every fault at {rate:.0%}: {tally.opened:,} strandings opened, {tally.closed:,} closed, {len(tally.wrong)} wrong.",
        f"The stranded report was not to be had in {tally.unknown:,} of them, and nothing at all in {tally.refused:,}; both were said, and nothing was closed.",
        "Struck: " + ", ".join(f"{name} {count:,}" for name, count in sorted(tally.struck.items())) + ".",
    ]
    return "\n".join([*lines, *(f"WRONG {line}" for line in tally.wrong)])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--passes", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    tally = run(asked.passes, asked.rate, seed=asked.seed)
    sys.stdout.write(told(tally, asked.rate) + "\n")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
