"""The seller's notes, from a small TOML file (``--notes``)."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from refloat.errors import WrongUse
from refloat.model.notes import Notes, Restriction, Settings

#: Table → the keys that a row of it must have.
_ROWS: dict[str, dict[str, type]] = {
    "expires": {"sku": str, "on": date},
    "documents": {"sku": str, "kind": str},
    "closed": {"sku": str, "on": date},
    "holds": {"sku": str, "until": date},
    "restrictions": {"sku": str, "code": str},
    "removal_notices": {"sku": str, "on": date},
    "opted_out": {"sku": str},
}
_OPTIONAL = {"restrictions": {"brand"}}
_SWITCHES = ("documents_kept", "closings_kept")
_CODES = ("APPROVAL_REQUIRED", "ASIN_NOT_FOUND", "NOT_ELIGIBLE")
_MORE = "docs/reference/notes.md"


def read_notes(path: Path) -> Notes:
    """What the seller entered.

    Raises:
        WrongUse: the file is not TOML, or has a table, key, type or code that we do not know.
    """
    try:
        entered = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(f"The notes {path} cannot be read: {error}.", why="Notes are a TOML file in UTF-8.", todo="Correct the file; the example shows the form.", more=_MORE) from error
    unknown = sorted(set(entered) - {*_ROWS, *_SWITCHES, "settings"})
    if unknown:
        raise _wrong(path, f"{unknown[0]} is not a table of the notes", f"Known are {', '.join((*_SWITCHES, *_ROWS, 'settings'))}.")
    rows = {name: [_row(path, name, row) for row in entered.get(name, ())] for name in _ROWS}
    documents: dict[str, int] = {}
    for row in rows["documents"]:
        documents[row["sku"]] = documents.get(row["sku"], 0) + 1
    return Notes(
        expires={row["sku"]: row["on"] for row in rows["expires"]},
        documents=documents,
        documents_kept=_switch(path, entered, "documents_kept"),
        closed={row["sku"]: row["on"] for row in rows["closed"]},
        closings_kept=_switch(path, entered, "closings_kept"),
        holds={row["sku"]: row["until"] for row in rows["holds"]},
        restrictions={row["sku"]: Restriction(row["code"], row.get("brand")) for row in rows["restrictions"]},
        removal_notices={row["sku"]: row["on"] for row in rows["removal_notices"]},
        opted_out=frozenset(row["sku"] for row in rows["opted_out"]),
        settings=_settings(path, entered.get("settings", {})),
    )


def _row(path: Path, table: str, row: Any) -> dict[str, Any]:
    wanted = _ROWS[table]
    if not isinstance(row, dict):
        raise _wrong(path, f"{table} is not a list of rows", f"Write [[{table}]] and below it {' and '.join(wanted)}.")
    for key, kind in wanted.items():
        if type(row.get(key)) is not kind:
            raise _wrong(path, f"a row of {table} has no proper {key}: {row.get(key)!r}", f"Write {key} as {'a date such as 2026-11-22' if kind is date else 'a text in quotes'}.")
    unknown = sorted(set(row) - set(wanted) - _OPTIONAL.get(table, set()))
    if unknown:
        raise _wrong(path, f"a row of {table} has the key {unknown[0]}", f"Known are {', '.join((*wanted, *_OPTIONAL.get(table, ())))}.")
    if table == "restrictions" and row["code"] not in _CODES:
        raise _wrong(path, f"{row['code']} is not a code of a restriction", f"Amazon's codes are {', '.join(_CODES)}.")
    return row


def _switch(path: Path, entered: dict[str, Any], name: str) -> bool:
    value = entered.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(path, f"{name} is {value!r}", "Write true or false.")
    return value


def _settings(path: Path, entered: dict[str, Any]) -> Settings:
    kinds = {field.name: bool if field.default is True else int for field in fields(Settings)}
    for name, value in entered.items():
        if name not in kinds:
            raise _wrong(path, f"settings has the key {name}", f"Known are {', '.join(kinds)}.")
        if type(value) is not kinds[name] or (kinds[name] is int and value < 0):
            raise _wrong(path, f"settings.{name} is {value!r}", "Write a number of days, or true or false for a switch.")
    return Settings(**entered)


def _wrong(path: Path, what: str, todo: str) -> WrongUse:
    return WrongUse(f"In the notes {path.name}, {what}.", why="A wrong note would change a diagnosis unseen, so none is used.", todo=todo, more=_MORE)
