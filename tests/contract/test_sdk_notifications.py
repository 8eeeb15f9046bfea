"""Notifications of the simulator: destinations and subscriptions by Amazon's own package, and what is delivered."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.small_world import CLOSED, HEALTHY, MERCHANT, SELLER, called, official

from refloat.simulator.serve import Simulator
from refloat.simulator.wire import notifications
from refloat.simulator.world import World

US = "ATVPDKIKX0DER"
STATUS, ISSUES, QUANTITY = "LISTINGS_ITEM_STATUS_CHANGE", "LISTINGS_ITEM_ISSUES_CHANGE", "LISTINGS_ITEM_MFN_QUANTITY_CHANGE"
UNITS, REPORT, FEED = "FBA_INVENTORY_AVAILABILITY_CHANGES", "REPORT_PROCESSING_FINISHED", "FEED_PROCESSING_FINISHED"
ARN = "arn:aws:sqs:us-east-2:000000000000:sample-queue"


@pytest.fixture
def application(served: Simulator) -> Any:
    """The application alone: client credentials and a scope, no seller."""
    from spapi import NotificationsApi

    return NotificationsApi(official(served.url, refresh_token=None, scope="sellingpartnerapi::notifications").api_client)


@pytest.fixture
def seller(served: Simulator) -> Any:
    from spapi import NotificationsApi

    return NotificationsApi(official(served.url).api_client)


def refusal(act: Any, *values: Any, **named: Any) -> Any:
    from spapi.rest import ApiException

    with pytest.raises(ApiException) as met:
        act(*values, **named)
    return met.value


def destination(kind: str) -> Any:
    from spapi.models import notifications_v1 as models

    if kind == "sqs":
        resource = models.DestinationResourceSpecification(sqs=models.SqsResource(arn=ARN))
    else:
        resource = models.DestinationResourceSpecification(event_bridge=models.EventBridgeResourceSpecification(region="us-east-1", account_id="000000000000"))
    return models.CreateDestinationRequest(name=f"sample-{kind}", resource_specification=resource)


def subscription(destination_id: str, version: str) -> Any:
    from spapi.models.notifications_v1 import CreateSubscriptionRequest

    return CreateSubscriptionRequest(payload_version=version, destination_id=destination_id)


def subscribe(world: World, name: str) -> None:
    """The seller subscribes, without a wire between."""
    version, kind = notifications.TYPES[name]
    resource = {"sqs": {"arn": f"{ARN}-{name}"}} if kind == "sqs" else {"eventBridge": {"region": name, "accountId": "000000000000"}}
    made = called(world, "POST", "/notifications/v1/destinations", body={"name": name, "resourceSpecification": resource}).body["payload"]["destinationId"]
    reply = called(world, "POST", f"/notifications/v1/subscriptions/{name}", body={"payloadVersion": version, "destinationId": made})
    assert reply.code == 200, reply.body


def told(world: World, name: str) -> list[dict[str, Any]]:
    """The payloads of this type that were delivered."""
    messages = [one["message"] for one in notifications.queued(world) if one["notificationType"] == name]
    return [one.get("Payload") or one["payload"] for one in messages]


def test_a_destination_comes_and_goes(application: Any) -> None:
    """Create, list, read, delete; the same resource twice is refused, a deleted one is not found."""
    made = application.create_destination(destination("sqs")).payload
    assert made.resource.sqs.arn == ARN
    assert [one.destination_id for one in application.get_destinations().payload] == [made.destination_id]
    assert application.get_destination(made.destination_id).payload.name == "sample-sqs"
    assert refusal(application.create_destination, destination("sqs")).status == 409
    application.delete_destination(made.destination_id)
    assert refusal(application.get_destination, made.destination_id).status == 404


def test_a_subscription_comes_and_goes(application: Any, seller: Any) -> None:
    """Create, read by type, by id and in the list, delete; one for each type; its destination cannot go before it."""
    place = application.create_destination(destination("sqs")).payload.destination_id
    made = seller.create_subscription(REPORT, subscription(place, "2020-09-04")).payload
    assert seller.get_subscription(REPORT).payload.subscription_id == made.subscription_id
    assert application.get_subscription_by_id(made.subscription_id, REPORT).payload.destination_id == place
    assert [one.subscription_id for one in seller.get_subscriptions([REPORT]).payload.subscriptions] == [made.subscription_id]
    assert seller.get_subscriptions([FEED]).payload.subscriptions == []
    assert refusal(seller.create_subscription, REPORT, subscription(place, "2020-09-04")).status == 409
    assert refusal(application.delete_destination, place).status == 409
    application.delete_subscription_by_id(made.subscription_id, REPORT)
    assert refusal(seller.get_subscription, REPORT).status == 404


def test_the_kind_of_destination_and_the_version_must_fit(application: Any, seller: Any) -> None:
    """Status changes go to EventBridge only; a payload version that Amazon has removed is refused; so is an unknown type."""
    queue = application.create_destination(destination("sqs")).payload.destination_id
    bridge = application.create_destination(destination("eventBridge")).payload.destination_id
    assert refusal(seller.create_subscription, STATUS, subscription(queue, "1.0")).status == 400
    assert refusal(seller.create_subscription, ISSUES, subscription(bridge, "1.0")).status == 400
    assert refusal(seller.create_subscription, "NOTHING_CHANGED", subscription(bridge, "1.0")).status == 400
    assert seller.create_subscription(ISSUES, subscription(bridge, "2023-12-13")).payload.subscription_id


@pytest.mark.parametrize("strict", [True, False])
def test_grantless_operations(world: World, application: Any, seller: Any, strict: bool) -> None:
    """Both ways of the switch: a seller's token may ask for destinations, or may not; the application's always may."""
    world.switches = world.switches.turned(grantless_refuses_seller_token=strict)
    assert application.get_destinations().payload == []
    if strict:
        assert refusal(seller.get_destinations).status == 403
    else:
        assert seller.get_destinations().payload == []


def test_the_application_alone_is_no_seller(application: Any, served: Simulator) -> None:
    """A token without a seller can neither subscribe nor read a seller's inventory."""
    from spapi import FbaInventoryApi

    client = official(served.url, refresh_token=None, scope="sellingpartnerapi::notifications").api_client
    assert refusal(application.get_subscription, REPORT).status == 403
    assert refusal(FbaInventoryApi(client).get_inventory_summaries, "Marketplace", US, [US]).status == 403


