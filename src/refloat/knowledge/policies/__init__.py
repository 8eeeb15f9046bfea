"""Policies: the keys that one may have (``keys.toml``), and the two that ship."""
