"""The store of the store's own tests."""

from __future__ import annotations

from tests.unit.store.conftest import account, config, fresh, store

__all__ = ["account", "config", "fresh", "store"]
