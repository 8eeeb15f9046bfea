"""Whatever an offer says besides is written back as it was read, and an undo brings back all of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.cures.cases import US, applied, case, price

from refloat.amazon.cures import drafted
from refloat.amazon.cures import offers as writing
from refloat.model.cure import Draft, Guard, Wishes

KEYS = st.sampled_from(["quantity_discount_plan", "discounted_price", "automated_pricing_merchandising_rule_plan", "unknown_key", "map_price"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2), max_leaves=4
)
MOMENT = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC, microsecond=0).isoformat().replace("+00:00", "Z"))
WHEN = st.fixed_dictionaries({"value": st.none() | MOMENT}, optional={"extra": JSON})
AMOUNT = st.integers(1000, 2000).map(lambda cents: cents / 100)
SLOT = st.fixed_dictionaries({"value_with_tax": AMOUNT}, optional={"start_at": WHEN, "unknown": JSON})
PRICE = st.lists(st.fixed_dictionaries({"schedule": st.lists(SLOT, min_size=1, max_size=2)}, optional={"more": JSON}), min_size=1, max_size=2)
#: Bounds lie around every price more often than not.
LEAST = st.sampled_from([[{"schedule": [{"value_with_tax": amount}], "more": 1}] for amount in (5, 9.5, 12)])
MOST = st.sampled_from([[{"schedule": [{"value_with_tax": amount}]}] for amount in (15, 21, 30.5)])
PARTS = {"minimum_seller_allowed_price": LEAST, "maximum_seller_allowed_price": MOST, "end_at": WHEN, "audience": st.just("ALL"), "marketplace_id": st.just(US)}
OPEN = st.fixed_dictionaries({"our_price": PRICE, "start_at": WHEN}, optional=PARTS)
CONSUMER = st.tuples(OPEN | st.fixed_dictionaries({}, optional=PARTS), st.dictionaries(KEYS, JSON, max_size=2)).map(lambda two: {"currency": "USD", **two[1], **two[0]})
OTHER = st.tuples(st.sampled_from([(US, "B2B"), ("A2EUQ1WTGCTBG2", "ALL"), (US, "SAMPLE")]), st.dictionaries(KEYS, JSON, max_size=3)).map(
    lambda two: {**two[1], "marketplace_id": two[0][0], "audience": two[0][1]}
)
#: At most one consumer offer, anywhere among others.
OFFERS = st.tuples(st.lists(OTHER, max_size=2), st.just([]) | CONSUMER.map(lambda one: [one]), st.lists(OTHER, max_size=2)).map(lambda parts: [*parts[0], *parts[1], *parts[2]])

#: Remedy → the parts of the consumer offer that it may write.
MAY_WRITE = {
    "relist-offer": {"end_at", "our_price"},
    "set-price": {"our_price", "minimum_seller_allowed_price", "maximum_seller_allowed_price"},
    "change-sell-date": {"start_at", "our_price"},
    "pause-offer": {"end_at", "start_at"},
    "edit-listing": set(),
    "change-to-fba": {"our_price"},
}


def is_consumers(element: dict[str, Any]) -> bool:
    return element.get("audience", "ALL") == "ALL" and element.get("marketplace_id", US) == US


def rest(offers: list[dict[str, Any]], written: set[str]) -> list[dict[str, Any]]:
    """The offers without what may be written."""
    return [{name: value for name, value in one.items() if not (is_consumers(one) and name in written)} for one in offers]


@pytest.mark.parametrize("remedy", sorted(MAY_WRITE))
@given(
    offers=OFFERS,
    wished=st.none() | AMOUNT,
    bounds=st.tuples(st.none() | st.sampled_from([5, 11]), st.none() | st.sampled_from([19, 30])),
    day=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    fba=st.booleans(),
)
def test_only_the_named_parts_of_the_consumer_offer_change(remedy: str, offers: list[dict[str, Any]], wished: float | None, bounds: Any, day: date | None, fba: bool) -> None:
    wishes = Wishes(
        prices={"SKU-1": Decimal(str(wished))} if wished else {},
        bounds={"SKU-1": tuple(None if one is None else Decimal(str(one)) for one in bounds)},  # type: ignore[dict-item] # two of them
        dates={"SKU-1": day} if day else {},
    )
    rows = [{"fulfillment_channel_code": "AMAZON_NA"}] if fba else [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}]
    asked = case(attributes={"purchasable_offer": offers, "fulfillment_availability": rows}, wishes=wishes, mode="refresh", lifted=frozenset({"price-far-off"}), row={"price_shown": None})
    found = drafted(remedy, asked)
    if isinstance(found, Guard):
        return
    keeps_the_rest(asked.attributes, found, MAY_WRITE[remedy])


def keeps_the_rest(before: Any, found: Draft, written: set[str]) -> None:
    after = applied(_without_empty(before), found.steps[0].change.patches)
    old, new = before.get("purchasable_offer", []), after.get("purchasable_offer", [])
    if len(new) > len(old):
        # A consumer offer where there was none: all of it is new, and it stands at the end.
        assert not any(is_consumers(one) for one in old)
        assert new[: len(old)] == old
    else:
        assert rest(new, written) == rest(old, written)
    for one, other in zip(old, new, strict=False):
        for name in ("our_price", "minimum_seller_allowed_price", "maximum_seller_allowed_price"):
            assert _beside(one, name) == _beside(other, name) or not one.get(name)
    assert found.undo is not None
    assert applied(after, found.undo.patches) == _without_empty(before)


def _without_empty(attributes: Any) -> dict[str, Any]:
    """An attribute with an empty array says nothing: Amazon does not show one."""
    return {name: value for name, value in attributes.items() if value}


def _beside(element: dict[str, Any], name: str) -> Any:
    """Everything of a price but its first amount."""
    prices = element.get(name) or [{}]
    slots = prices[0].get("schedule") or [{}]
    return [{**prices[0], "schedule": [{**slots[0], "value_with_tax": None}, *slots[1:]]}, *prices[1:]]


@given(cents=st.integers(1, 10**9))
def test_an_amount_is_written_with_the_digits_that_were_entered(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    assert Decimal(json.dumps(writing.number(amount))) == amount


def test_a_price_keeps_its_schedules() -> None:
    before = {"our_price": [{"schedule": [{"value_with_tax": 1, "start_at": {"value": "x"}}, {"value_with_tax": 2}], "kept": True}]}
    assert writing.with_amount(before, "our_price", Decimal("3.50")) == [{"schedule": [{"value_with_tax": 3.5, "start_at": {"value": "x"}}, {"value_with_tax": 2}], "kept": True}]
    assert before["our_price"][0]["schedule"][0]["value_with_tax"] == 1
    assert writing.with_amount({}, "our_price", Decimal(3)) == price(3)
