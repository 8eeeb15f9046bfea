"""Questions of pages, as SQL by hand: to compile one takes Django longer (0.4 ms) than either database takes to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection


def answers(text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows. Days and truths come as such from either database; an amount is for ``amount`` to make one."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def among(column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that a column's value is one of these, and its own values; None is what is unknown."""
    known = [value for value in values if value is not None]
    parts = ([f"{column} IN ({marks(known)})"] if known else []) + ([f"{column} IS NULL"] if len(known) < len(values) else [])
    return f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0], known


def marks(values: Sequence[Any]) -> str:
    """A placeholder for each."""
    return ", ".join(["%s"] * len(values))


def amount(value: Any) -> Decimal | None:
    """An amount of four places. SQLite keeps it as a number of 15 digits, which are all that the store holds."""
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(f"{value:.4f}")
