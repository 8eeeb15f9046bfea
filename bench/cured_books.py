"""The store's books held against the world's: what was sent, what was removed, how each SKU ended."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from refloat.model.ports import Deed
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import reasons, removals
from refloat.simulator.world import World
from refloat.store import Store

#: Where nothing more comes, and the reason stands beside it.
_TOLD = frozenset({"refused", "dropped", "stopped", "unclear"})


@dataclass(frozen=True)
class Ends:
    """How each SKU that was planned for ended in the world: Amazon's reason, by Amazon, open; of a removal the units ordered away, since
    how many of them are found is chance. ``told``: those of which the last word is a reason, not a cure."""

    by_sku: dict[str, tuple[str | None, bool, bool] | int]
    told: set[str]


@dataclass
class Books:
    """One account after everything."""

    world: World
    seller: Seller
    store: Store
    account: str

    @cached_property
    def deeds(self) -> list[Deed]:
        """Every action of every plan, the earliest plan first."""
        plans = sorted(self.store.plans.newest(self.account, 10_000), key=lambda row: row[1])
        return [deed for plan_id, _ in plans for deed in self.store.ledger(self.account).deeds(plan_id).values()]

    @cached_property
    def last(self) -> dict[str, Deed]:
        """SKU → the last action that was for it and did not wait for a plan that is too old by now."""
        return {deed.sku: deed for deed in self.deeds if deed.stage != "planned"}

    @property
    def place(self) -> str:
        return next(iter(self.seller.places))

    def stages(self) -> Counter[str]:
        """How many actions stand where."""
        return Counter(deed.stage for deed in self.deeds)

    def verdicts(self) -> Counter[str]:
        """The verdicts, and how many that were sent have none."""
        return Counter(deed.verdict or "none yet" for deed in self.deeds if deed.stage in {"answered", "shown"})

    def why(self) -> Counter[str]:
        """Why the last word of a SKU is no cure."""
        return Counter(f"{deed.stage}: {_reason(deed)}" for deed in self.last.values() if deed.stage in _TOLD)

    def ends(self) -> Ends:
        """How each SKU ended."""
        ordered: Counter[str] = Counter()
        for order in removals.orders(self.world, self.seller.id, self.place):
            for line in order.lines if order.by == "api" else ():
                ordered[line.sku] += line.requested
        found = {sku: ordered[sku] if deed.remedy == "create-removal" else self._end(sku) for sku, deed in self.last.items()}
        return Ends(found, {sku for sku, deed in self.last.items() if deed.stage in _TOLD or deed.verdict not in {"cured", "sold-out", "removed"}})

    def wrong(self) -> list[str]:
        """Everything that must not be."""
        chain = self.store.journal.check(self.account, "US")
        return [*self._removed_twice(), *self._unwritten(), *self._lost(), *self._not_so(), *([f"the journal breaks at entry {chain}"] if chain else [])]

    def _removed_twice(self) -> Iterator[str]:
        planned: dict[str, int] = defaultdict(int)
        for deed in self.deeds:
            if deed.remedy == "create-removal":
                planned[deed.sku] = max(planned[deed.sku], deed.units or 0)
        ordered: Counter[str] = Counter()
        orders: Counter[str] = Counter()
        for order in removals.orders(self.world, self.seller.id, self.place):
            if order.by == "api":
                for line in order.lines:
                    ordered[line.sku] += line.requested
                orders.update({line.sku for line in order.lines})
        yield from (f"{count} removal orders of {sku}" for sku, count in orders.items() if count > 1)
        yield from (f"{count} units of {sku} ordered away, {planned[sku]} planned" for sku, count in ordered.items() if count > planned[sku])

    def _unwritten(self) -> Iterator[str]:
        """Writes of the world before which no intent of their own stands in the journal."""
        intents: dict[str, list[datetime]] = defaultdict(list)
        for entry in self.store.journal.entries(self.account, "US"):
            if entry.kind == "intent":
                intents[entry.body["sku"]].append(entry.at)
        count: Counter[str] = Counter()
        for line in self.world.history:
            at, what, *facts = line.split(" ")
            if what == "write" and facts[0] == "api":
                sku = ast.literal_eval(" ".join(facts[4:-1]))
                count[sku] += 1
                if sum(one <= datetime.fromisoformat(at) for one in intents[sku]) < count[sku]:
                    yield f"write {count[sku]} of {sku} at {at} has no intent of its own"
        for order in removals.orders(self.world, self.seller.id, self.place):
            yield from (f"{line.sku} was ordered away without an intent" for line in order.lines if order.by == "api" and not any(one <= order.requested_at for one in intents[line.sku]))

    def _lost(self) -> Iterator[str]:
        """Actions without an end: no verdict, and no reason."""
        for sku, deed in self.last.items():
            if deed.stage == "intended":
                yield f"{sku} was left as intended in {deed.plan_id}"
            elif deed.stage in _TOLD and not _reason(deed):
                yield f"{sku} is {deed.stage} in {deed.plan_id} without a reason"
            elif deed.stage in {"answered", "shown"} and deed.verdict is None:
                yield f"{sku} was sent in {deed.plan_id} and has no verdict"
        for deed in self.deeds:
            if deed.stage == "planned" and deed.sku not in self.last:
                yield f"{deed.sku} was planned in {deed.plan_id} and never tried"

    def _not_so(self) -> Iterator[str]:
        """Called cured or removed, and the world knows better."""
        ordered = {line.sku for order in removals.orders(self.world, self.seller.id, self.place) for line in order.lines if order.by == "api"}
        for sku, deed in self.last.items():
            if deed.verdict == "cured" and self._end(sku)[0] is not None:
                yield f"{sku} is called cured, and is {self._end(sku)[0]}"
            if deed.verdict == "removed" and sku not in ordered:
                yield f"{sku} is called removed, and no order of ours shows it"

    def _end(self, sku: str) -> tuple[str | None, bool, bool]:
        """Amazon's reason if it is stranded, whether it is fulfilled by Amazon, and whether its offer is open."""
        found, listing = reasons.stranded(self.world, self.seller.id, self.place, sku), self.world.listing(self.seller.id, self.place, sku)
        if listing is None:
            return found.reason if found else None, False, False
        return found.reason if found else None, listing.by_amazon, listing.ends_at is None or listing.ends_at > self.world.now


def _reason(deed: Deed) -> str:
    told = deed.told
    issues = [str(issue.get("message")) for issue in told.get("issues") or [] if issue.get("severity") == "ERROR"]
    said = told.get("why") or told.get("moved") or told.get("said") or next(iter(issues), None) or told.get("code") or told.get("amazon") or ""
    # Without the SKU: how often, not which.
    return str(said).split("\n")[0].replace(deed.sku, "SKU").partition(": ")[2] or str(said).split("\n")[0]
