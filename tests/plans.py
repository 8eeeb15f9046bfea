"""Actions and plans for tests: small, and visibly made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from refloat.model.cure import Change, Field, Patch, Removal, Step
from refloat.model.plan import Action, Plan
from refloat.model.ports import Deed

MADE_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CLOSED = [{"marketplace_id": "ATVPDKIKX0DER", "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 15.08}]}], "end_at": {"value": "2026-11-01T00:00:00Z"}}]
OPEN = [{key: value for key, value in CLOSED[0].items() if key != "end_at"}]


def relist(sku: str, number: int = 1, **more: Any) -> Action:
    """An action that opens a closed offer."""
    change = Change("patch", patches=(Patch("purchasable_offer", CLOSED, OPEN),))
    action = Action(
        id=f"US-{number:04}", marketplace="US", sku=sku, asin="B0TEST0001", fnsku="X0TEST0001", title="A cup", units=3, worth=None, removal_due_on=None, said="Listing closed",
        cause="listing-closed", remedy="relist-offer", mode=None, safety="safe", irreversible=False, why="It was closed.", steps=(Step(change),), fields=(Field("end date", "2026-11-01", None),),
        undo=Change("patch", patches=(Patch("purchasable_offer", OPEN, CLOSED),)), rests_on={"listing exists": True, "product type": "PRODUCT", "objections": [], "purchasable_offer": CLOSED},
    )  # fmt: skip
    return replace(action, **more)


def removal(sku: str, number: int = 1, units: tuple[int, int] = (3, 1), **more: Any) -> Action:
    """An action that has units disposed of."""
    change = Change("removal", removal=Removal("Disposal", *units))
    return relist(
        sku,
        number,
        remedy="create-removal",
        cause="expired",
        safety="consent",
        irreversible=True,
        steps=(Step(change),),
        undo=None,
        fnsku=f"X0{sku}",
        rests_on={"units": list(units), "can be bought": {"US": False}},
        **more,
    )


def plan(*actions: Action, **more: Any) -> Plan:
    """A plan of these actions, good for a day."""
    plain = {"id": "20261122-0900-sample", "account": "sample", "made_at": MADE_AT, "good_until": MADE_AT + timedelta(days=1), "actions": actions}
    return Plan(**plain | more)


def deed(stage: str = "answered", **more: Any) -> Deed:
    """How far an action is."""
    plain = {
        "plan_id": "20261122-0900-sample", "action_id": "US-0001", "marketplace": "US", "sku": "CUP", "remedy": "relist-offer", "cause": "listing-closed", "said": "Listing closed",
        "units": 3, "fnsku": None, "steps": 1,
        "stranding_id": 1, "stage": stage, "step": 0, "tries": 1, "at": MADE_AT, "intended_at": MADE_AT, "answered_at": MADE_AT, "feed": None, "verdict": None, "verdict_at": None, "told": {},
    }  # fmt: skip
    return Deed(**plain | more)
