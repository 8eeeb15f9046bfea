"""From what a person chose in a table, or filled into a file, to plans: one an account. Nothing is sent by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from refloat.app.live import line_of
from refloat.app.planning import Drawing, PlanQuestion
from refloat.app.policies import named, notes_on_record
from refloat.errors import RefloatError, WrongUse
from refloat.knowledge.tables import table
from refloat.model.cure import Disposition, Wishes
from refloat.model.plan import LeftAlone, Plan
from refloat.model.ports import Clock
from refloat.model.source import Warning
from refloat.reports.loader import Filled
from refloat.store import Store

#: (marketplace, SKU).
Key = tuple[str, str]


@dataclass(frozen=True)
class Wanted:
    """What a person asked for. ``remedy`` None: the next of each cause; ``disposition``: of a removal; ``lifted``: guard → why."""

    by: str
    remedy: str | None = None
    disposition: Disposition | None = None
    lifted: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    #: (marketplace, SKU) → its own remedy, where they differ.
    remedies: Mapping[Key, str] = field(default_factory=dict)
    #: (marketplace, SKU) → the price that this plan alone shall set; what is not carried out of it leaves none behind.
    prices: Mapping[Key, Decimal] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        typed = [[place, sku, format(price, "f")] for (place, sku), price in sorted(self.prices.items())]
        return {"remedy": self.remedy, "disposition": self.disposition, "lifted": dict(self.lifted)} | ({"prices": typed} if typed else {})


@dataclass
class Made:
    """The plans, and why there is none for an account."""

    plans: list[Plan] = field(default_factory=list)
    failed: dict[str, RefloatError] = field(default_factory=dict)


def plans_for(store: Store, chosen: Mapping[str, Iterable[Key]], wanted: Wanted, clock: Callable[[], Clock]) -> Made:
    """A plan for each account's part of what was chosen; that one account cannot be planned for keeps no other from it."""
    made = Made()
    for account, keys in chosen.items():
        try:
            made.plans.append(plan_for(store, PlanQuestion(account, chosen=frozenset(keys)), wanted, clock()))
        except RefloatError as error:
            made.failed[account] = error
    return made


def plan_for(store: Store, asked: PlanQuestion, wanted: Wanted, clock: Clock, warnings: list[Warning] | None = None) -> Plan:
    """The plan for one account, by the notes on record, kept with who asked for it.

    Raises:
        NothingReadable: the account was never observed.
        WrongUse: a guard cannot be lifted, or the remedy is none.
    """
    _liftable(wanted.lifted)
    notes, wishes = notes_on_record(store, asked.account)
    if asked.filled is not None:
        wishes = asked.wishes
    wishes = _priced(wishes, wanted.prices)
    if wanted.disposition is not None:
        wishes = replace(wishes, disposition=wanted.disposition, dispositions={})
    asked = replace(asked, notes=notes, wishes=wishes, remedy=wanted.remedy, lifted=frozenset(wanted.lifted), language=wanted.language)
    line = line_of(store, asked.account, clock)
    try:
        drawing = Drawing.of(store, asked, clock, line, warnings)
        plan = drawing.plan(drawing.drawn(wanted.remedies))
    finally:
        line.close()
    store.plans.keep(plan)
    store.asking.asked_for(plan, named(wanted.by), wanted.as_json(), clock.now())
    return plan


def _priced(wishes: Wishes, prices: Mapping[Key, Decimal]) -> Wishes:
    """The wishes with these prices before any other."""
    own = {place: dict(known) for place, known in wishes.prices_in.items()}
    for (place, sku), price in prices.items():
        own.setdefault(place, {})[sku] = price
    return replace(wishes, prices_in=own)


def filled_question(store: Store, account: str, place: str, filled: Filled) -> PlanQuestion:
    """What a filled-in Bulk Fix file asks for: its SKUs, its prices and bounds in that marketplace; for all else the notes on record.

    Raises:
        WrongUse: no row of it can be used.
    """
    if not filled.rows:
        raise WrongUse("Nothing in the file can be used.", why="Every row was refused, or there is none.", todo="Correct the rows and try again.")
    return with_filled(replace(PlanQuestion(account), wishes=notes_on_record(store, account)[1]), place, filled)


def with_filled(question: PlanQuestion, place: str, filled: Filled) -> PlanQuestion:
    """The question, about the file's rows alone, with what stands in them before what else is wished."""
    own = question.wishes
    prices, bounds = {**own.prices_in.get(place, {}), **filled.wishes.prices}, {**own.bounds_in.get(place, {}), **filled.wishes.bounds}
    wishes = replace(own, prices_in={**own.prices_in, place: prices}, bounds_in={**own.bounds_in, place: bounds})
    return replace(question, places=[place], wishes=wishes, skus=frozenset(filled.chosen), filled=filled)


def lift(store: Store, plan: Plan, guard: str, why: str, *, by: str, clock: Clock) -> Plan:
    """A new plan for what one guard keeps back in this one, with the guard lifted by name, and the reason on record.

    Raises:
        WrongUse: it cannot be lifted, keeps nothing back, or no reason is given.
    """
    kept_back = [one for one in plan.left_alone if one.guard.name == guard]
    if not why.strip():
        raise WrongUse("It is not said why the guard {name} is lifted.", why="Whoever approves the plan, and whoever reads the journal, wants to know.", todo="Write the reason.", name=guard)
    if not kept_back:
        raise WrongUse("The guard {name} keeps nothing back in the plan {plan}.", why="Only what is left alone because of it can be planned for.", todo="Read the plan.", name=guard, plan=plan.id)
    before = store.asking.who_asked(plan.id)
    asked = before.asked if before else {}
    lifted = dict.fromkeys(plan.lifted, "") | dict(asked.get("lifted") or {}) | {guard: why.strip()}
    prices = {(place, sku): Decimal(price) for place, sku, price in asked.get("prices") or ()}
    wanted = Wanted(by, asked.get("remedy"), asked.get("disposition"), lifted, plan.language, _remedies(kept_back), prices)
    return plan_for(store, PlanQuestion(plan.account, chosen=frozenset((one.marketplace, one.sku) for one in kept_back)), wanted, clock)


def _remedies(kept_back: Sequence[LeftAlone]) -> dict[Key, str]:
    return {(one.marketplace, one.sku): one.remedy for one in kept_back}


def liftable() -> list[str]:
    """The guards that a person may lift by name."""
    return sorted(name for name, row in table("guards").items() if row.get("lift"))


def _liftable(names: Iterable[str]) -> None:
    if strange := sorted(set(names) - set(liftable())):
        raise WrongUse(
            "The guard {name} cannot be lifted.",
            why="It keeps goods, money or the account from harm, or there is none of that name.",
            todo="These can be: {names}.",
            name=strange[0],
            names=", ".join(liftable()),
        )
