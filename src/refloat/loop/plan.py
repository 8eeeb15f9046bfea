"""Plan: from diagnosed strandings to ordered actions; whatever is left alone has its reason.

Nothing is sent here. A cure (``Cures``) drafts what a remedy would change; the plan adds why, what it
rests on, who must agree, and in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from refloat.knowledge.catalogue import Catalogue, Cause
from refloat.knowledge.tables import pool_of, table
from refloat.loop import choosing, findings, resting
from refloat.loop.tasks import due_after
from refloat.model.cure import Case, Draft, Guard
from refloat.model.finding import Finding
from refloat.model.plan import Action, LeftAlone, digest
from refloat.model.ports import Deed

#: A remedy's name and a case → what it would change, or what stands in the way.
Cures = Callable[[str, Case], Draft | Guard]
_BY_HAND, _NOTHING = "by-hand", "none"


@dataclass(frozen=True)
class Follows:
    """What comes after a removal that is proven finished, and why: by then nothing is stranded any more."""

    remedy: str
    why: str


@dataclass(frozen=True)
class Stranded:
    """One stranding to plan for: its diagnosed row, its case, and what was done for it already, the earliest first.

    ``by_hand``: remedy → the result that a person entered.
    """

    row: Mapping[str, Any]
    case: Case
    done: Sequence[Deed] = ()
    #: Where else the same units are sold, and whether they can be bought there; asked for a removal only.
    pool: Callable[[], Mapping[str, bool | None]] | None = None
    by_hand: Mapping[str, str] = field(default_factory=dict)
    #: For how long the diagnosis has named ``wait``; None where it does not.
    waited: timedelta | None = None
    #: When a person said that the other tool, which changed our cures back, writes no more.
    stopped_at: datetime | None = None
    #: Another remedy than the first of its cause; of the whole plan it stands in ``Asked``.
    wanted: str | None = None
    #: Its removal is finished: no cure is planned, but what follows.
    follows: Follows | None = None


@dataclass(frozen=True)
class Planned:
    """The actions in their order, and what is left alone."""

    actions: tuple[Action, ...]
    left_alone: tuple[LeftAlone, ...]


@dataclass(frozen=True)
class Asked:
    """What a person asked of the plan: a remedy of their choice, guards lifted by name, the language of its sentences."""

    remedy: str | None = None
    lifted: frozenset[str] = frozenset()
    language: str = "en"


def planned(strandings: Iterable[Stranded], catalogue: Catalogue, cures: Cures, asked: Asked) -> Planned:
    """``strandings`` come in the order of urgency, and the actions stay in it."""
    actions: list[Action] = []
    left: list[LeftAlone] = []
    taken = _Taken()
    for one in strandings:
        made = _made(one, catalogue, cures, asked, taken)
        if isinstance(made, LeftAlone):
            left.append(made)
        else:
            actions.append(replace(made, id=f"{made.marketplace}-{len(actions) + 1:04}"))
    most = table("curing")["plan"]["most_actions"]
    if len(actions) > most and "too-many" not in asked.lifted:
        left += [_left(action, Guard("too-many", {"count": str(len(actions)), "most": str(most)})) for action in actions[most:]]
        actions = actions[:most]
    return Planned(tuple(actions), tuple(left))


class _Taken:
    """What an earlier action of the plan has taken already."""

    def __init__(self) -> None:
        self._recreated: set[str] = set()
        self._removed: dict[tuple[str, str], str] = {}

    def guard(self, remedy: str, case: Case) -> Guard | None:
        """Listings are recreated one at a time; the same units leave once, whatever SKU or marketplace names them."""
        if remedy == "recreate-listing":
            if case.marketplace in self._recreated:
                return Guard("one-at-a-time")
            self._recreated.add(case.marketplace)
        if remedy == "create-removal":
            names = {(pool_of(case.marketplace), name) for name in (case.sku, case.fnsku) if name}
            if found := next((self._removed[name] for name in names if name in self._removed), None):
                return Guard("same-units", {"other": found})
            self._removed |= dict.fromkeys(names, f"{case.sku} ({case.marketplace})")
        return None


def _made(one: Stranded, catalogue: Catalogue, cures: Cures, asked: Asked, taken: _Taken) -> Action | LeftAlone:
    cause = catalogue.causes[one.row["cause"]]
    finding = findings.finding(one.row, catalogue, asked.language)
    choice = _choice(one, finding, cause, catalogue, asked)
    finding = replace(finding, remedy=choice.remedy, mode=cause.edit_mode if choice.remedy == "edit-listing" else None)
    remedy = catalogue.remedies[choice.remedy]
    guard = choice.guard or _in_the_way(finding, one, remedy.safety, asked)
    pool = one.pool() if guard is None and choice.remedy == "create-removal" and one.pool is not None else one.case.pool
    one = replace(one, case=replace(one.case, mode=finding.mode, lifted=asked.lifted, pool=pool))
    drafted = guard or cures(choice.remedy, one.case)
    if isinstance(drafted, Draft):
        drafted = taken.guard(choice.remedy, one.case) or drafted
    if isinstance(drafted, Guard):
        return LeftAlone(one.case.marketplace, finding.sku, _units(finding), finding.cause, finding.remedy, drafted)
    return _action(finding, cause, one, drafted, _asks(finding, remedy.safety, one, climbed=choice.climbed), irreversible=remedy.irreversible)


def _choice(one: Stranded, finding: Finding, cause: Cause, catalogue: Catalogue, asked: Asked) -> choosing.Choice:
    if one.follows is not None:
        return choosing.following(one.follows.remedy, one.done, again=asked.remedy == one.follows.remedy)
    # An approval that was granted is used by saving the listing; an appeal that was refused leaves the removal.
    first = due_after(finding.remedy, cause, catalogue, one.by_hand) or finding.remedy
    now = choosing.Now(one.row["said"], one.waited, one.stopped_at)
    return choosing.next_remedy(first, cause, one.done, asked.remedy or one.wanted, lifted=asked.lifted, now=now)


def _in_the_way(finding: Finding, one: Stranded, safety: str, asked: Asked) -> Guard | None:
    """What keeps any cure from being drafted: nobody may act on it, or only a person can."""
    row, notes = one.row, one.case.notes
    until = notes.holds.get(finding.sku)
    if until is not None and until >= row["today"]:
        return Guard("held", {"until": until.isoformat()})
    if finding.sku in notes.opted_out or row.get("opted_out"):
        return Guard("opted-out")
    if row.get("opens_in_days") and asked.remedy != "change-sell-date":
        return Guard("future-start", {"on": str(row.get("offer_starts_on"))})
    if row.get("closed_by_seller") and "closed-on-purpose" not in asked.lifted:
        return Guard("closed-on-purpose")
    if safety == _NOTHING:
        return Guard("wait", {"why": finding.why})
    if safety == _BY_HAND and not _attributes_entered(finding, one):
        return Guard("by-hand", {"account": finding.account or ""})
    if one.follows is None and finding.standing not in {"confirmed", "suspected"}:
        return Guard("not-confirmed", {"standing": finding.standing})
    return None


def _attributes_entered(finding: Finding, one: Stranded) -> bool:
    """The one remedy of which a program can do a part: attributes about dangerous goods, as the seller states them."""
    return finding.remedy == "submit-dangerous-goods" and finding.sku in one.case.wishes.goods


def _asks(finding: Finding, own_safety: str, one: Stranded, *, climbed: bool) -> tuple[str, ...]:
    """Why a person must agree, as short codes; none where the remedy may run by itself."""
    asks = []
    if own_safety != "safe":
        asks.append("remedy")
    if climbed:
        asks.append("another-remedy")
    if own_safety == "safe" and not climbed and finding.safety != "safe":
        asks.append("diagnosis")
    if finding.standing == "suspected":
        asks.append("suspected")
    if any(deed.verdict == "came-back" for deed in one.done):
        asks.append("came-back")
    if one.done and one.done[-1].verdict == "worse" and one.done[-1].stage != "undone":
        # It may be better to put that back first than to write on top of it.
        asks.append("worse")
    return tuple(asks)


def _action(finding: Finding, cause: Cause, one: Stranded, draft: Draft, asks: tuple[str, ...], *, irreversible: bool) -> Action:
    return Action(
        id="",
        marketplace=one.case.marketplace,
        sku=finding.sku,
        asin=finding.asin or one.case.asin,
        fnsku=finding.fnsku or one.case.fnsku,
        title=finding.title,
        units=_units(finding),
        worth=finding.worth,
        removal_due_on=finding.removal_due_on,
        said=finding.said,
        cause=cause.name,
        remedy=finding.remedy,
        mode=finding.mode,
        safety="consent" if asks else "safe",
        irreversible=irreversible or any(step.change.kind in {"removal", "delete"} for step in draft.steps),
        why=one.follows.why if one.follows else finding.why,
        steps=draft.steps,
        fields=draft.fields,
        undo=draft.undo,
        rests_on=resting.of_draft(draft, one.case),
        amazon_will=finding.amazon_will,
        asks=asks,
    )


def _units(finding: Finding) -> int | None:
    """All units, where at least the sellable ones are known: without them nobody knows how many there are."""
    more = (finding.units_unfulfillable, finding.units_reserved)
    return None if finding.units_fulfillable is None else finding.units_fulfillable + sum(units or 0 for units in more)


def _left(action: Action, guard: Guard) -> LeftAlone:
    return LeftAlone(action.marketplace, action.sku, action.units, action.cause, action.remedy, guard)


def good_until(made_at: datetime) -> datetime:
    """When a plan is too old to be carried out."""
    return made_at + timedelta(hours=table("curing")["plan"]["good_hours"])


def plan_id(account: str, made_at: datetime, number: int) -> str:
    """A plan's name: short enough to type, in the order of time, and of one account alone.

    >>> plan_id("harbour", datetime(2026, 11, 27, 8, 5), 0)
    '20261127-0805-harbour-faf5'
    """
    short = "".join(char if char.isalnum() and char.isascii() else "-" for char in account).strip("-")[:10] or "account"
    return f"{made_at:%Y%m%d-%H%M}-{short}-{digest(account)[:4]}{f'-{number}' if number else ''}"
