"""What a served process stands at, whichever door it serves: the store, the clock, the knowledge; opened once a process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from refloat.app.record import ClockOfStore
from refloat.clock import SimulatedClock, WallClock, clock_of
from refloat.config import Config
from refloat.knowledge.catalogue import Catalogue, catalogue
from refloat.model.ports import Clock
from refloat.store import Store, opened


def config() -> Config:
    """The configuration that the pages were started with."""
    found: Config = settings.REFLOAT_CONFIG
    return found


@cache
def store() -> Store:
    """The store."""
    return opened(config())


def clock() -> Clock:
    """The wall's clock, or the simulator's as it stands now: others may have moved it on."""
    made = _clock()
    if isinstance(made, SimulatedClock):
        made.catch_up()
    return ClockOfStore(made, store())


def own_clock() -> Clock:
    """A clock of one's own, for what sleeps."""
    return ClockOfStore(clock_of(config().clock_url), store())


@cache
def _clock() -> WallClock | SimulatedClock:
    return clock_of(config().clock_url)


def known() -> Catalogue:
    """The pages of causes and remedies."""
    return catalogue(config().pages)
