"""The cures of an offer: relist, set a price, begin on another day, pause; each success, and each limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.amazon.cures.cases import BUSINESS, CLOSED, NOW, attribute, case, draft, guard, offer, price, undone

from refloat.model.cure import Field, Wishes

INVALID_PRICE = {"code": "18156", "severity": "ERROR", "categories": ["INVALID_PRICE"], "enforcements": {"actions": [{"action": "LISTING_SUPPRESSED"}]}}


def shut(**parts: Any) -> dict[str, Any]:
    return {"purchasable_offer": [BUSINESS, CLOSED | parts]}


def wishes(amount: str | None = None, least: str | None = None, most: str | None = None) -> Wishes:
    bound = {"SKU-1": (None if least is None else Decimal(least), None if most is None else Decimal(most))} if least or most else {}
    return Wishes(prices={"SKU-1": Decimal(amount)} if amount else {}, bounds=bound)


def test_relisting_clears_the_end_alone() -> None:
    asked = case(attributes=shut())
    found = draft("relist-offer", asked)
    (step,) = found.steps
    assert attribute(step.change, "purchasable_offer") == [BUSINESS, CLOSED | {"end_at": {"value": None}}]
    assert step.change.product_type == "PET_SUPPLIES"
    assert found.fields == (Field("price", "15.08 USD", "15.08 USD"), Field("end-date", "2026-11-01 00:00 UTC", None))
    assert undone(asked, found)


def test_relisting_writes_the_price_that_was_entered() -> None:
    found = draft("relist-offer", case(attributes=shut(), wishes=wishes("14.90")))
    assert attribute(found.steps[0].change, "purchasable_offer")[1]["our_price"] == price(14.9)
    assert found.fields[0] == Field("price", "15.08 USD", "14.90 USD")


def test_an_offer_that_is_gone_is_made_of_the_entered_price() -> None:
    asked = case(attributes={"purchasable_offer": [BUSINESS]}, wishes=wishes("14.90"))
    found = draft("relist-offer", asked)
    assert attribute(found.steps[0].change, "purchasable_offer") == [BUSINESS, {key: offer()[key] for key in ("marketplace_id", "currency", "audience")} | {"our_price": price(14.9)}]
    assert undone(asked, found)
    assert guard("relist-offer", case(attributes={"purchasable_offer": None})).name == "price-unknown"


def test_an_open_offer_is_written_again_only_where_fba_has_lost_it() -> None:
    assert guard("relist-offer", case()).name == "nothing-to-change"
    found = draft("relist-offer", case(row={"symptom": "missing-sku"}))
    assert found.steps[0].change.patches[0].after == found.steps[0].change.patches[0].before


def test_a_start_ahead_is_a_purpose() -> None:
    assert guard("relist-offer", case(attributes=shut(start_at={"value": "2027-01-05T00:00:00Z"}))).facts == {"on": "2027-01-05"}


@pytest.mark.parametrize("row", [{"fulfillment_channel_code": "DEFAULT", "quantity": 3}, {"fulfillment_channel_code": "DEFAULT"}])
@pytest.mark.parametrize("remedy", ["relist-offer", "change-sell-date"])
def test_nothing_is_opened_that_the_merchant_would_ship(remedy: str, row: dict[str, Any]) -> None:
    rows = {"fulfillment_availability": [{"fulfillment_channel_code": "AMAZON_NA"}, row]}
    assert guard(remedy, case(attributes=shut() | rows)).name == "merchant-channel"


@pytest.mark.parametrize(
    ("parts", "wished"),
    [({"minimum_seller_allowed_price": price(16)}, wishes()), ({"maximum_seller_allowed_price": price(15)}, wishes()), ({}, wishes(least="15.10")), ({}, wishes("14.90", least="15"))],
)
def test_a_price_outside_the_sellers_bounds_is_not_opened(parts: dict[str, Any], wished: Wishes) -> None:
    assert guard("relist-offer", case(attributes=shut(**parts), wishes=wished)).name == "price-outside-bounds"


def test_the_bounds_of_the_reports_count_where_the_offer_has_none() -> None:
    assert guard("relist-offer", case(attributes=shut(), row={"bound_min": Decimal("15.10")})).facts == {"price": "15.08 USD", "least": "15.10 USD", "most": "–"}


def test_a_discount_below_the_least_price_is_not_opened() -> None:
    over = [{"schedule": [{"value_with_tax": 9, "end_at": {"value": "2026-10-01T00:00:00Z"}}]}]
    assert guard("relist-offer", case(attributes=shut(discounted_price=price(9), minimum_seller_allowed_price=price(10)))).facts["price"] == "9.00 USD"
    draft("relist-offer", case(attributes=shut(discounted_price=over, minimum_seller_allowed_price=price(10))))


def test_a_price_far_from_the_last_one_needs_a_word() -> None:
    asked = {"attributes": shut(our_price=price(1.5))}
    assert guard("relist-offer", case(**asked)).facts == {"price": "1.50 USD", "percent": "30", "reference": "15.08 USD"}
    draft("relist-offer", case(**asked, lifted=frozenset({"price-far-off"})))
    assert guard("relist-offer", case(attributes=shut(), wishes=wishes("150.80"))).name == "price-far-off"


def test_a_flagged_price_is_never_used_again() -> None:
    row = {"symptom": "potential-high-pricing-error"}
    assert guard("relist-offer", case(attributes=shut(), row=row)).name == "price-error"
    assert guard("relist-offer", case(attributes=shut(), issues=[INVALID_PRICE])).name == "price-error"
    assert guard("set-price", case(row=row)).name == "price-error"
    assert guard("set-price", case(row=row, wishes=wishes("15.08"))).facts == {"price": "15.08 USD"}
    # However wide the seller's bounds are: Amazon doubts the amount.
    assert guard("set-price", case(row=row, wishes=wishes(most="99"))).name == "price-error"
    draft("set-price", case(row=row, wishes=wishes("3.00")))


def test_setting_a_price_that_is_missing() -> None:
    asked = case(attributes={"purchasable_offer": [BUSINESS, offer(our_price=None)]}, row={"price_shown": None}, wishes=wishes("14.90", "12", "20"))
    found = draft("set-price", asked)
    written = attribute(found.steps[0].change, "purchasable_offer")
    assert written == [BUSINESS, offer(our_price=price(14.9), minimum_seller_allowed_price=price(12), maximum_seller_allowed_price=price(20))]
    assert found.fields == (Field("price", None, "14.90 USD"), Field("minimum-price", None, "12.00 USD"), Field("maximum-price", None, "20.00 USD"))
    assert undone(asked, found)
    assert guard("set-price", case(attributes={"purchasable_offer": [offer(our_price=None)]}, row={"price_shown": None})).facts == {"sku": "SKU-1", "marketplace": "US"}


def test_bounds_that_exclude_a_right_price_are_moved_as_entered() -> None:
    attributes = {"purchasable_offer": [offer(maximum_seller_allowed_price=price(12))]}
    row = {"symptom": "pricing-error"}
    asked = case(attributes=attributes, row=row, issues=[INVALID_PRICE], wishes=wishes(most="16"))
    written = attribute(draft("set-price", asked).steps[0].change, "purchasable_offer")
    assert written == [offer(maximum_seller_allowed_price=price(16))]
    assert guard("set-price", case(attributes=attributes, row=row)).name == "price-outside-bounds"
    assert guard("set-price", case(attributes=attributes, row=row, wishes=wishes(most="13"))).facts["most"] == "13.00 USD"
    assert guard("set-price", case(attributes=attributes, row=row, wishes=wishes("14.00"))).name == "price-outside-bounds"
    inside = attribute(draft("set-price", case(attributes=attributes, row=row, wishes=wishes("11.00"))).steps[0].change, "purchasable_offer")
    assert inside == [offer(our_price=price(11), maximum_seller_allowed_price=price(12))]


def test_a_price_that_stands_there_already_changes_nothing() -> None:
    assert guard("set-price", case()).name == "nothing-to-change"
    assert guard("set-price", case(wishes=wishes("15.08"))).name == "nothing-to-change"
    assert guard("set-price", case(wishes=wishes("99"))).name == "price-far-off"


def test_the_sell_date_moves_to_now_or_to_the_entered_day() -> None:
    ahead = {"purchasable_offer": [BUSINESS, offer(start_at={"value": "2027-03-01T00:00:00Z"})]}
    asked = case(attributes=ahead)
    found = draft("change-sell-date", asked)
    assert attribute(found.steps[0].change, "purchasable_offer") == [BUSINESS, offer(start_at={"value": "2026-11-27T12:00:00Z"})]
    assert found.fields[0] == Field("start-date", "2027-03-01 00:00 UTC", "2026-11-27 12:00 UTC")
    assert undone(asked, found)
    later = draft("change-sell-date", case(attributes=ahead, wishes=Wishes(dates={"SKU-1": date(2026, 12, 24)})))
    # The day begins where the goods are sold.
    assert attribute(later.steps[0].change, "purchasable_offer")[1]["start_at"] == {"value": "2026-12-24T08:00:00Z"}
    assert guard("change-sell-date", case()).name == "nothing-to-change"
    assert guard("change-sell-date", case(attributes={"purchasable_offer": [offer(start_at={"value": "2027-03-01T00:00:00Z"}, our_price=None)]})).name == "price-unknown"


def test_a_pause_ends_the_offer_now() -> None:
    asked = case()
    found = draft("pause-offer", asked)
    assert attribute(found.steps[0].change, "purchasable_offer") == [BUSINESS, offer(end_at={"value": "2026-11-27T12:00:00Z"})]
    assert undone(asked, found)
    assert guard("pause-offer", case(attributes=shut())).name == "nothing-to-change"


def test_a_pause_until_a_day_comes_back_by_itself() -> None:
    asked = case(wishes=Wishes(dates={"SKU-1": date(2026, 12, 24)}))
    found = draft("pause-offer", asked)
    assert attribute(found.steps[0].change, "purchasable_offer")[1] == offer(start_at={"value": "2026-12-24T08:00:00Z"})
    assert undone(asked, found)
    assert guard("pause-offer", case(wishes=Wishes(dates={"SKU-1": NOW.date()}))).name == "nothing-entered"


def test_a_price_that_nothing_vouches_for_does_not_go_live_by_itself() -> None:
    """No bounds, and no report that shows it: one cent may be left from a test. Entered, bounded or lifted it may go."""
    cent = {"purchasable_offer": [offer(end_at={"value": "2026-11-01T00:00:00Z"}, our_price=price(0.01))]}
    asked = case(attributes=cent, row={"price_shown": None})
    assert guard("relist-offer", asked).name == "price-unchecked"
    assert draft("relist-offer", case(attributes=cent, row={"price_shown": None}, lifted=frozenset({"price-unchecked"})))
    assert draft("relist-offer", case(attributes=cent, row={"price_shown": None, "bound_min": Decimal("0.01")}))
    assert draft("relist-offer", case(attributes=cent, row={"price_shown": None}, wishes=Wishes(prices={"SKU-1": Decimal("14.90")}), lifted=frozenset({"price-far-off"})))


def test_an_amount_of_another_currency_goes_live_nowhere() -> None:
    """Neither an offer that is in euros, nor a report's price of another marketplace."""
    euros = {"purchasable_offer": [offer(end_at={"value": "2026-11-01T00:00:00Z"}, currency="EUR")]}
    assert guard("relist-offer", case(attributes=euros)).facts == {"currency": "EUR", "wanted": "USD"}
    assert guard("create-listing", replace(case(row={"price_currency": "EUR"}), listing=None)).name == "foreign-currency"
