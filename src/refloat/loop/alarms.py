"""What somebody should know now, by what is on record. Pure: nothing is asked, told or written here.

Each pass looks at everything that *is* so; what was told already is taken out by name, member by member. So an
incident of 412 SKUs is one thing to tell, the 413th that comes a day later is another, and nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

import polars as pl

from refloat.knowledge.tables import table
from refloat.loop.alarms_stranded import dues_of, said_of
from refloat.model.alarm import ACCOUNT_SOURCE, LADDERS, Due, Failed, Kind, Silent, Wanted, step_of
from refloat.model.money import Money, totals

_TOOLS = frozenset({"another-tool", "file-upload"})

#: Kind → every ladder that somebody uses.
Ladders = Mapping[str, Set[tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class _Said:
    """One member: what it is about, under which it is grouped, and whether it may be told now. ``base``: without its step."""

    kind: Kind
    member: str
    base: str
    group: tuple[Any, ...]
    tell: bool
    about: Any
    step: int | None = None


@dataclass(frozen=True)
class OnRecord:
    """What is on record of an account. ``strandings``: a frame, with the columns of ``alarms_stranded.STRANDED``.

    ``health``: marketplace → Amazon's word; ``looked_at``: the last try at any source.
    """

    strandings: pl.DataFrame
    failed: Sequence[Failed]
    silent: Sequence[Silent]
    health: Mapping[str, str]
    looked_at: datetime | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """An open stranding of which an action of ours failed."""

    id: int
    sku: str
    cause: str | None
    units: int | None
    worth: Money | None


class Alarming:
    """Everything that holds now: of strandings as a frame, of all else one by one."""

    def __init__(self, said: Sequence[_Said], by_id: Mapping[int, _Known], stranded: pl.DataFrame) -> None:
        self._said, self._by_id, self._stranded = said, by_id, stranded
        self._holding: dict[tuple[str, str], Set[str]] = {}

    def untold(self, told: Mapping[str, Set[str]]) -> list[Due]:
        """What was not told yet, grouped. ``told``: kind → members."""
        new = [said for said in self._said if said.tell and said.member not in told.get(said.kind, frozenset())]
        by = sorted(new, key=lambda said: (said.kind, said.group, said.member))
        found = [(said[0].group, self._due(said)) for said in (list(own) for _, own in groupby(by, key=lambda said: (said.kind, said.group)))]
        before = [pl.DataFrame({"member": list(members)}, schema={"member": pl.String()}).with_columns(pl.lit(kind).alias("kind")) for kind, members in told.items() if members]
        untold = self._stranded.filter("tell")
        untold = untold.join(pl.concat(before), on=("kind", "member"), how="anti") if before else untold
        found += dues_of(untold)
        return [due for _, due in sorted(found, key=lambda one: (one[1].kind, one[0]))]

    def goes_on(self, kind: str, members: Iterable[str]) -> str | None:
        """Whether something of an alarm still holds: ``yes``; ``further``: on another step, of which an alarm of its own tells; None: it is over."""
        own = list(members)
        if not self._held(kind, "member").isdisjoint(own):
            return "yes"
        return None if self._held(kind, "base").isdisjoint(map(_stem, own)) else "further"

    def _held(self, kind: str, which: str) -> Set[str]:
        """Every member of a kind that holds now, or the ``base`` of each; made when it is first asked for."""
        if (kind, which) not in self._holding:
            of_strandings = self._stranded.filter(pl.col("kind") == kind)[which].to_list()
            self._holding[kind, which] = {*of_strandings, *(getattr(one, which) for one in self._said if one.kind == kind)}
        return self._holding[kind, which]

    def _due(self, said: Sequence[_Said]) -> Due:
        first = said[0]
        about = [self._stranding(one.about) for one in said]
        known = sorted({one.id: one for one in about if one is not None}.values(), key=_weight)
        facts = {**_FACTS[first.kind](first, said), **(_of_strandings(known) if known else {})}
        place = first.group[0]
        return Due(first.kind, place, tuple(one.member for one in said), facts, tuple(totals(one.worth for one in known)), first.step)

    def _stranding(self, about: Any) -> _Known | None:
        return self._by_id.get(about.stranding_id or 0) if isinstance(about, Failed) else None


def alarming(seen: OnRecord, ladders: Ladders, now: datetime) -> Alarming:
    """What holds now. ``ladders``: the steps that anybody uses, so that each finds theirs."""
    by_id = {one.id: one for one in _known(seen.strandings, [one.stranding_id for one in seen.failed])}
    said = [
        *_failed(seen.failed, by_id),
        *_account(seen),
        *_silent(seen, ladders, now),
        *_looked(seen, ladders, now),
    ]
    return Alarming(said, by_id, said_of(seen.strandings, {one.stranding_id for one in seen.failed if one.by in _TOOLS}, ladders, now))


def _known(strandings: pl.DataFrame, ids: Sequence[int | None]) -> Iterator[_Known]:
    """Those of the open strandings that are named."""
    for row in strandings.filter(pl.col("id").is_in([one for one in ids if one is not None])).iter_rows(named=True):
        worth = None if row["worth_amount"] is None else Money(row["worth_amount"], row["worth_currency"])
        yield _Known(row["id"], row["sku"], row["cause"], row["units"], worth)


def key_of(account: str, due: Due) -> str:
    """The alarm's stable name: the same things told to the same account are the same alarm."""
    return sha256("\x1f".join((account, due.kind, due.marketplace, *sorted(due.members))).encode()).hexdigest()


def only(due: Due, limit: int) -> Due:
    """The alarm with so many SKUs named; the others stay counted."""
    first = due.facts.get("first")
    return due if first is None else replace(due, facts={**due.facts, "first": list(first)[:limit]})


