"""Which remedy comes next for a stranding: the first of its cause, or the next where one was tried and did not help.

A remedy that stood and brought ``unchanged`` or ``worse``, or was refused, is not tried again for the same stranding, and
one that Amazon took without effect leads to its support rather than to a removal;
a ``wait`` is over after the time that the cause's page gives it. One that came back too often is not tried either. What follows a result that a person entered stands where the first remedy stood.
Where Amazon's own reason has moved on to another one, what was sent for the earlier is over, and the remedy of the new one is due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from refloat.knowledge.catalogue import Cause
from refloat.knowledge.tables import table
from refloat.loop.reasons import moved_on
from refloat.loop.writers import NEVER
from refloat.model.cure import Guard
from refloat.model.ports import Deed

#: The remedy that is no deed: nothing is sent, so no verdict says whether it helped. Its time does.
WAIT = "wait"
#: The guard where another tool writes too, and the remedy by which a person stops it.
SECOND_WRITER, STOP_WRITER = "second-writer", "stop-other-writer"
#: Hours until a page's wait is over, where it names none.
_WAITS = 72
#: Stands in the id of a plan that puts another one back.
UNDO = "-undo"
#: Remedies after which the goods or the listing are gone, and whom to ask before a failed cure leads there: the page listing-closed says so.
_FOR_GOOD, _SUPPORT = frozenset({"create-removal", "delete-listing"}), "contact-support"
#: Verdicts that say that a remedy did not help.
_FAILED = frozenset({"unchanged", "worse"})
#: It never came to Amazon, which says nothing about the remedy: goods must not be removed because a network failed.
_NEVER_THERE = frozenset({"given-up", "never-made"})
#: Amazon's error for a listing that is created within 24 hours of its deletion (curing.toml, recreate): asked again later, it is taken.
_TOO_SOON = "13013"
#: Writers that will do it again as soon as we do (``writers.likely_writer``).
_OTHERS = frozenset({"another-tool", "file-upload"})


@dataclass(frozen=True)
class Choice:
    """The remedy, whether it is another one than the diagnosis names, or the guard that stands in the way."""

    remedy: str
    climbed: bool = False
    guard: Guard | None = None


def did_not_help(deed: Deed) -> bool:
    """A later look says so, or Amazon refused it. What was undone since, or never came to Amazon, says nothing."""
    if deed.stage == "refused":
        return deed.told.get("code") not in _NEVER_THERE and not any(str(issue.get("code")) == _TOO_SOON for issue in deed.told.get("issues") or ())
    # What somebody took back, or what never took effect, was not tried: no goods are removed for it.
    return deed.verdict in _FAILED and deed.stage != "undone" and deed.told.get("by") not in {*_OTHERS, "seller-or-amazon", NEVER}


def _never_twice(done: Sequence[Deed]) -> set[str]:
    """Remedies that never took effect, or were taken back by a person or Amazon, twice: a third time would change nothing."""
    counts = Counter(deed.remedy for deed in done if deed.verdict == "unchanged" and deed.told.get("by") in {NEVER, "seller-or-amazon"})
    return {remedy for remedy, count in counts.items() if count >= table("curing")["plan"]["back_most"]}


def _without_effect(deed: Deed) -> bool:
    return deed.stage != "refused" and deed.verdict in _FAILED


def waited_out(cause: Cause, waited: timedelta | None) -> bool:
    """Has Amazon had the time that the cause's page gives it? None: nobody knows since when.

    ``wait_hours`` of the page's ``waits``; where it names none, the time until one goes to support.
    """
    return waited is not None and waited >= timedelta(hours=cause.waits.get("wait_hours", cause.waits.get("escalate_hours", _WAITS)))


@dataclass(frozen=True)
class Now:
    """What is known of the stranding now.

    ``said``: Amazon's reason. ``waited``: for how long the diagnosis has named ``wait`` already. ``stopped_at``: when a person
    last said that the other tool, which changed our cures back, writes no more.
    """

    said: str | None = None
    waited: timedelta | None = None
    stopped_at: datetime | None = None


def next_remedy(first: str, cause: Cause, done: Sequence[Deed], wanted: str | None = None, *, lifted: frozenset[str] = frozenset(), now: Now = Now()) -> Choice:
    """``first``: what the diagnosis names. ``done``: what was sent for this stranding, the earliest first. ``wanted``: what a person asked for."""
    # What put back an action of ours is no cure.
    done = [deed for deed in done if UNDO not in deed.plan_id]
    if guard := _in_hand(done, now.said):
        return Choice(guard.facts["remedy"], guard=guard)
    if wanted is not None:
        return Choice(wanted, climbed=wanted != first)
    ladder = list(dict.fromkeys([first, *cause.remedies]))
    failed = {deed.remedy for deed in done if did_not_help(deed)} | _never_twice(done)
    if waited_out(cause, now.waited):
        failed.add(WAIT)
    remedy = next((one for one in ladder if one not in failed), None)
    if remedy is None:
        return Choice(ladder[-1], guard=Guard("nothing-left"))
    if remedy in _FOR_GOOD and remedy != first and any(_without_effect(deed) for deed in done):
        # Amazon took a cure and nothing came of it: that is for its support to explain, before anything is thrown away.
        remedy = _SUPPORT
    # What another tool took back before a person stopped it tells nothing of what it does now.
    done = [deed for deed in done if not _of_stopped(deed, now.stopped_at)]
    flips = [str(deed.told.get("by")) for deed in done if _flipped(deed)]
    if len(flips) >= table("curing")["plan"]["flips_most"]:
        return Choice(remedy, guard=Guard(SECOND_WRITER, {"times": str(len(flips)), "writer": flips[-1]}))
    back = Counter(deed.remedy for deed in done if deed.verdict == "came-back")[remedy]
    if back >= table("curing")["plan"]["back_most"] and "came-back" not in lifted:
        return Choice(remedy, guard=Guard("came-back", {"times": str(back)}))
    return Choice(remedy, climbed=remedy != first)


def following(remedy: str, done: Sequence[Deed], *, again: bool = False) -> Choice:
    """What follows a finished removal. One that Amazon accepted and that had no effect is sent anew only where a person asks for it (``again``)."""
    own = [deed for deed in done if deed.remedy == remedy and UNDO not in deed.plan_id]
    if guard := _in_hand(own):
        return Choice(remedy, guard=guard)
    if not again and own and own[-1].verdict in _FAILED:
        return Choice(remedy, guard=Guard("deletion-without-effect", {"on": f"{own[-1].answered_at or own[-1].at:%Y-%m-%d}"}))
    if not again and own and did_not_help(own[-1]):
        return Choice(remedy, guard=Guard("nothing-left"))
    return Choice(remedy)


def _in_hand(done: Sequence[Deed], said: str | None = None) -> Guard | None:
    """What was sent and has no last word yet, unless Amazon's reason has moved on to another since."""
    deed = next((deed for deed in reversed(done) if _under_way(deed) and not moved_on(deed, said)), None)
    since = None if deed is None else deed.answered_at or deed.intended_at or deed.at
    return None if deed is None else Guard("in-hand", {"remedy": deed.remedy, "since": f"{since:%Y-%m-%d %H:%M} UTC"})


def _under_way(deed: Deed) -> bool:
    return deed.verdict in {None, "too-early"} and deed.stage in {"intended", "answered", "shown", "unclear"}


def _flipped(deed: Deed) -> bool:
    """Another tool has changed it back."""
    return deed.verdict in {"came-back", "unchanged"} and deed.told.get("by") in _OTHERS


def _of_stopped(deed: Deed, stopped_at: datetime | None) -> bool:
    return stopped_at is not None and _flipped(deed) and (deed.verdict_at or deed.at) <= stopped_at
