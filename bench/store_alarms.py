"""What it takes to find the alarms of an account with many new strandings, on SQLite: the first look, the same again, and fifteen days later.

    python bench/store_alarms.py [--rows 1000000]

The strandings are those of ``bench/store.py``; nobody is told, so that only the finding is measured.
"""

from __future__ import annotations

import argparse
import resource
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import store as peer  # noqa: E402
from refloat.app.alarms import Raised, raise_alarms  # noqa: E402


@dataclass
class Standing:
    """A clock that stands."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with peer.place(None) as at:
        peer.loaded(at, peer.frame(rows, 1))
        with at.store() as store:
            for what, now in (("the first look", peer.DAY_1), ("again", peer.DAY_1), ("15 days later", peer.DAY_1 + timedelta(days=15))):
                told: list[Raised] = []
                spent = peer.timed(lambda now=now, told=told: told.append(raise_alarms(store, "bench", Standing(now))))  # type: ignore[misc]
                sys.stdout.write(f"{rows:,} strandings, {what}: {spent.cpu:.1f} s of CPU, {spent.clock:.1f} s; {len(told[0].raised)} alarms raised\n")
    sys.stdout.write(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MiB\n")


if __name__ == "__main__":
    main()
