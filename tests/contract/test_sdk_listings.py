"""Listings, restrictions and product types, driven by the official package."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from tests.small_world import CLOSED, DELETED, HEALTHY, MERCHANT, PRICELESS, SELLER, official, small_world

from refloat.simulator.nouns.listing import Listing
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.serve import Simulator
from refloat.simulator.wire.listings import PREVIEW
from refloat.simulator.wire.throttle import limit

US, CA = BY_COUNTRY["US"].id, BY_COUNTRY["CA"].id
OFFER = {"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 21.5}]}], "end_at": {"value": None}}
RELIST = {"productType": "LUGGAGE", "patches": [{"op": "replace", "path": "/attributes/purchasable_offer", "value": [OFFER]}]}
OFFER_ONLY = {
    "productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY",
    "attributes": {
        "condition_type": [{"value": "new_new"}], "merchant_suggested_asin": [{"value": "B0SAMPLE05"}],
        "purchasable_offer": [OFFER], "fulfillment_availability": [{"fulfillment_channel_code": "AMAZON_NA"}],
    },
}  # fmt: skip
EVERYTHING = ["summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships", "productTypes"]


class Shop:
    """A served world and the package's client of its listings."""

    def __init__(self, simulator: Simulator) -> None:
        from spapi.api.listings_items_v2021_08_01.listings_api import ListingsApi

        self.simulator, self.world = simulator, simulator.world
        self.package = official(simulator.url)
        self.client = self.package.api_client
        # What the model does not allow must be refused by the world, not by the package.
        self.client.client_side_validation = False
        self.api = ListingsApi(self.client)

    def wait(self, **time: float) -> None:
        """Let the world's time pass; a token that may have ended is thrown away, as the package counts real time."""
        self.world.advance(timedelta(**time))
        self.package.access_token_cache.token_info = None

    def get(self, sku: str, *included: str) -> Any:
        return self.api.get_listings_item(SELLER, sku, [US], included_data=list(included) or ["summaries"])

    def refusal(self, call: Any, *values: Any, **named: Any) -> tuple[int, dict[str, Any], Any]:
        from spapi.rest import ApiException

        with pytest.raises(ApiException) as refused:
            call(*values, **named)
        return refused.value.status, json.loads(refused.value.body)["errors"][0], refused.value.headers


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Simulator(small_world("US", "CA")) as simulator:
        yield Shop(simulator)


def test_a_listing_that_sells(shop: Shop) -> None:
    """Every data set of a healthy listing, by the package's own types."""
    item = shop.get(HEALTHY, *EVERYTHING)
    (summary,) = item.summaries
    assert (item.sku, summary.marketplace_id, summary.asin, summary.fn_sku, summary.condition_type) == (HEALTHY, US, "B0SAMPLE01", "X00SAMPLE1", "new_new")
    assert "BUYABLE" in summary.status
    assert [(offer.offer_type, offer.price.currency_code, offer.price.amount) for offer in item.offers] == [("B2C", "USD", "19.99")]
    assert [(row.fulfillment_channel_code, row.quantity) for row in item.fulfillment_availability] == [("AMAZON_NA", None)]
    assert item.attributes["condition_type"] == [{"value": "new_new", "marketplace_id": US}]
    assert [(row.marketplace_id, row.product_type) for row in item.product_types] == [(US, "LUGGAGE")]
    assert not [issue for issue in item.issues if issue.severity == "ERROR"]


def test_a_listing_that_cannot_be_bought_says_so(shop: Shop) -> None:
    """Closed, merchant-fulfilled beside FBA stock, without a price: each shows in its own place."""
    closed, merchant, priceless = (shop.get(sku, *EVERYTHING) for sku in (CLOSED, MERCHANT, PRICELESS))
    assert "BUYABLE" not in closed.summaries[0].status
    assert closed.offers == []
    assert closed.attributes["purchasable_offer"][0]["end_at"] == {"value": "2026-11-01T00:00:00Z"}
    assert [(row.fulfillment_channel_code, row.quantity) for row in merchant.fulfillment_availability] == [("DEFAULT", 3)]
    assert "BUYABLE" not in priceless.summaries[0].status


def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    """A SKU that never was and one that was deleted answer 404 alike, with the limit header."""
    for sku in ("NEVER-THERE", DELETED):
        code, error, headers = shop.refusal(shop.get, sku)
        assert (code, error["code"]) == (404, "NOT_FOUND")
        assert headers["x-amzn-RateLimit-Limit"] == "5"


