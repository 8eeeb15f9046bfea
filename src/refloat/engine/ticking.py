"""A tick: turns whose worker has died are taken back, what is due is queued, what has long ended is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache

from dbos import DBOS, SetEnqueueOptions, WorkflowStatus
from dbos import error as dbos_error

from refloat.engine.turns import TICK, TURN, Key, the_work, turn

#: So many turns of one account are queued or under way at once, so that one with twenty marketplaces leaves room for others.
_OF_ONE_ACCOUNT = 8
#: So many turns are in each queue at most, so that plans that wait keep no look out; the rest stays due. A restart has little to take back then.
_AT_MOST = 1000
#: What has ended is kept so long, for whoever looks into the engine's own tables.
_KEPT = timedelta(hours=6)
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FORGET_AT_ONCE = 500


def wanted() -> list[Key]:
    """The turns that are to be queued now; those of dead workers were taken back before."""
    lives = cache(the_work().lives)  # a worker is asked after once a tick, however many turns it has
    under_way = [one for one in _under_way() if not _taken_back(one, lives)]
    _forget()
    return _chosen(the_work().due(), {one.deduplication_id for one in under_way if one.deduplication_id})


def queued(keys: Sequence[Sequence[str]]) -> int:
    """Queue them; how many were not queued already: another process may tick at the same moment."""
    count = 0
    for key in (Key(*one) for one in keys):
        with suppress(dbos_error.DBOSQueueDeduplicatedError), SetEnqueueOptions(deduplication_id=key.text):
            DBOS.enqueue_workflow(key.queue, turn, *key)
            count += 1
    return count


def _under_way() -> list[WorkflowStatus]:
    """The turns, and ticks, that are queued or under way, in all processes."""
    return DBOS.list_workflows(name=[TURN, TICK], status=["ENQUEUED", "PENDING"], load_input=False, load_output=False)


def _taken_back(one: WorkflowStatus, lives: Callable[[str], bool]) -> bool:
    """A turn whose worker has died is cancelled; it is still due, so it is queued anew. Was this one?"""
    if one.status != "PENDING" or one.executor_id is None or lives(one.executor_id):
        return False
    DBOS.cancel_workflow(one.workflow_id)
    return True


def _chosen(due: Iterable[Key], under_way: set[str]) -> list[Key]:
    there = [Key(*text.split("\t")) for text in under_way]
    of_account, of_queue = Counter(key.account for key in there), Counter(key.queue for key in there)
    chosen: list[Key] = []
    for key in due:
        if key.text not in under_way and of_account[key.account] < _OF_ONE_ACCOUNT and of_queue[key.queue] < _AT_MOST:
            of_account[key.account] += 1
            of_queue[key.queue] += 1
            chosen.append(key)
    return chosen


def _forget() -> None:
    """The engine's tables stay small: what happened stands in our own."""
    before = (datetime.now(UTC) - _KEPT).isoformat()
    ended = DBOS.list_workflows(status=_ENDED, completed_before=before, limit=_FORGET_AT_ONCE, load_input=False, load_output=False)
    if ended:
        DBOS.delete_workflows([one.workflow_id for one in ended])
