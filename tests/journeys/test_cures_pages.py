"""What the pages on cures say that the commands print is what they print, against a false Amazon as ``refloat simulate`` serves it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.transcripts import matches, typed
from tests.house.tree import ROOT

from refloat.simulator import seeding
from refloat.simulator.serve import Simulator

_PLAN = re.compile(r"\d{8}-\d{4}-sample-[0-9a-f]{4}")
#: Where the pages say that the false Amazon is.
_PORT = "127.0.0.1:9040"


@pytest.mark.parametrize("name", ["docs/start/cures.md", "docs/start/cures.zh.md", "README.md"])
def test_the_transcripts_are_true(name: str, tmp_path: Path) -> None:
    """From connecting to the verdict, in the order of the page; only the port, the plan's id and the way in which a word is given are others."""
    page = (ROOT / name).read_text(encoding="utf-8")
    (connecting,) = re.findall(r"^(printf .*?\n.*?)$\n", (ROOT / "docs/start/cures.md").read_text(encoding="utf-8"), re.MULTILINE)
    transcript = page if name != "README.md" else "".join(part.replace("```text", "```console") for part in re.findall(r"```text\n\$ refloat plan.*?```\n", page, re.DOTALL))
    with Simulator(seeding.seeded(seed=1, skus=100, stranded=0.2)) as simulator:
        place = simulator.url.removeprefix("http://")
        assert "stored" in _run(connecting.replace(_PORT, place), simulator.url, tmp_path)
        _run("refloat observe sample", simulator.url, tmp_path)
        made, wrong = "", []
        for one in typed(transcript):
            command = one.command.replace(_PORT, place)
            if command.startswith("refloat apply"):
                command = f"{_PLAN.sub(made, command)} --by 'A. Sample' --consent {_fingerprint(made, simulator.url, tmp_path)}"
            printed = _run(command, simulator.url, tmp_path)
            if command.startswith("refloat plan"):
                made = _PLAN.findall(printed)[0]
            if not matches(_PLAN.sub(made, str(one.printed)), printed):
                wrong.append(f"$ {command}\n{printed}")
    assert made
    assert wrong == []


def _fingerprint(plan: str, url: str, home: Path) -> str:
    return str(json.loads(_run(f"refloat plan --show {plan} --json", url, home))["fingerprint"])[:12]


def _run(command: str, url: str, home: Path) -> str:
    """What the command prints, on both streams, as a seller with a fresh home sees it."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "HOME": str(home), "REFLOAT_HOME": str(home / "refloat"),
        "REFLOAT_CLOCK_URL": url, "REFLOAT_LANG": "en", "LC_ALL": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "1",
    }  # fmt: skip
    ran = subprocess.run(["sh", "-c", command], env=environment, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    assert ran.returncode == 0, f"$ {command}\n{ran.stdout}"
    return ran.stdout
