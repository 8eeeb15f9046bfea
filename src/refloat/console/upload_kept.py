"""Answers of uploads as files: written for a download, and kept for a while where that was asked. The uploaded files themselves are never kept."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from refloat.app import Triage
from refloat.config import Config
from refloat.knowledge.tables import table

#: Kind of file → what a browser is told that it is.
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "html": "text/html; charset=utf-8", "json": "application/json"}


def written(found: Triage, kind: str, folder: Path, language: str) -> Path:
    """The answer as one file in the folder.

    Raises:
        OSError: it cannot be written.
    """
    # Each of the libraries is heavy, and seldom is more than one needed.
    from importlib import import_module

    path = folder / f"stranded.{kind}"
    module = import_module(f"refloat.wording.triage.{kind}")
    if kind == "json":
        with path.open("w", encoding="utf-8") as out:
            module.write(found, out, language)
    else:
        getattr(module, f"write_{kind}")(found, path, language)
    return path


def keep(config: Config, found: Triage, person: int, language: str) -> str:
    """Let the answer lie ready as all kinds of files for one person, and let go of those whose time is over; its token."""
    _sweep(config)
    token = secrets.token_urlsafe(24)
    folder = _folder(config, token, person)
    folder.mkdir(parents=True, mode=0o700)
    for kind in KINDS:
        written(found, kind, folder, language)
    return token


def folder_of(config: Config, token: str, person: int) -> Path | None:
    """Where the person's answer lies; None where there is none, or its time is over."""
    folder = _folder(config, token, person)
    return folder if folder.is_dir() and until(folder) > datetime.now(UTC) else None


def until(folder: Path) -> datetime:
    """When it is let go of."""
    return datetime.fromtimestamp(folder.stat().st_mtime, UTC) + timedelta(minutes=table("limits")["upload"]["keep_minutes"])


def forget(config: Config, token: str, person: int) -> None:
    """Delete it."""
    shutil.rmtree(_folder(config, token, person), ignore_errors=True)


def _folder(config: Config, token: str, person: int) -> Path:
    """The token comes from an address, where it is letters, digits, hyphens and underscores alone; and the folder is of one person."""
    return config.home / "answers" / f"{person}-{token}"


def _sweep(config: Config) -> None:
    for folder in _all(config):
        if folder.stat().st_mtime < time.time() - 60 * table("limits")["upload"]["keep_minutes"]:
            shutil.rmtree(folder, ignore_errors=True)


def _all(config: Config) -> Iterator[Path]:
    place = config.home / "answers"
    return place.iterdir() if place.is_dir() else iter(())
