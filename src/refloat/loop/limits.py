"""Everything has a limit: how many actions a plan may have, and how many may be sent within an hour, whichever plans they are of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from refloat.errors import PlanRefused
from refloat.knowledge.tables import table
from refloat.loop.hand import Hand
from refloat.model.plan import Action, Plan

_HOUR = timedelta(hours=1)


def not_too_many(plan: Plan) -> None:
    """A plan is cut to its limit when it is made; one that is longer all the same was made under another limit.

    Raises:
        PlanRefused: it has more actions than a plan may have, and nobody lifted that.
    """
    most = table("curing")["plan"]["most_actions"]
    if len(plan.actions) > most and "too-many" not in plan.lifted:
        raise PlanRefused(
            "The plan {plan} has {count} actions; {most} are allowed.",
            why="A mistake in what it rests on would reach all of them.",
            todo="Plan for less at a time (--reason, --sku), or lift the limit by name: refloat plan {account} --lift too-many",
            plan=plan.id,
            count=len(plan.actions),
            most=most,
            account=plan.account,
        )


def within_the_hour(actions: Sequence[Action], hand: Hand, *, removals: bool) -> tuple[list[Action], dict[str, datetime]]:
    """The actions for which there is room in this hour, in their order, and when the others may follow.

    What was intended within the last hour counts, by whichever run and plan: it is on record before it is sent.
    """
    most, now = table("curing")["hourly"]["removals" if removals else "changes"], hand.now()
    count, first = hand.ledger.intended(now - _HOUR, now, removals=removals)
    room = max(0, most - count)
    return list(actions[:room]), dict.fromkeys((action.id for action in actions[room:]), (first or now) + _HOUR)
