"""The live line, measured: makespans beside their bounds, passes with every fault on, passes that are killed.

python bench/live.py [--small] [--results bench/live-results.md]
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from datetime import date
from pathlib import Path

import faulty_passes
import killed_passes
import observing


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="a fiftieth of the size")
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    sizes, passes, moments = ((100, 1_000), 20, 4) if asked.small else ((100, 10_000, 100_000), 1_000, 100)
    parts = [_makespans(sizes), _faults(passes), _kills(moments)]
    if asked.results:
        asked.results.write_text(_HEAD.format(day=date.today().isoformat(), python=platform.python_version()) + "\n\n".join(text for text, _ in parts) + "\n", encoding="utf-8")
    return 0 if all(good for _, good in parts) else 1


_HEAD = """# The live line, measured

Written by `script/bench` (`bench/live.py`) on {day}, Python {python}, two noisy cores. Times are Amazon's, on the simulated
clock, so this machine's speed is not in them; the simulator answers over real HTTP.

"""


def _makespans(sizes: tuple[int, ...]) -> tuple[str, bool]:
    figures = [observing.measured(skus) for skus in sizes]
    text = (
        "## Observing a fresh account, 1 % stranded\n\n" + observing.__doc__.partition("\n\n")[2].partition("\n\n")[2].strip() + "\n\n" + "\n".join([observing.HEADER, *map(observing.shown, figures)])
    )
    good = all(one.seconds <= 1.10 * one.bound and one.throttled <= sum(one.calls.values()) / 1000 for one in figures)
    return _told(text + "\n\nTargets: ratio ≤ 1.10 (aim 1.05), utilisation ≥ 0.95 where the limiting operation takes more than its burst, 429s < 0.1 %."), good


def _faults(passes: int) -> tuple[str, bool]:
    began = time.monotonic()
    tally = faulty_passes.run(passes, 0.1)
    return _told(f"## Every fault at 10 %\n\n{faulty_passes.told(tally, 0.1)}\n\nThat took {(time.monotonic() - began) / 60:.0f} minutes."), not tally.wrong


def _kills(moments: int) -> tuple[str, bool]:
    told = killed_passes.run(moments)
    wrong = "".join(f"\n* {line}" for line in told.wrong)
    return _told(f"## kill -9\n\n{moments} seeded moments, {told.killed} passes killed in the middle: {len(told.wrong)} wrong, no report ordered twice.{wrong}"), not told.wrong


def _told(text: str) -> str:
    sys.stdout.write(text + "\n\n")
    sys.stdout.flush()
    return text


if __name__ == "__main__":
    sys.exit(main())
