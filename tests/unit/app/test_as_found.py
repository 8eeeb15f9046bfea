"""A row out of the copy that pages read: the same values as diagnosed, and as of today what the days change; each way with its numbers."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from refloat.app.as_found import diagnosed
from refloat.app.choices import Choice, choices
from refloat.model.money import Money
from refloat.model.notes import Notes, Settings
from refloat.model.policy import RemovalRule

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ROW: dict[str, Any] = {
    "marketplace": "US", "sku": "CUP-1", "asin": "B0MADEUP11", "today": "2026-11-02", "stranded_on": "2026-10-01", "stranded_days": 32, "removal_due_on": "2026-11-12", "days_left": 10,
    "units_fulfillable": 10, "units_unfulfillable": 0, "units_stranded": 10, "worth_amount": "200.0000", "price_currency": "USD", "cost_per_day": "0.5000", "cost_so_far": "16.0000",
    "cost_currency": "USD", "removal_cost": "12.0000", "removal_cost_currency": "USD", "cause": "listing-closed", "symptom": "listing-closed", "remedy": "relist-offer", "opens_in_days": 2,
}  # fmt: skip


def _row(**changed: Any) -> dict[str, Any]:
    return diagnosed(json.dumps({name: value for name, value in (ROW | changed).items() if value is not None}), DAY)


def _by_way(row: dict[str, Any], notes: Notes | None = None, rule: RemovalRule | None = None) -> dict[str, Choice]:
    return {one.way: one for one in choices(row, rule or RemovalRule(), notes or Notes(), NOW)}


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def test_each_value_has_its_type_and_what_lacks_is_unknown() -> None:
    row = _row()
    assert (row["stranded_on"], row["worth_amount"], row["units_stranded"], row["error_message"], row["pool"]) == (date(2026, 10, 1), Decimal(200), 10, None, None)


def test_days_go_by() -> None:
    later = diagnosed(json.dumps(ROW), DAY + timedelta(days=12))
    assert (later["today"], later["stranded_days"], later["days_left"], later["cost_so_far"], later["opens_in_days"]) == (date(2026, 11, 14), 44, -2, Decimal(22), None)


def test_each_way_has_its_numbers() -> None:
    found = _by_way(_row())
    assert list(found) == ["cure", "Return", "Disposal", "Liquidations", "wait"]
    assert (found["cure"].left, found["cure"].diagnosed) == (usd("200"), True)
    assert (found["Return"].left, found["Return"].lost, found["Return"].by_rule) == (usd("188"), usd("12"), True)
    assert (found["Disposal"].left, found["Disposal"].lost) == (usd("-12"), usd("212"))
    assert (found["Liquidations"].left, found["Liquidations"].lost) == (usd("10"), usd("190"))
    assert (found["wait"].days, found["wait"].storage, found["wait"].then, found["wait"].assumed, found["wait"].lost) == (10, usd("5"), "Disposal", True, usd("217"))


def test_what_a_seller_entered_is_reckoned_with() -> None:
    returned = _by_way(_row(), Notes(settings=Settings(removal_disposition="Return")))["wait"]
    assert (returned.then, returned.assumed, returned.lost) == ("Return", False, usd("17"))
    reckoned = _by_way(_row(removal_cost=None), rule=RemovalRule(fee_reckoned={"USD": Decimal("0.9")}))["Return"]
    assert reckoned.fee == usd("9")


@pytest.mark.parametrize(("lacks", "way", "unknown"), [
    ({"removal_cost": None}, "Return", ("fee", "left", "lost")),
    ({"worth_amount": None}, "Disposal", ("worth", "lost")),
    ({"worth_amount": None}, "Liquidations", ("left", "lost")),
    ({"removal_due_on": None, "days_left": None}, "wait", ("days", "storage", "left", "lost")),
    ({"cost_per_day": None}, "wait", ("storage", "lost")),
    ({"removal_cost_currency": "CAD"}, "Return", ("left",)),
])  # fmt: skip
def test_unknown_stays_unknown(lacks: dict[str, Any], way: str, unknown: tuple[str, ...]) -> None:
    one = _by_way(_row(**lacks))[way]
    assert [name for name in unknown if getattr(one, name) is not None] == []


def test_expired_goods_are_worth_nothing_and_have_no_cure() -> None:
    found = _by_way(_row(), Notes(expires={"CUP-1": date(2026, 11, 1)}))
    assert list(found) == ["Return", "Disposal", "wait"]
    assert (found["Return"].left, found["Return"].lost) == (usd("-12"), usd("212"))
