"""Marks for tests that are about one kind of database; every other test of the store runs on both."""

from __future__ import annotations

import pytest

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def unguarded(*triggers: str) -> None:
    """Take guards away, as somebody can who may do anything in the database: ``store_document_no_update``."""
    from django.db import connection

    with connection.cursor() as cursor:
        for name in triggers:
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {name.partition('_no_')[0]}" if connection.vendor == "postgresql" else ""))


def damaged_documents() -> None:
    """Every document holds other bytes than those that were kept, packed correctly."""
    from refloat.store.models import Document

    unguarded("store_document_no_update")
    Document.objects.update(packed=bytes.fromhex("789c4b040000620062"))
