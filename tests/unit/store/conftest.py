"""One migrated database of each kind for all tests of the store; each test works on its own copy of it.

Every test that takes ``config`` or ``store`` runs on SQLite and on PostgreSQL. One that is about one of them says so:
``ON_SQLITE`` and ``ON_POSTGRESQL`` of ``tests.databases``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from tests.postgres import PrivatePostgres, private_postgres

from refloat.config import Config
from refloat.store import Store, Unsealed, opened

#: The moment at which the tests begin.
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
#: Visibly made up, and long enough to be searched for in a file.
UNSEALED = Unsealed("made-up-client-id-0001", "made-up-client-secret-0002", "made-up-refresh-token-0003")
_numbers = count(1)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in which nothing is."""
    home = tmp_path_factory.mktemp("fresh")
    opened(Config(None, "en", home=home)).close()
    return home


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A server of our own, for all tests of this run."""
    with private_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def fresh_on_postgres(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with a store in which nothing is."""
    postgres.run_sql("CREATE DATABASE fresh")
    opened(Config(None, "en", home=tmp_path_factory.mktemp("fresh-pg"), database_url=postgres.url("fresh"))).close()
    return "fresh"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which kind of database the test runs on."""
    return str(request.param)


@pytest.fixture
def config(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Config]:
    """The configuration of a fresh store of this test's own."""
    home = tmp_path / "home"
    if database == "sqlite":
        shutil.copytree(request.getfixturevalue("fresh"), home)
        yield Config(None, "en", home=home)
        return
    server, template, name = request.getfixturevalue("postgres"), request.getfixturevalue("fresh_on_postgres"), f"test_{next(_numbers)}"
    server.run_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield Config(None, "en", home=home, database_url=server.url(name))
    server.run_sql(f"DROP DATABASE {name} WITH (FORCE)")


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
