"""What Amazon tells unasked: who is subscribed to what, and the messages that lie in the seller's own queue (read under ``/_world``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from refloat.simulator.wire import watching
from refloat.simulator.world import World

_REPORT, _FEED = "REPORT_PROCESSING_FINISHED", "FEED_PROCESSING_FINISHED"
#: Notification type → (payload version, the kind of destination), developer-docs "Notification type values".
TYPES: Mapping[str, tuple[str, str]] = {
    watching.STATUS: ("1.0", "eventBridge"),
    watching.ISSUES: ("2023-12-13", "eventBridge"),
    watching.QUANTITY: ("1.0", "eventBridge"),
    watching.AVAILABILITY: ("1.0", "sqs"),
    _REPORT: ("2020-09-04", "sqs"),
    _FEED: ("2020-09-04", "sqs"),
}


@dataclass(frozen=True)
class Destination:
    """Where messages go; it belongs to the application."""

    id: str
    client_id: str
    name: str
    resource: Mapping[str, Any]


@dataclass(frozen=True)
class Subscription:
    """One seller's subscription to one type."""

    id: str
    seller_id: str
    type: str
    version: str
    destination_id: str
    directive: Mapping[str, Any] | None = None


@dataclass
class Room:
    """Everything about notifications."""

    destinations: dict[str, Destination] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    watch: watching.Watch | None = None


def room(world: World) -> Room:
    found: Room = world.rooms.setdefault("notifications", Room())
    return found


def queued(world: World) -> list[dict[str, Any]]:
    """Every message that was delivered, the oldest first: ``{"destinationId": …, "notificationType": …, "message": …}``."""
    return room(world).messages


def subscribed(world: World, subscription: Subscription) -> None:
    """Begin to deliver."""
    room(world).subscriptions[subscription.id] = subscription
    world.note("subscribed", subscription.seller_id, subscription.type, subscription.id)
    if subscription.type in watching.WATCHED:
        _watch(world, subscription)


def report_finished(world: World, seller_id: str, *, report_id: str, report_type: str, stage: str, document_id: str | None) -> None:
    """REPORT_PROCESSING_FINISHED: a report is DONE, CANCELLED or FATAL."""
    told = {"sellerId": seller_id, "accountId": f"amzn1.merchant.o.{seller_id}", "reportId": report_id, "reportType": report_type, "processingStatus": stage}
    _tell(world, _REPORT, seller_id, {"reportProcessingFinishedNotification": told | ({"reportDocumentId": document_id} if document_id else {})})


def feed_finished(world: World, seller_id: str, feed_id: str, feed_type: str, stage: str, document_id: str | None) -> None:  # noqa: PLR0917 - what the message says
    """FEED_PROCESSING_FINISHED: a feed is DONE, CANCELLED or FATAL."""
    told = {"sellerId": seller_id, "accountId": f"amzn1.merchant.o.{seller_id}", "feedId": feed_id, "feedType": feed_type, "processingStatus": stage}
    _tell(world, _FEED, seller_id, {"feedProcessingFinishedNotification": told | ({"resultFeedDocumentId": document_id} if document_id else {})})


def _watch(world: World, subscription: Subscription) -> None:
    own = room(world)
    world.happenings.setdefault("notifications-look", _look)
    if own.watch is None:
        own.watch = watching.Watch(world.now, world.now)
        world.later(watching.OFTEN, "notifications-look")
    watching.begin(own.watch, world, subscription.type, subscription.seller_id)


def _look(world: World) -> None:
    """Tell what changed; look again as long as somebody listens."""
    own = room(world)
    wanted = sorted({(one.type, one.seller_id) for one in own.subscriptions.values() if one.type in watching.WATCHED})
    if own.watch is None or not wanted:
        own.watch = None
        return
    for name, seller_id, payload in watching.changes(own.watch, world, wanted):
        _tell(world, name, seller_id, payload)
    world.later(watching.OFTEN, "notifications-look")


def _tell(world: World, name: str, seller_id: str, payload: dict[str, Any]) -> None:
    own = room(world)
    for one in [one for one in own.subscriptions.values() if (one.type, one.seller_id) == (name, seller_id)]:
        own.messages.append({"destinationId": one.destination_id, "notificationType": name, "message": _message(world, one, payload)})
        world.note("notified", seller_id, name, one.id)


def _message(world: World, one: Subscription, payload: dict[str, Any]) -> dict[str, Any]:
    """Envelope and payload: those of 2020-09-04 in camelCase, the others in PascalCase."""
    published = world.now + timedelta(seconds=world.random("published", one.id, len(room(world).messages)).randint(1, 30))
    envelope = {
        "notificationVersion": "2020-09-04" if one.version == "2020-09-04" else "1.0",
        "notificationType": one.type,
        "payloadVersion": one.version,
        "eventTime": world.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "payload": payload,
    }
    about = {
        "applicationId": "amzn1.sellerapps.app.sample",
        "subscriptionId": one.id,
        "publishTime": published.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "notificationId": world.identity("notification", 16),
    }
    if one.version == "2020-09-04":
        return envelope | {"notificationMetadata": about}
    return _pascal(envelope) | {"NotificationMetadata": _pascal(about)}


def _pascal(names: dict[str, Any]) -> dict[str, Any]:
    return {name[0].upper() + name[1:]: value for name, value in names.items()}
