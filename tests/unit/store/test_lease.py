"""Alone with an account: one process at a time, and a dead one keeps nobody waiting."""

from __future__ import annotations

import subprocess
import sys

import pytest

from refloat.config import Config
from refloat.store import AccountBusy, Store

HOLDER = """
import sys, time
from pathlib import Path
from refloat.config import Config
from refloat.store import opened
with opened(Config(None, "en", home=Path(sys.argv[1]), database_url=sys.argv[2] or None)) as store, store.alone_with("harbour"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_one_is_told_and_the_first_goes_on(store: Store, account: str) -> None:
    """In the same process as well; another account is free, and so is this one afterwards."""
    with store.alone_with(account):
        with pytest.raises(AccountBusy, match=account), store.alone_with(account):
            pass
        with store.alone_with("another"):
            pass
    with store.alone_with(account):
        pass


def test_what_goes_wrong_inside_comes_out_as_it_is(store: Store, account: str) -> None:
    """A full disk inside is no matter of the lock; and the lock is let go of."""
    with pytest.raises(OSError, match="no space"), store.alone_with(account):
        raise OSError("no space")
    with store.alone_with(account):
        pass


def test_a_killed_process_lets_go(store: Store, account: str, config: Config) -> None:
    """While it lives nobody else gets in; after kill -9 the account is free at once."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(config.home), config.database_url or ""], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(AccountBusy), store.alone_with(account):
            pass
        process.kill()
        process.wait()
    with store.alone_with(account):
        pass
