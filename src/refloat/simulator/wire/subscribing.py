"""Notifications API v1 (notifications.json): destinations, which belong to the application, and subscriptions, which belong to a seller."""

from __future__ import annotations

import re
from typing import Any

from refloat.simulator.nouns.seller import Seller
from refloat.simulator.wire import lwa
from refloat.simulator.wire.asked import number, seller_of, wrong
from refloat.simulator.wire.notifications import TYPES, Destination, Subscription, room, subscribed
from refloat.simulator.wire.speech import Call, Refusal, Reply, Route
from refloat.simulator.world import World

_ARN = re.compile(r"arn:aws:sqs:\S+:\S+:\S+")
_LONGEST_ARN, _LONGEST_EXPRESSION = 1000, 256
#: Notification types that have filters of their own; none of them is played, so a filter is kept and shown, and filters nothing.
_FILTERED = frozenset({"ANY_OFFER_CHANGED", "ORDER_CHANGE", "SHIPMENT_TRACKING_MILESTONE_CHANGED"})


def create_destination(world: World, call: Call) -> Reply:
    """createDestination (grantless)."""
    _grantless(world, call)
    body = call.json if isinstance(call.json, dict) else {}
    name, wanted = body.get("name"), body.get("resourceSpecification")
    if not isinstance(name, str) or not 1 <= len(name) <= 256:
        raise wrong("name has 1 to 256 characters")
    resource = _resource(wanted if isinstance(wanted, dict) else {})
    if any(one.resource == resource for one in _destinations(world, call)):
        raise Refusal(409, "Conflict", "A destination of this resource exists already.")
    destination = Destination(world.identity("destination", 20), seller_of(call).client_id, name, resource)
    room(world).destinations[destination.id] = destination
    return Reply(200, {"payload": _shown_destination(destination)})


def destinations(world: World, call: Call) -> Reply:
    """getDestinations (grantless)."""
    _grantless(world, call)
    return Reply(200, {"payload": [_shown_destination(one) for one in _destinations(world, call)]})


def destination(world: World, call: Call) -> Reply:
    """getDestination (grantless)."""
    _grantless(world, call)
    return Reply(200, {"payload": _shown_destination(_destination(world, call, call.parts["destinationId"]))})


def delete_destination(world: World, call: Call) -> Reply:
    """deleteDestination (grantless): not while a subscription needs it."""
    _grantless(world, call)
    found = _destination(world, call, call.parts["destinationId"])
    if any(one.destination_id == found.id for one in room(world).subscriptions.values()):
        raise Refusal(409, "Conflict", "The destination is used by a subscription.")
    del room(world).destinations[found.id]
    return Reply(200, {})


def create_subscription(world: World, call: Call) -> Reply:
    """createSubscription: one for each seller, type and payload version."""
    name, seller = _type(call.parts["notificationType"]), _granted(world, call)
    body = call.json if isinstance(call.json, dict) else {}
    version, kind = TYPES[name]
    if body.get("payloadVersion") != version:
        raise wrong(f"payloadVersion of {name} is {version}")
    if not isinstance(body.get("destinationId"), str):
        raise wrong("destinationId is required")
    found = _destination(world, call, body["destinationId"], code=400)
    if kind not in found.resource:
        raise wrong(f"{name} needs a destination of the kind {kind}")
    if any((one.seller_id, one.type) == (seller.id, name) for one in room(world).subscriptions.values()):
        raise Refusal(409, "Conflict", "A subscription of this notification type exists already.")
    subscription = Subscription(world.identity("subscription", 20), seller.id, name, version, found.id, _directive(body))
    subscribed(world, subscription)
    return Reply(200, {"payload": _shown(subscription)})


def subscription(world: World, call: Call) -> Reply:
    """getSubscription: the seller's own of this type."""
    own = _own(world, call, [_type(call.parts["notificationType"])])
    if not own:
        raise _missing("subscription")
    return Reply(200, {"payload": _shown(own[0])})


def subscriptions(world: World, call: Call) -> Reply:
    """getSubscriptions: the seller's own of one type; there are never enough for a second page, so no token was ever given."""
    names = [_type(name) for name in call.query.get("notificationTypes", [])]
    if len(names) != 1:
        raise wrong("notificationTypes is required, and holds one type")
    number(call, "pageSize", 30, 100, least=30)
    if call.one("nextToken"):
        raise wrong("nextToken is unknown")
    return Reply(200, {"payload": {"subscriptions": [_shown(one) for one in _own(world, call, names)]}})


def subscription_by_id(world: World, call: Call) -> Reply:
    """getSubscriptionById (grantless)."""
    _grantless(world, call)
    return Reply(200, {"payload": _shown(_by_id(world, call))})


def delete_subscription(world: World, call: Call) -> Reply:
    """deleteSubscriptionById (grantless)."""
    _grantless(world, call)
    found = _by_id(world, call)
    del room(world).subscriptions[found.id]
    world.note("unsubscribed", found.seller_id, found.type, found.id)
    return Reply(200, {})


