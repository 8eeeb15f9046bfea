"""Verify: what a later look says of an action. An answer from Amazon is no success.

``cured`` needs the proof of ``cleared``: the stranding was closed because Amazon shows an offer that can be bought,
fulfilled by Amazon, of the FNSKU in stock, with units, in a look later than the write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from refloat.knowledge.tables import table
from refloat.loop.choosing import UNDO
from refloat.loop.reasons import a_step_further, differ
from refloat.model.ports import Deed, Note


@dataclass(frozen=True)
class Seen:
    """What is on record of the stranding that the action was for.

    ``times_back``: how often it came back in all. ``removed``: units of the action's own removal orders that have
    left, and units that will not (cancelled); None where no report shows the order. ``looked_at``: the newest
    moment at which its marketplace's stranded report was read whole.
    """

    closed_at: datetime | None
    outcome: str | None
    reopened_at: datetime | None
    said: str | None
    standing: str | None
    looked_at: datetime | None
    removed: tuple[int, int, int] | None = None
    #: The listing could not be bought while it was stranded, and can be now: then it is Amazon's list that is late.
    turned_buyable: bool = False
    #: The newest moment of which the removal order report tells; None where Amazon gave none.
    orders_read_at: datetime | None = None
    #: Asked after the action was sent, Amazon shows the listing (True), or that there is none (False); None: nobody has asked since.
    listing_there: bool | None = None
    #: A whole all-listings report that is later than the action no longer names the SKU.
    listed_no_more: bool = False


def verdict(deed: Deed, seen: Seen, now: datetime) -> str | None:
    """The word for what is seen now; None while nothing later than the write was seen, or more is to be sent."""
    sent = deed.answered_at or deed.intended_at
    if sent is None or deed.stage not in {"answered", "shown"} or deed.step + 1 < deed.steps or UNDO in deed.plan_id:
        return None
    if deed.remedy == "create-removal":
        return _of_removal(deed, seen, sent, now)
    if deed.remedy == "delete-listing":
        return _of_deletion(seen, sent, now)
    looked = seen.looked_at is not None and seen.looked_at > sent
    # Over before it was sent counts once a later look still finds it over.
    if seen.closed_at is not None and (seen.closed_at > sent or looked):
        return {"cleared": "cured", "sold-out": "sold-out"}.get(seen.outcome or "")
    if deed.verdict == "cured" and seen.reopened_at is not None and deed.verdict_at is not None and seen.reopened_at > deed.verdict_at:
        return "came-back"
    if not looked:
        return None
    other = differ(deed.said, seen.said)
    # Where Amazon's list denies what the listing shows, the list may well be the one that is late; another reason is news.
    denied = table("curing")["plan"]["denied_hours"] if seen.standing == "conflicting" or (seen.turned_buyable and not other) else 0
    if now - sent < timedelta(hours=_times(deed.remedy)["late_hours"] + denied) or seen.standing in {"clearing", "unknown", None}:
        # Not listed any more, or not told: neither a success nor a failure yet.
        return "too-early"
    if other and a_step_further(deed, seen.said):
        # The first of two things is done, and Amazon asks for the second: that is no failure, and not yet a cure.
        return "too-early"
    return "worse" if other else "unchanged"


def _of_removal(deed: Deed, seen: Seen, sent: datetime, now: datetime) -> str | None:
    if seen.removed is not None:
        requested, gone, cancelled = seen.removed
        if requested and gone + cancelled >= requested:
            return "removed" if gone >= cancelled else "unchanged"
        # Its units are on their way, however long that takes.
        return "too-early"
    hours = table("curing")["removal"]["report_hours"]
    if seen.orders_read_at is not None and seen.orders_read_at - sent > timedelta(hours=hours):
        # Amazon accepted it, and a day later its own report does not show the order.
        return "unchanged"
    return "too-early" if seen.looked_at is not None and seen.looked_at > sent and now - sent < timedelta(hours=_times(deed.remedy)["late_hours"]) else None


def _of_deletion(seen: Seen, sent: datetime, now: datetime) -> str | None:
    """Gone by both: a deletion may show at once, and yet not take effect (the page delete-listing)."""
    if seen.listing_there is None:
        return None
    if seen.listing_there:
        return "too-early" if now - sent < timedelta(hours=_times("delete-listing")["late_hours"]) else "unchanged"
    return "deleted" if seen.listed_no_more else "too-early"


def noted(deed: Deed, word: str, seen: Seen) -> Note:
    """The verdict as a note for the journal."""
    told = {"closed_at": _moment(seen.closed_at), "standing": seen.standing, "said": seen.said, "looked_at": _moment(seen.looked_at)}
    return Note(deed.action_id, "verdict", verdict=word, told={name: value for name, value in told.items() if value is not None})


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def expected_at(deed: Deed) -> datetime | None:
    """When the effect usually shows; None where nothing was sent."""
    sent = deed.answered_at or deed.intended_at
    return None if sent is None else sent + timedelta(hours=_times(deed.remedy)["shows_hours"])


def _times(remedy: str) -> Mapping[str, int]:
    found: Mapping[str, int] = table("curing")["remedy"].get(remedy, {"shows_hours": 24, "late_hours": 72})
    return found