def test_another_sellers_listings_are_not_mine(shop: Shop) -> None:
    """The seller in the path must be the one behind the token."""
    assert shop.refusal(shop.api.get_listings_item, "A2SOMEBODYELSE", HEALTHY, [US])[0] == 403


@pytest.mark.parametrize(("first_only", "places"), [(True, [US]), (False, [US, CA])])
def test_several_marketplaces_may_show_one(first_only: bool, places: list[str]) -> None:
    """By switch, of two marketplaces only the first is shown."""
    with Simulator(small_world("US", "CA", first_marketplace_only=first_only)) as simulator:
        shop = Shop(simulator)
        there = shop.world.listings[SELLER, US, HEALTHY]
        shop.world.add_listing(Listing(SELLER, CA, HEALTHY, there.asin, there.fnsku, "new_new", "LUGGAGE", {}, shop.world.now, shop.world.now, shop.world.now))
        item = shop.api.get_listings_item(SELLER, HEALTHY, [US, CA])
        assert [row.marketplace_id for row in item.summaries] == places


def test_relisting_is_accepted_and_shows_later(shop: Shop) -> None:
    """ACCEPTED with a submission id; ten minutes later still closed, after half an hour open at the new price."""
    answer = shop.api.patch_listings_item(SELLER, CLOSED, [US], RELIST)
    assert (answer.sku, answer.status, answer.issues) == (CLOSED, "ACCEPTED", [])
    assert len(answer.submission_id) == 36
    shop.wait(minutes=10)
    assert shop.get(CLOSED, "offers").offers == []
    shop.wait(minutes=20)
    item = shop.get(CLOSED, "summaries", "offers")
    assert [offer.price.amount for offer in item.offers] == ["21.5"]
    assert "BUYABLE" in item.summaries[0].status


def test_a_preview_changes_nothing_and_has_its_own_bucket(shop: Shop) -> None:
    """VALID and INVALID, never ACCEPTED; the second within a second is too many."""
    preview = {"mode": "VALIDATION_PREVIEW", "included_data": ["identifiers", "issues"]}
    answer = shop.api.patch_listings_item(SELLER, CLOSED, [US], RELIST, **preview)
    assert (answer.status, [row.asin for row in answer.identifiers]) == ("VALID", ["B0SAMPLE02"])
    code, error, headers = shop.refusal(shop.api.patch_listings_item, SELLER, CLOSED, [US], RELIST, **preview)
    assert (code, error["code"], headers["x-amzn-ErrorType"]) == (429, "QuotaExceeded", "TooManyRequestsException")
    assert "x-amzn-RateLimit-Limit" not in headers
    assert limit(shop.world, SELLER, PREVIEW) == (1, 1)
    shop.wait(seconds=1)
    wrong = {"productType": "LUGGAGE", "patches": [{"op": "replace", "path": "/attributes/fake_attribute", "value": [{"value": "x"}]}]}
    answer = shop.api.patch_listings_item(SELLER, CLOSED, [US], wrong, **preview)
    assert (answer.status, [(issue.code, issue.attribute_names, issue.categories) for issue in answer.issues]) == ("INVALID", [("90000900", ["fake_attribute"], ["INVALID_ATTRIBUTE"])])
    shop.wait(hours=1)
    assert shop.world.listings[SELLER, US, CLOSED].writes == []


@pytest.mark.parametrize("value", [OFFER, [], None, "x"])
def test_a_dict_where_an_array_must_be_is_refused(shop: Shop, value: Any) -> None:
    """400 in Amazon's words, and nothing is written."""
    patches = [{"op": "replace", "path": "/attributes/purchasable_offer", "value": value}]
    code, error, _ = shop.refusal(shop.api.patch_listings_item, SELLER, CLOSED, [US], {"productType": "LUGGAGE", "patches": patches})
    assert (code, error["message"]) == (400, "Invalid empty value provided in patch at index of 0")


@pytest.mark.parametrize("patches", [[], [{"op": "move", "path": "/attributes/color", "value": [{}]}], [{"op": "add", "path": "/attributes/color/0", "value": [{}]}]])
def test_a_patch_that_is_none_is_refused(shop: Shop, patches: list[Any]) -> None:
    """Without patches, with an unknown operation, with a path below an attribute."""
    assert shop.refusal(shop.api.patch_listings_item, SELLER, CLOSED, [US], {"productType": "LUGGAGE", "patches": patches})[0] == 400


