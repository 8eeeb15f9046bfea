"""A policy as a text that somebody edits: where a problem stands in it, and how two versions differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Literal

from refloat.errors import WrongUse

_TABLE = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")
_ROW = re.compile(r"^([a-z_]+)\[(\d+)\]$")
#: Python's reader of TOML says the line in its message.
_SAID = re.compile(r"at line (\d+)")


def line_of(text: str, problem: WrongUse) -> int | None:
    """The line, counted from 1, in which the problem stands; None where it cannot be told: a key that lacks stands nowhere."""
    said = _SAID.search(str(problem.values.get("error", "")))
    if said is not None:
        return int(said[1])
    key = str(problem.values.get("key", ""))
    table, _, name = key.partition(".")
    row = _ROW.match(table)
    wanted, number = (row[1], int(row[2])) if row else (table, 1)
    heads = {path: line for line, path in _paths(text)}
    return heads.get((wanted, number, name.partition(".")[0])) or heads.get((wanted, number, ""))


def _paths(text: str) -> Iterator[tuple[int, tuple[str, int, str]]]:
    """(line, (table, its how-manieth, key)), and each table's own first line with an empty key."""
    table, counts = "", {"": 1}
    for number, line in enumerate(text.splitlines(), 1):
        if (head := _TABLE.match(line)) is not None:
            table = head[1]
            counts[table] = counts.get(table, 0) + 1
            yield number, (table, counts[table], "")
        elif (key := _KEY.match(line)) is not None:
            name = key[1].strip("\"'")
            first, _, rest = name.partition(".")
            yield number, (table, counts[table], name) if table else (first, 1, rest)


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a difference: it went, it came, it stays, or lines between are left out."""

    kind: Literal["gone", "new", "same", "between"]
    text: str


_KINDS: dict[str, Literal["gone", "new", "same", "between"]] = {"-": "gone", "+": "new", " ": "same", "@": "between"}


def difference(before: str, after: str) -> list[DiffLine]:
    """From one version to the other, with three lines around each change; empty where they say the same."""
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]
    return [DiffLine(_KINDS[line[0]], "" if line[0] == "@" else line[1:]) for line in lines]
