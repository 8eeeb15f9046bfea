"""``refloat demo`` is what a stranger meets first: it must work in an empty folder, without a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest


@pytest.mark.parametrize(("language", "says"), [("en", "All of it, on one page"), ("zh-Hans", "无在售信息的亚马逊库存")])
def test_the_demo_ends_with_the_page_and_the_spreadsheet(tmp_path: Path, language: str, says: str) -> None:
    """The demo ends with 0, shows the triage, and says where the page and the spreadsheet went."""
    out = tmp_path / "out"
    done = subprocess.run([sys.executable, "-m", "refloat", "demo", "--out", str(out), "--lang", language], cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
    assert str(out / "triage.html") in done.stdout
    assert (out / "triage.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert len(openpyxl.load_workbook(out / "triage.xlsx").sheetnames) > 10
