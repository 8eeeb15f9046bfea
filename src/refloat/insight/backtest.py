"""The books of a back-test: what a year brought under each strategy, over some seeds, beside the two bounds and the targets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import fmean
from typing import Any

#: In the order of the table: nothing but Amazon, a person without Refloat, Refloat, and what no seller can do.
AMAZON, WEEKLY, FRESH, RECOMMENDED, WITH_PEOPLE, CLAIRVOYANT = "amazon", "weekly", "fresh", "recommended", "clairvoyant-with-people", "clairvoyant"
STRATEGIES = (AMAZON, WEEKLY, FRESH, RECOMMENDED, WITH_PEOPLE, CLAIRVOYANT)
#: Targets of the recommended policy.
MOST_OF_THE_BOUND, LEAST_BETTER = 1.15, 10.0


@dataclass(frozen=True, slots=True)
class Played:
    """One strategy through one seed's year, as the world counted it.

    ``fees``: by kind and currency ("storage USD"); ``by_kind``: unit days by what befell the units. Units are units, days are days.
    """

    strategy: str
    seed: int
    stranded_unit_days: float
    on_purpose_unit_days: float
    units_disposed_unasked: int
    units_returned_unasked: int
    wrong_offers: int
    units_sold_wrongly: int
    units_sold: int
    fees: Mapping[str, Decimal]
    calls: int
    mishaps: int
    stranded_at_the_end: int
    people_acts: int
    by_kind: Mapping[str, float] = field(default_factory=dict)
    looks: int = 0
    looks_left_out: int = 0

    @classmethod
    def of(cls, strategy: str, seed: int, told: Mapping[str, Any], **more: Any) -> Played:
        """From the world's own tallies; what is not of these books is passed over."""
        own = {name: told[name] for name in cls.__dataclass_fields__ if name in told}
        return cls(strategy, seed, **{**own, "fees": {name: Decimal(amount) for name, amount in told["fees"].items()}}, **more)

    def as_json(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return plain | {"fees": {name: str(amount) for name, amount in self.fees.items()}, "by_kind": dict(self.by_kind)}


@dataclass(frozen=True, slots=True)
class Row:
    """One strategy over all seeds: unit days and fees are means of a seed, the rest are sums over all seeds."""

    strategy: str
    seeds: int
    stranded_unit_days: float
    units_disposed_unasked: int
    wrong_offers: int
    units_sold_wrongly: int
    fees: Mapping[str, Decimal]
    calls: int
    people_acts: int
    #: Beside the clairvoyant, and beside the one whose people are the seller's; None where they were not played.
    of_clairvoyant: float | None
    of_people: float | None

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"fees": {name: str(amount) for name, amount in self.fees.items()}}


@dataclass(frozen=True, slots=True)
class Target:
    """A target of the recommended policy: what it reached, and what it should. ``name`` is a key of the doors' texts."""

    name: str
    reached: float | None
    wanted: float
    met: bool | None

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def rows(played: Sequence[Played]) -> list[Row]:
    """A row for each strategy that was played, in the table's order; one's own policies come after the shipped ones."""
    names = sorted({one.strategy for one in played}, key=lambda name: (STRATEGIES.index(name) if name in STRATEGIES else STRATEGIES.index(RECOMMENDED) + 0.5, name))
    bounds = {name: _mean(played, name) for name in (CLAIRVOYANT, WITH_PEOPLE)}
    return [_row(name, [one for one in played if one.strategy == name], bounds) for name in names]


def _row(name: str, own: Sequence[Played], bounds: Mapping[str, float | None]) -> Row:
    days = fmean(one.stranded_unit_days for one in own)
    kinds = sorted({kind for one in own for kind in one.fees})
    fees = {kind: sum((one.fees.get(kind, Decimal(0)) for one in own), Decimal(0)) for kind in kinds}
    return Row(
        strategy=name,
        seeds=len(own),
        stranded_unit_days=days,
        units_disposed_unasked=sum(one.units_disposed_unasked for one in own),
        wrong_offers=sum(one.wrong_offers for one in own),
        units_sold_wrongly=sum(one.units_sold_wrongly for one in own),
        fees={kind: (amount / len(own)).quantize(Decimal("0.01")) for kind, amount in fees.items()},
        calls=sum(one.calls for one in own),
        people_acts=sum(one.people_acts for one in own),
        of_clairvoyant=_share(days, bounds[CLAIRVOYANT]),
        of_people=_share(days, bounds[WITH_PEOPLE]),
    )


def targets(played: Sequence[Played]) -> list[Target]:
    """What the recommended policy reached of what it should; nothing is said of what was not played."""
    found = {row.strategy: row for row in rows(played)}
    own, amazon = found.get(RECOMMENDED), found.get(AMAZON)
    if own is None:
        return []
    better = _share(amazon.stranded_unit_days, own.stranded_unit_days) if amazon else None
    return [
        Target("of-clairvoyant", own.of_clairvoyant, MOST_OF_THE_BOUND, _at_most(own.of_clairvoyant, MOST_OF_THE_BOUND)),
        Target("of-people", own.of_people, MOST_OF_THE_BOUND, _at_most(own.of_people, MOST_OF_THE_BOUND)),
        Target("better-than-amazon", better, LEAST_BETTER, None if better is None else better >= LEAST_BETTER),
        Target("disposed-unasked", own.units_disposed_unasked, 0, own.units_disposed_unasked == 0),
        Target("wrong-offers", own.wrong_offers, 0, own.wrong_offers == 0),
    ]


def dearest(played: Sequence[Played], strategy: str, beside: str, most: int = 10) -> list[tuple[str, float, float]]:
    """Where the unit days are lost: kind of mishap, unit days a seed under the strategy, and under the one beside it; the largest difference first."""
    own, other = _kinds(played, strategy), _kinds(played, beside)
    return sorted(((kind, own.get(kind, 0.0), other.get(kind, 0.0)) for kind in own.keys() | other.keys()), key=lambda one: one[2] - one[1])[:most]


def _kinds(played: Iterable[Played], strategy: str) -> dict[str, float]:
    own = [one for one in played if one.strategy == strategy]
    return {kind: sum(one.by_kind.get(kind, 0.0) for one in own) / len(own) for kind in {kind for one in own for kind in one.by_kind}}


def _mean(played: Sequence[Played], strategy: str) -> float | None:
    own = [one.stranded_unit_days for one in played if one.strategy == strategy]
    return fmean(own) if own else None


def _share(days: float, of: float | None) -> float | None:
    return days / of if of else None


def _at_most(reached: float | None, wanted: float) -> bool | None:
    return None if reached is None else reached <= wanted
