"""The store, measured: a snapshot of open strandings taken over by difference, beside the plain ways to write the same rows.

    python bench/store.py [--rows 1000000] [--rounds 3] [--results bench/store-results.md]

Day 1 opens every stranding; on day 2 are 2 % new, 2 % gone and 5 % changed. Day 1 is loaded once; then the ways take
turns, each in a copy of its own, and each figure is a ratio to its peer in the same run.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import platform
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.postgres import PrivatePostgres, private_postgres  # noqa: E402

from refloat.config import Config  # noqa: E402
from refloat.store import Recorded, Store, Unsealed, opened  # noqa: E402

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

DAY_1 = datetime(2026, 11, 2, 8, tzinfo=UTC)
DAY_2 = DAY_1 + timedelta(days=1)
NEW, GONE, CHANGED = 0.02, 0.02, 0.05
_REASONS = ("listing-closed", "pricing-error", "inactive-listing", "restricted-asin", "brand-approval", "missing-information", "future-listing-sell-date", "listing-suppressed")
COLUMNS = (
    "sku", "fnsku", "standing", "symptom", "said", "cause", "remedy", "safety", "units_fulfillable", "units_unfulfillable", "units_reserved",
    "worth_amount", "worth_currency", "removal_due_on", "title", "asin", "shown_buyable",
)  # fmt: skip


def frame(rows: int, day: int) -> pl.DataFrame:
    """What a pass found: every SKU of day 1, or day 2 without what is gone, with what is new and what changed."""
    first, last = (0, rows) if day == 1 else (int(rows * GONE), rows + int(rows * NEW))
    number = pl.arange(first, last, eager=True).alias("number")
    changed = (pl.col("number") < first + int(rows * CHANGED)) & (day == 2)
    reason = pl.col("number") * 7 % len(_REASONS)
    names = pl.Series(_REASONS)
    text = pl.col("number").cast(pl.String)
    return pl.DataFrame([number]).select(
        ("SKU-" + text.str.zfill(9)).alias("sku"),
        ("X00" + text.str.zfill(7)).alias("fnsku"),
        pl.lit("confirmed").alias("standing"),
        names.gather(pl.select(pl.arange(first, last) * 7 % len(_REASONS)).to_series()).alias("symptom"),
        ("Amazon's words for reason " + reason.cast(pl.String)).alias("said"),
        ("cause-" + reason.cast(pl.String)).alias("cause"),
        pl.lit("relist-offer").alias("remedy"),
        pl.lit("safe").alias("safety"),
        (pl.col("number") % 97 + pl.when(changed).then(1).otherwise(0)).alias("units_fulfillable"),
        (pl.col("number") % 3).alias("units_unfulfillable"),
        pl.when(pl.col("number") % 5 > 0).then(pl.col("number") % 11).alias("units_reserved"),
        ((pl.col("number") % 9_973 * 10 + 1) * Decimal("0.01")).cast(pl.Decimal(38, 4)).alias("worth_amount"),
        pl.lit("EUR").alias("worth_currency"),
        pl.when(pl.col("number") % 7 > 0).then(pl.lit(date(2026, 12, 1)) + pl.duration(days=pl.col("number") % 60)).alias("removal_due_on"),
        ("Mug with handle, glazed, number " + text + ", 杯子").alias("title"),
        ("B0" + text.str.zfill(8)).alias("asin"),
        pl.when(pl.col("number") % 4 == 0).then(False).alias("shown_buyable"),
    )


@dataclass(frozen=True)
class Place:
    """A database of its own: how to open the store in it, and where it is."""

    config: Config

    @contextmanager
    def store(self) -> Iterator[Store]:
        with opened(self.config) as store:
            yield store


@contextmanager
def place(server: PrivatePostgres | None, like: Place | None = None) -> Iterator[Place]:
    """A fresh place, or a copy of one that nobody has open; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="refloat-bench-") as home:
        config = Config(None, "en", home=Path(home))
        if like is not None:
            shutil.copytree(like.config.home, home, dirs_exist_ok=True)
        if server is None:
            yield Place(config)
            return
        name = f"bench_{time.monotonic_ns()}"
        server.run_sql(f"CREATE DATABASE {name}" + ("" if like is None else f" TEMPLATE {str(like.config.database_url).rpartition('/')[2]}"))
        # Else one way pays for what the one before wrote.
        server.run_sql("CHECKPOINT")
        yield Place(replace(config, database_url=server.url(name)))
        server.run_sql(f"DROP DATABASE {name} WITH (FORCE)")


