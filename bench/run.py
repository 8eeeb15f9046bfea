"""Measure Refloat beside its peers, in one run, on generated files.

    python bench/run.py [--stranded 1000000] [--rounds 5] [--results bench/results.md]

Each case is a fresh process; the cases of a round run in a random order; CPU seconds are user + system
of the whole process. Every engine must give the same answer, else nothing is reported (exit code 1).

This program itself stays small: Linux counts a parent's memory at the moment of the fork as the child's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from demo_account import AS_OF

HERE = Path(__file__).resolve().parent
SHOWN = 50
FULL = 1_000_000
ENGINES = ("refloat", "pandas", "loop")


@dataclass(frozen=True)
class Run:
    """One process: seconds of CPU and of wall, peak memory in bytes, what it printed, what went to stderr, how it ended."""

    cpu: float
    wall: float
    peak: int
    printed: str
    complained: str
    code: int


def run(command: Sequence[str]) -> Run:
    """Run the command to its end, alone."""
    environment = os.environ | {"PYTHONPATH": str(HERE.parent / "src"), "LC_ALL": "C.UTF-8", "COLUMNS": "120"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024, out.read().decode(), err.read().decode(), process.returncode)


def commands(files: Sequence[Path]) -> dict[str, list[str]]:
    """Case → command; pandas only where it is installed."""
    paths = [str(path) for path in files]
    peer = {name: [sys.executable, str(HERE / "peers" / f"{name}.py"), *paths] for name in ("parse", "with_pandas", "with_loop")}
    day = date.isoformat(AS_OF)
    found = {
        "parse": peer["parse"],
        "parse all": [*peer["parse"], "all"],
        "refloat": [sys.executable, "-m", "refloat", "triage", *paths, "--marketplace", "US", "--as-of", day, "--json", "--limit", str(SHOWN)],
        "pandas": [*peer["with_pandas"], day],
        "loop": [*peer["with_loop"], day],
    }
    return found if find_spec("pandas") and find_spec("pyarrow") else {name: command for name, command in found.items() if name != "pandas"}


def answer(case: str, printed: str) -> dict[str, Any]:
    """What a case concluded, in the form that all of them share."""
    told: dict[str, Any] = json.loads(printed)
    if case != "refloat":
        return told
    whole = told["summary"]
    cents = sum(int(Decimal(money["amount"]) * 100) for money in whole["worth"])
    first = [stranding["sku"] for stranding in told["strandings"]]
    return {"rows": whole["skus"], "by_cause": dict(sorted(whole["by_cause"].items())), "worth_cents": cents, "due_within_7_days": whole["due_within_7_days"], "first": first}


def differences(answers: dict[str, dict[str, Any]]) -> list[str]:
    """Where the engines do not agree; empty when they do."""
    ours = answers["refloat"]
    return [f"{case}: {key} is {theirs[key]!r}, refloat says {ours[key]!r}" for case, theirs in answers.items() for key in ours if theirs[key] != ours[key]]


def check(case: str, result: Run) -> None:
    """Stop when a case did not come to its end. Refloat ends with 1 when it found something to look at, as Python does when it breaks."""
    broken = "Traceback" in result.complained
    if broken or result.code not in ((0, 1) if case.startswith("refloat") else (0,)):
        raise SystemExit(f"{case} ended with {result.code}: {result.complained[-2000:]}")


def rounds(cases: dict[str, list[str]], count: int, *, seed: int = 1) -> dict[str, list[Run]]:
    """Every case once a round, in a new order each time."""
    draw, results = random.Random(seed), {case: [] for case in cases}
    for number in range(count):
        for case in draw.sample(list(cases), len(cases)):
            result = run(cases[case])
            check(case, result)
            results[case].append(result)
            print(f"round {number + 1}  {case:18} {result.cpu:7.2f} s CPU  {result.wall:7.2f} s wall  {result.peak / 1e6:7,.0f} MB", file=sys.stderr)
    return results


@dataclass(frozen=True)
class Medians:
    """Medians of a case's runs."""

    cpu: float
    wall: float
    peak: float


def medians(results: dict[str, list[Run]]) -> dict[str, Medians]:
    return {case: Medians(median(run.cpu for run in runs), median(run.wall for run in runs), median(run.peak for run in runs)) for case, runs in results.items()}


def generated(folder: Path, stranded: int, seed: int) -> list[Path]:
    """The three report files, written by a process of its own if they are not there yet."""
    subprocess.run([sys.executable, str(HERE / "generate.py"), str(folder), "--stranded", str(stranded), "--seed", str(seed)], check=True, stdout=subprocess.DEVNULL)
    return [folder / f"{name}.txt" for name in ("stranded", "listings", "stock")]


def warm(path: Path) -> None:
    """Read the file once, so that every case finds it in the system's cache."""
    with path.open("rb") as file:
        while file.read(1 << 20):
            pass


