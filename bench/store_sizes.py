"""How much PostgreSQL holds for one account: after the first look, and after each of some more, four hours apart; with a look at changes between.

    python bench/store_sizes.py [--skus 2000] [--looks 4]

One US seller, 2 % stranded, on the simulated clock; CPU seconds are this process's, the simulator in it included. Then
50,000 strandings as ``bench/store.py`` makes them: opened, and a day later 2 % new, 2 % gone, 5 % changed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.postgres import private_postgres  # noqa: E402

import store as peer  # noqa: E402
from refloat.app.live import observe_account  # noqa: E402
from refloat.clock import clock_of  # noqa: E402
from refloat.config import Config  # noqa: E402
from refloat.loop.reports import Pace  # noqa: E402
from refloat.simulator import seeding  # noqa: E402
from refloat.simulator.serve import Simulator  # noqa: E402
from refloat.store import Unsealed, opened  # noqa: E402

_SIZES = "SELECT relname, pg_total_relation_size(oid), GREATEST(reltuples, 0)::bigint FROM pg_class WHERE relkind = 'r' AND relname LIKE 'store_%' ORDER BY 2 DESC LIMIT 6"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--skus", type=int, default=2000)
    parser.add_argument("--looks", type=int, default=4)
    asked = parser.parse_args()
    world = seeding.seeded(7, asked.skus, 0.02, ("US",))
    with private_postgres() as server, Simulator(world) as simulator, tempfile.TemporaryDirectory() as home:
        server.run_sql("CREATE DATABASE sizes")
        seller = next(iter(world.sellers.values()))
        with opened(Config(None, "en", home=Path(home), database_url=server.url("sizes"))) as store:
            secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
            store.accounts.add("one", region="NA", seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
            clock = clock_of(simulator.url)
            for look in range(1, asked.looks + 1):
                calls, cpu = world.rooms.get("calls", 0), time.process_time()
                observe_account(store, "one", clock=clock)
                sys.stdout.write(f"look {look}: {world.rooms['calls'] - calls} calls, {time.process_time() - cpu:.1f} CPU s\n")
                _tell()
                clock.sleep(360)
                calls, cpu = world.rooms["calls"], time.process_time()
                observe_account(store, "one", clock=clock, pace=Pace(hours=4))
                sys.stdout.write(f"    a look at changes: {world.rooms['calls'] - calls} calls, {time.process_time() - cpu:.1f} CPU s\n")
                clock.sleep(4 * 3600)
            for number, day in enumerate((peer.DAY_1, peer.DAY_2), 1):
                store.strandings.record("one", "DE", peer.frame(50_000, number), day, unknown=False)
                sys.stdout.write(f"50,000 strandings, day {number}\n")
                _tell()


def _tell() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(_SIZES)
        for name, size, rows in cursor.fetchall():
            sys.stdout.write(f"    {name}: {size / 1e6:.2f} MB, {rows} rows\n")
        cursor.execute("SELECT count(*), sum(length(packed)) FROM store_document")
        sys.stdout.write(f"    documents: {cursor.fetchone()}\n")


if __name__ == "__main__":
    main()
