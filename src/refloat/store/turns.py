"""A turn at the database: reading or writing, with its complaints said in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, InterfaceError, ProgrammingError, connections, transaction

from refloat.store.settings import shown
from refloat.store.troubles import StoreError, told

#: PostgreSQL's code for a right that is lacking: the one matter of the place among the errors that are ours to prevent.
_NO_RIGHT = "42501"


@contextmanager
def reading() -> Iterator[None]:
    """Read. A connection that broke is given up, so that the next turn begins with a new one.

    Raises:
        StoreError: the database cannot be read.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError) as error:
        if getattr(error.__cause__, "sqlstate", None) != _NO_RIGHT:
            raise  # ours to prevent, and no matter of the place
        raise told(error, shown(connections.settings["default"])) from error
    except (DatabaseError, InterfaceError) as error:
        connections["default"].close_if_unusable_or_obsolete()
        raise told(error, shown(connections.settings["default"])) from error
    except StoreError:
        # Told by a turn within this one, which could not let go of the connection yet.
        connections["default"].close_if_unusable_or_obsolete()
        raise


@contextmanager
def writing() -> Iterator[None]:
    """Write all of it or nothing; on SQLite the only writer from the first statement on.

    Raises:
        StoreError: the database cannot be written; nothing of this turn was kept.
    """
    with reading(), transaction.atomic():
        yield
