"""Looking now: one pass over an account in a thread of this process, at most one at a time; what it does is read from the record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, Thread

from refloat.app.live import Observed, observe_account
from refloat.errors import RefloatError, WrongUse
from refloat.model.ports import Clock
from refloat.store import DueRow, SourceRow, Store

_log = logging.getLogger(__name__)
_lock = Lock()
_looks: dict[str, Look] = {}


@dataclass
class Look:
    """One pass that somebody asked for. ``ended_at`` None: it is under way."""

    account: str
    by: str
    began_at: datetime
    ended_at: datetime | None = None
    seen: list[Observed] = field(default_factory=list)
    error: RefloatError | None = None

    @property
    def running(self) -> bool:
        return self.ended_at is None


def look_now(store: Store, account: str, by: str, clock: Clock, observed: Callable[..., list[Observed]] = observe_account) -> Look:
    """Begin a pass over the account, and return at once.

    Raises:
        WrongUse: one is under way already.
    """
    with _lock:
        before = _looks.get(account)
        if before is not None and before.running:
            raise WrongUse(
                "{by} is looking at {account} already, since {at}.",
                why="Two looks at once would order the same reports twice.",
                todo="Wait for it; what it finds is shown on this page.",
                by=before.by,
                account=account,
                at=f"{before.began_at:%Y-%m-%d %H:%M} UTC",
            )
        look = _looks[account] = Look(account, by, clock.now())
    Thread(target=_looked, args=(store, look, clock, observed), name=f"look at {account}", daemon=True).start()
    return look


def last_look(account: str) -> Look | None:
    """The last pass that was begun in this process; None: there was none."""
    return _looks.get(account)


def _looked(store: Store, look: Look, clock: Clock, observed: Callable[..., list[Observed]]) -> None:
    try:
        with store.connection_closed():
            look.seen = observed(store, look.account, clock=clock)
    except RefloatError as error:
        look.error = error
    except Exception:
        _log.exception("a look broke")
        look.error = WrongUse(
            "Something broke inside Refloat.",
            why="It is our mistake. What was on record stays as it was.",
            todo="Try again. If it stays, tell us, with the lines that the server wrote at this moment.",
        )
    finally:
        look.ended_at = clock.now()


def tried_since(store: Store, look: Look) -> list[SourceRow]:
    """The sources that were tried since it began: how far it is."""
    return [row for row in store.snapshots.sources(look.account) if row.last_tried_at >= look.began_at and row.marketplace]


def others_at_it(store: Store, account: str) -> list[DueRow]:
    """What workers are doing for the account at this moment."""
    return [row for row in store.due.all(account) if row.worker is not None and store.lives(row.worker)]