def test_an_invalid_submission_is_a_200_that_says_invalid(shop: Shop) -> None:
    """An offer without a price: 99022, INVALID, and the offer stays as it is."""
    patches = [{"op": "replace", "path": "/attributes/purchasable_offer", "value": [{"marketplace_id": US}]}]
    answer = shop.api.patch_listings_item(SELLER, CLOSED, [US], {"productType": "LUGGAGE", "patches": patches})
    assert (answer.status, [(issue.code, issue.categories) for issue in answer.issues]) == ("INVALID", [("99022", ["MISSING_PRICE"])])
    shop.wait(hours=1)
    assert shop.world.listings[SELLER, US, CLOSED].writes == []


def test_accepted_can_fail_later(shop: Shop) -> None:
    """ACCEPTED; an hour later nothing has changed, and the issue tells."""
    shop.world.faults.rates = {"accepted-fails-later": 1.0}
    assert shop.api.patch_listings_item(SELLER, CLOSED, [US], RELIST).status == "ACCEPTED"
    shop.wait(hours=1)
    item = shop.get(CLOSED, "issues", "offers")
    assert item.offers == []
    assert "90229" in [issue.code for issue in item.issues]


def test_a_deleted_listing_is_created_again(shop: Shop) -> None:
    """An offer on the ASIN of the units, with their SKU and condition, meets them under their FNSKU."""
    answer = shop.api.put_listings_item(SELLER, DELETED, [US], OFFER_ONLY, included_data=["identifiers", "issues"])
    assert (answer.status, [row.asin for row in answer.identifiers]) == ("ACCEPTED", ["B0SAMPLE05"])
    shop.wait(minutes=30)
    (summary,) = shop.get(DELETED).summaries
    assert (summary.asin, summary.fn_sku, summary.status[:1]) == ("B0SAMPLE05", "X00SAMPLE5", ["BUYABLE"])


def test_a_put_says_what_it_lacks(shop: Shop) -> None:
    """A whole listing without its required attributes: 90220 for each."""
    answer = shop.api.put_listings_item(SELLER, "NEW-1", [US], {"productType": "LUGGAGE", "requirements": "LISTING", "attributes": {"item_name": [{"value": "Case"}]}})
    assert answer.status == "INVALID"
    assert {issue.code for issue in answer.issues} == {"90220"}
    assert "'[batteries_required]' is required but not supplied." in [issue.message for issue in answer.issues]


def test_an_offer_put_on_a_listing_leaves_its_content(shop: Shop) -> None:
    """LISTING_OFFER_ONLY changes the offer and keeps the rest; another ASIN than the listing's is refused."""
    shop.world.listings[SELLER, US, HEALTHY].attributes["item_name"] = [{"value": "Case"}]
    body = {**OFFER_ONLY, "attributes": {**OFFER_ONLY["attributes"], "merchant_suggested_asin": [{"value": "B0SAMPLE01"}]}}  # type: ignore[dict-item]
    assert shop.api.put_listings_item(SELLER, HEALTHY, [US], body).status == "ACCEPTED"
    shop.wait(minutes=30)
    item = shop.get(HEALTHY, "attributes", "offers")
    assert (item.attributes["item_name"], item.offers[0].price.amount) == ([{"value": "Case"}], "21.5")
    answer = shop.api.put_listings_item(SELLER, HEALTHY, [US], OFFER_ONLY)
    assert (answer.status, [issue.code for issue in answer.issues]) == ("INVALID", ["8541"])


def test_a_deletion_is_proven_by_404_and_must_wait_a_day_before_it_is_undone(shop: Shop) -> None:
    """Accepted, there for a while, then gone with the units left behind; 13013 within 24 hours."""
    assert shop.api.delete_listings_item(SELLER, HEALTHY, [US]).status == "ACCEPTED"
    assert shop.get(HEALTHY).sku == HEALTHY
    shop.wait(minutes=30)
    assert shop.refusal(shop.get, HEALTHY)[0] == 404
    body = {**OFFER_ONLY, "attributes": {**OFFER_ONLY["attributes"], "merchant_suggested_asin": [{"value": "B0SAMPLE01"}]}}  # type: ignore[dict-item]
    answer = shop.api.put_listings_item(SELLER, HEALTHY, [US], body)
    assert (answer.status, [issue.code for issue in answer.issues]) == ("INVALID", ["13013"])
    shop.wait(hours=24)
    assert shop.api.put_listings_item(SELLER, HEALTHY, [US], body).status == "ACCEPTED"


