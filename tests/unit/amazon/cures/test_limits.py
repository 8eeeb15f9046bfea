"""The limits that hold for every cure: nothing unread is written over, nothing is written into an enforcement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.amazon.cures.cases import CLOSED, NOW, case, draft, guard

from refloat.amazon.cures import CURES, drafted
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.tables import marketplaces
from refloat.model.cure import Guard, Wishes
from refloat.model.notes import Notes, Restriction

WRITES = sorted(set(CURES) - {"create-removal"})
SHUT = {"purchasable_offer": [CLOSED]}


def suppressed(category: str | None, action: str = "LISTING_SUPPRESSED") -> dict[str, Any]:
    return {"code": "1", "message": "Said by Amazon", "severity": "ERROR", "categories": [category] if category else [], "enforcements": {"actions": [{"action": action}]}}


def test_every_cure_has_a_page() -> None:
    assert set(CURES) <= set(catalogue().remedies)


@pytest.mark.parametrize("remedy", WRITES)
def test_a_listing_that_nobody_read_is_not_written(remedy: str) -> None:
    assert guard(remedy, case(listing_at=None)).name == "listing-unread"
    assert guard(remedy, case(listing_at=NOW - timedelta(days=5))).name == "listing-unread"


@pytest.mark.parametrize("remedy", WRITES)
def test_an_account_at_risk_gets_no_listing_write(remedy: str) -> None:
    assert guard(remedy, case(account_standing="AT_RISK")).name == "account-not-normal"
    assert guard(remedy, case(account_standing=None)).name == "account-unread"


def test_only_a_guard_that_may_be_lifted_is() -> None:
    asked = case(attributes=SHUT, account_standing=None, lifted=frozenset({"account-unread", "account-not-normal"}))
    draft("relist-offer", asked)
    assert guard("relist-offer", replace(asked, account_standing="DEACTIVATED")).name == "account-not-normal"


@pytest.mark.parametrize("remedy", sorted(set(WRITES) - {"delete-listing"}))
@pytest.mark.parametrize("category", ["RESTRICTED", "POLICY_VIOLATION", None])
def test_nothing_is_written_into_an_enforcement(remedy: str, category: str | None) -> None:
    assert guard(remedy, case(issues=[suppressed(category)])).name == "enforcement"
    assert guard(remedy, case(issues=[suppressed(category, "CATALOG_ITEM_REMOVED")])).name == "enforcement"
    assert guard(remedy, case(row={"symptom_kind": "enforcement", "said": "Restricted ASIN"})).facts == {"said": "Restricted ASIN"}


def test_what_the_seller_mends_by_writing_is_no_enforcement() -> None:
    draft("edit-listing", case(issues=[suppressed("MISSING_ATTRIBUTE")], mode="refresh"))


def test_the_words_that_amazon_wants_out_may_be_taken_out() -> None:
    row = {"symptom": "potential-logo-misuse", "symptom_kind": "enforcement"}
    asked = case(row=row, mode="withdraw", wishes=Wishes(edits={"SKU-1": {"item_name": [{"value": "Bowl"}]}}))
    draft("edit-listing", asked)
    assert guard("edit-listing", replace(asked, mode="touch")).name == "enforcement"
    assert guard("edit-listing", case(row=row, mode="withdraw", issues=[suppressed(None, "CATALOG_ITEM_REMOVED")])).name == "enforcement"


@pytest.mark.parametrize("remedy", ["relist-offer", "change-to-fba", "set-price", "create-listing", "recreate-listing", "change-sell-date"])
def test_what_may_not_be_sold_is_not_put_on_sale(remedy: str) -> None:
    assert guard(remedy, case(row={"restriction_code": "APPROVAL_REQUIRED"})).facts == {"code": "APPROVAL_REQUIRED"}
    assert guard(remedy, case(notes=Notes(restrictions={"SKU-1": Restriction("NOT_ELIGIBLE")}))).name == "restricted"
    assert guard(remedy, case(issues=[suppressed("QUALIFICATION_REQUIRED")])).name == "restricted"


@pytest.mark.parametrize("remedy", sorted(set(CURES) - {"create-listing", "create-removal"}))
def test_a_listing_that_is_gone_is_not_changed(remedy: str) -> None:
    asked = case(listing=None, wishes=Wishes(goods={"SKU-1": {"batteries_required": False}}))
    assert guard(remedy, asked).name == "listing-gone"


@pytest.mark.parametrize("offer", [[CLOSED, CLOSED], {"audience": "ALL"}, ["text"], [CLOSED | {"end_at": {"value": "soon"}}]])
@pytest.mark.parametrize("remedy", ["relist-offer", "change-to-fba", "set-price", "change-sell-date", "pause-offer", "recreate-listing"])
def test_an_offer_that_is_not_understood_is_not_written_over(remedy: str, offer: Any) -> None:
    assert guard(remedy, case(attributes={"purchasable_offer": offer})).name == "offer-unreadable"


@pytest.mark.parametrize("remedy", sorted(CURES))
def test_no_cure_fails_on_an_empty_answer(remedy: str) -> None:
    """Amazon may leave out everything; then there is a guard, and no error."""
    for listing in ({}, {"attributes": {}}, {"attributes": None, "issues": None, "summaries": []}):
        assert isinstance(drafted(remedy, case(listing=listing, row={"price_shown": None})), Guard) or remedy in {"create-removal"}


def test_every_marketplace_has_its_channel_and_its_area() -> None:
    for place in marketplaces().values():
        assert place.channel.startswith("AMAZON_")
        assert place.channel_from in {"examples", "unconfirmed"}
        assert {"UK": "GB"}.get(place.code, place.code) in place.removal_area
