"""Amazon's token buckets: one per (seller, operation), filled by the world's clock."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from refloat.simulator.wire.speech import Refusal, Route
from refloat.simulator.world import World


@dataclass
class Bucket:
    """What is left, and when it was counted."""

    tokens: float
    at: datetime


def take(world: World, seller_id: str, route: Route) -> None:
    """Take one token for the call.

    Raises:
        Refusal: the bucket is empty (429, QuotaExceeded, as the usage plans page shows it).
    """
    buckets: dict[tuple[str, str], Bucket] = world.rooms.setdefault("buckets", {})
    rate, burst = limit(world, seller_id, route)
    bucket = buckets.setdefault((seller_id, route.operation), Bucket(float(burst), world.now))
    bucket.tokens = min(float(burst), bucket.tokens + (world.now - bucket.at).total_seconds() * rate)
    bucket.at = world.now
    # A hair of tolerance: a token that is due now must not be missed by rounding.
    if bucket.tokens < 1 - 1e-9:
        refused: Counter[tuple[str, str]] = world.rooms.setdefault("throttled", Counter())
        refused[seller_id, route.operation] += 1
        raise throttled()
    bucket.tokens -= 1


def limit(world: World, seller_id: str, route: Route) -> tuple[float, int]:
    """Rate and burst of the operation for this seller; ``/_world/limits`` may have changed them."""
    changed: dict[tuple[str, str], tuple[float, int]] = world.rooms.setdefault("limits", {})
    return changed.get((seller_id, route.operation), (route.rate, route.burst))


def throttled() -> Refusal:
    """The 429 of the usage plans page."""
    return Refusal(429, "QuotaExceeded", "You exceeded your quota for the requested resource.", kind="TooManyRequestsException")
