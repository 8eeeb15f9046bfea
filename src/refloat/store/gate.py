"""The pacing gate: one row per (account, operation), shared by every process on the same database.

The generic cell rate algorithm: a bucket of ``burst`` calls that fills at ``rate`` per second, kept as the one
moment ``tat`` at which it will be full again. Taking a place is one statement, so no two callers get the same.

Every caller counts with its own clock. Where the row was seen far in the caller's future, some other clock was
wrong, and what was used counts from the caller's now on; else everybody would wait until that future has come.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from refloat.store.turns import reading


class SharedGate:
    """Implements ``model.ports.Gate``; ``now`` is the caller's, so that simulated time works as well."""

    def reserve(self, account: str, operation: str, rate: float, burst: int, now: datetime) -> float:
        """Take the next free place, and say how many seconds from ``now`` it lies (0: at once)."""
        at = now.timestamp()
        taken = f"""
            INSERT INTO store_rategate AS gate (key, seen_at, tat, rate, burst) VALUES (%s, {_NUMBER}, {_NUMBER} + 1.0 / {_NUMBER}, {_NUMBER}, {_NUMBER})
            ON CONFLICT (key) DO UPDATE SET tat = {_larger()}({_full_at("excluded.seen_at")}, excluded.seen_at) + 1.0 / gate.rate, seen_at = excluded.seen_at
            RETURNING tat - burst / rate - {_NUMBER}"""  # noqa: S608 - no value of anybody's, only this module's own words
        with reading(), connection.cursor() as cursor:
            cursor.execute(taken, [_key(account, operation), at, at, rate, rate, burst, at])
            return max(0.0, float(cursor.fetchone()[0]))

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


def _larger() -> str:
    return "greatest" if connection.vendor == "postgresql" else "max"
