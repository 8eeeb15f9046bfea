"""Which report a file is, told by its header through ``knowledge/reports/*.toml``; never by its name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from refloat.knowledge.spelling import header_key
from refloat.knowledge.tables import HERE


@dataclass(frozen=True)
class Field:
    """One column of a report: Amazon's name, how to read it, and the frame column it becomes.

    ``unread`` names a second frame column: True where the cell is filled and could not be read.
    """

    name: str
    type: str
    column: str = ""
    aliases: tuple[str, ...] = ()
    zero: str = ""
    when_wrong: str = ""
    unread: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Report:
    """One kind of report: how its header tells it, and its fields."""

    name: str
    title: str
    title_zh: str
    amazon: tuple[str, ...]
    has_all: frozenset[str]
    has_any: frozenset[str]
    has_none: frozenset[str]
    fields: tuple[Field, ...]

    def bound(self, header: Sequence[str]) -> dict[int, Field]:
        """Position → field, for every header cell that is one of ours; the first of equal names wins."""
        by_key = _field_keys(self)
        found: dict[int, Field] = {}
        for position, cell in enumerate(header):
            field = by_key.get(header_key(cell))
            if field is not None and field not in found.values():
                found[position] = field
        return found


@cache
def _field_keys(report: Report) -> Mapping[str, Field]:
    own = {header_key(field.name): field for field in report.fields}
    return {header_key(alias): field for field in report.fields for alias in field.aliases} | own


@cache
def reports() -> tuple[Report, ...]:
    """Every report that we know."""
    return tuple(_report(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted((HERE / "reports").glob("*.toml")))


def _report(row: dict[str, Any]) -> Report:
    fields = tuple(Field(name, aliases=tuple(field.pop("aliases", ())), **field) for name, field in row["fields"].items())
    keys = {name: frozenset(header_key(cell) for cell in row[name]) for name in ("has_all", "has_any", "has_none")}
    return Report(row["name"], row["title"], row["title_zh"], tuple(row["amazon"]), keys["has_all"], keys["has_any"], keys["has_none"], fields)


def recognised(header: Sequence[str]) -> Report | None:
    """The report with this header; the one that explains most of its columns when several fit."""
    seen = {header_key(cell) for cell in header}
    fits = [(len(report.bound(header)), report) for report in reports() if _fits(report, header, seen)]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


def _fits(report: Report, header: Sequence[str], seen: set[str]) -> bool:
    names = {header_key(field.name) for field in report.bound(header).values()}
    return report.has_all <= names and bool(report.has_any & names) and not report.has_none & (names | seen)
