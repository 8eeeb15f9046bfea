"""The store of the store's own tests, on SQLite: the pages are the same on both."""

from __future__ import annotations

import pytest
from tests.unit.store.conftest import account, config, fresh, store

__all__ = ["account", "config", "database", "fresh", "store"]


@pytest.fixture
def database() -> str:
    """Which kind of database the test runs on."""
    return "sqlite"
