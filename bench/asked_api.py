"""Schemathesis against the served API, for as long as one likes: every phase, a token of each role. Ends with 1 where it found something."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.api_desk import ACCOUNT, person, program
from tests.console_desk import served

ROLES = ("viewer", "operator", "approver", "admin")


def main() -> int:
    """One run a role; what it says goes to the screen as it comes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--examples", type=int, default=100, help="of each address")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--roles", nargs="+", choices=ROLES, default=ROLES)
    wanted = asked.parse_args()
    found = 0
    with tempfile.TemporaryDirectory() as home, served(Path(home), skus=60) as desk:
        for role in wanted.roles:
            token = program(desk, person(f"probing-{role}", role, ACCOUNT)).token
            command = [Path(sys.executable).with_name("st"), "run", f"{desk.base}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}", "--checks", "all"]
            limits = ["--max-examples", str(wanted.examples), "--seed", str(wanted.seed), "--no-color"]
            found += subprocess.run([*command, *limits], cwd=home, check=False).returncode != 0
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
