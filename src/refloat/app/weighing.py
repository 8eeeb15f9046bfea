"""What a decision needs to know beside an action: when its stranding was found, how its price and its fee compare, who has taken its deadline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from refloat.app.deadlines import taken_by
from refloat.app.done import of_this_episode
from refloat.app.planning import Drawing, goods_in
from refloat.app.policies import in_force, sent_by_rule, standing_now
from refloat.knowledge.tables import marketplaces, table
from refloat.loop.choosing import WAIT
from refloat.loop.deciding import Done
from refloat.loop.disposing import leaves_on, numbers, reckoned
from refloat.loop.returning import Facts
from refloat.model.money import Money
from refloat.model.plan import Action
from refloat.model.policy import Policy, RemovalRule
from refloat.store import Store, StrandingRow

Key = tuple[str, str]
#: Where one of these stands in the way nothing leaves either: the seller wants it so, it is under way, or it is not certain.
_UNTOUCHED = frozenset({"held", "opted-out", "future-start", "closed-on-purpose", "in-hand", "not-confirmed", "units-in-removal", "same-units"})


@dataclass(frozen=True)
class Scales:
    """Weighs the actions of one drawing."""

    store: Store
    account: str
    policy: Policy
    drawing: Drawing
    zone: str
    #: Strandings for which a person's task is open → the day on which to ask again.
    asked_until: Mapping[Key, date] = field(default_factory=dict)

    def facts(self, actions: Sequence[Action]) -> list[tuple[Action, Facts]]:
        """Each action with what is known of its stranding."""
        rows = {(row["marketplace"], row["sku"]): row for row in (*self.drawing.rows, *(row for _, row in self.drawing.gone))}
        known = {(row.marketplace, row.sku): row for row in self.store.strandings.open_strandings(self.account)}
        taken, before = taken_by(self.store, self.account), self._ordered_before()
        keyed = [(action, (action.marketplace, action.sku)) for action in actions]
        return [
            (action, replace(self._facts(action, rows[key], known.get(key)), taken_by=taken.get(key), ordered_before=key in before, asked_until=self.asked_until.get(key))) for action, key in keyed
        ]

    def _ordered_before(self) -> set[Key]:
        """Open strandings for which a removal was sent already, whatever became of it; one that Amazon never had is none."""
        sent = self.store.plans.of_strandings(self.account)
        own = {key: [deed for deed in deeds if deed.remedy == "create-removal" and deed.told.get("code") != "never-made"] for key, deeds in sent.items()}
        return {(place, sku) for (place, sku), deeds in own.items() if of_this_episode(deeds, self.store, self.account, place, sku)}

    def _facts(self, action: Action, row: Mapping[str, Any], known: StrandingRow | None) -> Facts:
        goods, place = goods_in(row), marketplaces().get(action.marketplace)
        if goods.fee is None:
            goods = replace(goods, fee=reckoned_fee(self.policy.removal, row))
        return Facts(
            today=self._today(action.marketplace),
            zone=place.timezone if place else self.zone,
            known_since=self._since(known),
            confirmed=row["standing"] == "confirmed",
            stranded_on=row["stranded_on"],
            times_back=known.times_back if known else 0,
            unit_value=goods.unit_value,
            fee=goods.fee,
            reference=_reference(row, place.currency if place else None),
            bounded=self._bounded(action, row),
            numbers=numbers(self.policy.removal, goods) if action.remedy == "create-removal" else {},
        )

    def _today(self, marketplace: str) -> date:
        """The day there; a triage of several marketplaces has one day, that of the one furthest ahead."""
        place = marketplaces().get(marketplace)
        return self.drawing.now.astimezone(ZoneInfo(place.timezone if place else self.zone)).date()

    def _since(self, known: StrandingRow | None) -> datetime:
        """Since when it is on record; of one that came back, since it is as it is now."""
        return self.drawing.now if known is None else known_since(known)

    def _bounded(self, action: Action, row: Mapping[str, Any]) -> bool:
        wishes = self.drawing.asked.wishes.of(action.marketplace)
        columns = ("bound_min", "bound_max", "live_bound_min", "live_bound_max")
        return action.sku in wishes.bounds or any(row.get(name) is not None for name in columns)

    def leaving(self, actions: Mapping[Key, Action], left: Mapping[Key, str], automatic: frozenset[Key]) -> dict[Key, str]:
        """Strandings whose units shall leave by the seller's rule, though another remedy comes first: (marketplace, SKU) → create-removal.

        Where a cure could still be approved, or Amazon has its turn, only once Amazon's own removal is near.
        """
        return dict.fromkeys(self._leaving(actions, left, automatic), "create-removal")

    def _leaving(self, actions: Mapping[Key, Action], left: Mapping[Key, str], automatic: frozenset[Key]) -> Iterator[Key]:
        rule = self.policy.removal
        for row in self.drawing.rows:
            key, action = (row["marketplace"], row["sku"]), actions.get((row["marketplace"], row["sku"]))
            if key in automatic or left.get(key) in _UNTOUCHED or (action is not None and action.remedy == "create-removal"):
                continue
            due = None if row["removal_due_on"] is None else row["removal_due_on"] - timedelta(days=rule.days_before_due)
            on = due if action is not None or left.get(key) == WAIT else leaves_on(rule, goods_in(row).unit_value, row["stranded_on"], row["removal_due_on"])
            if on is not None and on <= self._today(row["marketplace"]):
                yield key


def known_since(known: StrandingRow) -> datetime:
    """Since when a stranding is on record; of one that came back, since it is as it is now."""
    return known.now.from_at if known.times_back else known.opened_at


def reckoned_fee(rule: RemovalRule, row: Mapping[str, Any]) -> Money | None:
    """The fee of all units that can leave, where no report tells it, by the seller's own figure."""
    place, units = marketplaces().get(row["marketplace"] or ""), (row["units_fulfillable"], row["units_unfulfillable"])
    return None if place is None or units[0] is None else reckoned(rule, units[0] + (units[1] or 0), place.currency)


def _reference(row: Mapping[str, Any], currency: str | None) -> Decimal | None:
    """The price that Amazon's reports last showed, where it is of this marketplace and Amazon does not call it wrong."""
    if row.get("price_currency") not in {None, currency} or row.get("symptom") in table("curing")["price"]["flagged_by"]:
        return None
    shown = row.get("price_shown") or row.get("listing_price")
    return shown if isinstance(shown, Decimal) and shown > 0 else None


def done_by_rule(store: Store, account: str, now: datetime) -> Done:
    """What ran by itself until now, and whether anything may now."""
    unconfirmed = in_force(store, account).unconfirmed_since is not None
    return Done(store.policies.began_by_rule(account, now - timedelta(hours=24)), store.policies.surprised(account), standing_now(store, account), unconfirmed, sent_by_rule(store, account, now))
