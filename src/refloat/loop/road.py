"""The best road: single patches, or a feed, whichever ends sooner.

Single patches leave at their rate from the first second on; a feed takes Amazon as long as it takes, however many
messages it holds. So a feed is sooner from ``N* = burst + rate x (P + 5 s)`` changes on, P being this account's own
feed processing time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from refloat.knowledge.tables import table
from refloat.model.plan import Action, Road
from refloat.model.ports import SentFeed

FEED_TYPE = "JSON_LISTINGS_FEED"


def feed_seconds(feeds: Sequence[SentFeed]) -> tuple[float, bool]:
    """How long this account's feeds take (80th percentile of those that ended), and whether that was learned."""
    took = sorted((feed.ended_at - feed.sent_at).total_seconds() for feed in feeds if feed.ended_at is not None and feed.stage == "DONE")
    rows = table("curing")["feed"]
    if not took:
        return float(rows["unknown_seconds"]), False
    return took[min(len(took) - 1, math.ceil(rows["percentile"] * len(took)) - 1)], True


def crossover(seconds: float) -> int:
    """From how many changes on a feed ends sooner."""
    pace = table("limits")["rates"]["patchListingsItem"]
    extra: float = table("curing")["feed"]["look_extra_seconds"]
    return math.ceil(float(pace["burst"]) + float(pace["rate"]) * (seconds + extra))


def roads(actions: Sequence[Action], feeds: Sequence[SentFeed]) -> tuple[Road, ...]:
    """One road for each marketplace that has listing changes."""
    seconds, learned = feed_seconds(feeds)
    found = []
    for marketplace in sorted({action.marketplace for action in actions}):
        count = sum(action.marketplace == marketplace and action.steps[0].change.kind != "removal" for action in actions)
        if count:
            found.append(_road(marketplace, count, seconds, learned=learned))
    return tuple(found)


def _road(marketplace: str, count: int, seconds: float, *, learned: bool) -> Road:
    rows, pace, least = table("curing")["feed"], table("limits")["rates"]["patchListingsItem"], crossover(seconds)
    by = "feed" if count - rows["urgent"] >= least else "patch"
    single = rows["urgent"] if by == "feed" else count
    expected = max(0.0, single - pace["burst"]) / pace["rate"] + (math.ceil((count - single) / rows["messages_most"]) * seconds if by == "feed" else 0.0)
    return Road(marketplace, count, by, least, seconds, learned, expected)
