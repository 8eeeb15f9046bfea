"""Which connections this process has open, so that closing the store closes those of every thread; each writes only what can be stored."""

from __future__ import annotations

from threading import Lock
from typing import Any
from weakref import WeakSet

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from refloat.store.letters import written_storable

_made: WeakSet[BaseDatabaseWrapper] = WeakSet()
_lock = Lock()


def remembered() -> None:
    """From now on, remember every connection that is made. Doing it twice changes nothing."""
    connection_created.connect(_remember, dispatch_uid="refloat.store.connected")


def _remember(connection: BaseDatabaseWrapper, **_: Any) -> None:
    with _lock:
        _made.add(connection)
    if written_storable not in connection.execute_wrappers:
        connection.execute_wrappers.append(written_storable)


def close_all() -> None:
    """Close them all, those of other threads too: whoever closes the store has waited for its threads."""
    with _lock:
        connections = list(_made)
        _made.clear()
    for connection in connections:
        connection.inc_thread_sharing()
        try:
            connection.close()
        finally:
            connection.dec_thread_sharing()
