"""The tables of sign-in and sessions, beside those of the store; they hold nothing of strandings."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from refloat.config import Config
from refloat.store import opened
from refloat.store.turns import reading

#: The migration that makes people: the others' tables point to them.
_PEOPLE = ("store", "0009_people")
#: Any number, as long as it stays: PostgreSQL's lock while one process makes the tables.
_LOCK = 7305463


def ready(config: Config) -> None:
    """Make what lacks of these tables, whoever is first; the store's own are brought up to date before.

    Raises:
        StoreError: the store cannot be used.
    """
    opened(config).close()
    with reading():
        if not _lacking(_executor()):
            return
        with connection.constraint_checks_disabled(), transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            executor = _executor()
            # Looked at again inside the lock: another process may have been first.
            if _lacking(executor):
                executor.migrate(executor.loader.graph.leaf_nodes())


def _executor() -> MigrationExecutor:
    """Knows that the others' first steps need people: Django itself only sees to the store's very first."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    for app in {app for app, _ in graph.nodes if app != "store"}:
        for root in graph.root_nodes(app):
            graph.add_dependency(None, root, _PEOPLE)
    return executor


def _lacking(executor: MigrationExecutor) -> bool:
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
