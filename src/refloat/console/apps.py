"""The console as Django's application: its static files."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Holds no tables; those are the store's."""

    name = "refloat.console"

    def ready(self) -> None:
        """Whatever happens at sign-in is written down."""
        from refloat.console import watching

        watching.begin()
