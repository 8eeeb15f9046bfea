"""The console, measured: its pages over a million open strandings, beside Datasette on the same file and a live count of all facets.

    python bench/console.py [--rows 1000000] [--rounds 3] [--results bench/console-results.md]

The strandings come the real way: generated report files are triaged, recorded, shown. Each figure is a ratio to a
peer in the same run; the questions take turns, so that a busy moment strikes all of them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "bench")]

from tests.postgres import private_postgres  # noqa: E402

import generate  # noqa: E402
from demo_account import AS_OF  # noqa: E402
from refloat.app.showing import today_in  # noqa: E402
from refloat.app.triage import Question, triage  # noqa: E402
from refloat.config import configured  # noqa: E402
from refloat.store import Store, Unsealed, opened  # noqa: E402
from refloat.store.finding_rows import FACETS, Asked, Days  # noqa: E402

#: The counts are those of this day, as after any look.
NOW = datetime.now(UTC)
ACCOUNT = "Sample Harbour Goods"


def diagnosed(rows: int) -> pl.DataFrame:
    """What a triage finds in generated files of so many stranded rows."""
    with tempfile.TemporaryDirectory() as folder:
        files = [str(path) for path in generate.write(Path(folder), rows)]
        found = triage(Question(files, marketplace="US", account=ACCOUNT, as_of=AS_OF))
        return found.rows.filter("stranded_listed")


def filled(store: Store, found: pl.DataFrame) -> float:
    """Everything recorded and shown; how many seconds showing took."""
    store.accounts.add(ACCOUNT, region="NA", seller_id="A1SAMPLE", unsealed=Unsealed("made-up", "made-up", "made-up"), at=NOW)
    store.accounts.note_places(ACCOUNT, [], NOW)
    kept = ("sku", "fnsku", "standing", "symptom", "said", "cause", "remedy", "safety", "units_fulfillable", "units_unfulfillable", "units_reserved", "worth_amount", "removal_due_on", "title", "asin")
    store.strandings.record(ACCOUNT, "US", found.select(*kept, pl.col("price_currency").alias("worth_currency")), NOW, unknown=False)
    began = time.perf_counter()
    # The day there, as after any look.
    store.show_findings(ACCOUNT, "US", found, today_in("US", NOW))
    return time.perf_counter() - began


@dataclass
class Timed:
    """How long each question took, in milliseconds."""

    name: str
    took: list[float]

    def p(self, share: float) -> float:
        return statistics.quantiles(self.took, n=100)[round(share * 100) - 1]


def questions(store: Store) -> dict[str, Callable[[], object]]:
    """What pages ask of the store, each with other values at each call."""
    pages, today, chance = store.pages, Days(today_in("US", NOW)), random.Random(1)
    causes = [one.value for one in pages.facets(Asked(), ("cause",))["cause"]]
    skus = [row.sku for row in pages.page(Asked(sort="sku"), today, size=500).rows]
    ids = [row.id for row in pages.page(Asked(), today, size=500).rows]
    deep = [pages.page(Asked(), today, cursor).next for cursor in [None]]
    for _ in range(30):
        deep.append(pages.page(Asked(), today, deep[-1], 500).next)
    return {
        "home: 40 incidents": lambda: pages.incidents(Asked(held=False), 40),
        "top 50": lambda: pages.page(Asked(), today),
        "top 50 by worth": lambda: pages.page(Asked(sort="worth"), today),
        "top 50 of one reason": lambda: pages.page(Asked(causes=(chance.choice(causes),)), today),
        "top 50 of three reasons": lambda: pages.page(Asked(causes=tuple(chance.sample(causes, 3))), today),
        "top 50 of one reason by worth": lambda: pages.page(Asked(causes=(chance.choice(causes),), sort="worth"), today),
        "reason and remedy": lambda: pages.page(Asked(causes=(chance.choice(causes),), remedies=("create-removal",)), today),
        "due within 14 days": lambda: pages.page(Asked(due=14), today),
        "older than 30 days, by age": lambda: pages.page(Asked(age=30, sort="age"), today),
        "a page far down": lambda: pages.page(Asked(), today, chance.choice(deep)),
        "a SKU": lambda: pages.page(Asked(text=chance.choice(skus)), today),
        "the beginning of a SKU": lambda: pages.page(Asked(text=chance.choice(skus)[:8]), today),
        "a word that a twentieth have": lambda: pages.page(Asked(text="bicycle"), today),
        "two words of a title": lambda: pages.page(Asked(text="oak bicycle"), today),
        "facets, all nine": lambda: pages.facets(Asked(), FACETS),
        "facets within a reason": lambda: pages.facets(Asked(causes=(chance.choice(causes),)), FACETS),
        "how many fit": lambda: pages.count(Asked(causes=(chance.choice(causes),), due=30), today),
        "one stranding": lambda: pages.one(chance.choice(ids)),
    }


def live_facets() -> Callable[[], object]:
    """The yardstick: reason × recommended counted over all rows at the moment of asking."""
    from django.db import connection

    def counted() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cause, recommended, COUNT(*) FROM store_openfinding GROUP BY cause, recommended")
            return cursor.fetchall()

    return counted


def timed(asked: dict[str, Callable[[], object]], rounds: int, repeats: int) -> list[Timed]:
    """The questions in turn, in another order each round."""
    told = {name: Timed(name, []) for name in asked}
    for ask in asked.values():
        ask()
    for turn in range(rounds):
        for name in random.Random(turn).sample(sorted(asked), len(asked)):
            for _ in range(repeats if not name.startswith("live") else max(3, repeats // 10)):
                began = time.perf_counter()
                asked[name]()
                told[name].took.append((time.perf_counter() - began) * 1000)
    return list(told.values())


@contextmanager
def stores(kind: str) -> Iterator[tuple[Store, Path, str | None]]:
    """An empty store of that kind, its home, and the address of its database where that is no file there."""
    with tempfile.TemporaryDirectory() as home:
        config = replace(configured({}), home=Path(home))
        if kind == "sqlite":
            with opened(config) as store:
                yield store, Path(home), None
            return
        with private_postgres() as server:
            server.run_sql("CREATE DATABASE pages")
            with opened(replace(config, database_url=server.url("pages"))) as store:
                yield store, Path(home), server.url("pages")


#: What a person opens, over HTTP.
PAGES = {
    "home": "/",
    "the table": "/strandings/",
    "the table, htmx's part": "/strandings/?sort=worth",
    "one reason": "/strandings/?cause=listing-closed",
    "three reasons, due in 30 days": "/strandings/?cause=listing-closed&cause=merchant-fulfilled&cause=missing-price&due=30",
    "two words of a title": "/strandings/?q=oak+bicycle",
    "trends": "/trends/",
}


def measured(kind: str, found: pl.DataFrame, given: argparse.Namespace) -> Iterator[str]:
    """Everything about one kind of database, as lines of Markdown."""
    with stores(kind) as (store, home, url):
        took = filled(store, found)
        yield f"## {kind}\n\n{found.height:,} open strandings of {len(store.pages.facets(Asked(), ('cause',))['cause'])} reasons; the first look is shown in {took:.0f} s.\n"
        told = timed(questions(store) | {"live facet scan": live_facets()}, given.rounds, given.repeats)
        scan = next(one for one in told if one.name.startswith("live")).p(0.5)
        yield "| question to the store | p50, ms | p95, ms | live facet scan / p95 |\n|---|---|---|---|"
        for one in told:
            yield f"| {one.name} | {one.p(0.5):.2f} | {one.p(0.95):.2f} | {scan / one.p(0.95):,.0f} |"
        first = store.pages.page(Asked(), Days(NOW.date()), size=1).rows[0].id
        pages = PAGES | {"one stranding": f"/strandings/{first}/"}
        store.close()
        yield from _over_http(home, url, pages, given)


def _over_http(home: Path, url: str | None, pages: dict[str, str], given: argparse.Namespace) -> Iterator[str]:
    from console_pages import datasette_on, first_content, refloat_on, timed_pages

    with ExitStack() as stack:
        ours = stack.enter_context(refloat_on(home, url))
        theirs = stack.enter_context(datasette_on(home / "refloat.sqlite3")) if url is None else None
        told = timed_pages(ours, theirs, pages, given.rounds, given.repeats)
        peer = statistics.median(told["Datasette, the table"][0]) if theirs else None
        yield "\n| page over HTTP | p50, ms | p95, ms | bytes | Datasette / p50 |\n|---|---|---|---|---|"
        for name, (took, size) in told.items():
            cuts = statistics.quantiles(took, n=100)
            yield f"| {name} | {cuts[49]:.1f} | {cuts[94]:.1f} | {size:,} | {f'{peer / cuts[49]:.1f}' if peer else ''} |"
        yield "\n| first content, slow processor | ms |\n|---|---|"
        for name, took_ms in first_content(ours, pages).items():
            yield f"| {name} | {took_ms:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--on", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--results", type=Path)
    given = parser.parse_args()
    found, lines = diagnosed(given.rows), list[str]()
    for kind in given.on:
        for line in measured(kind, found, given):
            print(line, flush=True)
            lines.append(line)
    if given.results:
        given.results.write_text("# The console, measured\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
