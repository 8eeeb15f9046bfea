"""The seller's notes, from a small TOML file (``--notes``)."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from refloat.errors import WrongUse
from refloat.model.notes import Entered, Notes, Restriction, Settings

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
_OPTIONAL: dict[str, dict[str, type]] = {"documents": {"on": date}, "restrictions": {"brand": str}}
_SWITCHES = ("documents_kept", "closings_kept")
#: A date or a number of days outside of these is a slip of the pen.
_FIRST_DAY, _LAST_DAY, _MOST_DAYS = date(1995, 1, 1), date(2100, 12, 31), 3650
_CODES = ("APPROVAL_REQUIRED", "ASIN_NOT_FOUND", "NOT_ELIGIBLE")
_EXAMPLES = {date: "2026-11-22", str: '"…"'}
_MORE = "docs/reference/notes.md"


def read_notes(path: Path) -> Notes:
    """What the seller entered.

    Raises:
        WrongUse: the file is not TOML, or has a table, key, type or code that we do not know.
    """
    try:
        entered = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(
            "The notes {path} cannot be read: {error}.",
            why="Notes are a TOML file in UTF-8.",
            todo="Correct the file; the example shows the form.",
            more=_MORE,
            path=path,
            error=error,
        ) from error
    unknown = sorted(set(entered) - {*_ROWS, *_SWITCHES, "settings"})
    if unknown:
        raise _wrong(path, "In the notes {file} stands {name}, which is no table and no switch.", "Known are {names}.", name=unknown[0], names=", ".join((*_SWITCHES, *_ROWS, "settings")))
    rows = {name: _rows(path, name, entered.get(name, [])) for name in _ROWS}
    register: dict[str, tuple[Entered, ...]] = {}
    for row in rows["documents"]:
        register[row["sku"]] = (*register.get(row["sku"], ()), Entered(row["kind"], row.get("on")))
    return Notes(
        expires={row["sku"]: row["on"] for row in rows["expires"]},
        documents={sku: len(entered) for sku, entered in register.items()},
        register=register,
        documents_kept=_switch(path, entered, "documents_kept"),
        closed={row["sku"]: row["on"] for row in rows["closed"]},
        closings_kept=_switch(path, entered, "closings_kept"),
        holds={row["sku"]: row["until"] for row in rows["holds"]},
        restrictions={row["sku"]: Restriction(row["code"], row.get("brand")) for row in rows["restrictions"]},
        removal_notices={row["sku"]: row["on"] for row in rows["removal_notices"]},
        opted_out=frozenset(row["sku"] for row in rows["opted_out"]),
        settings=_settings(path, entered.get("settings", {})),
    )


def _rows(path: Path, table: str, rows: Any) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong(path, "In the notes {file}, {table} is not a list of rows.", "Write [[{table}]] and below it a line each for {names}.", table=table, names=", ".join(_ROWS[table]))
    for number, row in enumerate(rows, 1):
        _check_row(path, table, number, row)
    return rows


def _check_row(path: Path, table: str, number: int, row: dict[str, Any]) -> None:
    wanted, known = _ROWS[table], {**_ROWS[table], **_OPTIONAL.get(table, {})}
    for key, kind in known.items():
        example = f"{key} = {_EXAMPLES[kind]}"
        if key in wanted and key not in row:
            raise _wrong(path, "In the notes {file}, row {number} of {table} has no {key}.", "Write for example {example}.", number=number, table=table, key=key, example=example)
        if key in row and (type(row[key]) is not kind or (kind is date and not _FIRST_DAY <= row[key] <= _LAST_DAY)):
            what = {"number": number, "table": table, "key": key, "value": _as_written(row[key])}
            raise _wrong(path, "In the notes {file}, row {number} of {table} says {key} = {value}, which does not fit.", "Write for example {example}.", example=example, **what)
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise _wrong(path, "In the notes {file}, row {number} of {table} has an unknown key: {key}.", "Known are {names}.", number=number, table=table, key=unknown[0], names=", ".join(known))
    if table == "restrictions" and row["code"] not in _CODES:
        raise _wrong(path, "In the notes {file}, {code} is not a code of a restriction.", "Amazon's codes are {names}.", code=row["code"], names=", ".join(_CODES))


def _switch(path: Path, entered: dict[str, Any], name: str) -> bool:
    value = entered.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(path, "In the notes {file}, {name} is {value}.", "Write true or false.", name=name, value=_as_written(value))
    return value


def _settings(path: Path, entered: Any) -> Settings:
    if not isinstance(entered, dict):
        raise _wrong(path, "In the notes {file}, settings is not a table.", "Write [settings] and below it, for example, removal_days = 30.")
    kinds = {field.name: bool if field.default is True else int for field in fields(Settings)}
    for name, value in entered.items():
        if name not in kinds:
            raise _wrong(path, "In the notes {file}, settings has an unknown key: {key}.", "Known are {names}.", key=name, names=", ".join(kinds))
        if kinds[name] is bool:
            _switch(path, {f"settings.{name}": value}, f"settings.{name}")
        elif type(value) is not int or not 0 <= value <= _MOST_DAYS:
            raise _wrong(path, "In the notes {file}, {name} is {value}.", "Write a number of days, such as 30.", name=f"settings.{name}", value=_as_written(value))
    return Settings(**entered)


def _as_written(value: object) -> str:
    """A value as it stands in TOML, so that a text and a number are told apart."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _wrong(path: Path, what: str, todo: str, **values: object) -> WrongUse:
    """A refusal of the notes; ``what`` names the {file}, and both texts are templates."""
    return WrongUse(what, why="A wrong note would change a diagnosis unseen, so none is used.", todo=todo, more=_MORE, file=path.name, **values)