class Spent(NamedTuple):
    """Seconds of the processors, in this process and in the server's, and seconds of the clock."""

    cpu: float
    clock: float


def timed(call: Callable[[], Any], server: PrivatePostgres | None = None) -> Spent:
    """What a call takes."""

    def used() -> float:
        return time.process_time() + (server.cpu_seconds() if server else 0.0)

    cpu, clock = used(), time.perf_counter()
    call()
    return Spent(used() - cpu, time.perf_counter() - clock)


def loaded(at: Place, day_1: pl.DataFrame, server: PrivatePostgres | None = None) -> Spent:
    """Day 1 in an empty store."""
    with at.store() as store:
        store.accounts.add("bench", region="EU", seller_id="A0BENCH", unsealed=Unsealed("made-up", "made-up", "made-up"), at=DAY_1)
        return timed(lambda: store.strandings.record("bench", "DE", day_1, DAY_1, unknown=False), server)


def ours(at: Place, day_2: pl.DataFrame, server: PrivatePostgres | None = None) -> tuple[Spent, Recorded]:
    """Day 2 where day 1 is; and what it said that it did."""
    told: list[Recorded] = []
    with at.store() as store:
        spent = timed(lambda: told.append(store.strandings.record("bench", "DE", day_2, DAY_2, unknown=False)), server)
    return spent, told[0]