def _grantless(world: World, call: Call) -> None:
    """Where Amazon insists, only a token of the application (scope of notifications) may do this."""
    if world.switches.grantless_refuses_seller_token and not lwa.of_application(world, call):
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", kind="AccessDeniedException")


def _granted(world: World, call: Call) -> Seller:
    """The seller whose token it is: an application alone has no subscriptions of its own."""
    if lwa.of_application(world, call):
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", kind="AccessDeniedException")
    return seller_of(call)


def _type(name: str) -> str:
    if name not in TYPES:
        raise wrong(f"Unknown notification type: {name}")
    return name


def _resource(wanted: dict[str, Any]) -> dict[str, Any]:
    sqs, bridge = wanted.get("sqs"), wanted.get("eventBridge")
    if isinstance(sqs, dict) and not bridge and isinstance(sqs.get("arn"), str) and len(sqs["arn"]) <= _LONGEST_ARN and _ARN.fullmatch(sqs["arn"]):
        return {"sqs": {"arn": sqs["arn"]}}
    if isinstance(bridge, dict) and not sqs and all(isinstance(bridge.get(name), str) and bridge[name] for name in ("region", "accountId")):
        source = f"aws.partner/sellingpartnerapi.amazon.com/{bridge['accountId']}/amzn1.sellerapps.app.sample"
        return {"eventBridge": {"name": source, "region": bridge["region"], "accountId": bridge["accountId"]}}
    raise wrong("resourceSpecification names one SQS queue or one EventBridge account")


def _directive(body: dict[str, Any]) -> dict[str, Any] | None:
    """A filter of events, or an expression instead of it; None when none is given.

    Raises:
        Refusal: it has another form than the model's (400).
    """
    given = body.get("processingDirective")
    if given is None:
        return None
    if not isinstance(given, dict) or len(given) != 1:
        raise wrong("processingDirective holds an eventFilter or a filterExpression")
    events, expression = given.get("eventFilter"), given.get("filterExpression")
    if isinstance(expression, str) and 1 <= len(expression) <= _LONGEST_EXPRESSION:
        return {"filterExpression": expression}
    if isinstance(events, dict) and events.get("eventFilterType") in _FILTERED:
        return {"eventFilter": events}
    raise wrong("processingDirective holds an eventFilter of a known eventFilterType, or a filterExpression of 1 to 256 characters")


def _destinations(world: World, call: Call) -> list[Destination]:
    return [one for one in room(world).destinations.values() if one.client_id == seller_of(call).client_id]


def _destination(world: World, call: Call, destination_id: str, code: int = 404) -> Destination:
    found = next((one for one in _destinations(world, call) if one.id == destination_id), None)
    if found is None:
        raise _missing("destination") if code == 404 else wrong("destinationId names no destination of this application")
    return found


def _own(world: World, call: Call, names: list[str]) -> list[Subscription]:
    version, seller = call.one("payloadVersion"), _granted(world, call)
    return [one for one in room(world).subscriptions.values() if one.seller_id == seller.id and one.type in names and version in {None, one.version}]


def _by_id(world: World, call: Call) -> Subscription:
    """Any subscription of the application, whoever the seller is."""
    found = room(world).subscriptions.get(call.parts["subscriptionId"])
    if found is None or found.type != call.parts["notificationType"] or world.sellers[found.seller_id].client_id != seller_of(call).client_id:
        raise _missing("subscription")
    return found


def _missing(what: str) -> Refusal:
    return Refusal(404, "NotFound", "The requested resource doesn't exist.", f"The {what} was not found.")


def _shown(one: Subscription) -> dict[str, Any]:
    shown = {"subscriptionId": one.id, "payloadVersion": one.version, "destinationId": one.destination_id}
    return shown | ({"processingDirective": one.directive} if one.directive else {})


def _shown_destination(one: Destination) -> dict[str, Any]:
    return {"destinationId": one.id, "name": one.name, "resource": one.resource}


_AT, _BURST = 1, 5
_D, _S = "/notifications/v1/destinations", "/notifications/v1/subscriptions"
#: developer-docs: any one of the roles lets an application use the API.
ROUTES = (
    Route("createDestination", "POST", _D, create_destination, _AT, _BURST, None),
    Route("getDestinations", "GET", _D, destinations, _AT, _BURST, None),
    Route("getDestination", "GET", f"{_D}/{{destinationId}}", destination, _AT, _BURST, None),
    Route("deleteDestination", "DELETE", f"{_D}/{{destinationId}}", delete_destination, _AT, _BURST, None),
    Route("getSubscriptions", "GET", _S, subscriptions, _AT, _BURST, None),
    Route("createSubscription", "POST", f"{_S}/{{notificationType}}", create_subscription, _AT, _BURST, None),
    Route("getSubscription", "GET", f"{_S}/{{notificationType}}", subscription, _AT, _BURST, None),
    Route("getSubscriptionById", "GET", f"{_S}/{{notificationType}}/{{subscriptionId}}", subscription_by_id, _AT, _BURST, None),
    Route("deleteSubscriptionById", "DELETE", f"{_S}/{{notificationType}}/{{subscriptionId}}", delete_subscription, _AT, _BURST, None),
)
