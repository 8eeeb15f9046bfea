"""Triggers: what is written for good is refused a change by the database itself, whoever asks.

The journal takes no change at all; a document none; a snapshot none, and goes only under an ``Erasure``.
SQLite drops a table's triggers when a migration rebuilds the table: such a migration ends with ``guarded`` again.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: (table, what is refused, unless this holds of the old row)
REFUSED = (
    ("store_journalentry", "UPDATE", None),
    ("store_journalentry", "DELETE", None),
    ("store_accessentry", "UPDATE", None),
    ("store_accessentry", "DELETE", None),
    ("store_plandocument", "UPDATE", None),
    ("store_plandocument", "DELETE", None),
    ("store_consent", "UPDATE", None),
    ("store_consent", "DELETE", None),
    ("store_enteredfile", "UPDATE", None),
    ("store_enteredfile", "DELETE", "OLD.kind = 'notes'"),
    ("store_standingword", "DELETE", None),
    ("store_standinguse", "UPDATE", None),
    ("store_standinguse", "DELETE", None),
    ("store_document", "UPDATE", None),
    ("store_erasure", "UPDATE", None),
    ("store_erasure", "DELETE", None),
    ("store_restoration", "UPDATE", None),
    ("store_restoration", "DELETE", None),
    ("store_snapshot", "UPDATE", None),
    ("store_snapshot", "DELETE", "EXISTS (SELECT 1 FROM store_erasure AS leave WHERE leave.account_id = OLD.account_id AND leave.before > OLD.observed_at)"),
)


def guarded(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it so
    """Make every trigger anew, on the tables that there are by now."""
    make = _on_postgresql if editor.connection.vendor == "postgresql" else _on_sqlite
    there = set(editor.connection.introspection.table_names())
    for table, change, unless in REFUSED:
        if table not in there:
            continue
        for statement in make(table, change, unless):
            editor.execute(statement, params=None)


def _on_sqlite(table: str, change: str, unless: str | None) -> list[str]:
    name = f"{table}_no_{change.lower()}"
    only = f"WHEN NOT {unless} " if unless else ""
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} BEFORE {change} ON {table} {only}BEGIN SELECT RAISE(ABORT, '{_said(table)}'); END"]


def _on_postgresql(table: str, change: str, unless: str | None) -> list[str]:
    name = f"{table}_no_{change.lower()}"
    # The class of the error is that of SQLite: the rule of a table is broken.
    refuse = f"RAISE EXCEPTION USING MESSAGE = '{_said(table)}', ERRCODE = 'integrity_constraint_violation';"
    body = f"IF NOT {unless} THEN {refuse} END IF; RETURN OLD;" if unless else refuse
    # Emptying a whole table asks no trigger of its rows.
    emptied = [f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}", f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_update()"]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        *(emptied if change == "UPDATE" else ()),
    ]


def _said(table: str) -> str:
    return f"{table} is written for good"
