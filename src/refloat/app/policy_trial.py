"""A policy tried on the account's own history: on which strandings its rules would have acted by themselves, when, and what became of those.

The decisions are those of ``loop.deciding``; what history does not keep is left out, and named (``UNTOLD``). What became of
a stranding became of it under whatever was done at the time: that a rule would have had the same end, nobody can know.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from refloat.app.policies import in_force, opted_out, zone_of
from refloat.app.weighing import known_since
from refloat.knowledge.tables import marketplaces
from refloat.loop.deciding import Decision, Done, decided
from refloat.loop.returning import Facts
from refloat.model.cure import Field
from refloat.model.money import Money
from refloat.model.plan import Action
from refloat.model.policy import Policy, PriceRule
from refloat.model.ports import Deed
from refloat.store import StandingRow, Store, StrandingRow
from refloat.store.rows import MEMORY

Became = Literal["cured", "came-back", "otherwise", "open", "unknown"]
BECAME: tuple[Became, ...] = ("cured", "came-back", "otherwise", "open", "unknown")
#: What decides in earnest and no history keeps, by code: the price that would have gone live, your bounds, what Amazon enforced
#: and what else the guards of a plan ask, Amazon's own date of the stranding, surprises, returns under standing consents.
UNTOLD = ("prices", "bounds", "guards", "stranded-on", "surprises", "returns")
#: Decisions by which it only waits for room.
_FULL = frozenset({"hour-full", "day-full"})
#: It ended while it waited for room: no decision of the loop's, which sees only what is.
OVER_BEFORE = "over-before"


@dataclass(frozen=True, slots=True)
class Acted:
    """One stranding on which a rule would have acted, and when first. ``same``: the same remedy was proven to have cured it then."""

    stranding_id: int
    marketplace: str
    sku: str
    remedy: str
    cause: str
    rule: str
    at: datetime
    became: Became
    same: bool = False
    #: It ended so lately that it may still come back.
    lately: bool = False


@dataclass(frozen=True)
class Trial:
    """What one policy would have done. ``left``: code of the last decision → how many strandings it would never have acted on."""

    policy: Policy
    acted: tuple[Acted, ...]
    left: Mapping[str, int]

    @property
    def became(self) -> dict[Became, int]:
        """What became of those on which it would have acted."""
        counts = Counter(one.became for one in self.acted)
        return {word: counts[word] for word in BECAME}

    @property
    def same(self) -> int:
        """How many of the cured were cured by the very remedy."""
        return sum(one.same for one in self.acted if one.became == "cured")

    @property
    def lately(self) -> int:
        """How many of the cured may still come back."""
        return sum(one.lately for one in self.acted if one.became == "cured")


@dataclass(frozen=True)
class Comparison:
    """A candidate beside the policy in force, over the same history. ``since``: its beginning; None: there is no history."""

    now: Trial
    then: Trial
    strandings: int
    since: datetime | None

    @property
    def newly(self) -> tuple[Acted, ...]:
        """Those on which only the candidate would have acted."""
        before = {one.stranding_id for one in self.now.acted}
        return tuple(one for one in self.then.acted if one.stranding_id not in before)

    @property
    def no_longer(self) -> tuple[Acted, ...]:
        """Those on which only the policy in force would have acted."""
        after = {one.stranding_id for one in self.then.acted}
        return tuple(one for one in self.now.acted if one.stranding_id not in after)


def compared(store: Store, account: str, candidate: Policy, at: datetime) -> Comparison:
    """The candidate tried on everything that is on record of the account, beside the policy in force; both leave alone what people took out at the pages.

    Raises:
        WrongUse: there is no such account.
    """
    strandings = store.strandings.every(account)
    deeds: dict[int, list[Deed]] = {}
    for own in store.plans.of_strandings(account).values():
        for deed in own:
            if deed.stranding_id is not None:
                deeds.setdefault(deed.stranding_id, []).append(deed)
    zone, out = zone_of(store, account), opted_out(store, account)
    both = [replace(policy, opt_outs=(*policy.opt_outs, *out)) for policy in (in_force(store, account).policy, candidate)]
    trials = [tried(policy, strandings, deeds, at, zone) for policy in both]
    return Comparison(trials[0], trials[1], len(strandings), min((one.opened_at for one in strandings), default=None))


def tried(policy: Policy, strandings: Sequence[StrandingRow], deeds: Mapping[int, Sequence[Deed]], at: datetime, zone: str) -> Trial:
    """What the policy would have done until ``at``, in the order of time, its caps counted. ``zone``: of the account, for quiet hours without their own."""
    # The price that would have gone live is not on record; what is not known is not held against the policy, and is named.
    price = PriceRule(never_below=policy.price.never_below, far_percent=policy.price.far_percent)
    own = replace(policy, price=price, quiet=replace(policy.quiet, timezone=policy.quiet.timezone or zone))
    run = _Run(own, at, zone)
    for row in strandings:
        run.expect(row)
    acted = tuple(_acted(row, number, when, rule, deeds.get(row.id, ()), at) for row, number, when, rule in run.played())
    return Trial(policy, tuple(sorted(acted, key=lambda one: (one.at, one.stranding_id))), run.left)


#: When, which stranding (in the order of record), which of its intervals.
_Moment = tuple[datetime, int, int]


@dataclass
class _Run:
    """The clock of a trial: each stranding is looked at when something new was known of it, and when a rule said to look again."""

    policy: Policy
    until: datetime
    zone: str
    left: Counter[str] = field(default_factory=Counter)
    _rows: list[StrandingRow] = field(default_factory=list)
    _due: list[_Moment] = field(default_factory=list)
    #: The starts of the last 24 hours, the earliest first.
    _started: deque[datetime] = field(default_factory=deque)
    #: Until when a cap lets nothing start, by which code, and what waits for that: in its order, and not looked at before.
    _full: tuple[datetime, str] = (datetime.min.replace(tzinfo=UTC), "")
    _waiting: deque[_Moment] = field(default_factory=deque)

    def expect(self, row: StrandingRow) -> None:
        """Look at it when it was first on record."""
        self._due.append((row.intervals[0].from_at, len(self._rows), 0))
        self._rows.append(row)

    def played(self) -> Iterator[tuple[StrandingRow, int, datetime, str]]:
        """(stranding, interval, when, rule) of each on which a rule would have acted, once each."""
        heapq.heapify(self._due)
        while (moment := self._next()) is not None:
            now, which, number = moment
            decision = self._decision(self._rows[which], number, now)
            if decision.outcome == "automatic":
                self._started.append(now)
                yield self._rows[which], number, now, decision.facts.get("rule", "")
            elif decision.code in _FULL and decision.until is not None:
                self._full = decision.until, decision.code
                self._waiting.appendleft(moment)
            else:
                self._again(moment, decision)

    def _next(self) -> _Moment | None:
        """The earliest moment at which anything may start; None: there is none any more."""
        while self._due or self._waiting:
            room_at, _ = self._full
            if self._waiting and (not self._due or self._due[0][0] >= room_at):
                found = self._later(self._waiting.popleft(), room_at)
                if found is not None:
                    return found
            elif self._due[0][0] < room_at:
                self._waiting.append(heapq.heappop(self._due))
            else:
                return heapq.heappop(self._due)
        return None

    def _later(self, moment: _Moment, when: datetime) -> _Moment | None:
        """The same stranding when there is room again; None where it has ended by then, or is looked at later still."""
        _, which, number = moment
        intervals = self._rows[which].intervals
        while number < len(intervals) and (to_at := intervals[number].to_at) is not None and to_at <= when:
            number += 1
        if number == len(intervals) or when >= self.until:
            self.left[OVER_BEFORE if number == len(intervals) else self._full[1]] += 1
            return None
        if intervals[number].from_at > when:
            heapq.heappush(self._due, (intervals[number].from_at, which, number))
            return None
        return when, which, number

    def _again(self, moment: _Moment, decision: Decision) -> None:
        """Look again when the wait is over, else when something else is known; never more: it is left, by this decision."""
        _, which, number = moment
        intervals = self._rows[which].intervals
        if decision.until is not None and decision.until < min(intervals[number].to_at or self.until, self.until):
            heapq.heappush(self._due, (decision.until, which, number))
        elif number + 1 < len(intervals):
            heapq.heappush(self._due, (intervals[number + 1].from_at, which, number + 1))
        else:
            self.left[decision.code] += 1

    def _decision(self, row: StrandingRow, number: int, now: datetime) -> Decision:
        started, pace = self._started, self.policy.pace
        while started and started[0] <= now - timedelta(hours=24):
            started.popleft()
        # Below both caps what has started cannot matter, and need not be counted through for each stranding.
        full = len(started) >= pace.per_day or (len(started) >= pace.per_hour and started[-pace.per_hour] > now - timedelta(hours=1))
        action, facts = _as_then(row, number, now, self.zone)
        return decided(self.policy, [(action, facts)], Done(tuple(started) if full else ()), now)[action.id]


def _as_then(row: StrandingRow, number: int, now: datetime, zone: str) -> tuple[Action, Facts]:
    """The stranding as an action, and what was known beside it, at that moment."""
    known, turn = row.intervals[number], _turn(row, number)
    place = marketplaces().get(row.marketplace)
    own, each = place.timezone if place else zone, _each(known)
    asks = tuple(name for name, holds in (("diagnosis", known.safety != "safe"), ("came-back", turn > 0)) if holds)
    shown = None if each is None else f"{each} {known.worth_currency}"
    action = Action(
        id=str(row.id), marketplace=row.marketplace, sku=row.sku, asin=known.asin, fnsku=row.fnsku, title=known.title, units=known.units_fulfillable,
        worth=None if known.worth_amount is None else Money(known.worth_amount, known.worth_currency), removal_due_on=known.removal_due_on, said=known.said,
        cause=known.cause or "unexplained", remedy=known.remedy or "", mode=None, safety="consent" if asks else "safe", irreversible=False, why="", steps=(),
        fields=(Field("price", None, shown or "1 ?"),), undo=None, rests_on={}, asks=asks,
    )  # fmt: skip
    then = replace(row, times_back=turn, intervals=(known,))
    facts = Facts(now.astimezone(ZoneInfo(own)).date(), own, known_since(then), known.standing == "confirmed", times_back=turn, reference=each or Decimal(1), bounded=True)
    return action, facts


def _each(known: StandingRow) -> Decimal | None:
    """The price that its worth was reckoned with; None where it is not known."""
    units = None if known.units_fulfillable is None else known.units_fulfillable + (known.units_reserved or 0)
    return None if not units or known.worth_amount is None or known.worth_currency is None else known.worth_amount / units


def _turn(row: StrandingRow, number: int) -> int:
    """How often it had come back by that interval: between two that do not meet it was over."""
    return sum(before.to_at != after.from_at for before, after in zip(row.intervals[:number], row.intervals[1 : number + 1], strict=True))


def _acted(row: StrandingRow, number: int, when: datetime, rule: str, deeds: Iterable[Deed], at: datetime) -> Acted:  # noqa: PLR0917 - what became of one
    known = row.intervals[number]
    became = _became(row, number)
    same = any(deed.verdict == "cured" and deed.remedy == known.remedy for deed in deeds)
    lately = row.closed_at is not None and at - row.closed_at < MEMORY
    return Acted(row.id, row.marketplace, row.sku, known.remedy or "", known.cause or "", rule, when, became, same, lately)


def _became(row: StrandingRow, number: int) -> Became:
    """What became of it after that interval, as far as it is on record."""
    if _turn(row, len(row.intervals) - 1) > _turn(row, number):
        return "came-back"
    if row.closed_at is None:
        return "unknown" if row.now.standing in {"unknown", "conflicting"} else "open"
    return "unknown" if row.outcome is None else "cured" if row.outcome == "cleared" else "otherwise"
