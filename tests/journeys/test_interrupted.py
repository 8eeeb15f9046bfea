"""Ctrl-C in the middle of a pass: it ends at once, says so, and the next pass goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from refloat.config import Config
from refloat.loop.reports import SOURCES
from refloat.simulator import seeding
from refloat.simulator.serve import Simulator
from refloat.store import Unsealed, opened


def test_an_interrupted_pass_ends_at_once_and_says_so(tmp_path: Path) -> None:
    """On the wall's clock, while every lane waits for a report that Amazon has not begun: no traceback, exit code 130, orders on record."""
    world = seeding.seeded(seed=3, skus=20, stranded=0.3)
    seller = next(iter(world.sellers.values()))
    with Simulator(world) as simulator:
        with opened(Config(None, "en", home=tmp_path)) as store:
            secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
            store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        environment = {name: value for name, value in os.environ.items() if name != "REFLOAT_CLOCK_URL"} | {"REFLOAT_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        # Whoever starts the tests in the background ignores Ctrl-C, and a child would inherit that.
        command = [
            sys.executable,
            "-c",
            "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.argv = ['refloat', 'observe', 'sample']; from refloat.cli import main; main()",
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        while len(world.rooms.get("reports", {}).get(seller.id, ())) < len(SOURCES) and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, complained = process.communicate(timeout=30)
        with opened(Config(None, "en", home=tmp_path)) as store:
            assert store.record("sample", "US").open_order("stranded") is not None
    assert process.returncode == 130
    assert "Stopped. Nothing was changed at Amazon" in complained
    assert "Traceback" not in complained
