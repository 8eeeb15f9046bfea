"""Login with Amazon: refresh token in, access token out; and who stands behind an access token."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from refloat.simulator.nouns.seller import Seller
from refloat.simulator.wire.speech import Call, Refusal, Reply
from refloat.simulator.world import World

LIFETIME = timedelta(hours=1)
#: The scope of the grantless operations that are played.
SCOPE = "sellingpartnerapi::notifications"


@dataclass(frozen=True)
class Token:
    """An access token that was given out."""

    seller_id: str
    expires_at: datetime
    #: Of the application alone, for the operations that need no leave of a seller; None for a seller's token.
    scope: str | None = None


def token(world: World, call: Call) -> Reply:
    """POST /auth/o2/token, as the "Connect to the SP-API" page describes it; JSON bodies are understood too."""
    asked = _asked(call)
    if asked is None:
        return _refused("invalid_request", "The request body is malformed")
    if asked.get("grant_type") == "client_credentials":
        return _application_token(world, asked)
    if asked.get("grant_type") != "refresh_token":
        return _refused("unsupported_grant_type", "The authorization grant type is not supported by the authorization server")
    seller = next((one for one in world.sellers.values() if one.client_id == asked.get("client_id")), None)
    if seller is None or seller.client_secret != asked.get("client_secret"):
        return _refused("invalid_client", "Client authentication failed", 401)
    own = next((one for one in world.sellers.values() if one.refresh_token == asked.get("refresh_token") and one.client_id == seller.client_id), None)
    if own is None or own.revoked:
        return _refused("invalid_grant", "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.")
    if _too_many(world, own):
        return _refused("slow_down", "Too many requests", 429)
    access = f"Atza|{world.identity('token', 40)}"
    tokens(world)[access] = Token(own.id, world.now + LIFETIME)
    return Reply(200, {"access_token": access, "refresh_token": own.refresh_token, "token_type": "bearer", "expires_in": int(LIFETIME.total_seconds())})


def signed_in(world: World, call: Call) -> Seller:
    """The seller behind the call's access token.

    Raises:
        Refusal: there is no token, or it is unknown, expired or revoked (403).
    """
    text = call.headers.get("x-amz-access-token")
    if not text:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", "The access token is missing from the request header.", "AccessDeniedException")
    found = tokens(world).get(text)
    if found is None:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", "The access token you provided is revoked, malformed or invalid.", "AccessDeniedException")
    if found.expires_at <= world.now:
        raise expired()
    seller = world.sellers[found.seller_id]
    if (seller.revoked and not found.scope) or (found.scope and not call.path.startswith("/notifications/")):
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", "The access token you provided is revoked, malformed or invalid.", "AccessDeniedException")
    return seller


def of_application(world: World, call: Call) -> bool:
    """Is the call's token one of the application, for grantless operations?"""
    found = tokens(world).get(call.headers.get("x-amz-access-token", ""))
    return found is not None and found.scope is not None


def expired() -> Refusal:
    return Refusal(403, "Unauthorized", "Access to requested resource is denied.", "The access token you provided has expired.", "AccessDeniedException")


def tokens(world: World) -> dict[str, Token]:
    room: dict[str, Token] = world.rooms.setdefault("tokens", {})
    return room


def _application_token(world: World, asked: dict[str, str]) -> Reply:
    """A token for grantless operations: client credentials and a scope ("Grantless operations" page). Any seller of the application stands for it."""
    seller = next((one for one in world.sellers.values() if one.client_id == asked.get("client_id") and one.client_secret == asked.get("client_secret")), None)
    if seller is None:
        return _refused("invalid_client", "Client authentication failed", 401)
    if asked.get("scope") != SCOPE:
        return _refused("invalid_scope", "The requested scope is invalid, unknown, or malformed")
    access = f"Atza|{world.identity('token', 40)}"
    tokens(world)[access] = Token(seller.id, world.now + LIFETIME, SCOPE)
    return Reply(200, {"access_token": access, "token_type": "bearer", "expires_in": int(LIFETIME.total_seconds()), "scope": SCOPE})


def _asked(call: Call) -> dict[str, str] | None:
    """The fields of the form, or of a JSON object; None where it is neither."""
    if "json" in call.headers.get("content-type", ""):
        try:
            found = json.loads(call.content or b"{}")
        except (ValueError, RecursionError):
            return None
        return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else None
    return {name: values[0] for name, values in parse_qs(call.content.decode(errors="replace")).items()}


def _too_many(world: World, seller: Seller) -> bool:
    most = world.switches.token_limit_per_minute
    given = sum(1 for one in tokens(world).values() if one.seller_id == seller.id and one.expires_at - LIFETIME > world.now - timedelta(minutes=1))
    return bool(most) and given >= most


def _refused(error: str, description: str, code: int = 400) -> Reply:
    return Reply(code, {"error": error, "error_description": description})
