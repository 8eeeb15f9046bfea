"""Audit: with Amazon's settings as they were entered, what Amazon will do by itself, on which day, with how many units, worth how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from refloat.app.live import triage_account
from refloat.app.planning import goods_in
from refloat.app.policies import in_force, notes_in, notes_on_record
from refloat.app.triage import Question
from refloat.app.weighing import reckoned_fee
from refloat.clock import WallClock
from refloat.knowledge.tables import table
from refloat.model.money import Money, totals
from refloat.model.notes import Notes, Settings
from refloat.model.policy import RemovalRule
from refloat.model.ports import Clock
from refloat.store import EnteredRow, Store

Row = Mapping[str, Any]
#: What Amazon's automatic removal does where the seller has set nothing (Amazon's help on automatic removals).
_DEFAULT = "Disposal"


@dataclass(frozen=True, slots=True)
class Setting:
    """One of Amazon's own settings. ``value`` None: not entered; ``since``: the day on which the seller read or entered it; ``old``: long ago."""

    name: str
    value: Any
    since: date | None
    old: bool

    def as_json(self) -> dict[str, Any]:
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        return {"name": self.name, "value": value, "since": self.since.isoformat() if self.since else None, "old": self.old}


@dataclass(frozen=True, slots=True)
class Event:
    """What happens on one day in one marketplace: ``relist``, ``change-to-fba``, or Amazon's removal by its disposition.

    ``estimated``: at least one date is ours, not Amazon's; ``assumed``: the seller entered no disposition, so it is Amazon's default.
    ``instead``: remedy → SKUs that it would spare.
    """

    on: date
    marketplace: str
    what: str
    skus: tuple[str, ...]
    units: int
    units_unknown: int
    worth: tuple[Money, ...]
    fee: tuple[Money, ...]
    worth_unknown: int
    fee_unknown: int
    estimated: bool
    assumed: bool
    instead: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        plain = ("marketplace", "what", "units", "units_unknown", "worth_unknown", "fee_unknown", "estimated", "assumed")
        money = {"worth": [one.as_json() for one in self.worth], "fee": [one.as_json() for one in self.fee]}
        return {"on": self.on.isoformat(), **{name: getattr(self, name) for name in plain}, "skus": list(self.skus), **money, "instead": dict(self.instead)}


@dataclass(frozen=True, slots=True)
class Audit:
    """Every event to come, the nearest first, and every setting on which they rest."""

    account: str
    as_of: date
    events: tuple[Event, ...]
    settings: tuple[Setting, ...]

    def as_json(self) -> dict[str, Any]:
        return {"account": self.account, "as_of": self.as_of.isoformat(), "events": [one.as_json() for one in self.events], "settings": [one.as_json() for one in self.settings]}


def audited(store: Store, account: str, clock: Clock | None = None) -> Audit:
    """What is on record of the account, held against Amazon's settings as they were entered.

    Raises:
        NothingReadable: the account was never observed.
    """
    clock = clock or WallClock()
    notes, _ = notes_on_record(store, account)
    found = triage_account(store, Question((), account=account, notes=notes), clock)
    rule = in_force(store, account).policy.removal
    events: dict[tuple[date, str, str], list[Row]] = {}
    for row in found.rows.iter_rows(named=True):
        for on, what in _automatic(row, notes):
            events.setdefault((on, row["marketplace"] or "?", what), []).append(row)
    told = tuple(_event(key, rows, notes, rule) for key, rows in sorted(events.items()))
    return Audit(account, found.as_of, told, tuple(_settings(store.policies.history(account, "notes"), notes.settings, clock.now())))


def _automatic(row: Row, notes: Notes) -> Iterator[tuple[date, str]]:
    """What Amazon does with the row by itself; what it does first spares the later."""
    dates = ((row["amazon_relist_on"], "relist"), (row["amazon_change_on"], "change-to-fba"), (row["removal_due_on"], notes.settings.removal_disposition or _DEFAULT))
    first = min((one for one in dates if one[0] is not None), default=None, key=lambda one: one[0])
    if first is not None:
        yield first


def _event(key: tuple[date, str, str], rows: Sequence[Row], notes: Notes, rule: RemovalRule) -> Event:
    on, marketplace, what = key
    counted = [row for row in rows if row["counted"]]
    units = [row["units_stranded"] for row in counted]
    goods = [goods_in(row) for row in counted]
    leaves = what not in {"relist", "change-to-fba"}
    fees = [one.fee or reckoned_fee(rule, row) for one, row in zip(goods, counted, strict=True)] if leaves else []
    return Event(
        on,
        marketplace,
        what,
        tuple(sorted(row["sku"] for row in rows)),
        sum(one for one in units if one is not None),
        sum(one is None for one in units),
        tuple(totals([one.worth for one in goods])),
        tuple(totals(fees)),
        sum(one.worth is None for one in goods),
        sum(fee is None for fee in fees),
        estimated=not leaves or any(row["removal_due_from"] != "report" for row in rows),
        assumed=leaves and notes.settings.removal_disposition is None,
        instead=dict(Counter(row["remedy"] for row in rows).most_common()),
    )


def _settings(versions: Sequence[EnteredRow], now_entered: Settings, now: datetime) -> Iterator[Setting]:
    """Each setting with the day from which it is known: as the seller dated it, else since when it is on record unchanged."""
    before = [(row.at.date(), notes_in(row)[0].settings) for row in versions]
    for one in fields(Settings):
        if one.name == "looked_up_on":
            continue
        value, since = getattr(now_entered, one.name), now_entered.looked_up_on
        for entered_on, settings in before if since is None else ():
            if getattr(settings, one.name) != value:
                break
            since = entered_on
        # A switch that nobody entered has Amazon's default, which is no knowledge of the seller's account.
        entered = value is not None and (value != one.default or now_entered.looked_up_on is not None)
        old = entered and since is not None and (now.date() - since).days > table("policies/deadlines")["settings_old_days"]
        yield Setting(one.name, value if entered else None, since if entered else None, old)