_BARE = f"CREATE TABLE bare ({', '.join(COLUMNS)})"
_INSERT = f"INSERT INTO bare ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_NAIVE = f"""CREATE TABLE bare ({", ".join(COLUMNS)}, last_seen, PRIMARY KEY (sku)) WITHOUT ROWID"""
_UPSERT = f"""INSERT INTO bare ({", ".join(COLUMNS)}, last_seen) VALUES ({", ".join("?" * len(COLUMNS))}, ?)
    ON CONFLICT (sku) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS[1:], "last_seen"))}"""
#: What pages are read by; a naive table needs them as well as ours.
_INDEXES = ("cause, worth_amount", "removal_due_on", "asin", "standing, last_seen")


def _plain(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """The rows as SQLite takes them."""
    return frame.with_columns(pl.col("worth_amount").cast(pl.String), pl.col("removal_due_on").cast(pl.String)).rows()


@contextmanager
def _raw(at: Place) -> Iterator[sqlite3.Connection]:
    """A file as the store sets it up: WAL, and a commit that does not wait for the disk each time."""
    with closing(sqlite3.connect(at.config.home / "raw.sqlite3")) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=NORMAL")
        yield raw


def bare(at: Place, frame: pl.DataFrame) -> Spent:
    """``executemany`` of the rows into a table without any index; making rows of the frame included."""
    with _raw(at) as raw:
        raw.execute(_BARE)

        def write() -> None:
            with raw:
                raw.executemany(_INSERT, _plain(frame))

        return timed(write)


def naive_loaded(at: Place, day_1: pl.DataFrame) -> None:
    """Day 1 in a table with the indexes that pages need."""
    with _raw(at) as raw:
        raw.execute(_NAIVE)
        for number, columns in enumerate(_INDEXES):
            raw.execute(f"CREATE INDEX bare_{number} ON bare ({columns})")
        _upsert(raw, day_1, "1")


def naive(at: Place, day_2: pl.DataFrame) -> tuple[Spent, set[tuple[Any, ...]] | None]:
    """An upsert of every row of day 2, and the mark of what is gone; and what is open then."""
    with _raw(at) as raw:
        spent = timed(lambda: _upsert(raw, day_2, "2"))
        few = day_2.height <= 50_000
        return spent, {tuple(row) for row in raw.execute("SELECT sku, standing, units_fulfillable, title FROM bare")} if few else None


def _upsert(raw: sqlite3.Connection, frame: pl.DataFrame, day: str) -> None:
    with raw:
        raw.executemany(_UPSERT, ((*row, day) for row in _plain(frame)))
        raw.execute("UPDATE bare SET standing = 'clearing' WHERE last_seen < ?", [day])


def copied(at: Place, frame: pl.DataFrame, server: PrivatePostgres) -> Spent:
    """COPY of the whole frame into a temporary table; making rows of the frame included."""
    import psycopg

    kinds = {pl.String: "text", pl.Int64: "bigint", pl.Boolean: "boolean", pl.Date: "date"}
    columns = ", ".join(f"{name} {kinds.get(type(kind), 'numeric(15,4)')}" for name, kind in frame.schema.items())
    with psycopg.connect(str(at.config.database_url)) as connection:
        connection.execute(f"CREATE TEMPORARY TABLE bare ({columns})")  # type: ignore[call-overload]

        def write() -> None:
            with connection.cursor().copy("COPY bare FROM STDIN") as copy:
                for row in frame.iter_rows():
                    copy.write_row(row)

        return timed(write, server)


def _reads(config: Config, stop: Event, ready: Event, told: Any) -> None:
    """The top 50 of one reason after the other by worth, as a page asks for them, until told to stop."""
    seconds: list[tuple[float, float]] = []
    with opened(config):
        from refloat.store.models import StrandingInterval

        number = 0
        while not stop.is_set():
            number += 1
            found = StrandingInterval.objects.filter(
                to_at=None, cause=f"cause-{number % len(_REASONS)}", stranding__account__name="bench", stranding__marketplace="DE", stranding__closed_at=None, worth_amount__gt=0
            )
            began = time.perf_counter()
            list(found.order_by("-worth_amount").values_list("stranding__sku", "worth_amount", "cause")[:50])
            seconds.append((time.time(), time.perf_counter() - began))
            ready.set()
            time.sleep(0.02)
    told.put(seconds)


def readers(at: Place, day_2: pl.DataFrame, idle_seconds: float) -> tuple[float, float]:
    """(p95 of a reading while nothing is written, p95 while day 2 is), in seconds; the reader is a process of its own."""
    context = multiprocessing.get_context("spawn")
    stop, ready, told = context.Event(), context.Event(), context.Queue()
    with at.store() as store:
        reader = context.Process(target=_reads, args=(at.config, stop, ready, told))
        reader.start()
        if not ready.wait(timeout=120):
            raise RuntimeError("the reader did not begin")
        time.sleep(idle_seconds)
        began = time.time()
        store.strandings.record("bench", "DE", day_2, DAY_2, unknown=False)
        ended = time.time()
    stop.set()
    seconds = told.get()
    reader.join()
    idle = [took for moment, took in seconds[5:] if moment < began]
    busy = [took for moment, took in seconds if began <= moment <= ended]
    return _p95(idle), _p95(busy)


def _p95(values: list[float]) -> float:
    # Of a small store day 2 is over before a second reading.
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else max(values, default=math.nan)


@dataclass
class Figures:
    """What each round took, by what was measured; of readings p95, which is of the clock."""

    rows: int
    spent: dict[str, list[Spent]]

    def add(self, **values: Spent) -> None:
        for name, value in values.items():
            self.spent.setdefault(name, []).append(value)
            sys.stderr.write(f"{name}: {_shown(value.cpu)} CPU, {_shown(value.clock)}\n")

    def median(self, name: str) -> Spent:
        return Spent(*(statistics.median(values) for values in zip(*self.spent[name], strict=True)))

    def ratio(self, name: str, beside: str) -> Spent:
        """The median of the ratios, each of one round."""
        rounds = zip(self.spent[name], self.spent[beside], strict=True)
        return Spent(*(statistics.median(values) for values in zip(*((own.cpu / peer.cpu, own.clock / peer.clock) for own, peer in rounds), strict=True)))


def run(rows: int, rounds: int) -> Figures:
    """Day 1 once for each way, then all ways in turns."""
    figures, day_1, day_2 = Figures(rows, {}), frame(rows, 1), frame(rows, 2)
    with private_postgres(durable=True, shared_buffers="256MB") as server, place(None) as sqlite, place(None) as beside, place(server) as postgresql:
        figures.add(sqlite_first=loaded(sqlite, day_1), postgresql_first=loaded(postgresql, day_1, server))
        naive_loaded(beside, day_1)
        for _ in range(rounds):
            _round(figures, day_2, server, (sqlite, beside, postgresql))
    return figures


def _round(figures: Figures, day_2: pl.DataFrame, server: PrivatePostgres, begun: tuple[Place, Place, Place]) -> None:
    sqlite, beside, postgresql = begun
    with place(None) as at:
        figures.add(bare=bare(at, day_2))
    with place(None, sqlite) as at:
        figures.add(sqlite=ours(at, day_2)[0])
    with place(None, beside) as at:
        figures.add(naive=naive(at, day_2)[0])
    with place(server) as at:
        figures.add(copied=copied(at, day_2, server))
    with place(server, postgresql) as at:
        figures.add(postgresql=ours(at, day_2, server)[0])
    for name, of, like in (("sqlite", None, sqlite), ("postgresql", server, postgresql)):
        with place(of, like) as at:
            idle, busy = readers(at, day_2, idle_seconds=6.0)
        figures.add(**{f"{name}_idle": Spent(idle, idle), f"{name}_busy": Spent(busy, busy)})


_LINES = (
    ("SQLite, day 2 by difference", "sqlite", "`executemany` of the same rows into a bare table", "bare", "≤ 1.2"),
    ("a naive upsert of every row", "naive", "SQLite, day 2 by difference", "sqlite", "≥ 3.5"),
    ("PostgreSQL, day 2 by difference", "postgresql", "COPY of the whole frame to a temporary table", "copied", "≤ 2.0"),
)
_READINGS = (("SQLite", "sqlite"), ("PostgreSQL", "postgresql"))


def page(figures: Figures) -> str:
    """The results in Markdown."""
    lines, m = [], figures.median
    for what, name, peer, beside, target in _LINES:
        ratio = figures.ratio(name, beside)
        lines.append(f"| {what} | {m(name).cpu:.2f} s | {m(name).clock:.1f} s | {peer} | {m(beside).cpu:.2f} s | {m(beside).clock:.1f} s | **{ratio.cpu:.2f}** | {ratio.clock:.2f} | {target} |")
    readings = []
    for of, name in _READINGS:
        idle, busy = m(f"{name}_idle").clock, m(f"{name}_busy").clock
        readings.append(f"| {of} | {_shown(idle)} | {_shown(busy)} | {figures.ratio(f'{name}_busy', f'{name}_idle').clock:.2f} | ≤ 3 |")
    written, read = "\n".join(lines), "\n".join(readings)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"""# The store, measured

