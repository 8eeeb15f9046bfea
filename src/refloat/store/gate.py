"""The pacing gate: one row per (account, operation), shared by every process on the same database.

The generic cell rate algorithm: a bucket of ``burst`` calls that fills at ``rate`` per second, kept as the one
moment ``tat`` at which it will be full again. Taking a place is one statement, so no two callers get the same.

Every caller counts with its own clock. Where the row was seen far in the caller's future, some other clock was
wrong, and what was used counts from the caller's now on; else everybody would wait until that future has come.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from refloat.model.ports import Reserved
from refloat.store.turns import reading


class SharedGate:
    """Implements ``model.ports.Gate``; ``now`` is the caller's, so that simulated time works as well."""

    def reserve(self, account: str, operation: str, rate: float, burst: int, now: datetime) -> Reserved:
        """Take the next free place if it lies near, and say how many seconds from ``now`` (0: at once); else when to ask again."""
        at, key = now.timestamp(), _key(account, operation)
        with reading(), connection.cursor() as cursor:
            cursor.execute(_taken(), [key, at, at, rate, rate, burst, _NEAR, at])
            if place := cursor.fetchone():
                return Reserved(True, max(0.0, float(place[0])))
            cursor.execute(_SEEN, [at, at, at, key, at])
            place = cursor.fetchone()
            # Without a row there is nothing to wait for: it was erased between the two statements.
            return Reserved(False, max(_EARLY, float(place[0]) - _EARLY) if place else 0.0)

    def throttled(self, account: str, operation: str, now: datetime) -> None:
        """The bucket is empty at ``now``."""
        emptied = f"UPDATE store_rategate AS gate SET tat = {_larger()}({_full_at(_NUMBER)}, {_NUMBER} + burst / rate), seen_at = {_NUMBER} WHERE key = %s"  # noqa: S608
        with reading(), connection.cursor() as cursor:
            cursor.execute(emptied, [*[now.timestamp()] * 4, _key(account, operation)])

    def learned(self, account: str, operation: str, rate: float) -> None:
        """Count with this rate (per second) from now on; as many places are free as before."""
        stretched = f"seen_at + {_larger()}(0.0, tat - seen_at) * rate / {_NUMBER}"
        with reading(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE store_rategate SET tat = {stretched}, rate = {_NUMBER} WHERE key = %s AND abs(rate - {_NUMBER}) > 1e-9",  # noqa: S608
                [rate, rate, _key(account, operation), rate],
            )


#: A place is taken when it comes within so many seconds. Whoever is killed before it comes leaves it behind, so this
#: is what a killed process costs the others, whatever the rate. Within it lanes are served in the order in which
#: they asked; beyond it whoever wakes first is. Five seconds are the lanes of one pass that look after their reports
#: (two a second): with one second they came late, and a pass over 10,000 SKUs took 2 % longer.
_NEAR = 5.0
#: Whoever finds no place near asks again so long before the next one comes: surely near then, and not yet gone.
_EARLY = _NEAR / 2
#: A placeholder that both databases take as a number of double precision.
_NUMBER = "CAST(%s AS double precision)"
#: So many seconds may two clocks differ before one of them is wrong. Within them nothing moves: processes whose
#: clocks differ by a little would else give each other places that were used, and drift over the rate.
_UNEVEN = 60.0


def _key(account: str, operation: str) -> str:
    return f"{account}|{operation}"


def _full_at(now: str) -> str:
    """The row's ``tat`` as a caller counts it whose clock says ``now`` (written twice)."""
    return f"gate.tat + CASE WHEN gate.seen_at > {now} + {_UNEVEN} THEN {now} - gate.seen_at ELSE 0.0 END"


def _taken() -> str:
    """The statement that takes the next place and returns how far ahead it lies, or takes nothing and returns nothing."""
    full_at = f"{_larger()}({_full_at('excluded.seen_at')}, excluded.seen_at) + 1.0 / gate.rate"
    return f"""
        INSERT INTO store_rategate AS gate (key, seen_at, tat, rate, burst) VALUES (%s, {_NUMBER}, {_NUMBER} + 1.0 / {_NUMBER}, {_NUMBER}, {_NUMBER})
        ON CONFLICT (key) DO UPDATE SET tat = {full_at}, seen_at = excluded.seen_at
        WHERE {full_at} - gate.burst / gate.rate <= excluded.seen_at + {_NUMBER}
        RETURNING tat - burst / rate - {_NUMBER}"""  # noqa: S608 - no value of anybody's, only this module's own words


#: How far ahead the next place lies. What another clock wrote is moved for good, or it would stay as far ahead at every asking.
_SEEN = f"""
    UPDATE store_rategate AS gate SET tat = {_full_at(_NUMBER)}, seen_at = {_NUMBER} WHERE key = %s
    RETURNING tat + (1.0 - burst) / rate - {_NUMBER}"""  # noqa: S608


def _larger() -> str:
    return "greatest" if connection.vendor == "postgresql" else "max"