def is_for(due: Due, account: str, wanted: Wanted) -> bool:
    """Whether a person wants to be told. An unknown worth is told, and so is one in a currency for which nothing was chosen."""
    if (wanted.accounts is not None and account not in wanted.accounts) or (wanted.kinds is not None and due.kind not in wanted.kinds):
        return False
    return _on_their_step(due, wanted) and _worth_enough(due, wanted)


def _on_their_step(due: Due, wanted: Wanted) -> bool:
    if due.step is None:
        return True
    own = (wanted.steps or {}).get(due.kind) or default_steps(due.kind)
    return step_of(due.kind, own, due.facts["days_left"]) == due.step if due.kind == "deadline" else due.step in own


def _worth_enough(due: Due, wanted: Wanted) -> bool:
    least = {one.currency: one.amount for one in wanted.least_worth}
    if not least or not due.worth or due.facts.get("unpriced"):
        return True
    return any(one.currency not in least or one.amount >= least[one.currency] for one in due.worth)


def _stem(member: str) -> str:
    return member.split("@", 1)[0]


def _steps(kind: str, ladders: Ladders, value: float) -> list[int]:
    found = {step_of(kind, steps, value) for steps in ladders.get(kind, ())}
    return sorted(step for step in found if step is not None)


def _failed(found: Iterable[Failed], open_ids: Mapping[int, _Known]) -> Iterator[_Said]:
    """Of what is still stranded: an action that did not help is past once the stranding is."""
    for one in found:
        if one.stranding_id not in open_ids or (one.word == "came-back" and one.by not in _TOOLS):
            continue
        member = f"{one.plan_id}/{one.action_id}/{one.word}"
        if one.by in _TOOLS:
            yield _Said("other-writer", member, member, (one.marketplace, one.by, one.remedy), True, one)
        else:
            yield _Said("verdict", member, member, (one.marketplace, one.word, one.remedy, one.plan_id), True, one)


def _account(seen: OnRecord) -> Iterator[_Said]:
    for place, standing in sorted(seen.health.items()):
        if standing != "NORMAL":
            member = f"health {place} {standing}"
            yield _Said("account-trouble", member, member, (place, standing, "health"), True, standing)
    for code in sorted({one.code for one in seen.silent if _of_account(one)}):
        since = min(one.since for one in seen.silent if _of_account(one) and one.code == code)
        member = f"{code} {since.isoformat()}"
        yield _Said("account-trouble", member, member, ("", code, "code"), True, since)


def _of_account(one: Silent) -> bool:
    return one.source == ACCOUNT_SOURCE or one.code in table("alarms")["account"]["codes"]


def _silent(seen: OnRecord, ladders: Ladders, now: datetime) -> Iterator[_Said]:
    for one in seen.silent:
        if _of_account(one):
            continue
        base = f"{one.marketplace} {one.source} {one.since.isoformat()}"
        for step in _steps("source-unknown", ladders, (now - one.since).total_seconds() / 3600):
            yield _Said("source-unknown", f"{base}@{step}", base, (one.marketplace, step), True, one, step)


def _looked(seen: OnRecord, ladders: Ladders, now: datetime) -> Iterator[_Said]:
    last = seen.looked_at or seen.added_at
    for step in _steps("not-looked", ladders, (now - last).total_seconds() / 3600):
        yield _Said("not-looked", f"{last.isoformat()}@{step}", last.isoformat(), ("", step), True, (last, seen.looked_at is not None), step)


def _weight(one: _Known) -> tuple[Any, ...]:
    """The weightiest first; where nothing is known, the most units."""
    return (one.worth is None, -(one.worth.amount if one.worth else 0), -(one.units or 0), one.sku)


def _of_strandings(known: Sequence[_Known]) -> dict[str, Any]:
    """Counts, and every SKU in order; unknown is counted apart and never as zero."""
    units = [one.units for one in known if one.units is not None]
    return {
        "skus": len(known),
        "units": sum(units) if units else None,
        "units_unknown": len(known) - len(units),
        "unpriced": sum(one.worth is None for one in known),
        "first": [one.sku for one in known],
        "causes": sorted({one.cause for one in known if one.cause}),
    }


def _of_silent(first: _Said, said: Sequence[_Said]) -> dict[str, Any]:
    return {"sources": sorted(one.about.source for one in said), "since": min(one.about.since for one in said).isoformat(), "codes": sorted({one.about.code for one in said}), "hours": first.step}


_FACTS: dict[str, Callable[[_Said, Sequence[_Said]], dict[str, Any]]] = {
    "verdict": lambda first, _: {"word": first.group[1], "remedy": first.group[2], "plan": first.group[3]},
    "other-writer": lambda first, said: {"by": first.group[1], "remedy": first.group[2], "plans": sorted({one.about.plan_id for one in said})},
    "account-trouble": lambda first, _: {first.group[2]: first.group[1], "since": first.about.isoformat() if isinstance(first.about, datetime) else None},
    "source-unknown": _of_silent,
    "not-looked": lambda first, _: {"since": first.about[0].isoformat(), "ever": first.about[1], "hours": first.step},
}


def wanted_ladders(own: Iterable[Mapping[str, tuple[int, ...]] | None]) -> dict[str, set[tuple[int, ...]]]:
    """Kind → every ladder in use: ours, and those that recipients chose."""
    ladders = {kind: {default_steps(kind)} for kind in LADDERS}
    for steps in own:
        for kind, chosen in (steps or {}).items():
            ladders[kind].add(tuple(chosen))
    return ladders


def default_steps(kind: str) -> tuple[int, ...]:
    """The steps of those who chose none."""
    return tuple(table("alarms")[kind][LADDERS[kind][1]])
