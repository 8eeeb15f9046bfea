"""``refloat policy audit | proposal | deadlines``: what Amazon will do by itself, and what a person must see to before."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from refloat.app.audit import Audit, audited
from refloat.app.deadlines import Deadline, deadlines_due
from refloat.app.policies import named
from refloat.cli.policy import own_name
from refloat.clock import clock_of
from refloat.config import Config
from refloat.knowledge.messages import decision_text
from refloat.locale import translator
from refloat.model.money import Money
from refloat.store import opened
from refloat.wording.automatic import event_text

_SKUS_SHOWN = 5


def run_audit(config: Config, account: str, *, as_json: bool, language: str) -> None:
    """Print what will happen, day by day, and on which settings it rests."""
    with opened(config) as store:
        told = audited(store, account, clock_of(config.clock_url))
    if as_json:
        sys.stdout.write(json.dumps(told.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _tell(told, translator(language))


def _tell(told: Audit, say: Callable[[str], str]) -> None:
    for event in told.events:
        sys.stdout.write(event_text(event, say) + "\n")
        more = f" … +{len(event.skus) - _SKUS_SHOWN}" if len(event.skus) > _SKUS_SHOWN else ""
        sys.stdout.write("    " + ", ".join(event.skus[:_SKUS_SHOWN]) + more + "\n")
        worth = say("worth {worth}, {unknown} SKUs of unknown worth").format(worth=_money(event.worth), unknown=event.worth_unknown)
        if event.what not in {"relist", "change-to-fba"}:
            worth += say("; removal fee {fee}, {unknown} SKUs of unknown fee").format(fee=_money(event.fee), unknown=event.fee_unknown)
            worth += say("; cured before by: {names}").format(names=", ".join(f"{name} ({count})" for name, count in event.instead.items()))
        sys.stdout.write("    " + worth + "\n")
    if not told.events:
        sys.stdout.write(say("By what is on record Amazon will do nothing by itself.") + "\n")
    unknown = [one.name for one in told.settings if one.value is None]
    old = [f"{one.name} ({one.since})" for one in told.settings if one.old]
    if unknown:
        sys.stdout.write(
            "\n" + say("Not entered, so Amazon’s default is reckoned with: {names}. Enter them: refloat policy notes {account} FILE").format(names=", ".join(unknown), account=told.account) + "\n"
        )
    if old:
        sys.stdout.write(say("Entered long ago; look again in Seller Central: {names}").format(names=", ".join(old)) + "\n")


def _money(amounts: tuple[Money, ...]) -> str:
    return ", ".join(f"{one.rounded():f} {one.currency or '?'}" for one in amounts) or "?"


def run_proposal(config: Config, account: str, *, as_json: bool, language: str) -> None:
    """Print the open proposal, each action with why it is for a person."""
    say = translator(language)
    with opened(config) as store:
        store.accounts.get(account)
        found = store.policies.proposal(account)
        plan = store.plans.get(found.plan_id) if found else None
    if as_json:
        told = [] if found is None else [{"action": name, **one, "why": decision_text(one["code"], one["facts"], language)} for name, one in sorted(found.decided.items())]
        sys.stdout.write(json.dumps({"account": account, "plan": plan.id if plan else None, "actions": told}, ensure_ascii=False, indent=2) + "\n")
        return
    if found is None or plan is None:
        sys.stdout.write(say("Nothing waits for anybody’s word.") + "\n")
        return
    for action in plan.actions:
        one = found.decided[action.id]
        sys.stdout.write(f"{action.id}  {action.sku}  {action.remedy}: {decision_text(one['code'], one['facts'], language)}\n")
    sys.stdout.write(say("Read it: refloat plan --show {plan}; approve it: refloat apply {plan}").format(plan=plan.id) + "\n")


def run_deadlines(config: Config, account: str, taken: tuple[str | None, str | None, str], *, as_json: bool, language: str) -> None:
    """Print what is near; take one first where that was asked."""
    sku, by, note = taken
    with opened(config) as store:
        now = clock_of(config.clock_url).now()
        found = deadlines_due(store, account, now)
        if sku is not None:
            store.deadlines.take(account, sku, named(by or own_name()), now, note=note)
            found = deadlines_due(store, account, now)
    if as_json:
        sys.stdout.write(json.dumps({"account": account, "deadlines": [one.as_json() for one in found]}, ensure_ascii=False, indent=2) + "\n")
        return
    say = translator(language)
    for one in found:
        sys.stdout.write(_line(one, say) + "\n")
    if not found:
        sys.stdout.write(say("No removal deadline is near.") + "\n")


def _line(one: Deadline, say: Callable[[str], str]) -> str:
    units = "?" if one.units is None else f"{one.units:,}"
    who = say("taken by {by}").format(by=one.taken_by) if one.taken_by else say("nobody has taken it")
    return say("{due} {place} {sku}: {days} days left, {units} units, worth {worth}; {who}").format(
        due=one.due_on, place=one.marketplace, sku=one.sku, days=one.days_left, units=units, worth=_money((one.worth,) if one.worth else ()), who=who
    )
