"""The seller's own file (``--notes``), as TOML says it: its tables and rows, and how one that is wrong is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from refloat.errors import WrongUse

#: A date outside of these is a slip of the pen.
FIRST_DAY, LAST_DAY = date(1995, 1, 1), date(2100, 12, 31)
MORE = "docs/reference/notes.md"
#: What a key may hold: one type, or several.
Kind = type | tuple[type, ...]
#: A price may be a text, so that no editor touches its zeros.
PRICE: Kind = (str, int, Decimal)
_EXAMPLES: dict[Kind, str] = {date: "2026-11-22", str: '"…"', PRICE: '"19.90"', dict: "{ … }"}


@dataclass(frozen=True)
class Rows:
    """The keys that a row of a table must have, and those that it may have."""

    needed: Mapping[str, Kind]
    optional: Mapping[str, Kind] = field(default_factory=dict)
    #: Of two rows about one SKU neither could be believed.
    once: bool = False


def entered(path: Path, text: str | None = None) -> dict[str, Any]:
    """The whole file; a number with a point is a Decimal, as it is written. ``text``: what was read of it already.

    Raises:
        WrongUse: it cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig") if text is None else text, parse_float=Decimal)
    except (OSError, ValueError, ArithmeticError, RecursionError) as error:
        raise WrongUse(
            "The notes {path} cannot be read: {error}.",
            why="Notes are a TOML file in UTF-8.",
            todo="Correct the file; the example shows the form.",
            more=MORE,
            path=path,
            error=error,
        ) from error


def rows_of(path: Path, table: str, known: Rows, rows: Any) -> Iterator[dict[str, Any]]:
    """Every row of the table, once it is sure that it holds what it must and nothing else."""
    names = ", ".join((*known.needed, *known.optional))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise wrong(path, "In the notes {file}, {table} is not a list of rows.", "Write [[{table}]] and below it a line each for {names}.", table=table, names=names)
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        _check_row(path, table, known, number, row)
        # One that names its marketplace is another row than one that does not; whoever reads the amounts looks closer.
        if known.once and "marketplace" not in known.optional and row["sku"] in seen:
            raise named_twice(path, table, number, row["sku"])
        seen.add(row["sku"])
        yield row


def _check_row(path: Path, table: str, known: Rows, number: int, row: dict[str, Any]) -> None:
    kinds = {**known.needed, **known.optional}
    for key, kind in kinds.items():
        if key in known.needed and key not in row:
            raise wrong(path, "In the notes {file}, row {number} of {table} has no {key}.", "Write for example {example}.", number=number, table=table, key=key, example=example(key, kind))
        if key in row and not _fits(row[key], kind):
            raise unfit(path, table, number, key, row[key], example(key, kind))
    unknown = sorted(set(row) - set(kinds))
    if unknown:
        raise wrong(path, "In the notes {file}, row {number} of {table} has an unknown key: {key}.", "Known are {names}.", number=number, table=table, key=unknown[0], names=", ".join(kinds))


def _fits(value: object, kind: Kind) -> bool:
    """Just the type: a moment is no date, and true is no number."""
    return type(value) in (kind if isinstance(kind, tuple) else (kind,)) and (not isinstance(value, date) or FIRST_DAY <= value <= LAST_DAY)


def example(key: str, kind: Kind) -> str:
    """A line as it may be written."""
    return f"{key} = {_EXAMPLES[kind]}"


def named_twice(path: Path, table: str, number: int, sku: str) -> WrongUse:
    """A refusal of a second row about one SKU: neither of the two could be believed."""
    return wrong(path, "In the notes {file}, row {number} of {table} names {sku} a second time.", "Keep one row for each SKU.", number=number, table=table, sku=sku)


def as_written(value: object) -> str:
    """A value as it stands in TOML, so that a text and a number are told apart."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def unfit(path: Path, table: str, number: int, key: str, value: object, written: str) -> WrongUse:  # noqa: PLR0917 - where it stands, what, and what to write
    """A refusal of one value of one row; ``written`` is a line that would do."""
    what = {"number": number, "table": table, "key": key, "value": as_written(value)}
    return wrong(path, "In the notes {file}, row {number} of {table} says {key} = {value}, which does not fit.", "Write for example {example}.", example=written, **what)


def wrong(path: Path, what: str, todo: str, **values: object) -> WrongUse:
    """A refusal of the notes; ``what`` names the {file}, and both texts are templates."""
    return WrongUse(what, why="A wrong note would change a diagnosis unseen, so none is used.", todo=todo, more=MORE, file=path.name, **values)
