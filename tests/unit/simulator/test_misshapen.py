"""Calls that Amazon's models exclude: each is refused, and the world goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.small_world import HEALTHY, MERCHANT, SELLER, called, small_world

from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.wire.answering import answered
from refloat.simulator.wire.speech import Call, Reply
from refloat.simulator.world import World

US = BY_COUNTRY["US"].id
ITEM = f"/listings/2021-08-01/items/{SELLER}/{MERCHANT}"
EVERYTHING = "summaries,attributes,issues,offers,fulfillmentAvailability"


def patched(world: World, name: str, value: Any, op: str = "merge") -> Reply:
    patches = [{"op": op, "path": f"/attributes/{name}", "value": value}]
    return called(world, "PATCH", ITEM, {"marketplaceIds": US}, {"productType": "LUGGAGE", "patches": patches})


@pytest.mark.parametrize("op", ["add", "replace", "merge", "delete"])
@pytest.mark.parametrize("element", [7, None, "AMAZON_NA", []])
def test_an_element_that_is_no_object_is_no_patch(op: str, element: Any) -> None:
    """The model's PatchOperation holds objects: 400, whatever the operation."""
    assert patched(small_world(), "fulfillment_availability", [element], op).code == 400


@pytest.mark.parametrize(("name", "element"), [
    ("fulfillment_availability", {"fulfillment_channel_code": {"value": "DEFAULT"}}),
    ("fulfillment_availability", {"fulfillment_channel_code": "DEFAULT", "quantity": "3"}),
    ("fulfillment_availability", {"fulfillment_channel_code": "DEFAULT", "quantity": -1}),
    ("purchasable_offer", {"marketplace_id": [US]}),
    ("purchasable_offer", {"marketplace_id": US, "end_at": {"value": "soon"}}),
])  # fmt: skip
def test_no_operation_brings_in_what_cannot_be_read(name: str, element: dict[str, Any]) -> None:
    """A part is looked at as a whole is: INVALID at once, and half an hour later the listing is what it was."""
    world = small_world()
    query = {"marketplaceIds": US, "includedData": EVERYTHING}
    before = called(world, "GET", ITEM, query).body
    for op in ("add", "replace", "merge"):
        answer = patched(world, name, [element], op)
        assert (answer.code, answer.body["status"]) == (200, "INVALID")
    world.advance(timedelta(minutes=30))
    assert called(world, "GET", ITEM, query).body == before


@pytest.mark.parametrize("suggested", [[None], [7], ["B0SAMPLE01"], [[]], [{"value": {}}]])
def test_a_suggestion_that_names_no_asin_is_none(suggested: list[Any]) -> None:
    """What a put says is free in the model; what cannot be read is an issue, not a broken connection."""
    body = {"productType": "LUGGAGE", "requirements": "LISTING_OFFER_ONLY", "attributes": {"condition_type": [{"value": "new_new"}], "merchant_suggested_asin": suggested}}
    answer = called(small_world(), "PUT", f"/listings/2021-08-01/items/{SELLER}/{HEALTHY}", {"marketplaceIds": US, "includedData": "issues,identifiers"}, body)
    assert (answer.code, answer.body["status"]) == (200, "INVALID")


REPORT = {"reportType": "GET_FBA_MYI_ALL_INVENTORY_DATA", "marketplaceIds": [US]}
REMOVALS = "POST_FLAT_FILE_FBA_CREATE_REMOVAL"


@pytest.mark.parametrize("options", [[], "x", {"custom": 1}, {"custom": None}])
def test_options_are_names_and_texts(options: Any) -> None:
    """Those of a report and those of a feed; a list is not the same as none at all."""
    world = small_world()
    document = called(world, "POST", "/feeds/2021-06-30/documents", body={"contentType": "text/tab-separated-values; charset=UTF-8"}).body["feedDocumentId"]
    feed = {"feedType": REMOVALS, "marketplaceIds": [US], "inputFeedDocumentId": document}
    assert called(world, "POST", "/reports/2021-06-30/reports", body={**REPORT, "reportOptions": options}).code == 400
    assert called(world, "POST", "/feeds/2021-06-30/feeds", body={**feed, "feedOptions": options}).code == 400
    assert called(world, "POST", "/feeds/2021-06-30/feeds", body={**feed, "feedOptions": {"custom": "x"}}).code == 202


