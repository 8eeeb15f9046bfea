"""``refloat demo`` is what a stranger meets first: it must work in an empty folder, without a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest


@pytest.mark.parametrize(("language", "says"), [("en", "How 48 strandings ended: cured 37, removed 9, held 1, with a person 1"), ("zh-Hans", "无在售信息的亚马逊库存")])
def test_the_demo_ends_with_how_everything_ended(tmp_path: Path, language: str, says: str) -> None:
    """The demo ends with 0, shows the triage and the end of each stranding, and says where its files went."""
    out = tmp_path / "out"
    done = subprocess.run([sys.executable, "-m", "refloat", "demo", "--no-console", "--out", str(out), "--lang", language], cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
    assert str(out / "triage.html") in done.stdout
    assert (out / "triage.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    for name in ("triage.xlsx", "plan.html", "tasks.txt"):
        assert str(out / name) in done.stdout
    assert (out / "plan.html").read_text(encoding="utf-8").count("<article>") > 25
    assert "SAMPLE-0098" in (out / "tasks.txt").read_text(encoding="utf-8")
    assert len(openpyxl.load_workbook(out / "triage.xlsx").sheetnames) > 10
