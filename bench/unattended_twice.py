"""Ninety unattended days twice: alone on SQLite, and on PostgreSQL by three workers that are killed again and again. The same must come of it.

    python bench/unattended_twice.py [--days 90] [--workers 3] [--seed 1] [--every 4]

Both play the demo's days (``refloat demo --unattended``). What is held against each other is the set of (stranding,
remedy, verdict): the order and the moments differ, and so do the tries that a kill broke off before anything left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import private_postgres

from refloat.cli.demo_days import Days
from refloat.cli.demo_unattended import DAYS, Unwatched, ended, unwatched

ROOT = Path(__file__).resolve().parents[1]
#: A worker as ``refloat work`` is one, with the demo's cadence, and without a cron of its own: the days are moved on from outside.
_WORKER = """
import threading
from refloat.cli.demo_unattended import CADENCE
from refloat.clock import clock_of
from refloat.app.working import engaged
from refloat.config import configured
from refloat.store import opened
config = configured()
with opened(config) as store, engaged(config, store, clock_of(config.clock_url), cadence=CADENCE, at_once=4):
    print("works", flush=True)
    threading.Event().wait()
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=4.0, help="a kill about every so many seconds")
    asked = parser.parse_args()
    began = time.monotonic()
    with unwatched() as alone:
        first = _played(alone, asked.days)
        print(f"alone on SQLite: {time.monotonic() - began:.0f} s, {len(first)} strandings with an action, {_counted(alone.days)}")
    began = time.monotonic()
    with private_postgres() as server:
        server.run_sql("CREATE DATABASE twice")
        url = server.url("twice")
        with unwatched(database_url=url, lanes=0) as many, _killed(many.days, url, asked) as kills:
            second = _played(many, asked.days)
            print(f"{asked.workers} workers on PostgreSQL: {time.monotonic() - began:.0f} s, {kills['killed']} kills, {_counted(many.days)}")
    for name, only in (("only alone", first - second), ("only by many", second - first)):
        for line in sorted(only, key=str):
            print(f"WRONG {name}: {line}")
    print("the same" if first == second else "NOT the same")
    return 0 if first == second else 1


def _played(seen: Unwatched, days: int) -> set[tuple[str, str, str, str | None]]:
    seen.begin()
    for _ in seen.lived(days):
        pass
    deeds = seen.days.store.plans.of_strandings(seen.days.account)
    return {(place, sku, deed.remedy, deed.verdict) for (place, sku), own in deeds.items() for deed in own if deed.stage in {"answered", "shown", "undone"}}


def _counted(days: Days) -> str:
    ends = [one.how for one in ended(days)]
    return json.dumps({how: ends.count(how) for how in sorted(set(ends))})


@contextmanager
def _killed(days: Days, url: str, asked: argparse.Namespace) -> Iterator[dict[str, int]]:
    """So many workers; again and again one is killed, and another one started."""
    chance, stop, told = random.Random(asked.seed), threading.Event(), {"killed": 0}
    workers = [_worker(days, url) for _ in range(asked.workers)]

    def kill() -> None:
        while not stop.wait(chance.expovariate(1 / asked.every)):
            number = chance.randrange(len(workers))
            workers[number].kill()
            workers[number].wait()
            told["killed"] += 1
            workers[number] = _worker(days, url)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()
        for one in workers:
            one.kill()
            one.wait()


def _worker(days: Days, url: str) -> subprocess.Popen[bytes]:
    own = {"REFLOAT_HOME": str(days.config.home), "REFLOAT_DATABASE_URL": url, "REFLOAT_CLOCK_URL": str(days.config.clock_url)}
    environment = os.environ | own | {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}
    return subprocess.Popen([sys.executable, "-c", _WORKER], env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
