"""Between the store and the reading room: snapshots as the reader wants them, and lanes that let go of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from refloat.loop.details import CHANGES
from refloat.model.ports import Clock
from refloat.reports import Kept
from refloat.store import SourceRow, Store

#: Looks at changes went into the answers; the account's health is no report of SKUs.
NO_TRIAGE = frozenset({CHANGES, "account-health"})


def kept(store: Store, account: str, marketplace: str) -> Iterator[Kept]:
    """The last good snapshot of every source of one marketplace; with what went wrong since, where it did."""
    failed = {row.source: f"{row.trouble_code}: {row.trouble_text}" for row in troubled(store, account, marketplace)}
    latest = store.snapshots.latest(account, marketplace, whole=True)
    for source, row in sorted(latest.items()):
        if source in NO_TRIAGE:
            continue
        name = f"{marketplace}/{source} {row.observed_at:%Y-%m-%dT%H:%M:%SZ}"
        yield Kept(name, store.snapshots.content(row), marketplace, account, row.observed_at, row.charset, row.whole, failed.get(source))


def troubled(store: Store, account: str, marketplace: str) -> list[SourceRow]:
    """The sources of which something newer could not be had."""
    return [row for row in store.snapshots.sources(account, marketplace) if row.trouble_code]


@dataclass(frozen=True)
class ClockOfStore:
    """A clock whose lanes let go of the store when they are left: each thread has a connection of its own."""

    clock: Clock
    store: Store

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        """Return so many seconds later."""
        self.clock.sleep(seconds)

    def lanes(self, count: int) -> Sequence[AbstractContextManager[None]]:
        """The clock's lanes, each with a connection that is closed at its end."""
        return [self._lane(lane) for lane in self.clock.lanes(count)]

    @contextmanager
    def _lane(self, lane: AbstractContextManager[None]) -> Iterator[None]:
        with lane, self.store.connection_closed():
            yield