def measured(files: Sequence[Path], count: int) -> list[str]:
    """Refloat beside its peers, as Markdown."""
    for path in files:
        warm(path)
    results = rounds(commands(files), count)
    wrong = differences({case: answer(case, runs[-1].printed) for case, runs in results.items() if case in ENGINES})
    if wrong:
        raise SystemExit("\n".join(["The engines do not agree.", *wrong]))
    found, size = medians(results), sum(path.stat().st_size for path in files)
    lines = ["| case | CPU s | wall s | peak MB | CPU ÷ parse |", "|---|---|---|---|---|"]
    lines += [f"| {case} | {one.cpu:.2f} | {one.wall:.2f} | {one.peak / 1e6:,.0f} | {one.cpu / found['parse'].cpu:.2f} |" for case, one in found.items()]
    ours = found["refloat"]
    goals = [verdict("CPU, beside Polars merely parsing the same columns", ours.cpu / found["parse"].cpu, "≤", 2.0)]
    if "pandas" in found:
        goals.append(verdict("CPU of pandas, beside ours", found["pandas"].cpu / ours.cpu, "≥", 2.5))
    goals.append(verdict("CPU of a plain Python loop, beside ours", found["loop"].cpu / ours.cpu, "≥", 5.0))
    goals.append(verdict(f"peak memory, beside the {size / 1e6:,.0f} MB of the files", ours.peak / size, "≤", 1.5))
    return [*lines, "", "All engines agree on the rows, the count of each cause, the worth to the cent, and the first fifty SKUs in order.", "", *_goal_table(goals)]


def started(files: Sequence[Path]) -> list[str]:
    """How long a person waits for a small file, and for nothing at all, as Markdown."""
    triage = [sys.executable, "-m", "refloat", "triage", str(files[0]), "--marketplace", "US", "--as-of", date.isoformat(AS_OF)]
    cases = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "refloat --version": [sys.executable, "-m", "refloat", "--version"],
        'python -c "import polars"': [sys.executable, "-c", "import polars"],
        "refloat triage, 1,000 rows": triage,
        "refloat triage, 1,000 rows, --json": [*triage, "--json"],
    }
    found = medians(rounds(cases, 11))
    lines = ["| process | wall ms | CPU ms |", "|---|---|---|", *(f"| `{case}` | {one.wall * 1000:.0f} | {one.cpu * 1000:.0f} |" for case, one in found.items())]
    nothing, polars = found["python -c pass"], found['python -c "import polars"']
    goals = [verdict("`refloat --version`, beside `python -c pass` (wall)", found["refloat --version"].wall / nothing.wall, "≤", 4.0)]
    for case in list(cases)[3:]:
        goals.append(verdict(f"`{case}`, beside `import polars` (wall)", found[case].wall / polars.wall, "≤", 2.0))
        goals.append(verdict(f"`{case}`, beside `import polars` (CPU)", found[case].cpu / polars.cpu, "≤", 2.0))
    return [*lines, "", *_goal_table(goals)]


Goal = tuple[str, str, str, str]


def verdict(what: str, ratio: float, sign: str, target: float) -> Goal:
    met = ratio <= target if sign == "≤" else ratio >= target
    return what, f"{ratio:.2f} ×", f"{sign} {target} ×", "met" if met else "**missed**"


def _goal_table(goals: Sequence[Goal]) -> list[str]:
    return ["| what | measured | target | |", "|---|---|---|---|", *("| " + " | ".join(goal) + " |" for goal in goals)]


def cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "refloat-bench"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Refloat beside its peers.")
    parser.add_argument("--stranded", type=int, default=FULL, help="rows of the stranded report; listings three times, stock half as many again")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=cache(), help="where the generated files go")
    parser.add_argument("--results", type=Path, help="write the report there too")
    asked = parser.parse_args()
    files = generated(asked.cache / f"{asked.stranded}-{asked.seed}", asked.stranded, asked.seed)
    small = generated(asked.cache / f"1000-{asked.seed}", 1000, asked.seed)
    rows = f"{asked.stranded:,} stranded, {asked.stranded * 3:,} listings, {asked.stranded * 3 // 2:,} stock rows"
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {date.today().isoformat()}"
    intro = ["# Measured", "", f"By `script/bench`: {rows}; {machine}. Medians of {asked.rounds} round(s), each case a fresh process, in random order. CPU is user + system.", ""]
    if asked.stranded < FULL:
        intro += [f"The targets are for {FULL:,} stranded rows; with fewer, starting up outweighs the work.", ""]
    text = "\n".join([*intro, *measured(files, asked.rounds), "", "## Start-up", "", "Medians of 11.", "", *started(small)]) + "\n"
    print(text)
    if asked.results:
        asked.results.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
