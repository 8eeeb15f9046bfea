"""A named person's word for a plan, given at a door where the person is known: what is asked before it counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from refloat.app.policies import in_force, named, words_that_hold
from refloat.app.runs import approvable
from refloat.errors import PlanRefused, WrongUse
from refloat.model.approval import may_approve
from refloat.model.plan import Plan
from refloat.store import Store


def approve(store: Store, plan: Plan, by: str, ids: Collection[str], at: datetime) -> list[str]:
    """Keep the word for these actions of the plan; those for which it was kept: what has begun or was refused needs none.

    Raises:
        WrongUse: the plan is too old, the policy does not name the person, or none of the actions can be approved.
    """
    by = may(store, plan, by, at)
    good = approvable(store, plan, ids)
    if not good:
        raise WrongUse(
            "Nothing of the plan {plan} was approved.", why="None of these actions is one of the plan that has not begun and was not refused.", todo="Read how far the plan is.", plan=plan.id
        )
    store.plans.consent(plan, by, at, None if len(good) == len(plan.actions) else sorted(good))
    return good


def may(store: Store, plan: Plan, by: str, at: datetime) -> str:
    """The name under which this person's word for the plan would count now.

    Raises:
        WrongUse: the plan is too old, or the policy does not name the person.
    """
    by, rule = named(by), in_force(store, plan.account).policy.consent
    if plan.good_until < at:
        raise WrongUse(
            "The plan {plan} is too old to be approved: it was good until {until}.",
            why="What it rests on may have changed since.",
            todo="Choose the strandings again and make a new plan.",
            plan=plan.id,
            until=f"{plan.good_until:%Y-%m-%d %H:%M} UTC",
        )
    if not may_approve(rule, by):
        raise WrongUse(
            "The policy of {account} does not name {name} among those who approve.",
            why="Your role lets you approve; the account's policy says whose word counts.",
            todo="Ask one of those whom it names: {names}.",
            account=plan.account,
            name=by,
            names=", ".join(rule.approvers),
        )
    return by


def refuse_unapproved(store: Store, plan: Plan, at: datetime) -> None:
    """Before a run begins beside the door: nothing that nobody approved is even tried.

    Raises:
        PlanRefused: nobody's word, or not enough of them, stands behind any action, and none has begun.
    """
    from refloat.store.plans import chosen

    approved = chosen(words_that_hold(store, plan, at), plan, in_force(store, plan.account).policy.consent) - store.asking.refusals(plan.id).keys()
    if not approved and all(deed.stage == "planned" for deed in store.ledger(plan.account).deeds(plan.id).values()):
        raise PlanRefused(
            "The plan {plan} is not approved.",
            why="What writes to Amazon needs a person's word for exactly this plan; above the policy's limit, two people's.",
            todo="Read it, and approve it; or let another person do so.",
            plan=plan.id,
        )
