"""Decide: which actions of a plan may run by themselves, by which rule, and why the others may not. No I/O; every case has a code.

What cannot be undone never runs by a rule: a return alone may, and only under a standing consent that a person gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from refloat.loop import quiet
from refloat.loop.returning import Facts, day_begins, of_removal
from refloat.model.approval import needing_two
from refloat.model.plan import Action
from refloat.model.policy import Policy, StandingConsent

Outcome = Literal["automatic", "proposed", "waits", "held", "two-people"]
#: A come-back alone does not take a safe cure from the rules, as long as the seller's rule allows for it.
_ALLOWED = frozenset({"came-back"})


@dataclass(frozen=True, slots=True)
class Done:
    """What ran by itself: each start of the last 24 hours; remedy → the last surprise; the standing consents as used by now.

    ``sent``: the actions that were sent so in the last 24 hours, where two people must approve above a sum.
    ``unconfirmed``: the policy came back with a backup, and nobody has confirmed it since.
    """

    started_at: Sequence[datetime] = ()
    surprised_at: Mapping[str, datetime] = field(default_factory=dict)
    standing: Sequence[StandingConsent] = ()
    unconfirmed: bool = False
    sent: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens with one action. ``code``: a row of ``decisions.toml``; ``until``: when it is looked at again; ``standing``: the consent that speaks for it."""

    outcome: Outcome
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None
    standing: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"outcome": self.outcome, "code": self.code, "facts": dict(self.facts), "until": self.until and self.until.isoformat(), "standing": self.standing}


def decided(policy: Policy, actions: Sequence[tuple[Action, Facts]], done: Done, now: datetime) -> dict[str, Decision]:
    """Action id → what happens with it. The order of the actions is that of urgency: where a cap bites, the last ones wait."""
    spent = _Spent(done.standing)
    found = {action.id: _one(policy, action, facts, done, spent, now) for action, facts in actions}
    _two_people(policy, [action for action, _ in actions], found, done.sent)
    return _capped(policy, found, done.started_at, now)


class _Spent:
    """How much is left of each standing consent, this plan's returns counted."""

    def __init__(self, standing: Sequence[StandingConsent]) -> None:
        self.standing = list(standing)

    def take(self, which: StandingConsent, units: int, fee: Decimal) -> None:
        """These units leave under it."""
        self.standing = [replace(one, units_used=one.units_used + units, fee_used=one.fee_used + fee) if one.id == which.id else one for one in self.standing]


def _one(policy: Policy, action: Action, facts: Facts, done: Done, spent: _Spent, now: datetime) -> Decision:  # noqa: PLR0917 - all that a decision rests on
    """The first rule that speaks about the action; whether it must wait is asked last."""
    if (out := next((one for one in policy.opt_outs if one.covers(action.sku, action.cause, facts.today)), None)) is not None:
        return Decision("held", "held-until" if out.until else "opted-out", {"rule": out.named, "until": str(out.until)})
    if any(step.change.kind == "removal" for step in action.steps):
        made = of_removal(policy, action, facts, spent.standing, now)
        if made.standing is None:
            return Decision(made.outcome, made.code, made.facts, made.until)
        if done.unconfirmed:
            return Decision("proposed", "policy-unconfirmed", made.facts)
        decision = Decision("automatic", "by-standing-consent", made.facts, standing=made.standing.id)
        waiting = _waiting(policy, action, facts, done, now)
        if waiting is None:
            spent.take(made.standing, action.units or 0, facts.fee.amount if facts.fee else Decimal(0))
        return waiting or decision
    if (why := _not_by_rule(policy, action, facts)) is not None:
        return why
    if done.unconfirmed:
        return Decision("proposed", "policy-unconfirmed")
    return _waiting(policy, action, facts, done, now) or Decision("automatic", "by-rule", {"rule": policy.rule(action.remedy)[0]})  # type: ignore[index]


