"""What every page stands at: what each served process does, and the keys that seal."""

from __future__ import annotations

from refloat.app.served import clock, config, known, own_clock, store
from refloat.store.secrets import Keyring

__all__ = ["clock", "config", "keys", "known", "own_clock", "store"]


def keys() -> Keyring:
    """The keys that seal what must not be read in the database."""
    return Keyring(config())