def test_only_patch_takes_several_marketplaces(shop: Shop) -> None:
    """PUT and DELETE take one; a marketplace in which the seller does not sell is refused."""
    assert shop.refusal(shop.api.put_listings_item, SELLER, HEALTHY, [US, CA], OFFER_ONLY)[0] == 400
    assert shop.refusal(shop.api.delete_listings_item, SELLER, HEALTHY, [US, CA])[0] == 400
    assert shop.refusal(shop.api.get_listings_item, SELLER, HEALTHY, ["A1PA6795UKMFR9"])[0] == 400


def test_a_sku_with_every_sign_that_must_be_quoted(shop: Shop) -> None:
    """Slash, hash, blank, percent, ampersand and Chinese: what the package quotes is found; a slash left bare is 403."""
    odd = 'A/B #1 50% "x" & 商品'
    there = shop.world.listings[SELLER, US, HEALTHY]
    shop.world.add_listing(Listing(SELLER, US, odd, there.asin, there.fnsku, "new_new", "LUGGAGE", there.attributes, shop.world.now, shop.world.now, shop.world.now))
    assert shop.get(odd).sku == odd
    assert shop.api.patch_listings_item(SELLER, odd, [US], RELIST).sku == odd
    assert shop.refusal(shop.client.call_api, f"/listings/2021-08-01/items/{SELLER}/A/B", "GET", query_params=[("marketplaceIds", US)])[0] == 403


def test_search_pages_through_everything_once(shop: Shop) -> None:
    """Pages of two lead through all listings and back; the deleted one is not among them."""
    first = shop.api.search_listings_items(SELLER, [US], page_size=2, sort_by="sku", sort_order="ASC")
    assert (first.number_of_results, [item.sku for item in first.items]) == (4, [CLOSED, MERCHANT])
    second = shop.api.search_listings_items(SELLER, [US], page_size=2, page_token=first.pagination.next_token)
    assert [item.sku for item in second.items] == [HEALTHY, PRICELESS]
    assert second.pagination.next_token is None
    back = shop.api.search_listings_items(SELLER, [US], page_size=2, page_token=second.pagination.previous_token)
    assert [item.sku for item in back.items] == [CLOSED, MERCHANT]


def test_search_finds_what_changed(shop: Shop) -> None:
    """Since a moment, exactly the listing that was written after it."""
    shop.api.patch_listings_item(SELLER, CLOSED, [US], RELIST)
    since = shop.world.now + timedelta(minutes=5)
    shop.wait(hours=1)
    found = shop.api.search_listings_items(SELLER, [US], last_updated_after=since)
    assert [item.sku for item in found.items] == [CLOSED]
    assert [item.sku for item in shop.api.search_listings_items(SELLER, [US], last_updated_before=since, sort_by="sku").items] == [PRICELESS, HEALTHY, MERCHANT]
    assert shop.api.search_listings_items(SELLER, [US], created_after=since).number_of_results == 0


def test_search_by_identifier_standing_and_severity(shop: Shop) -> None:
    """SKU, ASIN and FNSKU; buyable or not; with an error."""
    by = {"SKU": [HEALTHY, "NEVER-THERE", DELETED], "ASIN": ["B0SAMPLE01"], "FNSKU": ["X00SAMPLE1"]}
    for kind, identifiers in by.items():
        found = shop.api.search_listings_items(SELLER, [US], identifiers=identifiers, identifiers_type=kind)
        assert [item.sku for item in found.items] == [HEALTHY]
    shop.wait(seconds=2)
    without = shop.api.search_listings_items(SELLER, [US], without_status=["BUYABLE"], sort_by="sku", sort_order="ASC")
    assert [item.sku for item in without.items] == [CLOSED, PRICELESS]
    # The merchant's own offer can be bought, though the units at Amazon are stranded.
    assert [item.sku for item in shop.api.search_listings_items(SELLER, [US], with_status=["BUYABLE"]).items] == [HEALTHY, MERCHANT]
    assert PRICELESS in [item.sku for item in shop.api.search_listings_items(SELLER, [US], with_issue_severity=["ERROR"]).items]


@pytest.mark.parametrize("asked", [
    {"page_size": 21}, {"page_size": 0}, {"identifiers": ["x"] * 21, "identifiers_type": "SKU"}, {"identifiers": ["x"]}, {"identifiers_type": "SKU"}, {"page_token": "none"}, {"page_token": "1-2"},
    {"with_status": ["SOLD"]}, {"sort_by": "price"}, {"included_data": ["everything"]}, {"created_after": "yesterday"},
])  # fmt: skip
def test_search_refuses_what_the_model_does_not_allow(shop: Shop, asked: dict[str, Any]) -> None:
    """More than 20 a page or identifiers, words that do not exist, tokens that were never given."""
    assert shop.refusal(shop.api.search_listings_items, SELLER, [US], **asked)[0] == 400


