"""A turn at the database: reading or writing, with its complaints said in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, ProgrammingError, connections, transaction

from refloat.store.settings import shown
from refloat.store.troubles import told


@contextmanager
def reading() -> Iterator[None]:
    """Read.

    Raises:
        StoreError: the database cannot be read.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise  # ours to prevent, and no matter of the place
    except DatabaseError as error:
        raise told(error, shown(connections.settings["default"])) from error


@contextmanager
def writing() -> Iterator[None]:
    """Write all of it or nothing; on SQLite the only writer from the first statement on.

    Raises:
        StoreError: the database cannot be written; nothing of this turn was kept.
    """
    with reading(), transaction.atomic():
        yield
