"""Refloat, pandas and a plain loop give the same answer: an oracle over all rows, at a thousandth of the size."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(scope="module")
def bench():
    """``bench/run.py`` as a module."""
    sys.path.insert(0, str(BENCH))
    try:
        import run

        yield run
    finally:
        sys.path.remove(str(BENCH))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, bench) -> Sequence[Path]:
    return bench.generated(tmp_path_factory.mktemp("generated"), 1000, 7)


@pytest.fixture(scope="module")
def ours(bench, files: Sequence[Path]) -> dict[str, object]:
    return told(bench, "refloat", files)


def told(bench, case: str, files: Sequence[Path]) -> dict[str, object]:
    result = bench.run(bench.commands(files)[case])
    bench.check(case, result)
    return bench.answer(case, result.printed)


def test_the_loop_agrees(bench, files: Sequence[Path], ours: dict[str, object]) -> None:
    assert bench.differences({"refloat": ours, "loop": told(bench, "loop", files)}) == []


@pytest.mark.skipif(not (find_spec("pandas") and find_spec("pyarrow")), reason="pandas is installed by script/bench only")
def test_pandas_agrees(bench, files: Sequence[Path], ours: dict[str, object]) -> None:
    assert bench.differences({"refloat": ours, "pandas": told(bench, "pandas", files)}) == []


def test_the_files_show_every_cause_that_three_files_can_show(ours: dict[str, object]) -> None:
    refined = {"artefact-sku", "asin-restricted", "future-listing-sell-date", "found-without-listing", "listing-gone", "converted-by-upload", "unexplained"}
    assert refined <= set(ours["by_cause"])
    assert ours["rows"] > 1000, "some stock that the stranded report does not list is suspected"


def test_a_difference_is_told(bench, ours: dict[str, object]) -> None:
    """The comparison itself can fail."""
    assert bench.differences({"refloat": ours, "loop": {**ours, "worth_cents": ours["worth_cents"] + 1}}) != []


def test_the_same_seed_gives_the_same_files(tmp_path: Path, bench, files: Sequence[Path]) -> None:
    again = bench.generated(tmp_path, 1000, 7)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]


def test_the_shipped_demo_is_what_its_program_writes(tmp_path: Path) -> None:
    """``src/refloat/demo`` is generated; archives are compared by what they hold."""
    import gzip

    from refloat.demo import FOLDER

    subprocess.run([sys.executable, str(BENCH / "make_demo.py"), str(tmp_path)], check=True, capture_output=True)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(made) == 20

    def content(path: Path) -> bytes:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw

    assert [name for name in made if content(tmp_path / name) != content(FOLDER / name)] == []