Written by `script/bench store` (`bench/store.py`) on {date.today().isoformat()}, Python {platform.python_version()}, {os.cpu_count()} processors shared with other work:
the load average was {os.getloadavg()[2]:.1f} over the last 15 minutes. So the ratio to go by is that of CPU seconds, in our process and in the
server's; the clock stands beside it.

{figures.rows:,} open strandings; on day 2 are 2 % new, 2 % gone and 5 % changed. Medians of {len(figures.spent["bare"])} rounds in which the ways take turns,
each in a copy of the database of day 1; a ratio is the median of the rounds' ratios. What is measured begins with a frame in memory and ends
with the commit. PostgreSQL writes through to the disk as it does by default.

| what | CPU | clock | beside | CPU | clock | ratio of CPU | ratio of clock | target |
|---|---|---|---|---|---|---|---|---|
{written}

A reading is the top 50 of one reason by worth, asked for every 20 ms by another process; p95, by the clock.

| reading | while nothing is written | while day 2 is | ratio | target |
|---|---|---|---|---|
{read}

The first load of all rows took {_both(m("sqlite_first"))} on SQLite and {_both(m("postgresql_first"))} on PostgreSQL, once.
The peak memory of the whole run, peers and both frames included, was {memory:,} MiB.
"""


def _both(spent: Spent) -> str:
    return f"{spent.cpu:.1f} s of CPU ({spent.clock:.0f} s)"


def _shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    told = page(run(asked.rows, asked.rounds))
    if asked.results:
        asked.results.write_text(told, encoding="utf-8")
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
