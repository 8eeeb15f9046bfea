"""What ``script/bench year`` writes: the runs that stand in its file, as a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refloat.cli.backtest import Asked, played
from refloat.insight.backtest import AMAZON, CLAIRVOYANT, RECOMMENDED, WITH_PEOPLE


def test_a_stopped_bench_goes_on_with_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of another size are not taken for those of this one; the page names every run, its time and its targets."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "bench"))
    import year

    asked = Asked(skus=20, days=10, often=10.0)
    runs = [{"skus": 20, "days": 10, "seconds": 5, "busy": 4, "played": played(asked, name, 1).as_json()} for name in (AMAZON, WITH_PEOPLE, CLAIRVOYANT)]
    own = {**runs[1], "played": {**runs[1]["played"], "strategy": RECOMMENDED}}
    file = tmp_path / "kept.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in [*runs, own, {**own, "skus": 21}]), encoding="utf-8")
    found = year.kept(file, asked)
    assert found == [*runs, own]
    page = year.page(asked, found)
    assert "20 SKUs, 10 days, seeds 1" in page
    assert "* met: 1.00 unit days beside the bound with people as they work, at most 1.15" in page
    assert page.count("| 5 s | 4 s |") == 4
    assert year.kept(tmp_path / "none.jsonl", asked) == []
