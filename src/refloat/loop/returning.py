"""Whether units may leave now: when the rule says so, as a return, and under a person's standing consent; or only as a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from refloat.loop.disposing import leaves_on
from refloat.model.approval import may_approve
from refloat.model.money import Money
from refloat.model.plan import Action
from refloat.model.policy import Policy, StandingConsent


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an action's stranding beside the action. ``today`` is the marketplace's; None is unknown."""

    today: date
    zone: str
    known_since: datetime
    confirmed: bool
    stranded_on: date | None = None
    times_back: int = 0
    unit_value: Money | None = None
    fee: Money | None = None
    #: The price that reports last showed, against which the one that would go live is held.
    reference: Decimal | None = None
    bounded: bool = False
    #: Who has taken the present step of the removal deadline.
    taken_by: str | None = None
    #: A removal was ordered for this stranding already: cancelled, refused, or done without ending it.
    ordered_before: bool = False
    #: The day until which a person's open task for this stranding is waited for: an appeal, a case with support.
    asked_until: date | None = None
    #: Disposition → what it would leave the seller with.
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is made of a removal: proposed or waiting with its code, or, where ``standing`` is there, spoken for."""

    outcome: Literal["proposed", "waits", "automatic"]
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None
    standing: StandingConsent | None = None


def of_removal(policy: Policy, action: Action, facts: Facts, standing: Sequence[StandingConsent], now: datetime) -> Leaving:
    """A removal that the cause's page names first is proposed at once; any other one when the rule's day has come.

    While somebody is at it by hand (an appeal, a case with support) a return under a standing consent waits for the day on
    which to ask again: whoever appeals wants to sell the goods, and a won appeal is worth nothing for units that have left.
    It does not wait past the rule's days before Amazon's own removal, for then the choice is no longer between the two.
    """
    on = leaves_on(policy.removal, facts.unit_value, facts.stranded_on, action.removal_due_on)
    told = {"on": str(on), **{f"left_{name.lower()}": left for name, left in facts.numbers.items()}}
    due = on is not None and on <= facts.today
    if not due and "another-remedy" in action.asks:
        return Leaving("proposed", "removal-undated", told) if on is None else Leaving("waits", "removal-later", told, day_begins(on, 0, facts.zone))
    kinds = {step.change.removal.disposition for step in action.steps if step.change.removal is not None}
    if kinds != {"Return"} or len(action.steps) != 1:
        return Leaving("proposed", "never-unasked", told)
    if not due:
        return Leaving("proposed", "removal", told)
    refusals = [_refusal(policy, action, facts, one, now) for one in standing]
    free = next((one for one, why in zip(standing, refusals, strict=True) if why is None), None)
    if free is not None and (until := _waited_for(policy, action, facts)) is not None:
        return Leaving("waits", "task-open", {**told, "until": str(until)}, day_begins(until, 0, facts.zone))
    if free is not None:
        return Leaving("automatic", "by-standing-consent", {**told, "by": free.by, "id": str(free.id)}, standing=free)
    # Of several, the newest says why: it is the one that the seller has in mind.
    return Leaving("proposed", (refusals[-1] if refusals else None) or "removal", told)


def _waited_for(policy: Policy, action: Action, facts: Facts) -> date | None:
    """The day until which a person's task keeps the units; None where none does, or Amazon's own removal is near."""
    days = [facts.asked_until] if facts.asked_until is not None else []
    if days and action.removal_due_on is not None:
        days.append(action.removal_due_on - timedelta(days=policy.removal.days_before_due))
    until = min(days, default=None)
    return until if until is not None and until > facts.today else None


def _refusal(policy: Policy, action: Action, facts: Facts, one: StandingConsent, now: datetime) -> str | None:
    """Why this standing consent does not speak for this return; None where it does."""
    worth_known = facts.fee is not None and facts.fee.currency == one.currency
    checks = (
        ("standing-over", one.revoked_at is not None or one.given_at > now or facts.today > one.expires_on),
        ("standing-rule-changed", one.rule_hash != policy.removal.hash),
        ("standing-address-changed", any(change is None or not one.sends_to(action.marketplace, change.address) for change in (step.change.removal for step in action.steps))),
        ("standing-not-approver", not may_approve(policy.consent, one.by)),
        ("deadline-taken", facts.taken_by is not None),
        ("ordered-before", facts.ordered_before),
        ("not-confirmed", not facts.confirmed or not set(action.asks) <= _ASKED_ANYWAY),
        ("fee-unknown", not worth_known or action.units is None),
        ("standing-spent", facts.fee is not None and (one.units_used + (action.units or 0) > one.units_most or one.fee_used + facts.fee.amount > one.fee_most)),
    )
    return next((code for code, holds in checks if holds), None)


#: What every removal asks for, and one that stands in for another remedy.
_ASKED_ANYWAY = frozenset({"remedy", "another-remedy"})


def day_begins(day: date | None, after_days: int, zone: str) -> datetime | None:
    """When the day that lies so many days after ``day`` begins by the clocks of ``zone``, in UTC."""
    return None if day is None else datetime.combine(day + timedelta(days=after_days), time(0), ZoneInfo(zone)).astimezone(UTC)
