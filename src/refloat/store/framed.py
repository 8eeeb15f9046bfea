"""Frames out of the database and into it, without an object of Python for each value read; JSON comes out, rows or CSV go in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from refloat.store import bulk

#: Rows in one call of the driver.
_AT_ONCE = 20_000


def in_parts(frame: pl.DataFrame, most: int = 100_000) -> Iterator[pl.DataFrame]:
    """The frame in pieces of so many rows, so that a million of them never stand in one statement."""
    return frame.iter_slices(most)


def among(column: str, values: pl.Series) -> dict[str, Any]:
    """Arguments of ``extra``: the column is one of these values, however many; ``column`` is a word of our own."""
    if connection.vendor == "postgresql":
        # A table of them: among the values of an array PostgreSQL would look one by one, for each row, until it has statistics.
        kind = "bigint" if values.dtype.is_integer() else "text"
        return {"where": [f"{column} IN (SELECT unnest(%s::{kind}[]))"], "params": [_array(values)]}
    return {"where": [f"{column} IN (SELECT value FROM json_each(%s))"], "params": [json.dumps(values.to_list())]}  # noqa: S608 - a word of our own


def read(found: models.QuerySet[Any], columns: Mapping[str, str], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Column → field of the rows ``found``; ``schema`` says of each column what it is.

    Each column comes as one text of JSON: a million rows of Python would take longer than all that is done with them.
    Either database ends such a text at 1 GB, some 25 million SKUs.
    """
    try:
        sql, values = found.values_list(*columns.values()).query.sql_with_params()
    except EmptyResultSet:
        # Django does not word a question that nothing can fit, such as one about none of the accounts.
        return pl.DataFrame(schema={name: schema[name] for name in columns})
    names = [f"c{number}" for number in range(len(columns))]
    gathered = ", ".join(f"coalesce(json_agg({name})::text, '[]')" if connection.vendor == "postgresql" else f"json_group_array({name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH found ({', '.join(names)}) AS ({sql}) SELECT {gathered} FROM found", values)  # noqa: S608 - a statement of Django's, and names of our own
        texts = cursor.fetchone()
    return pl.DataFrame([_decoded(name, text, schema[name]) for name, text in zip(columns, texts, strict=True)])


def _decoded(name: str, text: str, kind: pl.DataType) -> pl.Series:
    """One column, from JSON to what it is. A fraction of 15 digits, and the store holds no longer one, comes through as it is."""
    truth = pl.Boolean() if connection.vendor == "postgresql" else pl.Int64()
    told: dict[type, pl.DataType] = {pl.Int64: pl.Int64(), pl.Boolean: truth, pl.Decimal: pl.Float64()}
    column = pl.Series(name, [text]).str.json_decode(pl.List(told.get(type(kind), pl.String()))).explode(empty_as_null=False)
    if isinstance(kind, pl.Datetime):
        # Both tell UTC; PostgreSQL says so, and writes a T between day and hour.
        return column.str.replace("T", " ", literal=True).str.strip_suffix("+00:00").str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", time_zone="UTC")
    return column.str.to_date("%Y-%m-%d") if isinstance(kind, pl.Date) else column.cast(kind)


def insert(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Insert one row for each; the columns of the frame are named as the fields are, and its texts can be stored."""
    table, names = bulk.table_of(model), ", ".join(bulk.column_of(model, name) for name in frame.columns)
    if connection.vendor != "postgresql":
        marks = ", ".join(["%s"] * frame.width)
        _many(f"INSERT INTO {table} ({names}) VALUES ({marks})", frame)  # noqa: S608 - names of our own columns only
        return
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
        for some in in_parts(frame):
            copy.write(some.write_csv(include_header=False).encode())


def rewrite(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Set fields of the rows whose ``id`` the frame names; its other columns are named as the fields are."""
    fields = [name for name in frame.columns if name != "id"]
    table, columns = bulk.table_of(model), [bulk.column_of(model, name) for name in fields]
    if connection.vendor != "postgresql":
        changes = ", ".join(f"{column} = %s" for column in columns)
        _many(f"UPDATE {table} SET {changes} WHERE id = %s", frame.select(*fields, "id"))  # noqa: S608
        return
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{model._meta.get_field(name).db_type(connection)}[]" for name in fields)])
    changes = ", ".join(f"{column} = new.{column}" for column in columns)
    statement = f"UPDATE {table} SET {changes} FROM unnest({arrays}) AS new (id, {', '.join(columns)}) WHERE {table}.id = new.id"  # noqa: S608
    with connection.cursor() as cursor:
        for some in in_parts(frame):
            cursor.execute(statement, [_array(some[name]) for name in ("id", *fields)])


def _array(values: pl.Series) -> str:
    """An array as PostgreSQL reads it; the driver would write value by value."""
    text = values.cast(pl.String())
    if isinstance(values.dtype, pl.String):
        text = '"' + text.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True) + '"'
    return "{" + str(text.fill_null("NULL").str.join(",").item()) + "}"


def numbers(model: type[models.Model], count: int) -> pl.Series:
    """So many ids that no row has or had; rows that are then inserted with them need not be read to learn theirs. Ask only inside ``writing()``."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return pl.Series("id", [number for (number,) in cursor.fetchall()], pl.Int64())
        # The only writer; SQLite itself counts on from the largest that it is given.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return pl.arange(last + 1, last + 1 + count, eager=True).cast(pl.Int64()).alias("id")


def _many(statement: str, frame: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        for some in in_parts(frame, _AT_ONCE):
            cursor.executemany(statement, some.select(_written(pl.col(name), kind) for name, kind in frame.schema.items()).rows())


def _written(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """As Django writes it on SQLite: days, moments and amounts are text, and no fraction is written that is none."""
    if isinstance(kind, pl.Datetime):
        return column.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%d %H:%M:%S%.6f").str.strip_suffix(".000000")
    return column.cast(pl.String()) if isinstance(kind, pl.Date | pl.Decimal) else column
