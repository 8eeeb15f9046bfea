"""Has the ground moved since the plan was made? A moved action drops out and is named; too many, and all of the plan is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from refloat.errors import PlanRefused
from refloat.knowledge.messages import remark_text
from refloat.knowledge.tables import table
from refloat.loop import resting
from refloat.loop.hand import LISTINGS_AT_ONCE, Hand, by_marketplace, listings_now, patiently, pieces
from refloat.loop.telling import told
from refloat.model.plan import Action, Plan
from refloat.model.ports import Note
from refloat.model.remark import Remark

_SKUS_A_CALL = 50


def not_too_old(plan: Plan, hand: Hand) -> None:
    """A plan of yesterday may rest on what is no longer so.

    Raises:
        PlanRefused: it is too old.
    """
    if hand.now() > plan.good_until:
        raise PlanRefused(
            "The plan {plan} is too old: it was good until {until}.",
            why="What it rests on may have changed since; it is applied as approved, or not at all.",
            todo="Make a new one: refloat plan {account}",
            plan=plan.id,
            until=f"{plan.good_until:%Y-%m-%d %H:%M} UTC",
            account=plan.account,
        )


def standing_still(plan: Plan, actions: Sequence[Action], hand: Hand) -> list[Action]:
    """The actions whose ground has not moved; the others are dropped, each with what moved.

    Raises:
        PlanRefused: so much has moved that the plan is no longer the one that was approved.
        AmazonError: Amazon could not be asked.
    """
    return Ahead(plan, actions, hand).still()


class Ahead:
    """Reads anew what some actions rest on, some thousand of them at a step, so that it can be done while something else is waited for."""

    def __init__(self, plan: Plan, actions: Sequence[Action], hand: Hand) -> None:
        self._plan, self._actions, self._hand = plan, actions, hand
        self._left = list(pieces(actions, LISTINGS_AT_ONCE))
        self._moved: list[tuple[Action, Remark]] = []

    @property
    def seconds(self) -> float:
        """How long what is left takes, at the rate of the search."""
        rows = table("limits")
        return sum(map(len, self._left)) / float(rows["line"]["search_skus"]) / float(rows["rates"]["searchListingsItems"]["rate"])

    def step(self) -> bool:
        """Read on; False where nothing is left to read.

        Raises:
            AmazonError: Amazon could not be asked.
        """
        if not self._left:
            return False
        self._moved += _moved(self._left[0], self._hand)
        del self._left[0]
        return True

    def still(self) -> list[Action]:
        """Read what is left, and drop what has moved; as ``standing_still``."""
        while self.step():
            pass
        return _kept(self._plan, self._actions, self._moved, self._hand)


def _kept(plan: Plan, actions: Sequence[Action], found: Sequence[tuple[Action, Remark]], hand: Hand) -> list[Action]:
    """The actions that have not moved. What dropped out in earlier runs counts as well: it is one plan that was approved."""
    moved = {action.id: (action.sku, what) for action, what in found}
    deeds = hand.ledger.deeds(plan.id).values()
    before = sum(deed.stage == "dropped" for deed in deeds)
    if moved and before + len(moved) > table("curing")["plan"]["moved_share"] * len(plan.actions):
        sku, what = next(iter(moved.values()))
        raise PlanRefused(
            "{count} of {all} actions of the plan {plan} no longer rest on what they were planned on.",
            why="So much has changed that it is not the plan that was approved; nothing more is sent. The first: {sku} ({moved}).",
            todo="Observe and plan again: refloat observe {account}, refloat plan {account}",
            plan=plan.id,
            count=before + len(moved),
            all=len(plan.actions),
            sku=sku,
            moved=remark_text(what, plan.language),
            account=plan.account,
        )
    hand.ledger.note(plan.id, [Note(name, "dropped", "dropped", told=told("moved", what)) for name, (_, what) in moved.items()], hand.now())
    return [action for action in actions if action.id not in moved]


def _moved(actions: Sequence[Action], hand: Hand) -> Iterator[tuple[Action, Remark]]:
    listed = [action for action in actions if action.steps[0].change.kind != "removal"]
    left = dict(_left_now(hand, [action for action in listed if resting.UNITS_LEFT in action.rests_on]))
    for action, answer in listings_now(hand, listed):
        if what := _difference(action, resting.of_now(action, answer.body) | left.get(action.id, {})):
            yield action, what
    removals = [action for action in actions if action.steps[0].change.kind == "removal"]
    units = {action.id: found for action, found in _units_now(hand, removals)}
    for action, buyable in _buyable_now(hand, removals):
        if what := _difference(action, resting.of_removal(units.get(action.id), buyable)):
            yield action, what


def _difference(action: Action, now: dict[str, object]) -> Remark | None:
    """The names of what moved; None when nothing did."""
    names = [name for name, value in action.rests_on.items() if now.get(name) != value]
    return Remark("moved", {"names": names}) if names else None


def _units_now(hand: Hand, removals: Sequence[Action]) -> Iterator[tuple[Action, resting.Units]]:
    for place, own in by_marketplace(removals):
        calls = [partial(hand.line.inventory, [action.sku for action in few], place) for few in pieces(own, _SKUS_A_CALL)]
        answers: dict[str, list[Mapping[str, Any]]] = {}
        for answer in (answer for result in patiently(hand, calls) for answer in result):
            answers.setdefault(answer.key, []).append(answer.body or {})
        for action in own:
            yield action, _units_of(answers.get(action.sku, []), action.fnsku)


def _left_now(hand: Hand, deletions: Sequence[Action]) -> Iterator[tuple[str, dict[str, object]]]:
    """How many units of a listing that is to be deleted are left in each marketplace of its pool, in whatever state."""
    for action in deletions:
        places = list(action.rests_on[resting.UNITS_LEFT])
        calls = [partial(_left_in, hand, action.sku, place) for place in places]
        yield action.id, {resting.UNITS_LEFT: dict(patiently(hand, calls))}


def _left_in(hand: Hand, sku: str, place: str) -> tuple[str, object]:
    bodies = [answer.body for answer in hand.line.inventory([sku], place) if answer.key == sku]
    counts = [count for body in bodies if body is not None for count in resting.every_state(body)]
    return place, None if bodies == [None] else "unknown" if not counts or None in counts else sum(count or 0 for count in counts)


def _units_of(stocks: Sequence[Mapping[str, Any]], fnsku: str | None) -> resting.Units:
    """Sellable and unsellable units of the label; of several stocks only the one that is meant, and unknown where that is not clear."""
    meant = [stock for stock in stocks if len(stocks) == 1 or (fnsku and stock.get("fnSku") == fnsku)]
    if len(meant) != 1:
        return None, None
    details = meant[0].get("inventoryDetails") or {}
    return details.get("fulfillableQuantity"), (details.get("unfulfillableQuantity") or {}).get("totalUnfulfillableQuantity")


def _buyable_now(hand: Hand, removals: Sequence[Action]) -> Iterator[tuple[Action, dict[str, bool | None]]]:
    """Where the units of each removal can be bought now: in every place that the plan looked at."""
    for action in removals:
        names = list(action.rests_on.get(resting.BUYABLE, {}))
        calls = [partial(_listing, hand, action, name) for name in names]
        yield action, dict(patiently(hand, calls)) if calls else {}


def _listing(hand: Hand, action: Action, name: str) -> tuple[str, bool | None]:
    """``US``: the action's own SKU there; ``CA (OTHER)``: another SKU of the same label."""
    place, _, other = name.partition(" (")
    return name, resting.can_be_bought(hand.line.listing(other.removesuffix(")") or action.sku, place).body)
