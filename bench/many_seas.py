"""Worlds for many workers: each in a process of its own, at the wall's time, because one process answers one call at a time."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from refloat.simulator import seeding
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import reasons, removals
from refloat.simulator.serve import Simulator
from refloat.simulator.wire import lwa
from refloat.simulator.wire.answering import answered
from refloat.simulator.wire.report_lives import reports_of
from refloat.simulator.wire.speech import Call, Reply
from refloat.simulator.world import World

#: What strands stock: the first two are cured by a recommended policy, the others are proposed or by hand.
REASONS = ("Listing closed", "Merchant fulfilled", "Missing price", "Restricted ASIN", "Expired product")
_SLOW_SECONDS = 1.0


@dataclass(frozen=True)
class Owner:
    """A seller, as an account needs it; ``url``: of the world in which it sells."""

    url: str
    seller_id: str
    client_id: str
    client_secret: str
    refresh_token: str


@dataclass
class Books:
    """What a world has on its own books at the end."""

    calls: int = 0
    busy_seconds: float = 0.0
    cpu_seconds: float = 0.0
    #: Seller → SKUs that are stranded.
    truth: dict[str, set[str]] = field(default_factory=dict)
    #: (seller, report type, marketplace) → how often it was ordered.
    orders: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: (seller, SKU) → how often we wrote.
    writes: Counter[tuple[str, str]] = field(default_factory=Counter)
    removals: int = 0
    throttled: Counter[tuple[str, str]] = field(default_factory=Counter)


class _Sea(Simulator):
    """A simulator that knows how long it was busy, and lets one seller's callers wait."""

    def __init__(self, world: World, slow: str | None) -> None:
        super().__init__(world, speed=1)
        self.busy_seconds, self._slow = 0.0, slow

    def reply(self, call: Call) -> Reply:
        token = lwa.tokens(self.world).get(call.headers.get("x-amz-access-token", ""))
        if token is not None and token.seller_id == self._slow:
            time.sleep(_SLOW_SECONDS)
        with self.lock:
            began = time.thread_time()
            self._flow()
            try:
                return answered(self.world, call)
            finally:
                self.busy_seconds += time.thread_time() - began


def _served(line: Connection, seed: int, sellers: int, skus: int, *, first: int) -> None:
    world = seeding.seeded(seed, skus, 0.4, ("US",), REASONS, sellers=sellers, first=first, start=datetime.now(UTC))
    world.move_to(datetime.now(UTC))
    owners = list(world.sellers.values())
    special = first == 1
    if special:
        owners[1].revoked = True
    with _Sea(world, owners[0].id if special else None) as sea, suppress(EOFError):
        line.send([Owner(sea.url, one.id, one.client_id, one.client_secret, one.refresh_token) for one in owners])
        while line.recv() == "books":
            with sea.lock:
                line.send(_books(sea, owners))


def _books(sea: _Sea, owners: list[Seller]) -> Books:
    world = sea.world
    told = Books(world.rooms.get("calls", 0), sea.busy_seconds, time.process_time(), throttled=Counter(world.rooms.get("throttled", {})))
    for seller in owners:
        place = next(iter(seller.places))
        told.truth[seller.id] = {stock.sku for stock in world.stocks_of(seller.id, place) if reasons.stranded(world, seller.id, place, stock.sku)}
        told.orders.update((seller.id, report.type, report.marketplace_ids[0]) for report in reports_of(world, seller.id).values())
        told.removals += sum(order.by == "api" for order in removals.orders(world, seller.id, place))
    for line in world.history:
        _, what, *facts = line.split(" ")
        if what == "write" and facts[0] == "api":
            told.writes[facts[2], " ".join(facts[4:-1]).strip("'\"")] += 1
    return told


@dataclass
class Seas:
    """The running worlds."""

    owners: list[Owner]
    lines: list[Connection]

    def books(self) -> list[Books]:
        """Every world's books as they stand."""
        for line in self.lines:
            line.send("books")
        return [line.recv() for line in self.lines]


@contextmanager
def seas(worlds: int, accounts: int, skus: int, seed: int = 7) -> Iterator[Seas]:
    """So many worlds that share the accounts; the first account is slow, the second has taken its leave back."""
    context = multiprocessing.get_context("spawn")
    started: list[tuple[Any, Connection]] = []
    first = 1
    try:
        for number in range(worlds):
            ours, theirs = context.Pipe()
            share = accounts // worlds + (number < accounts % worlds)
            process = context.Process(target=_served, args=(theirs, seed + number, share, skus), kwargs={"first": first}, daemon=True)
            first += share
            process.start()
            started.append((process, ours))
        lines = [line for _, line in started]
        yield Seas([owner for line in lines for owner in line.recv()], lines)
    finally:
        for process, line in started:
            line.close()
            process.join(5)
            if process.is_alive():
                process.kill()


if __name__ == "__main__":
    sys.exit("This is a part of bench/many_workers.py.")
