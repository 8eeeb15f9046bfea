"""Amazon's own settings as a person read them in Seller Central: entered into the notes with their day, everything else left as it was written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from refloat.app.policies import named, notes_on_record
from refloat.errors import WrongUse
from refloat.model.notes import Settings
from refloat.reports.notes import read_both
from refloat.store import EnteredRow, Store

_HEAD = re.compile(r"^\s*\[\s*settings\s*\]\s*(#.*)?$")
_NEXT = re.compile(r"^\s*\[")


def enter_settings(store: Store, account: str, settings: Settings, by: str, at: datetime) -> EnteredRow:
    """Keep a new version of the notes with these settings, read on ``settings.looked_up_on``.

    Raises:
        WrongUse: a value makes no sense, the name is none, or the notes are written so that only their writer can change them.
    """
    row = store.policies.newest(account, "notes")
    text = with_settings("" if row is None else row.text, settings)
    read_both(Path("notes.toml"), text)
    return store.policies.enter(account, "notes", text, named(by), at)


def settings_on_record(store: Store, account: str) -> Settings:
    """As they were entered last."""
    return notes_on_record(store, account)[0].settings


def read_on(settings: Settings, day: date) -> Settings:
    """The same, as read on that day."""
    return replace(settings, looked_up_on=day)


def with_settings(text: str, settings: Settings) -> str:
    """The notes with another table of settings; comments, order and all else stay.

    Raises:
        WrongUse: the settings stand there in a form of its own, so that a program cannot change them alone.
    """
    lines, block = text.splitlines(), _block(settings)
    head = next((at for at, line in enumerate(lines) if _HEAD.match(line)), None)
    if head is None:
        made = [*lines, *([""] if lines else []), *block]
    else:
        end = next((at for at in range(head + 1, len(lines)) if _NEXT.match(lines[at])), len(lines))
        made = [*lines[:head], *block, *([""] if end < len(lines) else []), *lines[end:]]
    found = "\n".join(made) + "\n"
    if not _only_settings_differ(text, found, settings):
        raise WrongUse(
            "The settings in your notes are written in a way that this page cannot change.",
            why="What a person wrote into the notes stays as it is; a page changes the table [settings] alone.",
            todo="Write them under [settings] in the file, and enter it: refloat policy notes ACCOUNT FILE",
        )
    return found


def _block(settings: Settings) -> list[str]:
    return ["[settings]", *(f"{name} = {_written(value)}" for name, value in _said(settings).items())]


def _said(settings: Settings) -> dict[str, Any]:
    """What was entered; what was not is left out, and has Amazon's default."""
    return {one.name: value for one in fields(Settings) if (value := getattr(settings, one.name)) is not None}


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else value.isoformat() if isinstance(value, date) else str(value)


def _only_settings_differ(before: str, after: str, settings: Settings) -> bool:
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    old.pop("settings", None)
    return bool(new.pop("settings", None) == _said(settings)) and old == new
