"""The seller's notes and wishes, from a small TOML file (``--notes``)."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from refloat.model.cure import Wishes
from refloat.model.notes import Entered, Notes, Restriction, Settings
from refloat.reports import wishes
from refloat.reports.entered import FIRST_DAY, LAST_DAY, Rows, as_written, entered, rows_of, wrong

#: Table → the keys of a row.
ROWS: dict[str, Rows] = {
    "expires": Rows({"sku": str, "on": date}),
    "documents": Rows({"sku": str, "kind": str}, {"on": date}),
    "closed": Rows({"sku": str, "on": date}),
    "holds": Rows({"sku": str, "until": date}),
    "restrictions": Rows({"sku": str, "code": str}, {"brand": str}),
    "removal_notices": Rows({"sku": str, "on": date}),
    "opted_out": Rows({"sku": str}),
}
SWITCHES = ("documents_kept", "closings_kept")
CODES = ("APPROVAL_REQUIRED", "ASIN_NOT_FOUND", "NOT_ELIGIBLE")
#: Settings that are neither a switch nor a number of days.
_KINDS: dict[str, type] = {"removal_disposition": str, "looked_up_on": date}
#: A number of days outside of this is a slip of the pen.
_MOST_DAYS = 3650


def read_notes(path: Path) -> Notes:
    """What the seller entered that no report says.

    Raises:
        WrongUse: the file is not TOML, or has a table, key, type or code that we do not know.
    """
    return read_both(path)[0]


def read_wishes(path: Path) -> Wishes:
    """What the seller wants done, from the same file.

    Raises:
        WrongUse: anything in the file is wrong, wish or note.
    """
    return read_both(path)[1]


def read_both(path: Path, text: str | None = None) -> tuple[Notes, Wishes]:
    """Notes and wishes; a file in which anything is wrong gives neither. ``text``: what stands in it, where it was read already.

    Raises:
        WrongUse: the file is not TOML, or has a table, key, type or value that we do not know.
    """
    tables = entered(path, text)
    known = (*SWITCHES, *ROWS, "settings", *wishes.ROWS, "removal")
    unknown = sorted(set(tables) - set(known))
    if unknown:
        raise wrong(path, "In the notes {file} stands {name}, which is no table and no switch.", "Known are {names}.", name=unknown[0], names=", ".join(known))
    return _notes(path, tables), wishes.wishes_of(path, tables)


def _notes(path: Path, tables: dict[str, Any]) -> Notes:
    rows = {name: list(rows_of(path, name, known, tables.get(name, []))) for name, known in ROWS.items()}
    register: dict[str, tuple[Entered, ...]] = {}
    for row in rows["documents"]:
        register[row["sku"]] = (*register.get(row["sku"], ()), Entered(row["kind"], row.get("on")))
    return Notes(
        expires={row["sku"]: row["on"] for row in rows["expires"]},
        documents={sku: len(kept) for sku, kept in register.items()},
        register=register,
        documents_kept=_switch(path, tables, "documents_kept"),
        closed={row["sku"]: row["on"] for row in rows["closed"]},
        closings_kept=_switch(path, tables, "closings_kept"),
        holds={row["sku"]: row["until"] for row in rows["holds"]},
        restrictions={row["sku"]: _restriction(path, row) for row in rows["restrictions"]},
        removal_notices={row["sku"]: row["on"] for row in rows["removal_notices"]},
        opted_out=frozenset(row["sku"] for row in rows["opted_out"]),
        settings=_settings(path, tables.get("settings", {})),
    )


def _restriction(path: Path, row: dict[str, Any]) -> Restriction:
    if row["code"] not in CODES:
        raise wrong(path, "In the notes {file}, {code} is not a code of a restriction.", "Amazon's codes are {names}.", code=row["code"], names=", ".join(CODES))
    return Restriction(row["code"], row.get("brand"))


def _switch(path: Path, tables: dict[str, Any], name: str) -> bool:
    value = tables.get(name, False)
    if not isinstance(value, bool):
        raise wrong(path, "In the notes {file}, {name} is {value}.", "Write true or false.", name=name, value=as_written(value))
    return value


def _settings(path: Path, tables: Any) -> Settings:
    if not isinstance(tables, dict):
        raise wrong(path, "In the notes {file}, settings is not a table.", "Write [settings] and below it, for example, removal_days = 30.")
    kinds = {field.name: _KINDS.get(field.name, bool if field.default is True else int) for field in fields(Settings)}
    for name, value in tables.items():
        if name not in kinds:
            raise wrong(path, "In the notes {file}, settings has an unknown key: {key}.", "Known are {names}.", key=name, names=", ".join(kinds))
        if kinds[name] is bool:
            _switch(path, {f"settings.{name}": value}, f"settings.{name}")
        elif kinds[name] is str:
            if value not in wishes.DISPOSITIONS:
                raise wrong(path, "In the notes {file}, {name} is {value}.", "Amazon's words are {names}.", name=f"settings.{name}", value=as_written(value), names=", ".join(wishes.DISPOSITIONS))
        elif kinds[name] is date:
            if type(value) is not date or not FIRST_DAY <= value <= LAST_DAY:
                raise wrong(path, "In the notes {file}, {name} is {value}.", "Write a day, such as 2026-11-22.", name=f"settings.{name}", value=as_written(value))
        elif type(value) is not int or not 0 <= value <= _MOST_DAYS:
            raise wrong(path, "In the notes {file}, {name} is {value}.", "Write a number of days, such as 30.", name=f"settings.{name}", value=as_written(value))
    return Settings(**tables)
