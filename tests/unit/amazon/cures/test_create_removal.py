"""create-removal: no goods lost. Every doubt is in its way, and what leaves is said in numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.cures.cases import case, draft, guard

from refloat.amazon.cures import drafted
from refloat.knowledge.tables import marketplaces
from refloat.model.cure import Case, Disposition, Draft, Field, Removal, Wishes

HOME = {"AddressName": "Sample Goods", "AddressFieldOne": "1 Sample Street", "AddressCity": "Springfield", "AddressCountryCode": "US", "AddressStateOrRegion": "IL", "AddressPostalCode": "62701"}
DISPOSAL = Wishes(disposition="Disposal")


def returned(address: dict[str, str] | None = None, marketplace: str = "US", **parts: Any) -> Case:
    return case(marketplace=marketplace, wishes=Wishes(disposition="Return", addresses={marketplace: HOME if address is None else address}), **parts)


def test_all_that_can_be_taken_goes_sellable_and_unsellable_apart() -> None:
    found = draft("create-removal", returned())
    assert found.steps[0].change.removal == Removal("Return", 7, 2, HOME)
    assert found.undo is None
    assert Field("units-sellable", "7", "0") in found.fields
    # Reserved units stay, and are said to.
    assert Field("units-reserved", "1", "1") in found.fields
    assert found.fields[-1] == Field("address", None, "Sample Goods, 1 Sample Street, Springfield, US, 62701")


def test_a_disposal_carries_no_address() -> None:
    wishes = Wishes(disposition="Return", dispositions={"SKU-1": "Disposal"}, addresses={"US": HOME})
    assert draft("create-removal", case(wishes=wishes)).steps[0].change.removal == Removal("Disposal", 7, 2)


def test_nothing_is_removed_unless_it_is_said_how() -> None:
    assert guard("create-removal", case()).name == "removal-not-said"


@pytest.mark.parametrize("column", ["units_fulfillable", "units_unfulfillable"])
def test_unknown_units_are_not_removed(column: str) -> None:
    assert guard("create-removal", case(wishes=DISPOSAL, row={column: None})).name == "units-unknown"


def test_units_that_are_leaving_are_not_ordered_twice() -> None:
    assert guard("create-removal", case(wishes=DISPOSAL, row={"units_in_removal": 3})).facts == {"units": "3"}
    assert guard("create-removal", case(wishes=DISPOSAL, row={"units_fulfillable": 0, "units_unfulfillable": 0, "units_reserved": None})).facts == {"reserved": "?"}


def test_units_that_sell_elsewhere_stay() -> None:
    assert guard("create-removal", case(wishes=DISPOSAL, pool={"CA": True, "MX": None, "US": False})).facts == {"places": "CA"}
    assert guard("create-removal", case(wishes=DISPOSAL, pool={"CA": False, "MX": None, "BR": None})).facts == {"places": "BR, MX"}
    draft("create-removal", case(wishes=DISPOSAL, pool={"CA": False}))


def test_a_return_goes_only_where_amazon_sends() -> None:
    assert guard("create-removal", case(wishes=Wishes(disposition="Return"))).facts == {"marketplace": "US"}
    assert guard("create-removal", returned({name: text for name, text in HOME.items() if name != "AddressPostalCode"})).name == "address-missing"
    assert guard("create-removal", returned(HOME | {"AddressCountryCode": "cn"})).facts == {"country": "CN", "marketplace": "US", "area": "US"}
    draft("create-removal", returned(HOME | {"AddressCountryCode": "uk"}, "UK"))
    draft("create-removal", returned(HOME | {"AddressCountryCode": "AT"}, "DE"))
    assert guard("create-removal", returned(HOME | {"AddressCountryCode": "GB"}, "DE")).name == "address-outside"


def test_liquidation_is_offered_in_few_places_and_never_for_what_may_not_be_sold() -> None:
    liquidated = Wishes(disposition="Liquidations")
    draft("create-removal", case(wishes=liquidated))
    assert guard("create-removal", case(marketplace="JP", wishes=liquidated)).facts == {"disposition": "Liquidations", "marketplace": "JP"}
    for row in ({"symptom": "product-recall"}, {"symptom": "expired-product"}, {"cause": "expired"}):
        assert guard("create-removal", case(wishes=liquidated, row=row)).name == "not-resellable"


@pytest.mark.parametrize("row", [{"symptom": "under-hazmat-review"}, {"symptom_kind": "dangerous-goods"}, {"dangerous_goods_open": True}])
def test_dangerous_goods_need_a_word(row: dict[str, Any]) -> None:
    assert guard("create-removal", case(wishes=DISPOSAL, row=row)).name == "hazmat"
    draft("create-removal", case(wishes=DISPOSAL, row=row, lifted=frozenset({"hazmat"})))


def test_a_fee_above_the_worth_needs_a_word() -> None:
    row = {"removal_cost": Decimal("120.5"), "removal_cost_currency": "USD", "worth_amount": Decimal("105.56"), "price_currency": "USD"}
    assert guard("create-removal", case(wishes=DISPOSAL, row=row)).facts == {"fee": "120.50 USD", "worth": "105.56 USD"}
    draft("create-removal", case(wishes=DISPOSAL, row=row, lifted=frozenset({"fee-above-worth"})))
    # Amounts of two currencies are not compared.
    draft("create-removal", case(wishes=DISPOSAL, row=row | {"removal_cost_currency": "EUR"}))


@pytest.mark.parametrize("row", [{"symptom": "product-recall", "symptom_kind": "enforcement"}, {"symptom": "expired-product"}])
def test_recalled_and_expired_units_leave_whatever_they_cost_and_are_not_called_sellable(row: dict[str, Any]) -> None:
    costs = {"removal_cost": Decimal(999), "removal_cost_currency": "USD", "worth_amount": Decimal(1), "price_currency": "USD"}
    found = draft("create-removal", case(wishes=DISPOSAL, row=row | costs, account_standing="AT_RISK", listing=None, listing_at=None))
    assert found.steps[0].change.removal == Removal("Disposal", 7, 2)
    assert Field("units", "9", "0") in found.fields
    assert not [field for field in found.fields if "sellable" in field.name]


@given(
    marketplace=st.sampled_from(sorted(marketplaces())), disposition=st.sampled_from(["Return", "Disposal", "Liquidations"]), country=st.sampled_from(["US", "GB", "DE", "AT", "CN", "JP"]),
    counts=st.tuples(*[st.none() | st.integers(0, 9)] * 3), pool=st.dictionaries(st.sampled_from(["US", "CA", "DE", "FR"]), st.none() | st.booleans(), max_size=3),
)  # fmt: skip
def test_no_removal_is_drafted_in_doubt(marketplace: str, disposition: Disposition, country: str, counts: tuple[int | None, ...], pool: dict[str, bool | None]) -> None:
    wishes = Wishes(disposition=disposition, addresses={marketplace: HOME | {"AddressCountryCode": country}})
    row = dict(zip(("units_fulfillable", "units_unfulfillable", "units_in_removal"), counts, strict=True))
    found = drafted("create-removal", case(marketplace=marketplace, wishes=wishes, row=row, pool=pool))
    if isinstance(found, Draft):
        removal = found.steps[0].change.removal
        assert removal is not None
        assert (removal.units_sellable, removal.units_unsellable) == counts[:2]
        assert not counts[2]
        assert all(can is False for can in pool.values())
        assert disposition != "Return" or country in marketplaces()[marketplace].removal_area
