"""One migrated database for all tests of the store; each test works on its own copy of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refloat.config import Config
from refloat.store import Store, Unsealed, opened

#: The moment at which the tests begin.
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
#: Visibly made up, and long enough to be searched for in a file.
UNSEALED = Unsealed("made-up-client-id-0001", "made-up-client-secret-0002", "made-up-refresh-token-0003")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in which nothing is."""
    home = tmp_path_factory.mktemp("fresh")
    opened(Config(None, "en", home=home)).close()
    return home


@pytest.fixture
def config(fresh: Path, tmp_path: Path) -> Config:
    """The configuration of a fresh store of this test's own."""
    home = tmp_path / "home"
    shutil.copytree(fresh, home)
    return Config(None, "en", home=home)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """That store, open."""
    with opened(config) as store:
        yield store


@pytest.fixture
def start() -> datetime:
    return START


@pytest.fixture
def unsealed() -> Unsealed:
    return UNSEALED


@pytest.fixture
def account(store: Store) -> str:
    """The name of an account that is in the store."""
    return store.accounts.add("harbour", region="EU", seller_id="A0MADEUP", unsealed=UNSEALED, at=START).name
