"""What somebody should know now, by what is on record. Pure: nothing is asked, told or written here.

Each pass looks at everything that *is* so; what was told already is taken out by name, member by member. So an
incident of 412 SKUs is one thing to tell, the 413th that comes a day later is another, and nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from refloat.knowledge.tables import marketplaces, table
from refloat.model.alarm import ACCOUNT_SOURCE, LADDERS, OVERDUE, Due, Failed, Kind, OnRecord, Silent, Stranded, Wanted, step_of
from refloat.model.money import totals

#: Of these it is certain enough that they are stranded; the others are kept as they are, and told nothing new of.
_SURE = frozenset({"confirmed", "suspected", "conflicting"})
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


class Alarming:
    """Everything that holds now."""

    def __init__(self, said: Sequence[_Said], by_id: Mapping[int, Stranded]) -> None:
        self._said, self._by_id = said, by_id
        self._members = {(one.kind, one.member) for one in said}
        self._bases = {(one.kind, one.base) for one in said}

    def untold(self, told: Mapping[str, Set[str]]) -> list[Due]:
        """What was not told yet, grouped. ``told``: kind → members."""
        new = [said for said in self._said if said.tell and said.member not in told.get(said.kind, frozenset())]
        by = sorted(new, key=lambda said: (said.kind, said.group, said.member))
        return [self._due(list(own)) for _, own in groupby(by, key=lambda said: (said.kind, said.group))]

    def goes_on(self, kind: str, members: Iterable[str]) -> str | None:
        """Whether something of an alarm still holds: ``yes``; ``further``: on another step, of which an alarm of its own tells; None: it is over."""
        own = list(members)
        if any((kind, member) in self._members for member in own):
            return "yes"
        return "further" if any((kind, _stem(member)) in self._bases for member in own) else None

    def _due(self, said: Sequence[_Said]) -> Due:
        first = said[0]
        about = [self._stranded(one.about) for one in said]
        known = sorted({one.id: one for one in about if one is not None}.values(), key=_weight)
        facts = {**_FACTS[first.kind](first, said), **(_of_strandings(known) if known else {})}
        place = first.group[0]
        return Due(first.kind, place, tuple(one.member for one in said), facts, tuple(totals(one.worth for one in known)), first.step)

    def _stranded(self, about: Any) -> Stranded | None:
        if isinstance(about, Failed):
            return self._by_id.get(about.stranding_id or 0)
        return about if isinstance(about, Stranded) else None


def alarming(seen: OnRecord, ladders: Ladders, now: datetime) -> Alarming:
    """What holds now. ``ladders``: the steps that anybody uses, so that each finds theirs."""
    by_id = {one.id: one for one in seen.strandings}
    said = [
        *_strandings(seen.strandings, {one.stranding_id for one in seen.failed if one.by in _TOOLS}, now),
        *_long(seen.strandings, ladders, now),
        *_deadlines(seen.strandings, ladders, now),
        *_failed(seen.failed, by_id),
        *_account(seen),
        *_silent(seen, ladders, now),
        *_looked(seen, ladders, now),
    ]
    return Alarming(said, by_id)


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


def _episode(one: Stranded) -> str:
    return f"{one.id}.{one.turn}"


def _stem(member: str) -> str:
    return member.split("@", 1)[0]


def _strandings(found: Iterable[Stranded], by_tools: Set[int | None], now: datetime) -> Iterator[_Said]:
    """New strandings by cause and moment, and those that came back. A hold is on purpose."""
    recent = timedelta(days=table("alarms")["stranded"]["moment_days"])
    for one in found:
        moment = one.since if one.turn else one.opened_at
        group = (one.marketplace, one.cause or "", moment.isoformat() if now - moment < recent else "")
        tell = one.standing in _SURE and one.remedy != "hold" and not (one.turn and one.id in by_tools)
        yield _Said("came-back" if one.turn else "stranded", _episode(one), _episode(one), group, tell, one)


def _steps(kind: str, ladders: Ladders, value: float) -> list[int]:
    found = {step_of(kind, steps, value) for steps in ladders.get(kind, ())}
    return sorted(step for step in found if step is not None)


def _long(found: Iterable[Stranded], ladders: Ladders, now: datetime) -> Iterator[_Said]:
    for one in found:
        if one.remedy == "hold":
            continue
        for step in _steps("stranded-long", ladders, (now - one.opened_at).days):
            yield _Said("stranded-long", f"{_episode(one)}@{step}", _episode(one), (one.marketplace, step, one.cause or ""), one.standing in _SURE, one, step)


def _deadlines(found: Iterable[Stranded], ladders: Ladders, now: datetime) -> Iterator[_Said]:
    """By the day where the goods lie. A hold too: Amazon knows nothing of it."""
    today = {code: now.astimezone(ZoneInfo(place.timezone)).date() for code, place in marketplaces().items()}
    for one in found:
        if one.removal_due_on is None:
            continue
        left = (one.removal_due_on - today.get(one.marketplace, now.date())).days
        for step in _steps("deadline", ladders, left):
            member = f"{_episode(one)}@{one.removal_due_on}@{step}"
            yield _Said("deadline", member, _episode(one), (one.marketplace, one.removal_due_on.isoformat(), step, left), one.standing != "clearing", one, step)


def _failed(found: Iterable[Failed], open_ids: Mapping[int, Stranded]) -> Iterator[_Said]:
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


def _weight(one: Stranded) -> tuple[Any, ...]:
    """The weightiest first; where nothing is known, the most units."""
    return (one.worth is None, -(one.worth.amount if one.worth else 0), -(one.units or 0), one.sku)


def _of_strandings(known: Sequence[Stranded]) -> dict[str, Any]:
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


def _moment(first: _Said, _: Sequence[_Said]) -> dict[str, Any]:
    return {"cause": first.group[1] or None, "moment": first.group[2] or None}


def _of_silent(first: _Said, said: Sequence[_Said]) -> dict[str, Any]:
    return {"sources": sorted(one.about.source for one in said), "since": min(one.about.since for one in said).isoformat(), "codes": sorted({one.about.code for one in said}), "hours": first.step}


_FACTS: dict[str, Callable[[_Said, Sequence[_Said]], dict[str, Any]]] = {
    "stranded": _moment,
    "came-back": _moment,
    "stranded-long": lambda first, _: {"cause": first.group[2] or None, "days": first.step},
    "deadline": lambda first, _: {"due_on": first.group[1], "days_left": first.group[3], "overdue": first.step == OVERDUE},
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