@pytest.mark.parametrize("kind", [[REMOVALS], {}, 7, None])
def test_a_type_that_is_no_text_is_no_feed(kind: Any) -> None:
    """400, as for a type that nobody knows."""
    assert called(small_world(), "POST", "/feeds/2021-06-30/feeds", body={"feedType": kind, "marketplaceIds": [US], "inputFeedDocumentId": "x"}).code == 400


FEEDS, REPORTS = "/feeds/2021-06-30/feeds", "/reports/2021-06-30/reports"
SEARCH, TYPE, SUBSCRIPTIONS = f"/listings/2021-08-01/items/{SELLER}", "/definitions/2020-09-01/productTypes/LUGGAGE", "/notifications/v1/subscriptions"
RESTRICTIONS = "/listings/2021-08-01/restrictions"
FINISHED = "REPORT_PROCESSING_FINISHED"


@pytest.mark.parametrize(("path", "query"), [
    (FEEDS, {"feedTypes": REMOVALS, "marketplaceIds": ",".join([US] * 11)}),
    (FEEDS, {"feedTypes": REMOVALS, "pageSize": "1" * 5000}),
    (REPORTS, {"reportTypes": REPORT["reportType"], "marketplaceIds": ",".join([US] * 11)}),
    (REPORTS, {"reportTypes": REPORT["reportType"], "pageSize": "101"}),
    (SEARCH, {"marketplaceIds": US, "identifiers": HEALTHY, "identifiersType": "SKU", "variationParentSku": HEALTHY}),
    (SEARCH, {"marketplaceIds": US, "packageHierarchySku": HEALTHY, "variationParentSku": HEALTHY}),
    (SEARCH, {"marketplaceIds": US, "sortBy": "sku,createdDate"}),
    (RESTRICTIONS, {"marketplaceIds": US, "asin": "B0SAMPLE01", "sellerId": SELLER, "conditionType": "new_new,used_good"}),
    (TYPE, {"marketplaceIds": US, "parentageLevel": "SIBLING"}),
    (TYPE, {"marketplaceIds": US, "locale": "fr_BE"}),
    (SUBSCRIPTIONS, {"notificationTypes": f"{FINISHED},FEED_PROCESSING_FINISHED"}),
    (SUBSCRIPTIONS, {"notificationTypes": FINISHED, "pageSize": "29"}),
    (SUBSCRIPTIONS, {"notificationTypes": FINISHED, "nextToken": "never-given"}),
])  # fmt: skip
def test_a_question_beyond_the_models_bounds(path: str, query: dict[str, str]) -> None:
    """400: more values than the model takes, a page that is too large or too small, words that it does not know, questions that exclude each other."""
    assert called(small_world(), "GET", path, query).code == 400


def test_a_flag_is_true_or_false() -> None:
    """getFeedDocument looks at its flag also where nothing is packed."""
    world = small_world()
    document = called(world, "POST", "/feeds/2021-06-30/documents", body={"contentType": "text/plain"}).body["feedDocumentId"]
    codes = [called(world, "GET", f"/feeds/2021-06-30/documents/{document}", {"enableContentEncodingUrlHeader": flag}).code for flag in ("true", "false", "maybe")]
    assert codes == [200, 200, 400]


@pytest.mark.parametrize("locale", ["DEFAULT", "ar_AE", "zh", "en_US", "pt_PT"])
def test_every_locale_of_the_model(locale: str) -> None:
    """A definition is given in each of them, with or without a level of parentage."""
    assert called(small_world(), "GET", TYPE, {"marketplaceIds": US, "locale": locale, "parentageLevel": "CHILD"}).code == 200


