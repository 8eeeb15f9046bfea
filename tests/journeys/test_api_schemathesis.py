"""Schemathesis against the served API, with a token of each role and all of its checks: it finds nothing.

Few examples of everything here; ``script/soak --api`` goes on for longer, and through every corner of every parameter.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api_desk import ACCOUNT, person, program
from tests.console_desk import Desk, served

#: Role → which methods are asked: what all of them may read is asked as the least and as the most.
METHODS = {"viewer": ("GET", "POST"), "operator": ("POST",), "approver": ("POST",), "admin": ("GET", "POST")}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("schemathesis"), skus=24) as desk:
        yield desk


@pytest.mark.parametrize("role", METHODS)
def test_nothing_is_found(desk: Desk, role: str, tmp_path: Path) -> None:
    described = desk.visitor.get("/api/v1/openapi.json").json()
    token = program(desk, person(f"probing-{role}", role, ACCOUNT)).token
    tried = subprocess.run(
        [Path(sys.executable).with_name("st"), "run", f"{desk.base}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}", "--checks", "all", "--phases", "fuzzing",
         "--max-examples", "1", "--seed", "1", "--no-color", *(part for method in METHODS[role] for part in ("--include-method", method))],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stdout[-8000:] + tried.stderr[-2000:]
    assert re.search(r"Tested: (\d+)", tried.stdout)[1] == str(sum(method.upper() in METHODS[role] for own in described["paths"].values() for method in own))  # type: ignore[index]
