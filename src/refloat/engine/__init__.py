"""The engine: who does what is due, in how many processes, and what becomes of a turn whose worker has died.

An embassy: DBOS is known here alone. It keeps queues, sees to it that no turn is queued twice, and ticks; **what** is due,
and how it went, stands in our own store. So the engine's database may be deleted while it is stopped: nothing is lost,
and nothing is done twice.
"""

from __future__ import annotations

from refloat.engine.running import Engine, engine_url, launched
from refloat.engine.turns import Key, Work

__all__ = ["Engine", "Key", "Work", "engine_url", "launched"]