@pytest.mark.parametrize(("directive", "code"), [
    (None, 200), ({"filterExpression": "a == `b`"}, 200), ({"eventFilter": {"eventFilterType": "ORDER_CHANGE", "marketplaceIds": [US]}}, 200),
    ("x", 400), ([], 400), ({"filterExpression": ""}, 400), ({"filterExpression": "x" * 257}, 400), ({"eventFilter": {"eventFilterType": FINISHED}}, 400), ({"eventFilter": "x"}, 400),
    ({"filterExpression": "x", "eventFilter": {"eventFilterType": "ORDER_CHANGE"}}, 400),
])  # fmt: skip
def test_a_directive_has_the_models_form(directive: Any, code: int) -> None:
    """What is kept is what is shown again: a directive of another form would make an answer of another form."""
    world = small_world()
    queue = {"name": "q", "resourceSpecification": {"sqs": {"arn": "arn:aws:sqs:us-east-1:000000000000:q"}}}
    made = called(world, "POST", "/notifications/v1/destinations", body=queue).body["payload"]["destinationId"]
    answer = called(world, "POST", f"{SUBSCRIPTIONS}/{FINISHED}", body={"payloadVersion": "2020-09-04", "destinationId": made, "processingDirective": directive})
    assert answer.code == code
    assert code == 400 or answer.body["payload"].get("processingDirective") == directive


@pytest.mark.parametrize("resource", [
    {"sqs": {"arn": f"arn:aws:sqs:us-east-1:000000000000:{'q' * 1000}"}}, {"sqs": {"arn": ["x"]}}, {"eventBridge": {"region": 1, "accountId": "000000000000"}}, {"eventBridge": []}, {},
])  # fmt: skip
def test_a_destination_has_the_models_form(resource: Any) -> None:
    """One queue with a name of at most 1,000 characters, or one account and its region, in texts."""
    assert called(small_world(), "POST", "/notifications/v1/destinations", body={"name": "q", "resourceSpecification": resource}).code == 400


@pytest.mark.parametrize("places", [[[US]], [7], US, {US: 1}, [""], [], None])
def test_marketplaces_of_a_body_are_a_list_of_texts(places: Any) -> None:
    """400 for report and feed; a feed that was taken all the same would stop the clock when it ends."""
    world = small_world()
    assert called(world, "POST", REPORTS, body={**REPORT, "marketplaceIds": places}).code == 400
    assert called(world, "POST", FEEDS, body={"feedType": REMOVALS, "marketplaceIds": places, "inputFeedDocumentId": "x"}).code == 400


@pytest.mark.parametrize(("moment", "code"), [
    ("9999-12-31T23:59:59.999999Z", 200), ("0001-01-01T00:00:00Z", 200), ("9999-12-31T23:59:59-12:00", 400), ("0001-01-01T00:00:00+14:00", 400), ("2026-13-01T00:00:00Z", 400),
])  # fmt: skip
def test_the_ends_of_the_calendar(moment: str, code: int) -> None:
    """Every moment that there is can be asked for, in any zone."""
    for name in ("lastUpdatedBefore", "lastUpdatedAfter", "createdBefore"):
        assert called(small_world(), "GET", SEARCH, {"marketplaceIds": US, name: moment}).code == code


def test_a_page_token_of_too_many_digits() -> None:
    """It was never given: 400."""
    assert called(small_world(), "GET", SEARCH, {"marketplaceIds": US, "pageToken": "x-" + "9" * 5000}).code == 400


@pytest.mark.parametrize("content", [b"[]", b"{", b"7", b"null", b"\xff"])
def test_a_login_that_is_no_object(content: bytes) -> None:
    """400 in the words of Login with Amazon."""
    answer = answered(small_world(), Call("POST", "/auth/o2/token", "", {"content-type": "application/json"}, content, "http://sample.invalid"))
    assert (answer.code, answer.body["error"]) == (400, "invalid_request")
