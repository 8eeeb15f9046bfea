"""One turn of the loop that nobody watches: do one thing that is due, note how it went, and when it is due again.

Each turn looks at what is, so it may be broken off at any moment and begun anew. What it brings about next is
called for in the table of what is due: a look that concluded something calls for acting, and acting for telling.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from refloat.app.alarms import deliver, raise_alarms
from refloat.app.keeping import prune
from refloat.app.live import known_places, observe_account
from refloat.app.unattended import act_by_policy
from refloat.config import Config
from refloat.errors import NothingReadable, RefloatError
from refloat.knowledge.tables import table
from refloat.loop.reports import Pace
from refloat.model.ports import Clock
from refloat.store import AccountBusy, DueRow, Store

#: What is done for a marketplace, for a whole account, and for the whole store.
OF_PLACE, OF_ACCOUNT, OF_STORE = ("look",), ("places", "act", "tell"), ("deliver", "prune")


@dataclass(frozen=True)
class Cadence:
    """How often Amazon is asked."""

    report_hours: float
    change_minutes: float
    act_hours: float
    tell_hours: float
    deliver_minutes: float

    @classmethod
    def of(cls, config: Config) -> Cadence:
        """As the configuration says, else as the table does."""
        usual = table("unattended")["cadence"]
        report, change = config.report_hours or usual["report_hours"], config.change_minutes or usual["change_minutes"]
        return cls(report, change, usual["act_hours"], usual["tell_hours"], usual["deliver_minutes"])


@dataclass(frozen=True)
class Passing:
    """What a turn needs: the store, the clock, how often, and who does it."""

    store: Store
    clock: Clock
    cadence: Cadence
    worker: str


@dataclass(frozen=True)
class Done:
    """When it is due again, and what it waits for until then; empty: for its time."""

    next_at: datetime
    waits_for: str = ""


def planted(store: Store, now: datetime) -> None:
    """Accounts that were added since are looked at from now on; doing it twice changes nothing."""
    if store.due.one(None, "", "deliver") is None:
        store.due.added(None, "", OF_STORE, now)
    for account in store.due.accounts_without("places"):
        store.due.added(account, "", ["places", "tell"], now)


def turned(passing: Passing, account: str, marketplace: str, kind: str) -> None:
    """One turn, from its beginning on record to its end; nothing where it is not due, or is done no more."""
    store = passing.store
    row = store.due.one(account or None, marketplace, kind)
    if row is None or row.due_at > passing.clock.now():
        return
    store.due.begun(row, passing.worker, passing.clock.now())
    try:
        done = _KINDS[kind](passing, row)
    except AccountBusy:
        seconds = table("unattended")["again"]["look_busy_seconds" if kind in OF_PLACE else "busy_seconds"]
        store.due.put_off(row, passing.clock.now() + timedelta(seconds=seconds), "account-busy")
    except RefloatError as error:
        _failed(passing, row, getattr(error, "code", "refused"), str(error))
    except Exception as error:  # one account's trouble, whatever it is, must not end the worker
        logging.getLogger(__name__).exception("The turn %s of %s %s broke off.", kind, account, marketplace)
        _failed(passing, row, "defect", f"{type(error).__name__}: {error}")
    else:
        store.due.ended(row, passing.clock.now(), done.next_at, waits_for=done.waits_for)


def _failed(passing: Passing, row: DueRow, code: str, text: str) -> None:
    minutes, now = table("unattended")["again"]["minutes"], passing.clock.now()
    passing.store.due.failed(row, now, now + timedelta(minutes=minutes[min(row.failures, len(minutes) - 1)]), code, text)


def _places(passing: Passing, row: DueRow) -> Done:
    """Where the account sells: each marketplace is looked at from now on, one in which it sells no more is not."""
    store, account, now = passing.store, str(row.account), passing.clock.now()
    known = known_places(store, account, passing.clock)
    store.due.added(account, "", OF_ACCOUNT, now)
    for place in known:
        store.due.added(account, place, OF_PLACE, now)
    for gone in {one.marketplace for one in store.due.all(account) if one.marketplace} - set(known):
        store.due.dropped(account, gone)
    return Done(now + timedelta(hours=table("unattended")["cadence"]["place_hours"]))


def _look(passing: Passing, row: DueRow) -> Done:
    """Look at one marketplace; what came is concluded from as soon as all of it is there."""
    account = str(row.account)
    hours = passing.cadence.report_hours
    pace = Pace(hours, wait=False, sooner=frozenset({"stranded"} if has_news(passing.store, account, row.marketplace, passing.clock.now() - timedelta(hours=hours)) else ()))
    (seen,) = observe_account(passing.store, account, places=[row.marketplace], clock=passing.clock, pace=pace)
    if seen.looked.waits_until is not None:
        return Done(seen.looked.waits_until, "reports")
    now = passing.clock.now()
    if seen.looked.reports or seen.looked.changes or seen.verdicts:
        passing.store.due.called(account, "", "act", now)
    passing.store.due.called(account, "", "tell", now)
    return Done(now + timedelta(minutes=passing.cadence.change_minutes))


def has_news(store: Store, account: str, marketplace: str, since: datetime) -> bool:
    """Has a look at changes found units on hand that cannot be bought, of which Amazon's report says nothing yet?

    Then the next report tells whether they are stranded. It is asked for only for so long as it would be due anyway: what the report
    still does not list then is another matter.
    """
    known = store.strandings.open_strandings(account, marketplace)
    return len(known) <= table("observing")["sooner"]["open_most"] and any(row.now.standing == "suspected" and row.now.from_at > since for row in known)


def _act(passing: Passing, row: DueRow) -> Done:
    """Do what the policy names; called for by every look that brought something, and else when the policy says so."""
    usual = passing.clock.now() + timedelta(hours=passing.cadence.act_hours)
    try:
        by = act_by_policy(passing.store, str(row.account), clock=passing.clock)
    except NothingReadable:
        return Done(usual, "look")
    if by.refused:
        return Done(usual, "new-plan")
    if by.next_at is not None and by.next_at < usual:
        return Done(by.next_at, "step" if any(one.later for one in by.applied.values()) else "")
    return Done(usual, "consent" if any(one.whom in _PEOPLE for one in by.waiting) else "")


def _tell(passing: Passing, row: DueRow) -> Done:
    """What somebody should know is raised; called for after every look, and else every few hours."""
    raised = raise_alarms(passing.store, str(row.account), passing.clock)
    now = passing.clock.now()
    if raised.raised or raised.cleared or raised.again:
        passing.store.due.called(None, "", "deliver", now)
    return Done(now + timedelta(hours=passing.cadence.tell_hours))


def _deliver(passing: Passing, _: DueRow) -> Done:
    """What is to be said is sent, digests at each recipient's morning."""
    deliver(passing.store, passing.clock)
    return Done(passing.clock.now() + timedelta(minutes=passing.cadence.deliver_minutes))


def _prune(passing: Passing, _: DueRow) -> Done:
    """What is old, and what nothing rests on any more, goes."""
    now = passing.clock.now()
    prune(passing.store, now)
    return Done(now + timedelta(hours=table("unattended")["cadence"]["prune_hours"]))


#: Whom the account waits for where it waits for a person.
_PEOPLE = frozenset({"person", "two-people", "deadline"})

_KINDS: Mapping[str, Callable[[Passing, DueRow], Done]] = {"places": _places, "look": _look, "act": _act, "tell": _tell, "deliver": _deliver, "prune": _prune}
