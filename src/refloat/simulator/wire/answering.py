"""From one request to one reply: token, role, bucket, faults, the handler, Amazon's headers."""

from __future__ import annotations

from collections.abc import Callable

from refloat.simulator.wire import control, lwa, stored, throttle
from refloat.simulator.wire.routes import route_of
from refloat.simulator.wire.speech import Call, Refusal, Reply, Route
from refloat.simulator.world import World

_HTML = b"<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>"


class Broken(Exception):  # noqa: N818 - it is what the caller meets
    """The connection breaks here; nothing is answered."""


def answered(world: World, call: Call) -> Reply:
    """The world's reply to a call.

    Raises:
        Broken: the connection must be cut instead.
    """
    if call.path.startswith("/_world"):
        return control.answered(world, call)
    world.rooms["calls"] = world.rooms.get("calls", 0) + 1
    if call.path == "/auth/o2/token":
        return lwa.token(world, call)
    if call.path.startswith(stored.PREFIX):
        return stored.answered(world, call)
    found = route_of(call.method, call.path)
    if found is None:
        return Refusal(501, "NotYetImplemented", f"The simulator does not play {call.method} {call.path}. COVERAGE.md lists what it plays.").reply()
    route, call.parts = found
    return _with_headers(world, route, call, _guarded(world, route, call))


def _guarded(world: World, route: Route, call: Call) -> Reply:
    try:
        return _played(world, route, call)
    except Refusal as refusal:
        reply = refusal.reply()
    if route.bare_errors and world.switches.restriction_errors_bare:
        reply.body = reply.body["errors"]
    return reply


def _played(world: World, route: Route, call: Call) -> Reply:
    strikes: Callable[[str], bool] = lambda name: world.faults.strikes(world, name, route.operation)  # noqa: E731
    if strikes("timeout-before"):
        raise Broken
    if strikes("unavailable-html"):
        return Reply(503, _HTML, {"content-type": "text/html"})
    if strikes("expired-token"):
        raise lwa.expired()
    call.seller = lwa.signed_in(world, call)
    if route.role and route.role not in call.seller.roles:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", kind="AccessDeniedException")
    throttle.take(world, call.seller.id, route)
    if strikes("throttle-storm"):
        raise throttle.throttled()
    if strikes("internal-error"):
        raise Refusal(500, "InternalFailure", "We encountered an internal error. Please try again.", kind="InternalFailure")
    reply = route.handler(world, call)
    if strikes("timeout-after"):
        raise Broken
    return reply


def _with_headers(world: World, route: Route, call: Call, reply: Reply) -> Reply:
    """Amazon's request id; and the rate, where it sends it: with 20x, 400 and 404 only."""
    reply.headers.setdefault("x-amzn-RequestId", world.identity("request", 16))
    if route.says_limit and call.seller is not None and (reply.code < 300 or reply.code in {400, 404}):
        reply.headers["x-amzn-RateLimit-Limit"] = f"{throttle.limit(world, call.seller.id, route)[0]:g}"
    return reply
