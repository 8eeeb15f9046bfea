"""A look at an account now, beside what else this process does: begun by a person, on record until it has ended."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from refloat.app.live import Observed, observe_account
from refloat.app.policies import named
from refloat.errors import RefloatError, WrongUse
from refloat.model.ports import Clock
from refloat.store import Store

#: So long a thread may take to say that it has begun.
_BEGIN_SECONDS = 60


def begin_look(store: Store, account: str, places: Sequence[str], by: str, clock: Callable[[], Clock]) -> int:
    """Let a thread of this process look at the account (or at those marketplaces of it); the look's number, as soon as it is on record.

    Raises:
        WrongUse: the account does not sell there.
        StoreError: it could not begin.
    """
    known = [row.marketplace for row in store.accounts.places(account) if row.participates]
    if known and (strange := [place for place in places if place not in known]):
        raise WrongUse(
            "{account} does not sell in {place}.", why="Amazon names these marketplaces for it: {names}.", todo="Leave the marketplaces out to look at all of them.",
            account=account, place=strange[0], names=", ".join(known),
        )  # fmt: skip
    look = _Look(store, account, list(dict.fromkeys(places)), named(by), clock)
    Thread(target=look.whole, name=f"refloat-look-{account}", daemon=True).start()
    look.begun.wait(_BEGIN_SECONDS)
    if look.number is None:
        raise look.failed or WrongUse("The look at {account} did not begin.", why="This machine is too busy.", todo="Try again later.", account=account)
    return look.number


@dataclass
class _Look:
    """One look in a thread."""

    store: Store
    account: str
    places: list[str]
    by: str
    clock: Callable[[], Clock]
    begun: Event = field(default_factory=Event)
    number: int | None = None
    failed: RefloatError | None = None

    def whole(self) -> None:
        """The thread's whole life."""
        worker = f"look-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"[:80]
        with self.store.connection_closed():
            try:
                with self.store.working_as(worker, lambda: None):
                    clock = self.clock()
                    self.number = self.store.looks.begin(self.account, self.places, self.by, worker, clock.now())
                    self.begun.set()
                    self._look(self.number, clock)
            except RefloatError as error:
                self.failed = error
            except Exception:  # nobody waits for the thread; that it broke off shows by its lease
                logging.getLogger(__name__).exception("The look at %s broke off.", self.account)
            finally:
                self.begun.set()

    def _look(self, number: int, clock: Clock) -> None:
        try:
            seen = observe_account(self.store, self.account, places=self.places, clock=clock)
        except RefloatError as error:
            self.store.looks.end(number, "failed", {"what": error.filled(error.what), "why": error.filled(error.why), "todo": error.filled(error.todo)}, clock.now())
        else:
            self.store.looks.end(number, "done", {"marketplaces": [_found(one) for one in seen]}, clock.now())


def _found(one: Observed) -> dict[str, Any]:
    counts = {"opened": one.opened, "came_back": one.came_back, "changed": one.changed, "closed": one.closed}
    return {"marketplace": one.marketplace, "unknown": one.unknown, **counts, "verdicts": dict(one.verdicts), "troubles": {name: code for name, (code, _) in one.troubles.items()}}
