"""One frozen configuration, from the environment; nothing else reads it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """Where the user's own pages lie, and which language they read."""

    pages: Path | None
    language: str


def configured(environment: dict[str, str] | None = None) -> Config:
    """The configuration that the environment gives."""
    environment = dict(os.environ) if environment is None else environment
    pages = environment.get("REFLOAT_PAGES")
    return Config(Path(pages) if pages else None, language(environment))


def language(environment: dict[str, str]) -> str:
    """``zh-Hans`` for a Chinese locale, else ``en``; the first of the usual variables that is set decides."""
    locale = next((environment[name] for name in ("REFLOAT_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "en")
    return "zh-Hans" if locale.lower().startswith("zh") else "en"
