"""After a restore from a backup: nothing is written until everything was looked at anew (promise 15).

What was sent between the backup and the restore is not on record. So the reports are read anew, plans from before are
void, and removal feeds that nobody here knows of are waited for until Amazon's own report shows what they took. All of
it is looked up each time, so the guard ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from refloat.errors import PlanRefused
from refloat.knowledge.tables import table
from refloat.loop.hand import Hand
from refloat.loop.removing import FEED_TYPE
from refloat.loop.reports import SOURCES
from refloat.model.plan import Plan
from refloat.model.ports import FeedState
from refloat.store import Store

#: What tells where the goods are; the listings themselves are read again before every write in any case.
_LOOKED_AT = (*(name for name, row in SOURCES.items() if row.get("needed")), "fba-inventory", "removal-orders")
#: Amazon lists feeds no further back.
_FEEDS_DAYS = 90


def refuse_until_looked(store: Store, plan: Plan, hand: Hand) -> None:
    """Nothing of the plan is sent before everything was read anew since the store came back from a backup.

    Raises:
        PlanRefused: something was not yet, or the plan is older than that.
        AmazonError: the list of feeds cannot be had.
    """
    restored = store.restored()
    if restored is None:
        return
    places = [row.marketplace for row in store.accounts.places(plan.account) if row.participates]
    moments = {f"{place}/{source}": store.record(plan.account, place).first_read_after(source, restored.at) for place in places for source in _LOOKED_AT}
    if lacking := [name for name, moment in moments.items() if moment is None]:
        raise _not_looked(plan, restored.at, lacking)
    if any(moment is not None and plan.made_at < moment for moment in moments.values()):
        raise _too_early(plan, restored.at)
    if hand.now() - restored.at < timedelta(days=_FEEDS_DAYS):
        _no_strange_removals(store, plan, hand, _since(restored.at, restored.backed_up_at), places)


def _since(at: datetime, backed_up_at: datetime | None) -> datetime:
    return (backed_up_at or at - timedelta(days=_FEEDS_DAYS // 3)) - timedelta(hours=table("curing")["removal"]["look_back_hours"])


def _no_strange_removals(store: Store, plan: Plan, hand: Hand, since: datetime, places: Sequence[str]) -> None:
    """A removal feed that is not on record was sent after the backup: by us, most likely."""
    late = timedelta(hours=table("curing")["removal"]["report_hours"])
    removes = any(action.steps[0].change.kind == "removal" for action in plan.actions)
    oldest = hand.now() - timedelta(days=_FEEDS_DAYS - 1)
    for place, feed in _strange(hand, max(since, oldest), places):
        ended, read_at = feed.ended_at or feed.created_at or hand.now(), store.record(plan.account, place).read_at("removal-orders")
        if feed.stage in {"IN_QUEUE", "IN_PROGRESS"} or (removes and (read_at is None or read_at < ended + late)):
            raise PlanRefused(
                "Nothing of the plan {plan} is sent yet: a removal feed is not on record ({feed}).",
                why="It was sent between the backup and the restore, so its units may be on their way; Amazon's report of removal orders shows them up to {hours} hours later.",
                todo="Run refloat observe {account} after {moment}, make a new plan, and approve that.",
                plan=plan.id,
                feed=feed.feed_id,
                account=plan.account,
                hours=int(late.total_seconds() // 3600),
                moment=f"{ended + late:%Y-%m-%d %H:%M} UTC",
            )


def _strange(hand: Hand, since: datetime, places: Sequence[str]) -> Iterator[tuple[str, FeedState]]:
    known = {feed.feed_id for feed in hand.ledger.feeds(FEED_TYPE)}
    for place in places:
        for state in hand.writer.recent_feeds(FEED_TYPE, place, since):
            if state.feed_id not in known:
                yield place, state


def _not_looked(plan: Plan, at: datetime, lacking: Sequence[str]) -> PlanRefused:
    return PlanRefused(
        "Nothing is written for {account} yet: not read since the store came back from a backup: {names}.",
        why="What was sent between the backup and the restore ({at}) is not on record, so it must be looked for first.",
        todo="refloat observe {account}, until these were read; Amazon makes each of them anew every few hours. Then make a new plan.",
        account=plan.account,
        at=f"{at:%Y-%m-%d %H:%M} UTC",
        names=", ".join(lacking),
    )


def _too_early(plan: Plan, at: datetime) -> PlanRefused:
    return PlanRefused(
        "The plan {plan} is from before everything was read anew; the store came back from a backup at {at}.",
        why="Some of it may have been sent already, after the backup was made.",
        todo="Make a new plan: refloat plan {account}",
        plan=plan.id,
        account=plan.account,
        at=f"{at:%Y-%m-%d %H:%M} UTC",
    )
