"""A year in the life: every strategy through the same seeded years; unit days stranded, units lost, sold wrongly, fees, calls.

    python bench/year.py [--skus 10000] [--days 365] [--seeds 10] [--jobs 2] [--kept FILE] [--results bench/year-results.md]

What is played, assumed and counted stands in docs/operate/backtest.md; this only plays it at size. Each run is a process
of its own and one line of ``--kept``, so that what was stopped goes on where it was: runs that stand there are not played again.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from refloat.cli.backtest import Asked, played
from refloat.cli.show.backtest import cells, strategy_labels, target_lines
from refloat.insight.backtest import RECOMMENDED, STRATEGIES, WITH_PEOPLE, Played, dearest, rows, targets


def run(asked: Asked, strategy: str, seed: int) -> dict[str, Any]:
    """One run, with the seconds that it took."""
    began, busy = time.monotonic(), time.process_time()
    told = played(asked, strategy, seed)
    return {"skus": asked.skus, "days": asked.days, "seconds": round(time.monotonic() - began), "busy": round(time.process_time() - busy), "played": told.as_json()}


def kept(path: Path, asked: Asked) -> list[dict[str, Any]]:
    """The runs of this size that stand in the file already."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [one for one in map(json.loads, lines) if (one["skus"], one["days"]) == (asked.skus, asked.days)]


def read(one: dict[str, Any]) -> Played:
    """A run as the books take it."""
    told = dict(one["played"])
    return Played(**{**told, "fees": {name: Decimal(amount) for name, amount in told["fees"].items()}})


def page(asked: Asked, runs: Sequence[dict[str, Any]]) -> str:
    """The results as Markdown."""
    found = [read(one) for one in runs]
    labels = strategy_labels(str)
    seeds = sorted({one.seed for one in found})
    head = (
        f"# A year in the life, measured\n\nWritten by `script/bench year` (`bench/year.py`) on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, two noisy cores. "
        f"{asked.skus:,} SKUs, {asked.days} days, seeds {', '.join(map(str, seeds))}. What is played and assumed: [docs/operate/backtest.md](../docs/operate/backtest.md).\n"
    )
    table = ["| strategy | unit days a seed | × bound | × with people | disposed of unasked | wrong offers | sold wrongly | fees a seed | calls | acts by people | seeds |", "|---|" + "---:|" * 10]
    table += [f"| {labels.get(row.strategy, row.strategy)} | {' | '.join(cells(row))} | {row.seeds} |" for row in rows(found)]
    lost = [f"| {kind} | {own:,.1f} | {bound:,.1f} |" for kind, own, bound in dearest(found, RECOMMENDED, WITH_PEOPLE) if own > bound]
    each = [
        f"| {labels.get(one.strategy, one.strategy)} | {one.seed} | {one.mishaps} | {one.looks} | {one.looks_left_out} | {told['seconds']:,} s | {told['busy']:,} s |"
        for one, told in zip(found, runs, strict=True)
    ]
    return "\n".join(
        [
            head, *table, "", "Targets of the recommended policy:", "", *(f"* {line}" for line in target_lines(targets(found), str)), "",
            "Where it loses unit days beside the bound with people, a seed:", "", "| what befell the units | recommended | bound |", "|---|---:|---:|", *lost, "",
            "Each run:", "", "| strategy | seed | mishaps | looks | left out | took | of it working |", "|---|---:|---:|---:|---:|---:|---:|", *each, "",
        ]
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--skus", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(1, 11)))
    parser.add_argument("--strategies", nargs="+", default=list(STRATEGIES))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kept", type=Path, default=Path("out/year-played.jsonl"))
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    asked = Asked(options.strategies, options.seeds, options.skus, options.days)
    options.kept.parent.mkdir(parents=True, exist_ok=True)
    there = {(one["played"]["strategy"], one["played"]["seed"]) for one in kept(options.kept, asked)}
    with ProcessPoolExecutor(options.jobs, max_tasks_per_child=1) as pool:
        left = [pool.submit(run, asked, strategy, seed) for seed in options.seeds for strategy in options.strategies if (strategy, seed) not in there]
        for done in as_completed(left):
            told = done.result()
            with options.kept.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stderr.write(f"{told['played']['strategy']} {told['played']['seed']}: {told['played']['stranded_unit_days']:,.0f} unit days, {told['seconds']:,} s\n")
    runs = [one for one in kept(options.kept, asked) if one["played"]["seed"] in options.seeds and one["played"]["strategy"] in options.strategies]
    text = page(asked, runs)
    if options.results:
        options.results.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(one.met is not False for one in targets([read(one) for one in runs])) else 1


if __name__ == "__main__":
    sys.exit(main())
