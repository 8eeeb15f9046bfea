"""Many rows at once, without a model instance for each: ``executemany`` on SQLite, COPY and arrays on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert one row for each; ``fields`` names what stands in a row, in order."""
    names, marks = ", ".join(_column(model, name) for name in fields), ", ".join(["%s"] * len(fields))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(f"COPY {_table(model)} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        _many(f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of our own columns only


def update(model: type[models.Model], field: str, rows: Iterable[tuple[object, int]]) -> None:
    """Set one field: (the new value, the row's id) for each."""
    table, column = _table(model), _column(model, field)
    if connection.vendor == "postgresql":
        kind, pairs = model._meta.get_field(field).db_type(connection), list(rows)
        with connection.cursor() as cursor:
            statement = f"UPDATE {table} SET {column} = new.value FROM unnest(%s::{kind}[], %s::bigint[]) AS new (value, id) WHERE {table}.id = new.id"  # noqa: S608
            cursor.execute(statement, [[value for value, _ in pairs], [number for _, number in pairs]])
    else:
        _many(f"UPDATE {table} SET {column} = %s WHERE id = %s", rows)  # noqa: S608


def rewrite(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Set several fields: for each row the new values in the order of ``fields``, then its id."""
    changes = ", ".join(f"{_column(model, name)} = %s" for name in fields)
    _many(f"UPDATE {_table(model)} SET {changes} WHERE id = %s", rows)  # noqa: S608 - names of our own columns only


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(model: type[models.Model], field: str) -> str:
    return connection.ops.quote_name(str(getattr(model._meta.get_field(field), "column")))  # noqa: B009 - the stubs also know fields without a column


def _many(statement: str, rows: Iterable[Sequence[object]]) -> None:
    written = [tuple(map(_written, row)) for row in rows]
    if written:
        with connection.cursor() as cursor:
            cursor.executemany(statement, written)


def _written(value: object) -> Any:
    """The value as the database takes it."""
    as_written = _WRITTEN.get(type(value))
    return value if as_written is None else as_written(value)


@cache
def _instant(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


@cache
def _day(value: date) -> Any:
    return connection.ops.adapt_datefield_value(value)


def _amount(value: Decimal) -> Any:
    return connection.ops.adapt_decimalfield_value(value, max_digits=15, decimal_places=4)


_WRITTEN: dict[type, Callable[[Any], Any]] = {datetime: _instant, date: _day, Decimal: _amount}