def _not_by_rule(policy: Policy, action: Action, facts: Facts) -> Decision | None:
    """Why no rule may carry it out at all; None where one may, now or later."""
    if action.irreversible or (action.safety != "safe" and not set(action.asks) <= _ALLOWED):
        return Decision("proposed", "needs-a-person", {"asks": ", ".join(action.asks)})
    named = policy.rule(action.remedy)
    if named is None or not named[1].automatic:
        return Decision("proposed", "not-automatic", {"remedy": action.remedy})
    name, rule = named
    if action.cause not in rule.causes:
        return Decision("proposed", "cause-not-named", {"cause": action.cause, "rule": name})
    if facts.times_back and facts.times_back >= rule.come_backs_most:
        return Decision("proposed", "came-back-often", {"times": str(facts.times_back)})
    if not facts.confirmed:
        return Decision("proposed", "not-confirmed")
    return _price(policy, action, facts)


def _price(policy: Policy, action: Action, facts: Facts) -> Decision | None:
    """Why the price may not go live by itself."""
    shown = next((one.after for one in action.fields if one.name == "price"), None)
    if shown is None:
        return Decision("proposed", "price-unknown")
    amount, _, currency = shown.partition(" ")
    price = Decimal(amount)
    least = policy.price.never_below.get(currency)
    if least is not None and price < least:
        return Decision("proposed", "price-below", {"price": shown, "least": f"{least} {currency}"})
    if policy.price.bounds_needed and not facts.bounded:
        return Decision("proposed", "price-unbounded", {"price": shown})
    if facts.reference is None:
        return Decision("proposed", "price-unvouched", {"price": shown})
    if abs(price - facts.reference) * 100 > policy.price.far_percent * facts.reference:
        return Decision("proposed", "price-far", {"price": shown, "reference": f"{facts.reference} {currency}", "percent": f"{policy.price.far_percent}"})
    return None


def _waiting(policy: Policy, action: Action, facts: Facts, done: Done, now: datetime) -> Decision | None:
    """Until when it must wait, by the rule that makes it wait longest."""
    rule = policy.rule(action.remedy)
    begins = {
        "too-early": day_begins(facts.stranded_on, rule[1].after_days, facts.zone) if rule else None,
        "soaks": facts.known_since + timedelta(hours=policy.pace.soak_hours),
        "rests": done.surprised_at[action.remedy] + timedelta(hours=policy.pace.rest_hours) if action.remedy in done.surprised_at else None,
        "quiet": quiet.over_at(policy.quiet, now, facts.zone),
    }
    if rule and rule[1].after_days and facts.stranded_on is None:
        # Nobody knows for how long: it counts from when it was first on record.
        begins["too-early"] = facts.known_since + timedelta(days=rule[1].after_days)
    code, until = max(((code, at) for code, at in begins.items() if at is not None), key=lambda one: one[1])
    if until <= now:
        return None
    return Decision("waits", code, {"until": f"{until:%Y-%m-%d %H:%M} UTC"}, quiet.over_at(policy.quiet, until, facts.zone))


def _two_people(policy: Policy, actions: Sequence[Action], found: dict[str, Decision], sent: Sequence[Action]) -> None:
    """What two people must approve is not automatic, and not for one person alone; what rules would start is summed apart from what is proposed.

    Each with what was ``sent`` by rules and standing consents in the last day, whichever call of the loop sent it. A day: a
    person reads once a day what ran by itself, so between two readings no more leaves by one person's word than the limit.
    """
    own = [action for action in actions if found[action.id].outcome == "automatic"]
    for name in needing_two(policy.consent, own, sent):
        found[name] = Decision("two-people", "needs-two", found[name].facts)
    proposed = [action for action in actions if found[action.id].outcome in {"proposed", "two-people"}]
    for name in needing_two(policy.consent, proposed, sent):
        found[name] = replace(found[name], outcome="two-people")


def _capped(policy: Policy, found: dict[str, Decision], started_at: Sequence[datetime], now: datetime) -> dict[str, Decision]:
    """Where the hour or the day is full, the rest waits."""
    for code, hours, most in (("hour-full", 1, policy.pace.per_hour), ("day-full", 24, policy.pace.per_day)):
        window = timedelta(hours=hours)
        recent = sorted(at for at in started_at if at > now - window)
        over = [name for name, one in found.items() if one.outcome == "automatic"][max(0, most - len(recent)) :]
        until = (recent[0] if recent else now) + window
        for name in over:
            found[name] = Decision("waits", code, {"most": str(most), "until": f"{until:%Y-%m-%d %H:%M} UTC"}, until)
    return found