def test_the_limits_and_the_expired_token(application: Any, world: World) -> None:
    """1 a second, burst 5: the sixth call at the same moment is 429 without the limit header; an old token is 403."""
    for _ in range(5):
        application.get_destinations()
    met = refusal(application.get_destinations)
    assert (met.status, json.loads(met.body)["errors"][0]["code"]) == (429, "QuotaExceeded")
    assert "x-amzn-RateLimit-Limit" not in met.headers
    world.advance(timedelta(hours=2))
    assert refusal(application.get_destinations).status == 403


def test_sending_a_test_is_not_played(application: Any) -> None:
    """sendTestNotification belongs to Amazon's sandbox: 501."""
    from spapi.models.notifications_v1 import SendTestNotificationRequest

    assert refusal(application.send_test_notification, REPORT, SendTestNotificationRequest(destination_id="0")).status == 501


def test_a_finished_report_is_told(world: World) -> None:
    """REPORT_PROCESSING_FINISHED in camelCase, with the document."""
    subscribe(world, REPORT)
    made = called(world, "POST", "/reports/2021-06-30/reports", body={"reportType": "GET_RESERVED_INVENTORY_DATA", "marketplaceIds": [US]}).body["reportId"]
    world.advance(timedelta(minutes=3))
    (payload,) = told(world, REPORT)
    finished = payload["reportProcessingFinishedNotification"]
    assert (finished["sellerId"], finished["reportId"], finished["processingStatus"]) == (SELLER, made, "DONE")
    assert finished["reportDocumentId"].startswith("amzn1.spdoc.")


