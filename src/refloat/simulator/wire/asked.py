"""What calls of several operations ask for in the same words: the seller, marketplaces, words of a list, moments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from refloat.simulator.nouns.seller import Seller
from refloat.simulator.wire.speech import Call, Refusal


def seller_of(call: Call) -> Seller:
    """The seller who is signed in, where the call names the same.

    Raises:
        Refusal: it names another (403).
    """
    seller = call.seller
    assert seller is not None
    named = call.parts.get("sellerId") or call.one("sellerId")
    if named is not None and named != seller.id:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", kind="AccessDeniedException")
    return seller


def marketplaces(call: Call, most: int | None = None) -> list[str]:
    """``marketplaceIds`` of the query.

    Raises:
        Refusal: there is none, there are too many, or the seller does not take part in one (400).
    """
    return checked_marketplaces(seller_of(call), call.query.get("marketplaceIds", []), most)


def checked_marketplaces(seller: Seller, found: Any, most: int | None = None) -> list[str]:
    """The same for ids from a body, which may be anything."""
    if not isinstance(found, list) or not found or not all(isinstance(one, str) and one for one in found):
        raise wrong("Missing required parameter 'marketplaceIds'.")
    if most is not None and len(found) > most:
        raise wrong(f"The number of marketplaceIds must be at most {most}.")
    for one in found:
        if one not in seller.places or not seller.places[one].participating:
            raise wrong(f"Invalid 'marketplaceIds' provided: {one}.")
    return found


def words(call: Call, name: str, allowed: Collection[str], default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The values of a list parameter, each of them one of the model's enumeration."""
    found = tuple(call.query.get(name, default))
    for word in found:
        if word not in allowed:
            raise wrong(f"Invalid '{name}' provided: {word}.")
    return found


def word(call: Call, name: str, allowed: Collection[str], default: str = "") -> str:
    """The value of a parameter that is one word of the model's enumeration."""
    found = call.one(name)
    if found is None:
        return default
    if found not in allowed:
        raise wrong(f"Invalid '{name}' provided: {found}.")
    return found


def number(call: Call, name: str, default: int, most: int, least: int = 1) -> int:
    """A whole number from ``least`` to ``most``."""
    text = call.one(name)
    if text is None:
        return default
    # A number of thousands of digits is none that Python reads.
    if not text.isdecimal() or len(text) > 9 or not least <= int(text) <= most:
        raise wrong(f"Invalid '{name}' provided: it must be between {least} and {most}.")
    return int(text)


def moment_asked(call: Call, name: str) -> datetime | None:
    """A moment in ISO 8601; one without a zone is UTC."""
    text = call.one(name)
    # A plus that was not quoted arrives as a blank.
    return moment_of(name, text.replace(" ", "+")) if text else None


def moment_of(name: str, text: str) -> datetime:
    """The moment that the text names, in UTC; the zone of one at the ends of the calendar may lead out of it."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise wrong(f"Invalid '{name}' provided: {text}.") from error


def options(body: Mapping[str, Any], name: str) -> dict[str, str]:
    """The options of a body, names and texts; empty when it has none."""
    found = body.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise wrong(f"Invalid '{name}' provided: it holds names and texts.")
    return found


def wrong(message: str) -> Refusal:
    """400, with the code that SP-API gives to what it cannot accept."""
    return Refusal(400, "InvalidInput", message, kind="ValidationException")
