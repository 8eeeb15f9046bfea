"""Moments and booleans of requests, and moments of replies, as SP-API writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from refloat.simulator.wire.asked import moment_of, wrong
from refloat.simulator.wire.speech import Call


def moment_in(body: Mapping[str, Any], name: str) -> datetime | None:
    """A moment of a body in ISO 8601; None when it is not given.

    Raises:
        Refusal: it is not a moment.
    """
    text = body.get(name)
    return None if text is None else moment_of(name, str(text))


def turned_on(call: Call, name: str) -> bool:
    """A boolean parameter; off when it is not given (the official package writes ``True``).

    Raises:
        Refusal: it is neither true nor false.
    """
    text = (call.one(name) or "false").lower()
    if text not in {"true", "false"}:
        raise wrong(f"Invalid '{name}' provided: {text}.")
    return text == "true"


def spoken(at: datetime) -> str:
    """``2026-11-22T09:00:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