def test_a_finished_feed_is_told(world: World) -> None:
    """FEED_PROCESSING_FINISHED says which feed and where its result lies; without a subscription nothing is told."""
    notifications.feed_finished(world, SELLER, feed_id="1", feed_type="JSON_LISTINGS_FEED", stage="DONE", document_id=None)
    subscribe(world, FEED)
    notifications.feed_finished(world, SELLER, feed_id="2", feed_type="JSON_LISTINGS_FEED", stage="DONE", document_id="sample-document")
    assert [payload["feedProcessingFinishedNotification"]["feedId"] for payload in told(world, FEED)] == ["2"]


def test_a_changed_status_is_told(world: World) -> None:
    """A closed listing that is opened becomes BUYABLE, a deleted one nothing at all; what did not change is not told."""
    subscribe(world, STATUS)
    del world.listings[SELLER, US, CLOSED].offer["end_at"]
    gone = world.listings[SELLER, US, HEALTHY]
    gone.deleted_at, gone.deleted_by = world.now, "seller"
    world.advance(timedelta(hours=2))
    assert {(payload["Sku"], "BUYABLE" in payload["Status"]) for payload in told(world, STATUS)} == {(CLOSED, True), (HEALTHY, False)}
    assert set(told(world, STATUS)[0]) == {"SellerId", "MarketplaceId", "Asin", "Sku", "CreatedDate", "Status"}


def test_a_touched_listing_is_told_within_minutes(world: World) -> None:
    """What was written is looked at every five minutes, not only every hour."""
    subscribe(world, QUANTITY)
    listing = world.listings[SELLER, US, MERCHANT]
    world.advance(timedelta(minutes=7))
    listing.attributes["fulfillment_availability"][0]["quantity"] = 8
    listing.updated_at = world.now
    world.advance(timedelta(minutes=5))
    assert told(world, QUANTITY) == [{"SellerId": SELLER, "FulfillmentChannelCode": "DEFAULT", "Sku": MERCHANT, "Quantity": 8}]


def test_changed_issues_are_told_without_their_text(world: World) -> None:
    """Severities and enforcement actions alone."""
    subscribe(world, ISSUES)
    listing = world.listings[SELLER, US, HEALTHY]
    del listing.offer["our_price"]
    listing.updated_at = world.now
    world.advance(timedelta(minutes=6))
    (payload,) = told(world, ISSUES)
    assert (payload["Sku"], payload["Severities"]) == (HEALTHY, ["ERROR"])
    assert payload["EnforcementActions"]


def test_changed_units_are_told(world: World) -> None:
    """FBA_INVENTORY_AVAILABILITY_CHANGES with the parts of every quantity, by marketplace."""
    subscribe(world, UNITS)
    world.stocks[SELLER, "NA", "X00SAMPLE1"].fulfillable = 3
    world.advance(timedelta(hours=2))
    (payload,) = told(world, UNITS)
    (place,) = payload["FulfillmentInventoryByMarketplace"]
    assert (payload["SKU"], place["MarketplaceId"], place["FulfillmentInventory"]["Fulfillable"]) == (HEALTHY, US, 3)


def test_nobody_listens_nothing_is_watched(world: World) -> None:
    """When the last subscription is gone, the watch ends; a new one begins with how things stand then."""
    subscribe(world, UNITS)
    (known,) = notifications.room(world).subscriptions
    assert called(world, "DELETE", f"/notifications/v1/subscriptions/{UNITS}/{known}").code == 200
    world.stocks[SELLER, "NA", "X00SAMPLE1"].fulfillable = 3
    world.advance(timedelta(days=1))
    assert told(world, UNITS) == []
    assert notifications.room(world).watch is None