@pytest.mark.parametrize(("all_counted", "count"), [(True, 1005), (False, 1000)])
def test_search_reaches_a_thousand(all_counted: bool, count: int) -> None:
    """Of 1,005 listings the last five cannot be reached; whether they are counted is a switch."""
    with Simulator(small_world(search_counts_all=all_counted)) as simulator:
        shop = Shop(simulator)
        there = shop.world.listings[SELLER, US, HEALTHY]
        for number in range(1001):
            shop.world.add_listing(Listing(SELLER, US, f"S-{number:04}", there.asin, there.fnsku, "new_new", "LUGGAGE", there.attributes, shop.world.now, shop.world.now, shop.world.now))
        seen, token = list[str](), None
        for _ in range(60):
            page = shop.api.search_listings_items(SELLER, [US], page_size=20, page_token=token) if token else shop.api.search_listings_items(SELLER, [US], page_size=20)
            shop.wait(seconds=1)
            seen += [item.sku for item in page.items]
            token = page.pagination.next_token
            if token is None:
                break
        assert (page.number_of_results, len(seen), len(set(seen))) == (count, 1000, 1000)


def test_the_sixth_patch_within_a_second_is_too_many(shop: Shop) -> None:
    """Burst 5 for patches; after a second of the world five more."""
    for _ in range(5):
        shop.api.patch_listings_item(SELLER, CLOSED, [US], RELIST)
    assert shop.refusal(shop.api.patch_listings_item, SELLER, CLOSED, [US], RELIST)[0] == 429
    shop.wait(seconds=1)
    assert shop.api.patch_listings_item(SELLER, CLOSED, [US], RELIST).status == "ACCEPTED"


def test_restrictions_by_asin(shop: Shop) -> None:
    """Nothing stands in the way of an open ASIN; a gated brand asks for approval; an ASIN that does not exist is not found."""
    from spapi.api.listings_restrictions_v2021_08_01.listings_restrictions_api import ListingsRestrictionsApi

    api = ListingsRestrictionsApi(shop.client)
    shop.world.catalogue[US, "B0SAMPLE02"].gated = frozenset({"brand"})
    assert api.get_listings_restrictions("B0SAMPLE01", SELLER, [US]).restrictions == []
    (gated,) = api.get_listings_restrictions("B0SAMPLE02", SELLER, [US], condition_type="new_new").restrictions
    assert (gated.marketplace_id, gated.reasons[0].reason_code) == (US, "APPROVAL_REQUIRED")
    (unknown,) = api.get_listings_restrictions("B0NOWHERE1", SELLER, [US]).restrictions
    assert unknown.reasons[0].reason_code == "ASIN_NOT_FOUND"
    assert shop.refusal(api.get_listings_restrictions, "B0SAMPLE01", "A2SOMEBODYELSE", [US])[0] == 403
    assert shop.refusal(api.get_listings_restrictions, "B0SAMPLE01", SELLER, [US], condition_type="worn")[0] == 400


def test_product_types_and_their_schema(shop: Shop) -> None:
    """Search finds a type, its definition links a schema whose checksum fits and which names the store's channel."""
    from spapi.api.product_type_definitions_v2020_09_01.definitions_api import DefinitionsApi

    api = DefinitionsApi(shop.client)
    assert [one.name for one in api.search_definitions_product_types([US], keywords=["luggage"]).product_types] == ["LUGGAGE"]
    assert len(api.search_definitions_product_types([US]).product_types) == 4
    definition = api.get_definitions_product_type("LUGGAGE", [CA], requirements="LISTING_OFFER_ONLY")
    assert (definition.product_type, definition.locale, definition.requirements) == ("LUGGAGE", "en_CA", "LISTING_OFFER_ONLY")
    with urlopen(definition.var_schema.link.resource) as reply:
        content = reply.read()
    assert hashlib.md5(content, usedforsecurity=False).digest() == b64decode(definition.var_schema.checksum)
    schema = json.loads(content)
    assert schema["required"] == ["condition_type", "merchant_suggested_asin", "purchasable_offer"]
    assert schema["properties"]["fulfillment_availability"]["items"]["properties"]["fulfillment_channel_code"]["enum"] == ["AMAZON_NA", "DEFAULT"]
    assert "item_name" not in schema["properties"]
    assert shop.refusal(api.get_definitions_product_type, "NO_SUCH_TYPE", [US])[0] == 404
