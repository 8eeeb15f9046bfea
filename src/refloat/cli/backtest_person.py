"""The seller's person of a back-test, at Refloat's desk: enters what only a seller knows, approves what is right, does by hand what is asked.

One sitting a working day, as the person has who works without Refloat (``simulator.rules.tending``). What is right the
person knows as the seller does: what was meant, what the listing said before, which papers there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refloat.app.tasks import Desk, end_task, open_tasks
from refloat.knowledge.tables import marketplace_code, marketplaces
from refloat.loop.choosing import STOP_WRITER
from refloat.model.plan import Action, LeftAlone, Plan
from refloat.model.task import Task
from refloat.simulator.rules import hand, meant, righting, strandedlist, tending
from refloat.simulator.rules.barriers import case_of
from refloat.simulator.rules.reasons import barrier
from refloat.simulator.serve import Simulator

NAME = "Sample Person"
Key = tuple[str, str, str]
_HEAD = """[removal]
disposition = "Return"

[removal.address.US]
name = "Sample Seller"
line1 = "1 Sample Street"
city = "Springfield"
state = "IL"
postal_code = "62701"
country = "US"
"""
#: Removals and what follows them; everything else puts on sale.
_GOING = frozenset({"create-removal", "delete-listing"})
#: Guards by which Refloat stops and says that a person must look: a cure came back too often, nothing is left to try.
_LEFT_TO_PEOPLE = frozenset({"came-back", "nothing-left"})
#: What an edit gives back or adds, by Amazon's reason.
_EDITED = {"Potential trademark misuse (self reinstate)": "item_name", "Potential logo misuse": "main_product_image_locator"}


@dataclass
class Person:
    """One person, one false Seller Central, and the cases that are open there: task → case."""

    simulator: Simulator
    seller_id: str
    marketplace_id: str
    home: Path
    cases: dict[int, str] = field(default_factory=dict)
    #: Approvals, papers handed in, results entered.
    acts: int = 0
    #: Prices, contents and statements as of the last sitting.
    wished: str = ""

    @property
    def place(self) -> str:
        """The marketplace, by Refloat's name."""
        return str(marketplace_code(self.marketplace_id))

    # What only the seller knows

    def held(self) -> str:
        """The notes as they were last written at a sitting, with what is closed on purpose as it is now."""
        with self.simulator.lock:
            return "\n".join([_HEAD, *self._holds(), self.wished])

    def noted(self) -> str:
        """The notes written anew: what is closed on purpose and until when, prices and contents of what is stranded, where returns go."""
        with self.simulator.lock:
            self.wished = "\n".join(self._wishes())
        return self.held()

    def _holds(self) -> Iterator[str]:
        world = self.simulator.world
        for own in meant.room(world).mishaps.values():
            if own.until is not None and meant.closed_now(own, world.now):
                yield f"[[holds]]\nsku = {_toml(own.sku)}\nuntil = {own.until.date().isoformat()}\n"

    def _wishes(self) -> Iterator[str]:
        world = self.simulator.world
        for sku in list(strandedlist.standings(world, self.seller_id, self.marketplace_id)):
            key = (self.seller_id, self.marketplace_id, sku)
            reason = barrier(case_of(world, *key))
            if reason is not None and meant.wanted(world, key, reason) == "sell":
                yield from self._wished(key, reason)

    def _wished(self, key: Key, reason: str) -> Iterator[str]:
        before = righting.before(self.simulator.world, key)
        offer: Mapping[str, Any] = next(iter(before.get("purchasable_offer", [])), {})
        if price := _amount(offer.get("our_price")):
            yield f'[[prices]]\nsku = {_toml(key[2])}\nmarketplace = "US"\nprice = {_toml(price)}\n'
        if reason == "Pricing error":
            names = {"least": _amount(offer.get("minimum_seller_allowed_price")), "most": _amount(offer.get("maximum_seller_allowed_price"))}
            yield f'[[bounds]]\nsku = {_toml(key[2])}\nmarketplace = "US"\n' + "".join(f"{name} = {_toml(amount)}\n" for name, amount in names.items() if amount)
        if edited := _edited(reason, key[1], before):
            yield f"[[edits]]\nsku = {_toml(key[2])}\n" + "".join(f"attributes.{name} = {_toml(rows)}\n" for name, rows in edited.items())
        if reason == "Merchant fulfilled (DG info required)":
            yield f'[[dangerous_goods]]\nsku = {_toml(key[2])}\nattributes.batteries_required = false\nattributes.supplier_declared_dg_hz_regulation = "not_applicable"\n'

    def to_take_back(self) -> frozenset[str]:
        """SKUs of the page whose units the person wants back."""
        world, place = self.simulator.world, (self.seller_id, self.marketplace_id)
        with self.simulator.lock:
            return frozenset(sku for sku in strandedlist.standings(world, *place) if (reason := barrier(case_of(world, *place, sku))) and meant.wanted(world, (*place, sku), reason) == "remove")

    def approves(self, plan: Plan) -> list[str]:
        """The actions of the plan that are right."""
        with self.simulator.lock:
            found = [action.id for action in plan.actions if self._right(action)]
        self.acts += len(found)
        return found

    def _right(self, action: Action) -> bool:
        world, key = self.simulator.world, (self.seller_id, self.marketplace_id, action.sku)
        wanted = meant.wanted(world, key, barrier(case_of(world, *key)))
        return wanted == ("remove" if action.remedy in _GOING else "sell")

    # By hand

    def do_by_hand(self, left: Sequence[LeftAlone]) -> None:
        """What Refloat does not touch any more and leaves to a person is done in Seller Central."""
        world = self.simulator.world
        with self.simulator.lock:
            for one in left:
                if one.guard.name in _LEFT_TO_PEOPLE and righting.put_right(world, (self.seller_id, self.marketplace_id, one.sku)):
                    self.acts += 1

    def work_off(self, desk: Desk) -> None:
        """Enter what Amazon has decided; hand in what is asked for, or say that the papers are not there; opt out what is closed on purpose."""
        self._opt_out()
        for task in open_tasks(desk):
            if task.id in self.cases:
                self._enter(desk, task)
            elif task.remedy == STOP_WRITER:
                self._stop_tool(desk, task)
            elif task.remedy in hand.ACTS:
                self._hand_in(desk, task)

    def _stop_tool(self, desk: Desk, task: Task) -> None:
        """The tool that the task names leaves the SKU alone from now on."""
        world = self.simulator.world
        with self.simulator.lock:
            own = meant.mishap(world, (self.seller_id, self.marketplace_id, task.subject.sku))
            if own is not None:
                own.again = 0
        end_task(desk, task.id, "done", "the tool writes this SKU no more")
        self.acts += 1

    def _opt_out(self) -> None:
        """Refloat shows what Amazon will do by itself: of what is held, the person switches that off in Seller Central."""
        world, place = self.simulator.world, (self.seller_id, self.marketplace_id)
        with self.simulator.lock:
            for sku, standing in strandedlist.standings(world, *place).items():
                tending.opt_out(world, (*place, sku), standing.found.reason)

    def _enter(self, desk: Desk, task: Task) -> None:
        with self.simulator.lock:
            case = hand.cases(self.simulator.world)[self.cases[task.id]]
        if case.outcome is not None:
            end_task(desk, task.id, "won" if case.outcome == "granted" else "refused", f"case {case.id}")
            self.acts += 1

    def _hand_in(self, desk: Desk, task: Task) -> None:
        world, key = self.simulator.world, (self.seller_id, marketplaces()[task.subject.marketplace or ""].id, task.subject.sku)
        with self.simulator.lock:
            wanted = meant.wanted(world, key, barrier(case_of(world, *key)))
            if wanted == "sell":
                hand.done(world, *key[:2], task.remedy, task.subject.sku, documents=righting.papers(world, key))
                self.cases[task.id] = next(reversed(hand.cases(world)))
        if wanted == "remove":
            end_task(desk, task.id, "refused", "no papers")
        self.acts += 1


def _edited(reason: str, marketplace_id: str, before: Mapping[str, Any]) -> dict[str, Any]:
    if reason in _EDITED:
        return {name: before[name] for name in [_EDITED[reason]] if name in before}
    if reason == "Listing error":
        return {"age_range_description": [{"value": "Adult", "marketplace_id": marketplace_id}]}
    if reason == "Please review for quality issues":
        return {"bullet_point": [{"value": "Looked through and corrected.", "marketplace_id": marketplace_id}]}
    return {}


def _amount(schedule: Any) -> str | None:
    try:
        return str(schedule[0]["schedule"][0]["value_with_tax"])
    except (KeyError, IndexError, TypeError):
        return None


def _toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
