"""Many rows at once, without a model instance for each: ``executemany`` on SQLite, COPY and arrays on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection, models

from refloat.store.letters import storable

#: 256 MiB at most, and only as much as is touched.
_ROOM_KIB = 262_144
#: Rows in one call of the driver.
_AT_ONCE = 20_000
#: After so many changes PostgreSQL looks at the tables anew (``weighed``): of a million rows that takes a second or two.
MANY = 10_000


@contextmanager
def room() -> Iterator[None]:
    """While many rows are written SQLite may keep more pages in memory, or it writes each of them many times over."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA cache_size=-{_ROOM_KIB}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size={before}")


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert one row for each; ``fields`` names what stands in a row, in order."""
    names, marks = ", ".join(column_of(model, name) for name in fields), ", ".join(["%s"] * len(fields))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(f"COPY {table_of(model)} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([storable(value) if isinstance(value, str) else value for value in row])
    else:
        _many(f"INSERT INTO {table_of(model)} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of our own columns only


def rewrite(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Set several fields: for each row the new values in the order of ``fields``, then its id."""
    changes = ", ".join(f"{column_of(model, name)} = %s" for name in fields)
    _many(f"UPDATE {table_of(model)} SET {changes} WHERE id = %s", rows)  # noqa: S608 - names of our own columns only


def weighed(*tables: type[models.Model]) -> None:
    """Let PostgreSQL look at these tables, so that it knows what is in them; SQLite plans without.

    By itself it looks a minute later, and never at a table of fewer than fifty rows: then it takes a handful of accounts for
    hundreds, and reads all open strandings for one page of them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(table_of(one) for one in tables)}")


def table_of(model: type[models.Model]) -> str:
    """Its table, quoted."""
    return connection.ops.quote_name(model._meta.db_table)


def column_of(model: type[models.Model], field: str) -> str:
    """The column of one of its fields, quoted."""
    return connection.ops.quote_name(str(getattr(model._meta.get_field(field), "column")))  # noqa: B009 - the stubs also know fields without a column


def _many(statement: str, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor:
        for some in _batched(rows):
            cursor.executemany(statement, [tuple(map(_written, row)) for row in some])


def _batched(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """So many at once, so that a million rows are never in memory together."""
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        yield some


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


_WRITTEN: dict[type, Callable[[Any], Any]] = {str: storable, datetime: _instant, date: _day, Decimal: _amount}
